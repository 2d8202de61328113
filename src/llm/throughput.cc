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
    pass.SetBlocks(BlocksToRun(static_cast<int64_t>(i.model().spec().blocks.size()), i.options().layers));
    pass.SetWindow(i.options().attention_window);
  }

  Result<void> Reserve(int64_t positions) {
    for (KvCache& cache : caches) TW_RETURN_IF_ERROR(cache.Reserve(positions));
    return {};
  }

  // Reads tokens [begin, end) of a text into a cache in chunks, logits of the last.
  void Read(std::span<const int32_t> text, int64_t begin, int64_t end, KvCache& cache) {
    while (begin < end) {
      const int64_t count = std::min(instance.options().ubatch, end - begin);
      const bool last = begin + count == end;
      pass.Run({.tokens = text.subspan(static_cast<size_t>(begin), static_cast<size_t>(count)),
                .start = begin,
                .cache = &cache,
                .logits_begin = last ? count - 1 : count},
               instance.batch_pool(), Ignore);
      begin += count;
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

// Whether the keys and values of all sequences are to be had.
Result<void> CheckRoom(const LanguageModelInstance& instance, const ThroughputTest& test) {
  const LlmOptions& o = instance.options();
  MemoryNeed need;
  need.kv = static_cast<uint64_t>(test.sequences) * KvCache::BytesFor(instance.model().spec(), o.key_type, o.value_type, test.positions());
  need.process = 0;  // it is there, and so are the weights
  return CheckMemory(need, {}, ReadMemoryGrant());
}

}  // namespace

Result<Duration> TimeThroughput(LanguageModelInstance& instance, const ThroughputTest& test, OpTimes* times) {
  TW_RETURN_IF_ERROR(Fits(instance, test.positions()));
  TW_RETURN_IF_ERROR(CheckRoom(instance, test));
  Engine engine(instance, test.sequences);
  TW_RETURN_IF_ERROR(engine.Reserve(test.positions()));
  const std::vector<int32_t> ids = AnyTokens(instance, test.positions());
  const int64_t generates_at = test.depth + test.prompt;
  for (KvCache& cache : engine.caches) engine.Read(ids, 0, test.depth, cache);
  engine.pass.SetOpTimes(times);
  const TimePoint start = instance.clock().Now();
  for (KvCache& cache : engine.caches) engine.Read(ids, test.depth, generates_at, cache);
  for (int64_t i = generates_at; i < test.positions(); ++i) engine.Step({&ids[static_cast<size_t>(i)], 1}, i);
  const Duration took = instance.clock().Now() - start;
  return IfWhole(instance.model(), Result<Duration>(took));
}

}  // namespace tradewind
