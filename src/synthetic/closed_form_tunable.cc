// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <cassert>
#include <charconv>

#include "synthetic/closed_form.h"

namespace tradewind {
namespace {

constexpr int kMostNumber = 7;
constexpr size_t kDefaultMetrics = 3;
constexpr size_t kMostMetrics = 4;

class FormulaSession final : public Session {
 public:
  FormulaSession(Reading reading, Setting setting) : reading_(std::move(reading)) { outcome_.setting = std::move(setting); }

  Result<void> Push(InputEvent event) override {
    if (!std::holds_alternative<SampleRef>(event.body)) {
      return Fail(StatusCode::kUnsupported,
                  "a closed-form tunable answers samples by their ids, not prompts; measure it on its own workload");
    }
    time_ = event.time;
    next_ = 0;
    return {};
  }
  Result<OutputEvent> Next() override {
    if (next_++ == 0) return OutputEvent{time_, reading_};
    outcome_.finish = cancelled_ ? FinishReason::kCancelled : FinishReason::kStop;
    return OutputEvent{time_, End{outcome_.finish}};
  }
  void Cancel() override { cancelled_ = true; }
  const Outcome& outcome() const override { return outcome_; }

 private:
  Reading reading_;
  Outcome outcome_;
  TimePoint time_;
  int next_ = 1;
  bool cancelled_ = false;
};

class FormulaInstance final : public Instance {
 public:
  FormulaInstance(const ClosedForm& form, std::span<const Knob> knobs, Setting setting)
      : form_(form), knobs_(knobs), setting_(std::move(setting)) {}
  const Setting& setting() const override { return setting_; }
  std::span<const Knob> knobs() const override { return knobs_; }
  uint64_t memory_bytes() const override { return sizeof *this; }
  Result<std::vector<int32_t>> Tokenize(const Prompt&) const override {
    return Fail(StatusCode::kUnsupported, form_.name + " has no tokens");
  }
  Result<std::unique_ptr<Session>> Start(const SessionOptions& options) override {
    const Setting whole = setting_.With(options.setting);
    std::vector<double> x;
    for (const Knob& knob : knobs_) {
      const KnobValue* value = whole.Find(knob.name);
      const KnobValue& used = value == nullptr ? knob.default_value : *value;
      TW_RETURN_IF_ERROR(knob.Check(used));
      x.push_back(std::get<double>(used));
    }
    Reading reading;
    const std::vector<double> f = form_.evaluate(x);
    for (size_t i = 0; i < f.size(); ++i) {
      reading.measurements.push_back(
          {.metric = "f" + std::to_string(i + 1), .value = f[i], .interval = {f[i], f[i]}, .count = 1, .origin = Origin::kModelled});
    }
    return std::make_unique<FormulaSession>(std::move(reading), whole);
  }

 private:
  const ClosedForm& form_;  // the tunable's, as the knobs are
  std::span<const Knob> knobs_;
  Setting setting_;
};

class FormulaTunable final : public Tunable {
 public:
  explicit FormulaTunable(ClosedForm form) : form_(std::move(form)) {
    for (size_t i = 0; i < form_.knobs.size(); ++i) {
      const RealDomain& domain = form_.knobs[i];
      knobs_.push_back({.name = "x" + std::to_string(i + 1),
                        .stage = Stage::kRequest,
                        .domain = domain,
                        .default_value = (domain.min + domain.max) / 2,
                        .meaning = "a variable of the formula",
                        .condition = "always"});
    }
    for (size_t i = 0; i < form_.metrics; ++i)
      metrics_.push_back({.name = "f" + std::to_string(i + 1), .unit = "", .definition = form_.formula});
  }
  std::string_view name() const override { return form_.name; }
  std::span<const Knob> knobs() const override { return knobs_; }
  std::span<const MetricInfo> metrics() const override { return metrics_; }
  bool side_by_side() const override { return true; }
  Result<Setting> Resolve(const Setting& setting) override {
    for (const auto& [name, value] : setting.values()) {
      TW_ASSIGN(const Knob* knob, FindKnob(knobs_, name));
      TW_RETURN_IF_ERROR(knob->Check(value));
    }
    return setting.Canonical(knobs_);
  }
  Result<std::unique_ptr<Instance>> Open(const Setting& setting, const Budget&) override {
    TW_ASSIGN(Setting resolved, Resolve(setting));
    return std::make_unique<FormulaInstance>(form_, knobs_, std::move(resolved));
  }

 private:
  ClosedForm form_;
  std::vector<Knob> knobs_;
  std::vector<MetricInfo> metrics_;
};

std::optional<size_t> Number(std::string_view text) {
  size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

std::vector<std::string> ClosedFormNames() {
  std::vector<std::string> names;
  for (int n = 1; n <= kMostNumber; ++n) {
    if (MakeZdt(n)) names.push_back("zdt" + std::to_string(n));
  }
  for (int n = 1; n <= kMostNumber; ++n) {
    if (MakeDtlz(n, kDefaultMetrics)) names.push_back("dtlz" + std::to_string(n));
  }
  return names;
}

Result<ClosedForm> FindClosedForm(std::string_view name) {
  std::optional<ClosedForm> found;
  if (name.starts_with("zdt")) {
    if (const auto number = Number(name.substr(3)); number && *number <= kMostNumber) found = MakeZdt(static_cast<int>(*number));
  } else if (name.starts_with("dtlz")) {
    const size_t colon = name.find(':');
    const auto number = Number(name.substr(4, colon == std::string_view::npos ? colon : colon - 4));
    const auto metrics = colon == std::string_view::npos ? std::optional(kDefaultMetrics) : Number(name.substr(colon + 1));
    if (number && *number <= kMostNumber && metrics && *metrics >= 2 && *metrics <= kMostMetrics)
      found = MakeDtlz(static_cast<int>(*number), *metrics);
  }
  if (found) return *found;
  std::string known;
  for (const std::string& other : ClosedFormNames()) known += (known.empty() ? "" : ", ") + other;
  return Fail(StatusCode::kNotFound, "there is no closed-form problem \"" + std::string(name) + "\"; there are " + known +
                                         ", those of dtlz with 2 to 4 metrics, as in dtlz2:4");
}

Result<std::unique_ptr<Tunable>> OpenClosedForm(std::string_view name) {
  TW_ASSIGN(ClosedForm form, FindClosedForm(name));
  return std::make_unique<FormulaTunable>(std::move(form));
}

Workload ClosedFormWorkload(const ClosedForm& problem) {
  Workload workload{.name = problem.name, .id = "formula:" + problem.name, .primary_metric = "f1", .quality = {}, .timing = {}};
  workload.recalled.push_back({.id = "formula", .prompt = {}});
  for (size_t i = 0; i < problem.metrics; ++i) workload.axes.push_back({"f" + std::to_string(i + 1), Direction::kLowerIsBetter});
  workload.reference = problem.reference;
  return workload;
}

}  // namespace tradewind
