// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Trial: one instance measured on one workload: what was observed. Metrics are computed from it, one file each in measure/metrics.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "core/metric.h"
#include "core/outcome.h"
#include "core/registry.h"
#include "core/tunable.h"
#include "core/workload.h"

namespace tradewind {

// One scored window of text.
struct ScoredWindow {
  int64_t bytes = 0;   // of the scored tokens
  int64_t tokens = 0;  // scored
  double nats = 0;     // minus the sum of their log-probabilities
};

struct Trial {
  std::vector<ScoredWindow> byte_windows;   // from BOS, windows of equal bytes: of the whole text, or kMostByteWindows
  std::vector<ScoredWindow> token_windows;  // windows of 512 tokens, the second half scored
  std::vector<Outcome> timed;               // of the timing samples
  // Trials timed in turn with this one, itself among them; empty for one alone. The i-th timed answers of all are to one prompt, one after
  // the other. Borrowed.
  std::vector<const Trial*> in_turn{};
  std::vector<Duration> loads;  // opening the instance
  uint64_t peak_resident_bytes = 0;
};

// What a metric needs to have been run.
enum class Pass : uint8_t { kByteWindows, kTokenWindows, kTiming };

struct Metric {
  MetricInfo info;
  Pass pass = Pass::kTiming;
  // Absent when the trial has too little for it.
  std::optional<Measurement> (*compute)(const Trial& trial);
};

const Registry<Metric>& Metrics();
// A metric of the tunable's own, or a registered one; nullptr if there is none of that name.
const MetricInfo* FindMetricInfo(const Tunable& tunable, std::string_view name);

// Windows that are scored of a longer text: 64 KiB, evenly spread over it. A setting's quality then costs the same of any text.
inline constexpr size_t kMostByteWindows = 32;

// Parts of a trial. `instance` is borrowed.
Result<std::vector<ScoredWindow>> ScoreByteWindows(Instance& instance, const Setting& setting, const Workload& workload);
// Windows as llama-perplexity cuts them: 512 tokens, a BOS in place of the first where the model has one; the last 255 scored. At most
// `limit` windows; none if the text is shorter than two.
Result<std::vector<ScoredWindow>> ScoreTokenWindows(Instance& instance, const Setting& setting, const std::string& text, int64_t limit);
Result<Outcome> RunTimed(Instance& instance, const Setting& setting, const Sample& sample, const Clock& clock);

}  // namespace tradewind
