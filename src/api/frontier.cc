// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "api/api.h"
#include "base/file.h"
#include "compress/find_weights.h"
#include "llm/language_model.h"
#include "policy/best_within_budget.h"
#include "policy/steer.h"

// The measured points that no other beats, and their settings as text.
struct tw_frontier {
  tradewind::Known known;
  std::vector<std::string> settings;
};

namespace tradewind::api {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// Drops the points that another one beats on quality, times and memory.
void KeepFrontier(Known& known) {
  std::vector<Point> points;
  for (const KnownPoint& k : known.points) points.push_back(k.point);
  const Axis axes[] = {known.primary, {"ttft_ms"}, {"tpot_ms"}, {"peak_memory_bytes"}};
  std::vector<KnownPoint> kept;
  for (const FrontierEntry& entry : ComputeFrontier(points, axes)) {
    if (entry.OnFrontier()) kept.push_back(std::move(known.points[entry.point]));
  }
  known.points = std::move(kept);
}

Result<std::unique_ptr<tw_frontier>> OpenFrontier(const std::string& workload) {
  const LanguageModel tunable([](const Setting& setting) { return FindWeights(setting); });
  auto out = std::make_unique<tw_frontier>();
  TW_ASSIGN(out->known, LoadKnownToday(StorePath(), tunable, workload));
  KeepFrontier(out->known);
  for (const KnownPoint& point : out->known.points) out->settings.push_back(point.point.setting.Text());
  return out;
}

tw_measurement ToMeasurement(double value, const Interval& interval) {
  return {value, interval.low, interval.high};
}
tw_measurement ToMeasurement(const std::optional<Prediction>& p) {
  return p ? ToMeasurement(p->value, p->interval) : tw_measurement{kUnknown, kUnknown, kUnknown};
}

Result<void> Choose(const tw_frontier& frontier, const char* budget, int64_t prompt_tokens, int64_t max_tokens, tw_choice& out) {
  if (prompt_tokens < 1 || max_tokens < 0)
    return Fail(Status(StatusCode::kInvalidInput, "a request has at least one prompt token and no less than none to generate")
                    .At(prompt_tokens < 1 ? "prompt_tokens" : "max_tokens"));
  SteerRequest request{.prompt_tokens = prompt_tokens, .max_tokens = max_tokens, .budget = {}, .count_load = false, .spent = {}};
  TW_ASSIGN(request.budget, Budget::Parse(TextOf(budget)));
  BestWithinBudget policy;
  const Steering steering = Steer(frontier.known, request, policy);
  const Decision& decision = steering.decision;
  const std::optional<size_t> taken = decision.chosen ? decision.chosen : decision.nearest;
  if (!taken) return Fail(StatusCode::kBudgetMissed, decision.reason);
  thread_local std::string reason;
  reason = decision.reason;
  const Candidate& candidate = steering.candidates[*taken];
  out = {decision.chosen ? 1 : 0, *taken, reason.c_str(), ToMeasurement(candidate.ttft_ms), ToMeasurement(candidate.tpot_ms)};
  return {};
}

}  // namespace
}  // namespace tradewind::api

using tradewind::Result;
using tradewind::api::Given;
using tradewind::api::Guarded;

tw_error* tw_frontier_open(const char* workload, tw_frontier** out) {
  return Guarded([&]() -> Result<void> {
    TW_RETURN_IF_ERROR(Given(out, "out"));
    TW_ASSIGN(auto opened, tradewind::api::OpenFrontier(tradewind::api::TextOf(workload)));
    *out = opened.release();
    return {};
  });
}

void tw_frontier_free(tw_frontier* frontier) {
  delete frontier;
}

size_t tw_frontier_size(const tw_frontier* frontier) {
  return frontier != nullptr ? frontier->settings.size() : 0;
}

const char* tw_frontier_setting(const tw_frontier* frontier, size_t point) {
  return point < tw_frontier_size(frontier) ? frontier->settings[point].c_str() : "";
}

int tw_frontier_measured(const tw_frontier* frontier, size_t point, const char* metric, tw_measurement* out) {
  if (point >= tw_frontier_size(frontier) || metric == nullptr || out == nullptr) return 0;
  const tradewind::Measurement* found = frontier->known.points[point].point.Find(metric);
  if (found == nullptr) return 0;
  *out = tradewind::api::ToMeasurement(found->value, found->interval);
  return 1;
}

tw_error* tw_frontier_choose(const tw_frontier* frontier, const char* budget, int64_t prompt_tokens, int64_t max_tokens, tw_choice* out) {
  return Guarded([&]() -> Result<void> {
    TW_RETURN_IF_ERROR(Given(frontier, "frontier"));
    TW_RETURN_IF_ERROR(Given(out, "out"));
    return tradewind::api::Choose(*frontier, budget, prompt_tokens, max_tokens, *out);
  });
}
