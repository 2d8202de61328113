// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// FunctionTunable: a function of the caller's as a tunable. Opening it with a setting asks the function; the instance that comes of it
// answers every sample with what the function said. Knows nothing of Python. Filled before it is searched, then read by one thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/tunable.h"

namespace tradewind::python {

class FunctionTunable final : public Tunable {
 public:
  using Ask = std::function<Result<std::vector<Measurement>>(const Setting&)>;

  FunctionTunable(std::string name, Device device) : name_(std::move(name)), device_(std::move(device)) {}
  void Add(Knob knob) { knobs_.push_back(std::move(knob)); }
  void Add(MetricInfo metric) { metrics_.push_back(std::move(metric)); }
  void set_ask(Ask ask) { ask_ = std::move(ask); }

  std::string_view name() const override { return name_; }
  std::span<const Knob> knobs() const override { return knobs_; }
  const Device& device() const override { return device_; }
  std::span<const MetricInfo> metrics() const override { return metrics_; }
  Result<Setting> Resolve(const Setting& setting) override;
  // kUnsupported where the function says that it cannot have the setting.
  Result<std::unique_ptr<Instance>> Open(const Setting& setting, const Budget& budget) override;

 private:
  std::string name_;
  Device device_;
  std::vector<Knob> knobs_;
  std::vector<MetricInfo> metrics_;
  Ask ask_;
};

}  // namespace tradewind::python
