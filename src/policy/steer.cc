// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/steer.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "measure/runner.h"
#include "policy/best_within_budget.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

constexpr double kConfidence = 0.9;
// A chat template adds about this many tokens to a prompt.
constexpr double kTemplateTokens = 30;

std::vector<Observation> OfKind(const TrialRecord& record, const std::string& kind) {
  std::vector<Observation> out;
  for (const NamedObservation& o : record.observations) {
    if (o.kind == kind) out.push_back({o.features, o.value});
  }
  return out;
}

std::optional<LatencyPredictor> Fitted(const TrialRecord& record, const std::string& kind, int degree) {
  LatencyPredictor predictor(degree);
  if (!predictor.Fit(OfKind(record, kind))) return std::nullopt;
  return predictor;
}

// Loading is read once or twice a trial: too few for an interval of their own, so a third either way is assumed.
std::optional<Prediction> LoadOf(const TrialRecord& record) {
  std::vector<double> values;
  for (const Observation& o : OfKind(record, "load_ms")) values.push_back(o.value);
  if (values.empty()) return std::nullopt;
  const double value = Median(values);
  return Prediction{value, {value * 2 / 3, value * 4 / 3, kConfidence}};
}

// The two err together: what slows the one down slows the other.
Prediction Sum(const Prediction& a, const Prediction& b) {
  return {a.value + b.value, {a.interval.low + b.interval.low, a.interval.high + b.interval.high, kConfidence}};
}
Prediction Times(const Prediction& a, double factor) {
  return {a.value * factor, {a.interval.low * factor, a.interval.high * factor, kConfidence}};
}
std::optional<Prediction> FromMetric(const Point& point, std::string_view metric) {
  const Measurement* m = point.Find(metric);
  if (m == nullptr) return std::nullopt;
  return Prediction{m->value, m->interval};
}
Prediction Exactly(double value) {
  return {value, {value, value, kConfidence}};
}

// Of `tokens` of which `held` were read before: the difference of the two prompts' times, which err together, and no less than a step, as
// the weights are read for a single token, too.
Prediction ReadingTime(const KnownPoint& known, double tokens, double held) {
  const Prediction whole = known.prefill->PredictMean(tokens, kConfidence);
  if (held <= 0 || whole.value <= 0) return whole;
  const double least = known.step ? std::min(whole.value, known.step->PredictMean(tokens, kConfidence).value) : 0;
  const double rest = whole.value - known.prefill->PredictMean(held, kConfidence).value;
  return Times(whole, std::clamp(rest, least, whole.value) / whole.value);
}

Result<StoredWorkload> FindWorkload(const ProfileStore& store, const std::string& name) {
  if (name.empty()) {
    TW_ASSIGN(const std::optional<StoredWorkload> standard, store.DefaultWorkload());
    if (standard) return *standard;
  }
  TW_ASSIGN(const std::vector<StoredWorkload> all, store.Workloads());
  for (const StoredWorkload& w : all) {
    if (w.name == name || w.id == name) return w;
  }
  return Fail(StatusCode::kNotFound,
              name.empty() ? "nothing has been measured on this machine yet; run ./quickstart or `tradewind search`"
                           : "nothing has been measured for the workload " + name + "; run `tradewind search --workload " + name + "`");
}

}  // namespace

