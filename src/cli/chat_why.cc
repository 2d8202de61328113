// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat_why.h"

#include <algorithm>

#include "base/units.h"
#include "cli/table.h"
#include "policy/best_within_budget.h"

namespace tradewind {
namespace {

// One of the three limits of time: how a budget states it, and what a candidate takes of it.
struct TimeLimit {
  const char* name;
  std::optional<Duration> Budget::* limit;
  std::optional<Prediction> Candidate::* cost;
};
constexpr TimeLimit kTimeLimits[] = {{"TTFT", &Budget::ttft, &Candidate::ttft_ms},
                                     {"TPOT", &Budget::tpot, &Candidate::tpot_ms},
                                     {"deadline", &Budget::deadline, &Candidate::total_ms}};

std::string Milliseconds(double ms) {
  return ShortNumber(ms) + " ms";
}

std::string WithRange(const Prediction& p) {
  return Milliseconds(p.value) + " (" + ShortNumber(p.interval.low) + " to " + ShortNumber(p.interval.high) + ")";
}

double QualityOf(const Candidate& c, const Axis& primary) {
  const Measurement* m = c.point.Find(primary.metric);
  return m != nullptr ? m->value : 0;
}

bool BetterThan(const Candidate& a, const Candidate& b, const Axis& primary) {
  const double x = QualityOf(a, primary), y = QualityOf(b, primary);
  return primary.direction == Direction::kLowerIsBetter ? x < y : x > y;
}

// "layers=24 (bits_per_byte 2.05)": only the knobs in which it differs from the one that ran.
std::string Named(const Candidate& c, const Candidate& ran, const Axis& primary) {
  std::string text;
  for (const auto& [name, value] : c.point.setting.values()) {
    const KnobValue* other = ran.point.setting.Find(name);
    if (other == nullptr || *other != value) text += (text.empty() ? "" : " ") + name + "=" + ToText(value);
  }
  if (text.empty()) text = c.point.setting.Text();
  return text + " (" + primary.metric + " " + ShortNumber(QualityOf(c, primary)) + ")";
}

std::string Differences(const Candidate& c, const Candidate& ran) {
  std::string text;
  const auto add = [&](double more, const char* what) {
    text += (text.empty() ? "" : ", ") + Milliseconds(std::abs(more)) + (more < 0 ? " less " : " more ") + what;
  };
  if (c.ttft_ms && ran.ttft_ms) add(c.ttft_ms->value - ran.ttft_ms->value, "to the first token");
  if (c.tpot_ms && ran.tpot_ms) add(c.tpot_ms->value - ran.tpot_ms->value, "a token");
  if (c.memory_bytes > 0 && ran.memory_bytes > 0) {
    const double more = c.memory_bytes - ran.memory_bytes;
    text += (text.empty() ? "" : ", ") + FormatMemory(static_cast<uint64_t>(std::abs(more))) + (more < 0 ? " less" : " more") + " memory";
  }
  return text.empty() ? "an unknown cost" : text;
}

std::string Happened(const AnsweredTurn& turn) {
  const Outcome& o = turn.outcome;
  std::string text = "came: ";
  text += o.ttft ? "first token after " + Milliseconds(o.ttft->ms()) : "no token";
  if (o.tpot) text += ", then " + Milliseconds(o.tpot->ms()) + " a token";
  text += "; " + std::to_string(o.output_tokens) + " tokens, of a prompt of " + std::to_string(o.prompt_tokens);
  if (o.held_tokens > 0) text += " (" + std::to_string(o.held_tokens) + " of them read in earlier turns)";
  text += "; ended by " + std::string(FinishReasonName(o.finish)) + "\n";
  for (const std::string& missed : turn.missed) text += "missed " + missed + "\n";
  return text;
}

std::string ExpectedText(const Candidate& expected, const Axis& primary) {
  std::string text = "expected: ";
  if (expected.ttft_ms) text += "first token after " + WithRange(*expected.ttft_ms) + ", ";
  if (expected.tpot_ms) text += "then " + WithRange(*expected.tpot_ms) + " a token, ";
  const Measurement* m = expected.point.Find(primary.metric);
  text += m != nullptr ? "at " + primary.metric + " " + WithInterval(m->value, m->interval.low, m->interval.high) : "of unknown quality";
  return text + "\n";
}

// The least better of those that are better, and what kept it back.
std::string NextBetter(const AnsweredTurn& turn, const Candidate& ran) {
  const Candidate* next = nullptr;
  for (const Candidate& c : turn.candidates) {
    if (BetterThan(c, ran, turn.primary) && (next == nullptr || BetterThan(*next, c, turn.primary))) next = &c;
  }
  if (next == nullptr) return "next better: none; this is the best that was measured\n";
  const Candidate pair[] = {ran, *next};
  BestWithinBudget policy;
  const Decision between = policy.Choose(pair, turn.budget, turn.primary);
  std::string text = "next better: " + Named(*next, ran, turn.primary) + ", for " + Differences(*next, ran);
  if (between.chosen == 1) return text + "; it would fit, and was not asked for\n";
  for (const RejectedCandidate& r : between.rejected) {
    if (r.candidate == 1) text += "; not taken: " + r.reason;
  }
  return text + "\n";
}

// Decides again with one limit moved, and says what comes out.
std::string Moved(const AnsweredTurn& turn, const Candidate& ran, const TimeLimit& time, double limit_ms, bool wider) {
  if (limit_ms <= 0) return "nothing would be left of it";
  Budget budget = turn.budget;
  budget.*time.limit = Duration::Millis(limit_ms);
  BestWithinBudget policy;
  const Decision decision = policy.Choose(turn.candidates, budget, turn.primary);
  if (!decision.chosen) return "nothing measured would fit";
  const Candidate& other = turn.candidates[*decision.chosen];
  if (*decision.chosen == turn.chosen) return wider ? "nothing: the same setting" : "nothing: the same setting fits";
  return (BetterThan(ran, other, turn.primary) ? "worse, " : "") + Named(other, ran, turn.primary) + ", for " + Differences(other, ran);
}

std::string LimitText(const AnsweredTurn& turn, const Candidate& ran, const TimeLimit& time, Duration step) {
  const std::optional<Duration>& limit = turn.budget.*time.limit;
  const std::optional<Prediction>& cost = ran.*time.cost;
  const std::string more = Milliseconds(step.ms()) + " more " + time.name;
  const std::string less = Milliseconds(step.ms()) + " less " + time.name;
  if (limit) {
    const std::string of = " (" + Milliseconds(limit->ms()) + " was allowed)";
    return more + of + " would have bought: " + Moved(turn, ran, time, (*limit + step).ms(), true) + "\n" + less +
           " would have left: " + Moved(turn, ran, time, (*limit - step).ms(), false) + "\n";
  }
  if (!cost) return "";
  // Without a limit, from what it is expected to take at most: the end by which the policy judges.
  const std::string of = " (no limit; up to " + Milliseconds(cost->interval.high) + " expected)";
  return more + of + " would have bought: nothing\n" + less +
         " than that would have left: " + Moved(turn, ran, time, cost->interval.high - step.ms(), false) + "\n";
}

}  // namespace

std::string WhyText(const AnsweredTurn& turn, Duration step) {
  std::string text = "setting: " + turn.setting.Text() + "\n";
  text += turn.steered ? "why: " + turn.reason + "\n" : "why: it was set; nothing was decided\n";
  text += "budget: " + turn.budget.ToText() + "\n";
  if (turn.expected) text += ExpectedText(*turn.expected, turn.primary);
  text += Happened(turn);
  if (!turn.chosen) {
    return text +
           (turn.candidates.empty() ? "nothing has been measured of " + turn.model + " on this machine"
                                    : std::string("this setting has not been measured")) +
           ": `tradewind search " + turn.model + " --quick` tells what other settings give and cost\n";
  }
  const Candidate& ran = turn.candidates[*turn.chosen];
  text += NextBetter(turn, ran);
  for (const TimeLimit& time : kTimeLimits) text += LimitText(turn, ran, time, step);
  return text;
}

}  // namespace tradewind
