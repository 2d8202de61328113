// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Subject: what is searched: a tunable, what it is measured on, and the space of its settings. One of a function is built up by the Python
// layer (tradewind/function.py), those of tables and formulas come whole. Not thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/strategy.h"
#include "core/tunable.h"
#include "core/workload.h"
#include "function_tunable.h"

namespace tradewind::python {

class Subject {
 public:
  // Of a function. Results are filed under name, version and device; `device` empty: this machine.
  static std::unique_ptr<Subject> OfFunction(const std::string& name, const std::string& version, const std::string& device);
  static Result<std::unique_ptr<Subject>> OfTable(const std::string& name, const std::string& device, const std::string& workload,
                                                  const std::string& data_folder);
  static Result<std::unique_ptr<Subject>> OfFormula(const std::string& name);

  // Of a function: a knob and how it is searched. Without a default, its value is always written in results; one whose default is given is
  // left out of them where it has that value.
  void AddIntegers(const std::string& knob, std::vector<int64_t> values, std::optional<int64_t> standard);
  void AddRange(const std::string& knob, double low, double high, bool logarithmic, std::optional<double> standard);
  void AddChoices(const std::string& knob, std::vector<std::string> values, bool ordered, std::optional<std::string> standard);
  // The knob added last exists only where `on` has one of these values.
  void SetCondition(const std::string& on, std::vector<KnobValue> values);
  void AddMetric(const std::string& name, const std::string& unit, bool higher, const std::string& definition, bool axis);

  Tunable& tunable() { return *tunable_; }
  FunctionTunable* function() { return function_; }  // nullptr where it is none
  const Workload& workload() const { return workload_; }
  const SearchSpace& space() const { return space_; }
  const std::string& fidelity() const { return fidelity_; }  // the table's own; empty for none

 private:
  void AddKnob(SearchDimension dimension, Domain domain, std::optional<KnobValue> standard);

  std::unique_ptr<Tunable> tunable_;
  FunctionTunable* function_ = nullptr;  // tunable_, where it is one
  Workload workload_;
  SearchSpace space_;
  std::string fidelity_;
};

}  // namespace tradewind::python