Result<Known> LoadKnown(const ProfileStore& store, const Tunable& tunable, const std::string& workload) {
  Known known;
  TW_ASSIGN(known.workload, FindWorkload(store, workload));
  const MetricInfo* metric = FindMetricInfo(tunable, known.workload.primary_metric);
  known.primary = {known.workload.primary_metric, metric != nullptr ? metric->direction : Direction::kLowerIsBetter};
  TW_ASSIGN(
      const std::vector<TrialRecord> trials,
      store.Trials(
          {.tunable = std::string(tunable.name()), .workload_id = known.workload.id, .device_id = tunable.device().id, .history = true}));
  std::map<std::string, size_t> place;  // of each setting's last full trial
  for (const TrialRecord& trial : trials) {
    const Result<Point> point = ToPoint(trial, tunable.knobs());
    if (!point || point->Find(known.primary.metric) == nullptr) continue;  // a knob that is gone, or not a full trial
    KnownPoint entry{.point = *point,
                     .prefill = Fitted(trial, "ttft_ms", 2),
                     .step = Fitted(trial, "tpot_ms", 1),
                     .load = LoadOf(trial),
                     .trial = trial.id};
    const std::vector<Observation> ratio = OfKind(trial, "bytes_per_token");
    if (!ratio.empty()) entry.bytes_per_token = ratio[0].value;
    const auto [found, is_new] = place.emplace(trial.key.setting, known.points.size());
    if (is_new) {
      known.points.push_back(std::move(entry));
    } else {
      known.points[found->second] = std::move(entry);
    }
  }
  if (known.points.empty()) {
    return Fail(StatusCode::kNotFound,
                "no setting has been measured for " + known.workload.name + " on this machine; run ./quickstart or `tradewind search`");
  }
  return known;
}

Result<Known> LoadKnownToday(const std::string& path, const Tunable& tunable, const std::string& workload) {
  const Result<ProfileStore> store = ProfileStore::Open(path, {.read_only = true});
  if (!store && store.error().code() == StatusCode::kNotFound) {
    return Fail(StatusCode::kNotFound,
                "auto needs measurements, and nothing has been measured on this machine yet; run ./quickstart or "
                "`tradewind search --quick --workload text:FILE`");
  }
  if (!store) return Fail(store.error());
  TW_ASSIGN(Known known, LoadKnown(*store, tunable, workload));
  TW_ASSIGN(const DeviceProfile profile, DeviceProfile::Open(path, {.read_only = true}));
  TW_ASSIGN(const RecentAnswers recent, RecentAnswers::Load(profile, tunable.device().id));
  for (KnownPoint& point : known.points) point.drift = recent.DriftAt(UnixSeconds(), point.trial);
  return known;
}

Candidate Predict(const KnownPoint& known, const SteerRequest& request) {
  Candidate c;
  c.point = known.point;
  if (!known.prefill && !known.step) {  // recorded or computed: its metrics say what it takes, whatever is asked
    c.ttft_ms = FromMetric(known.point, "ttft_ms");
    c.tpot_ms = FromMetric(known.point, "tpot_ms");
    c.total_ms = FromMetric(known.point, "latency_ms");
  }
  if (const Measurement* m = known.point.Find("peak_memory_bytes")) c.memory_bytes = m->value;
  const double tokens = request.prompt_tokens ? static_cast<double>(*request.prompt_tokens)
                                              : static_cast<double>(request.prompt_bytes) / known.bytes_per_token + kTemplateTokens;
  if (known.prefill) {
    c.ttft_ms = known.drift.prefill.Apply(ReadingTime(known, tokens, static_cast<double>(request.held_tokens)));
    if (request.count_load && known.load) c.ttft_ms = Sum(*c.ttft_ms, known.drift.prefill.Apply(*known.load));
    if (request.spent) c.ttft_ms = Sum(*c.ttft_ms, Exactly(request.spent->ms()));
  }
  const int64_t useful = std::min(request.max_tokens, kUsefulTokens);
  if (known.step) {
    const double depth = tokens + static_cast<double>(request.max_tokens) / 2;
    c.tpot_ms = known.drift.step.Apply(known.step->PredictMean(depth, kConfidence));
    if (c.ttft_ms) c.total_ms = Sum(*c.ttft_ms, Times(*c.tpot_ms, static_cast<double>(std::max<int64_t>(0, useful - 1))));
  }
  return c;
}

Steering Steer(const Known& known, const SteerRequest& request, Policy& policy) {
  Steering steering;
  for (const KnownPoint& point : known.points) steering.candidates.push_back(Predict(point, request));
  steering.decision = policy.Choose(steering.candidates, request.budget, known.primary);
  return steering;
}

}  // namespace tradewind
