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

// Some sequences and the pass that runs them.
struct ThroughputRun::Engine {
  Engine(LanguageModelInstance& i, const ThroughputTest& t)
      : instance(i), test(t), ids(AnyTokens(i, t.positions())), pass(i.model(), i.kernels(), std::max(i.options().ubatch, t.sequences)) {
    for (int64_t s = 0; s < t.sequences; ++s) {
      caches.emplace_back(i.model().spec(), i.options().key_type, i.options().value_type, i.options().context);
    }
    pass.SetBlocks(BlocksToRun(static_cast<int64_t>(i.model().spec().blocks.size()), i.options().layers));
    pass.SetWindow(i.options().attention_window);
  }

  // Reads tokens [begin, end) into a cache in chunks, logits of the last.
  void Read(int64_t begin, int64_t end, KvCache& cache) {
    while (begin < end) {
      const int64_t count = std::min(instance.options().ubatch, end - begin);
      const bool last = begin + count == end;
      pass.Run({.tokens = std::span(ids).subspan(static_cast<size_t>(begin), static_cast<size_t>(count)),
                .start = begin,
                .cache = &cache,
                .logits_begin = last ? count - 1 : count},
               instance.batch_pool(), Ignore);
      begin += count;
    }
  }

  // One token of every sequence at this position.
  void Step(int64_t position) {
    parts.clear();
    const std::span token(&ids[static_cast<size_t>(position)], 1);
    for (KvCache& cache : caches) parts.push_back({.tokens = token, .start = position, .cache = &cache});
    pass.Run(parts, instance.decode_pool(), Ignore);
  }

  static void Ignore(size_t, int64_t, const float*) {}

  LanguageModelInstance& instance;
  const ThroughputTest test;
  const std::vector<int32_t> ids;
  ForwardPass pass;
  std::vector<KvCache> caches;
  std::vector<SequencePart> parts;
};

ThroughputRun::ThroughputRun(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
ThroughputRun::ThroughputRun(ThroughputRun&& other) noexcept = default;
ThroughputRun::~ThroughputRun() = default;

Result<ThroughputRun> ThroughputRun::Prepare(LanguageModelInstance& instance, const ThroughputTest& test) {
  TW_RETURN_IF_ERROR(Fits(instance, test.positions()));
  TW_RETURN_IF_ERROR(CheckRoom(instance, test));
  auto engine = std::make_unique<Engine>(instance, test);
  for (KvCache& cache : engine->caches) TW_RETURN_IF_ERROR(cache.Reserve(test.positions()));
  return ThroughputRun(std::move(engine));
}

Result<Duration> ThroughputRun::Time(OpTimes* times) {
  Engine& engine = *engine_;
  const Clock& clock = engine.instance.clock();
  const ThroughputTest& test = engine.test;
  const int64_t generates_at = test.depth + test.prompt;
  engine.pass.SetOpTimes(nullptr);
  for (KvCache& cache : engine.caches) engine.Read(0, test.depth, cache);
  engine.pass.SetOpTimes(times);
  const TimePoint start = clock.Now();
  for (KvCache& cache : engine.caches) engine.Read(test.depth, generates_at, cache);
  for (int64_t i = generates_at; i < test.positions(); ++i) engine.Step(i);
  const Duration took = clock.Now() - start;
  return IfWhole(engine.instance.model(), Result<Duration>(took));
}

}  // namespace tradewind
