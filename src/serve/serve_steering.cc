// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/serve_steering.h"

#include <algorithm>

#include "base/file.h"
#include "policy/best_within_budget.h"

namespace tradewind {
namespace {

constexpr int64_t kTokensPlanned = 256;  // of an answer, where a request says nothing

// What the load makes of a prediction: those before it are read first, and those beside it slow each step.
void AddLoad(const BatchEngine& engine, Candidate* candidate) {
  const StepCost cost = engine.cost();
  if (!cost.known()) return;
  const SchedulerLoad load = engine.load().scheduler;
  const int64_t unread = load.waiting_tokens + load.running_unread;
  const int64_t depth = load.running > 0 ? load.positions / load.running : 0;
  const double wait_ms = unread > 0 ? cost.Predict({.prefill_tokens = unread, .prefill_depth = unread * depth / 2}).ms() : 0;
  const double alone_ms = cost.Predict({.decodes = 1, .decode_depth = depth}).ms();
  const double beside_ms = cost.Predict({.decodes = load.decoding + 1, .decode_depth = load.positions + depth}).ms();
  const double slower = alone_ms > 0 ? std::max(1.0, beside_ms / alone_ms) : 1;
  const auto change = [](std::optional<Prediction>& p, double factor, double more) {
    if (p) p = Prediction{p->value * factor + more, {p->interval.low * factor + more, p->interval.high * factor + more}};
  };
  const double first = candidate->ttft_ms ? candidate->ttft_ms->value : 0;
  const double rest = candidate->total_ms ? candidate->total_ms->value - first : 0;
  change(candidate->ttft_ms, 1, wait_ms);
  change(candidate->tpot_ms, slower, 0);
  change(candidate->total_ms, 1, wait_ms + rest * (slower - 1));
}

Setting RequestKnobs(const Setting& setting, std::span<const Knob> knobs) {
  Setting request;
  for (const Knob& knob : knobs) {
    const KnobValue* value = setting.Find(knob.name);
    if (knob.stage > Stage::kLoad && knob.name != "max_tokens" && value != nullptr) request.Set(knob.name, *value);
  }
  return request;
}

double Worth(const Candidate& candidate, const Axis& primary) {
  const Measurement* m = candidate.point.Find(primary.metric);
  if (m == nullptr) return -1e300;
  return primary.direction == Direction::kLowerIsBetter ? -m->value : m->value;
}

double Pace(const Candidate& candidate) {
  return candidate.tpot_ms ? candidate.tpot_ms->value : 1e300;
}

}  // namespace

ServeSteering ServeSteering::FromStore(const std::string& workload) {
  LanguageModel tunable([](const Setting&) { return Result<std::string>(std::string()); });
  Result<Known> known = LoadKnownToday(StorePath(), tunable, workload);
  return known ? ServeSteering(std::move(*known)) : ServeSteering();
}

std::vector<ServeSteering::Option> ServeSteering::Options(const SteeringAsked& asked, const ModelRack& rack, bool loaded) const {
  std::vector<Option> options;
  if (!known_) return options;
  for (const std::shared_ptr<LoadedModel>& model : rack.All()) {
    if (!model->engine || (!IsAutoName(asked.model) && model->name != asked.model && model->path != asked.model)) continue;
    for (const KnownPoint& known : known_->points) {
      if (!model->instance->Resolve(known.point.setting)) continue;  // loaded otherwise
      const Budget& budget = asked.terms.budget;
      Candidate candidate = Predict(known, {.prompt_bytes = asked.prompt_bytes,
                                            .max_tokens = asked.max_tokens.value_or(kTokensPlanned),
                                            .budget = budget,
                                            .count_load = false,
                                            .spent = RealClock().Now() - budget.accepted_at});
      if (loaded) AddLoad(*model->engine, &candidate);
      options.push_back({&known, model, std::move(candidate)});
    }
  }
  return options;
}

Result<SteeredChoice> ServeSteering::Take(const Option& option, const SteeringAsked& asked, std::string reason) const {
  SteeredChoice choice{.model = option.model,
                       .setting = RequestKnobs(option.known->point.setting, option.model->instance->knobs()).With(asked.terms.setting)};
  AnswerSteering& told = choice.told;
  told.reason = std::move(reason);
  if (option.candidate.ttft_ms) told.predicted["ttft_ms"] = option.candidate.ttft_ms->value;
  if (option.candidate.tpot_ms) told.predicted["tpot_ms"] = option.candidate.tpot_ms->value;
  if (option.candidate.total_ms) told.predicted["total_ms"] = option.candidate.total_ms->value;
  if (option.candidate.memory_bytes > 0) told.predicted["memory_bytes"] = option.candidate.memory_bytes;
  if (const Measurement* m = option.known->point.Find(known_->primary.metric)) {
    told.quality = QualityEstimate{known_->primary.metric, m->value, std::pair(m->interval.low, m->interval.high)};
  }
  return choice;
}

Result<SteeredChoice> ServeSteering::Choose(const SteeringAsked& asked, const ModelRack& rack) const {
  const bool automatic = IsAutoName(asked.model);
  if (automatic && !known_) {
    TW_ASSIGN(const std::shared_ptr<LoadedModel> first, rack.Find(""));
    return SteeredChoice{.model = first,
                         .setting = asked.terms.setting,
                         .told = {.reason = "nothing has been measured yet; run ./quickstart or `tradewind search`"}};
  }
  const std::vector<Option> options = Options(asked, rack, true);
  if (!automatic && (asked.terms.budget.Empty() || options.empty())) {
    TW_ASSIGN(const std::shared_ptr<LoadedModel> named, rack.Find(asked.model));
    for (const Option& option : options) {
      if (RequestKnobs(option.known->point.setting, named->instance->knobs()) == asked.terms.setting) {
        return Take(option, asked, "as asked");
      }
    }
    return SteeredChoice{.model = named, .setting = asked.terms.setting, .told = {.reason = "as asked"}};
  }
  if (options.empty()) {
    return Fail(
        Status(StatusCode::kNotFound, "no measured setting is of a loaded model; run `tradewind search` with one of them").At("model"));
  }
  const auto by = [&](auto key) { return *std::ranges::max_element(options, {}, [&](const Option& o) { return key(o.candidate); }); };
  if (asked.model == "auto-fast") return Take(by([](const Candidate& c) { return -Pace(c); }), asked, "the quickest that was measured");
  if (asked.model == "auto-best") {
    return Take(by([&](const Candidate& c) { return Worth(c, known_->primary); }), asked, "the best that was measured");
  }
  BestWithinBudget policy;
  const auto decide = [&](const std::vector<Option>& among) {
    std::vector<Candidate> candidates;
    for (const Option& option : among) candidates.push_back(option.candidate);
    return policy.Choose(candidates, asked.terms.budget, known_->primary);
  };
  const Decision decision = decide(options);
  if (decision.chosen) return Take(options[*decision.chosen], asked, decision.reason);
  const Decision alone = decide(Options(asked, rack, false));
  if (!alone.chosen) return Fail(Status(StatusCode::kInvalidInput, alone.reason).At("budget"));
  if (asked.terms.allow_cheaper) {
    return Take(by([](const Candidate& c) { return -Pace(c); }), asked, "the quickest, as the load leaves none that fits");
  }
  return Fail(StatusCode::kUnavailable, "at the present load no setting fits the budget: " + decision.reason);
}

std::vector<FrontierPoint> ServeSteering::Points(const ModelRack& rack) const {
  std::vector<FrontierPoint> points;
  if (!known_) return points;
  std::vector<Point> plain;
  for (const KnownPoint& known : known_->points) plain.push_back(known.point);
  const Axis axes[] = {known_->primary, {"ttft_ms"}, {"tpot_ms"}, {"peak_memory_bytes"}};
  const std::vector<FrontierEntry> entries = ComputeFrontier(plain, axes);
  for (size_t i = 0; i < known_->points.size(); ++i) {
    FrontierPoint point{.known = &known_->points[i], .model = {}, .on_frontier = entries[i].OnFrontier()};
    for (const std::shared_ptr<LoadedModel>& model : rack.All()) {
      if (model->instance->Resolve(point.known->point.setting)) point.model = model->name;
    }
    points.push_back(std::move(point));
  }
  return points;
}

}  // namespace tradewind
