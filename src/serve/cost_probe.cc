// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/cost_probe.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "base/random.h"

namespace tradewind {
namespace {

struct WaveKind {
  int64_t sequences, prompt, output;
};
constexpr WaveKind kWaves[] = {{1, 16, 24}, {1, 1024, 8}, {4, 64, 24}, {16, 128, 16}, {32, 32, 16}, {8, 512, 16}};

// Ends of a wave, waited for.
class WaveEnds {
 public:
  BatchListener Listener() {
    return [this](const BatchEvents& events) {
      if (!events.last()) return;
      const std::lock_guard lock(mutex_);
      ++ended_;
      changed_.notify_all();
    };
  }
  void Wait(int64_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ended_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int64_t ended_ = 0;
};

Result<void> RunWave(BatchEngine& engine, const WaveKind& kind, Random& random) {
  const int64_t vocab = engine.instance().model().spec().vocab;
  const int64_t room = engine.context() - kind.output - 1;
  WaveEnds ends;
  Setting setting;
  setting.Set("max_tokens", kind.output);
  int64_t submitted = 0;
  Result<void> done;
  for (int64_t i = 0; i < kind.sequences && done; ++i) {
    Prompt prompt;
    prompt.ids.emplace();
    for (int64_t t = 0; t < std::max<int64_t>(1, std::min(kind.prompt, room)); ++t) {
      prompt.ids->push_back(static_cast<int32_t>(random.Below(static_cast<uint64_t>(vocab))));
    }
    prompt.sampling.temperature = 0;
    auto request = engine.Prepare(std::move(prompt), setting);
    if (!request) {
      done = Fail(request.error());
      break;
    }
    request->share_prefix = false;
    const auto id = engine.Submit(std::move(*request), ends.Listener());
    if (id) {
      ++submitted;
    } else {
      done = Fail(id.error());
    }
  }
  ends.Wait(submitted);
  return done;
}

}  // namespace

Result<StepCoefficients> ProbeCost(BatchEngine& engine, Duration time) {
  const TimePoint until = RealClock().Now() + time;
  Random random(1);
  do {
    for (const WaveKind& kind : kWaves) TW_RETURN_IF_ERROR(RunWave(engine, kind, random));
  } while (RealClock().Now() < until);
  return engine.cost().coefficients();
}

}  // namespace tradewind
