// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/guide.h"

#include <algorithm>

#include "base/file.h"
#include "base/units.h"
#include "cli/table.h"
#include "policy/best_within_budget.h"

namespace tradewind {
namespace {

constexpr int64_t kTokensThatTell = 8;
// An answer that is off by more was interrupted, by a suspended machine or a stopped process, and says nothing of the next.
constexpr double kMostDrift = 5;
constexpr double kDriftWorthSaying = 0.1;

std::string Millis(const Prediction& p) {
  return ShortNumber(p.value) + " ms (" + ShortNumber(p.interval.low) + " to " + ShortNumber(p.interval.high) + ")";
}

std::string SettingKey(Setting setting) {
  setting.Erase("max_tokens");
  return setting.Text();
}

}  // namespace

Result<Guide> Guide::Open(const Tunable& tunable, const std::string& workload, bool required) {
  Guide guide;
  Result<Known> known = LoadKnownToday(StorePath(), tunable, workload);
  if (known) {
    guide.known_ = std::move(*known);
    guide.device_id_ = tunable.device().id;
  } else if (required) {
    return Fail(known.error());
  }
  return guide;
}

const Steering& Guide::Decide(const SteerRequest& request) {
  BestWithinBudget policy;
  steering_ = Steer(*known_, request, policy);
  return *steering_;
}

const KnownPoint* Guide::Find(const Setting& setting) const {
  if (!known_) return nullptr;
  for (const KnownPoint& point : known_->points) {
    if (SettingKey(point.point.setting) == SettingKey(setting)) return &point;
  }
  return nullptr;
}

void Guide::Learn(const KnownPoint& point, const Candidate& expected, Duration spent, const Outcome& outcome) const {
  RecentAnswer answer{.unix_seconds = UnixSeconds(), .trial = point.trial, .prefill = {}, .step = {}};
  // What was expected holds the drift of before; without it, it is what the measurements alone had said.
  const auto ratio = [](double came, double expected_ms, const Drift& drift) -> std::optional<double> {
    if (came <= 0 || expected_ms <= 0) return std::nullopt;
    const double found = came / expected_ms * drift.factor;
    return found > kMostDrift || found < 1 / kMostDrift ? std::nullopt : std::optional(found);
  };
  if (outcome.ttft && expected.ttft_ms) {
    answer.prefill = ratio((*outcome.ttft - spent).ms(), expected.ttft_ms->value - spent.ms(), point.drift.prefill);
  }
  // Of a few tokens, one interruption would be most of the time.
  if (outcome.tpot && expected.tpot_ms && outcome.output_tokens >= kTokensThatTell) {
    answer.step = ratio(outcome.tpot->ms(), expected.tpot_ms->value, point.drift.step);
  }
  if (!answer.prefill && !answer.step) return;
  Result<DeviceProfile> profile = DeviceProfile::Open(StorePath(), {.busy_timeout = Duration::Millis(100)});
  if (!profile) return;
  Result<RecentAnswers> recent = RecentAnswers::Load(*profile, device_id_);
  if (!recent) return;
  recent->Add(answer);
  (void)recent->Save(*profile, device_id_);
}

std::optional<std::string> Guide::MissedQuality(const std::optional<Candidate>& expected, const Budget& budget) const {
  if (!budget.quality) return std::nullopt;
  const Measurement* own = expected ? expected->point.Find(known_->primary.metric) : nullptr;
  if (own == nullptr) return "quality: this setting has not been measured; run `tradewind measure` or `tradewind search` with it";
  const bool lower = known_->primary.direction == Direction::kLowerIsBetter;
  double best = own->value;
  for (const KnownPoint& point : known_->points) {
    const Measurement* other = point.point.Find(known_->primary.metric);
    if (other != nullptr) best = lower ? std::min(best, other->value) : std::max(best, other->value);
  }
  const double share = lower ? best / own->value : own->value / best;
  if (share >= *budget.quality) return std::nullopt;
  return "quality: " + ShortNumber(share) + " of the best " + known_->primary.metric + ", of " + ShortNumber(*budget.quality);
}

std::string Guide::Explain(const KnownPoint& point, const Candidate& expected) const {
  std::string text = "setting " + expected.point.setting.Text();
  if (steering_) text += ": " + steering_->decision.reason;
  if (expected.ttft_ms) text += "; expected: first token after " + Millis(*expected.ttft_ms);
  if (expected.tpot_ms) text += ", then " + Millis(*expected.tpot_ms) + " a token";
  const double factor = point.drift.step.factor;
  if (factor > 1 + kDriftWorthSaying || factor < 1 - kDriftWorthSaying) {
    text += "; a token took " + ShortNumber(factor) + " times as long lately as when it was measured";
  }
  return text;
}

std::vector<std::string> MissedBudget(const Budget& budget, const Outcome& outcome, TimePoint ended, uint64_t peak_bytes) {
  std::vector<std::string> missed;
  if (budget.deadline && ended > *budget.DeadlineAt()) {
    missed.push_back("deadline: ended after " + FormatDuration(ended - budget.accepted_at) + " of " + FormatDuration(*budget.deadline));
  }
  if (budget.ttft && (!outcome.ttft || *outcome.ttft > *budget.ttft)) {
    missed.push_back("TTFT: " + (outcome.ttft ? FormatDuration(*outcome.ttft) : std::string("no token came")) + " of " +
                     FormatDuration(*budget.ttft));
  }
  if (budget.tpot && outcome.tpot && *outcome.tpot > *budget.tpot) {
    missed.push_back("TPOT: " + FormatDuration(*outcome.tpot) + " of " + FormatDuration(*budget.tpot));
  }
  if (budget.memory_bytes && peak_bytes > *budget.memory_bytes) {
    missed.push_back("memory: " + FormatMemory(peak_bytes) + " of " + FormatMemory(*budget.memory_bytes));
  }
  return missed;
}

}  // namespace tradewind
