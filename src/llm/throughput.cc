// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/throughput.h"

#include <vector>

#include "base/random.h"
#include "llm/forward.h"

namespace tradewind {
namespace {

struct Engine {
  explicit Engine(LanguageModelInstance& i)
      : instance(i),
        pass(i.model(), i.kernels(), i.options().ubatch),
        cache(i.model().spec(), i.options().key_type, i.options().value_type, i.options().context) {}

  // Reads the tokens from position `start` in chunks.
  void Read(const std::vector<int32_t>& tokens, int64_t start) {
    const auto all = static_cast<int64_t>(tokens.size());
    for (int64_t done = 0; done < all;) {
      const int64_t count = std::min(pass.max_chunk(), all - done);
      const bool last = done + count == all;
      pass.Run({tokens.data() + done, static_cast<size_t>(count)}, start + done, cache, instance.batch_pool(), last ? count - 1 : count,
               [](int64_t, int64_t, const float*, int64_t) {});
      done += count;
    }
  }

  LanguageModelInstance& instance;
  ForwardPass pass;
  KvCache cache;
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

Result<Duration> TimePrefill(LanguageModelInstance& instance, int64_t tokens) {
  TW_RETURN_IF_ERROR(Fits(instance, tokens));
  Engine engine(instance);
  TW_RETURN_IF_ERROR(engine.cache.Reserve(tokens));
  const std::vector<int32_t> ids = AnyTokens(instance, tokens);
  const TimePoint start = instance.clock().Now();
  engine.Read(ids, 0);
  const Duration took = instance.clock().Now() - start;
  return IfWhole(instance.model(), Result<Duration>(took));
}

Result<Duration> TimeDecode(LanguageModelInstance& instance, int64_t tokens, int64_t depth) {
  TW_RETURN_IF_ERROR(Fits(instance, depth + tokens));
  Engine engine(instance);
  TW_RETURN_IF_ERROR(engine.cache.Reserve(depth + tokens));
  const std::vector<int32_t> ids = AnyTokens(instance, depth + tokens);
  engine.Read({ids.begin(), ids.begin() + depth}, 0);
  const TimePoint start = instance.clock().Now();
  for (int64_t i = depth; i < depth + tokens; ++i) {
    engine.pass.Run({&ids[static_cast<size_t>(i)], 1}, i, engine.cache, instance.decode_pool(), 0,
                    [](int64_t, int64_t, const float*, int64_t) {});
  }
  const Duration took = instance.clock().Now() - start;
  return IfWhole(instance.model(), Result<Duration>(took));
}

}  // namespace tradewind
