// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/loop.h"

#include <algorithm>
#include <string>
#include <thread>
#include <unordered_map>

namespace tradewind {
namespace {

constexpr size_t kMostRepeats = 1000;

using Evaluations = std::vector<Result<std::optional<Point>>>;

// One thread a setting: evaluations are far longer than the start of a thread.
Evaluations EvaluateAll(const std::vector<Setting>& settings, const Evaluate& evaluate) {
  Evaluations outcomes(settings.size(), std::optional<Point>{});
  if (settings.size() == 1) {
    outcomes[0] = evaluate(settings[0]);
    return outcomes;
  }
  std::vector<std::jthread> threads;
  for (size_t i = 0; i < settings.size(); ++i) threads.emplace_back([&, i] { outcomes[i] = evaluate(settings[i]); });
  threads.clear();  // joins
  return outcomes;
}

}  // namespace

Result<LoopResult> RunTrials(Strategy& strategy, const LoopOptions& options, const Evaluate& evaluate) {
  LoopResult result;
  std::unordered_map<std::string, size_t> known;  // by text: index of the point
  size_t repeats = 0;
  while (repeats < kMostRepeats && (options.trials == 0 || result.points.size() + result.left_out < options.trials)) {
    const std::vector<Setting> batch = strategy.Propose(std::max<size_t>(1, options.parallel));
    if (batch.empty()) break;
    std::vector<Setting> fresh;
    for (const Setting& s : batch) {
      const bool old = known.count(s.Text()) != 0 || std::find(fresh.begin(), fresh.end(), s) != fresh.end();
      const bool room = options.trials == 0 || result.points.size() + result.left_out + fresh.size() < options.trials;
      if (!old && room) fresh.push_back(s);
    }
    repeats = fresh.empty() ? repeats + batch.size() : 0;
    Evaluations outcomes = EvaluateAll(fresh, evaluate);
    std::vector<bool> is_new(result.points.size(), false);
    for (size_t i = 0; i < fresh.size(); ++i) {
      if (!outcomes[i]) return Fail(outcomes[i].error());
      if (!*outcomes[i]) {
        ++result.left_out;
        continue;
      }
      known[fresh[i].Text()] = result.points.size();
      result.points.push_back(std::move(**outcomes[i]));
      is_new.push_back(true);
    }
    for (const Setting& s : batch) {
      const auto found = known.find(s.Text());
      if (found == known.end()) continue;  // left out
      // As proposed: a tunable may have written defaults into the setting, or dropped them.
      strategy.Observe({s, result.points[found->second].measurements});
      if (options.observed) options.observed(result.points[found->second], is_new[found->second]);
      is_new[found->second] = false;
    }
  }
  return result;
}

}  // namespace tradewind
