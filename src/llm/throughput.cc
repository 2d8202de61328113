// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/throughput.h"

#include <algorithm>
#include <span>
#include <vector>

#include "base/random.h"
#include "llm/forward.h"

namespace tradewind {
namespace {

// Some sequences and the pass that runs them.
struct Engine {
  Engine(LanguageModelInstance& i, int64_t sequences) : instance(i), pass(i.model(), i.kernels(), std::max(i.options().ubatch, sequences)) {
    for (int64_t s = 0; s < sequences; ++s) {
      caches.emplace_back(i.model().spec(), i.options().key_type, i.options().value_type, i.options().context);
    }
  }

  Result<void> Reserve(int64_t positions) {
    for (KvCache& cache : caches) TW_RETURN_IF_ERROR(cache.Reserve(positions));
    return {};
  }

  // Reads the tokens into a cache in chunks, logits of the last.
  void Read(std::span<const int32_t> tokens, KvCache& cache) {
    const auto all = static_cast<int64_t>(tokens.size());
    for (int64_t done = 0; done < all;) {
      const int64_t count = std::min(instance.options().ubatch, all - done);
      const bool last = done + count == all;
      pass.Run({.tokens = tokens.subspan(static_cast<size_t>(done), static_cast<size_t>(count)),
                .start = done,
                .cache = &cache,
                .logits_begin = last ? count - 1 : count},
               instance.batch_pool(), Ignore);
      done += count;
    }
  }

  // One token of every sequence at this position.
  void Step(std::span<const int32_t> token, int64_t position) {
    parts.clear();
    for (KvCache& cache : caches) parts.push_back({.tokens = token, .start = position, .cache = &cache});
    pass.Run(parts, instance.decode_pool(), Ignore);
  }

  static void Ignore(size_t, int64_t, const float*) {}

  LanguageModelInstance& instance;
  ForwardPass pass;
  std::vector<KvCache> caches;
  std::vector<SequencePart> parts;
};

std::vector<int32_t> AnyTokens(const LanguageModelInstance& instance, int64_t count) {
  Random random(1);
  std::vector<int32_t> tokens(static_cast<size_t>(count));
  for (int32_t& t : tokens) t = static_cast<int32_t>(random.Below(static_cast<uint64_t>(instance.model().spec().vocab)));
  return tokens;
}

Result<void> Fits(const LanguageModelInstance& instance, int64_t tokens) {
  if (tokens <= instance.options().context) return {};
  return Fail(Status(StatusCode::kInvalidInput, std::to_string(tokens) + " tokens do not fit into a context of " +
                                                    std::to_string(instance.options().context) + "; raise -c")
                  .At("-c"));
}

}  // namespace

Result<Duration> TimePrefill(LanguageModelInstance& instance, int64_t tokens, OpTimes* times) {
  TW_RETURN_IF_ERROR(Fits(instance, tokens));
  Engine engine(instance, 1);
  TW_RETURN_IF_ERROR(engine.Reserve(tokens));
  const std::vector<int32_t> ids = AnyTokens(instance, tokens);
  engine.pass.SetOpTimes(times);
  const TimePoint start = instance.clock().Now();
  engine.Read(ids, engine.caches[0]);
  const Duration took = instance.clock().Now() - start;
  return IfWhole(instance.model(), Result<Duration>(took));
}

Result<Duration> TimeDecode(LanguageModelInstance& instance, int64_t tokens, int64_t depth, int64_t sequences, OpTimes* times) {
  TW_RETURN_IF_ERROR(Fits(instance, depth + tokens));
  Engine engine(instance, sequences);
  TW_RETURN_IF_ERROR(engine.Reserve(depth + tokens));
  const std::vector<int32_t> ids = AnyTokens(instance, depth + tokens);
  for (KvCache& cache : engine.caches) engine.Read(std::span(ids).first(static_cast<size_t>(depth)), cache);
  engine.pass.SetOpTimes(times);
  const TimePoint start = instance.clock().Now();
  for (int64_t i = depth; i < depth + tokens; ++i) engine.Step({&ids[static_cast<size_t>(i)], 1}, i);
  const Duration took = instance.clock().Now() - start;
  return IfWhole(instance.model(), Result<Duration>(took));
}

}  // namespace tradewind
