// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "subject.h"

#include <algorithm>

#include "recorded/library.h"
#include "synthetic/closed_form.h"

namespace tradewind::python {

std::unique_ptr<Subject> Subject::OfFunction(const std::string& name, const std::string& version, const std::string& device) {
  auto subject = std::make_unique<Subject>();
  Device where = ThisDevice();
  if (!device.empty()) where = {.id = device, .cpu_model = device, .cpus = 0, .isa = "", .memory_bytes = 0, .origin = "measured"};
  auto function = std::make_unique<FunctionTunable>(name, std::move(where));
  subject->function_ = function.get();
  subject->tunable_ = std::move(function);
  subject->workload_.name = version.empty() ? name : name + ":" + version;
  subject->workload_.id = "function:" + subject->workload_.name;
  subject->workload_.recalled.push_back({.id = "function", .prompt = {}, .output_tokens = 0});
  return subject;
}

Result<std::unique_ptr<Subject>> Subject::OfTable(const std::string& name, const std::string& device, const std::string& workload,
                                                  const std::string& data_folder) {
  TW_ASSIGN(std::unique_ptr<RecordedTunable> table, OpenRecorded(name, device, data_folder));
  TW_ASSIGN(const Workload* found, table->FindWorkload(workload));
  auto subject = std::make_unique<Subject>();
  subject->workload_ = *found;
  subject->space_ = table->Space();
  subject->fidelity_ = table->fidelity();
  subject->tunable_ = std::move(table);
  return subject;
}

Result<std::unique_ptr<Subject>> Subject::OfFormula(const std::string& name) {
  TW_ASSIGN(const ClosedForm form, FindClosedForm(name));
  auto subject = std::make_unique<Subject>();
  TW_ASSIGN(subject->tunable_, OpenClosedForm(name));
  subject->workload_ = ClosedFormWorkload(form);
  for (const Knob& knob : subject->tunable_->knobs()) {
    subject->space_.dimensions.push_back({.knob = knob.name, .values = {}, .range = std::get<RealDomain>(knob.domain)});
  }
  return subject;
}

void Subject::AddKnob(SearchDimension dimension, Domain domain, std::optional<KnobValue> standard) {
  const KnobValue fallback = dimension.range ? KnobValue(dimension.range->min) : dimension.values.front();
  function_->Add(Knob{.name = dimension.knob,
                      .stage = Stage::kLoad,
                      .domain = std::move(domain),
                      .default_value = standard.value_or(fallback),
                      .resolved_default = !standard});
  space_.dimensions.push_back(std::move(dimension));
}

void Subject::AddIntegers(const std::string& knob, std::vector<int64_t> values, std::optional<int64_t> standard) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const IntegerDomain domain{std::min(*low, standard.value_or(*low)), std::max(*high, standard.value_or(*high))};
  AddKnob({.knob = knob, .values = {values.begin(), values.end()}, .ordered = true}, domain, standard);
}

void Subject::AddRange(const std::string& knob, double low, double high, bool logarithmic, std::optional<double> standard) {
  AddKnob({.knob = knob, .values = {}, .range = RealDomain{low, high}, .logarithmic = logarithmic}, RealDomain{low, high}, standard);
}

void Subject::AddChoices(const std::string& knob, std::vector<std::string> values, bool ordered, std::optional<std::string> standard) {
  AddKnob({.knob = knob, .values = {values.begin(), values.end()}, .ordered = ordered}, ChoiceDomain{values}, standard);
}

void Subject::SetCondition(const std::string& on, std::vector<KnobValue> values) {
  space_.dimensions.back().when = KnobCondition{on, std::move(values)};
}

void Subject::AddMetric(const std::string& name, const std::string& unit, bool higher, const std::string& definition, bool axis) {
  const Direction direction = higher ? Direction::kHigherIsBetter : Direction::kLowerIsBetter;
  function_->Add(MetricInfo{name, unit, direction, definition});
  if (!axis) return;
  if (workload_.axes.empty()) workload_.primary_metric = name;
  workload_.axes.push_back({name, direction});
}

}  // namespace tradewind::python
