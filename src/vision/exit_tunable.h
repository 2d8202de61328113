// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ExitTunable: a classifier with exits (an ONNX file whose outputs before the last are called exit.0, exit.1, ...). It runs in stages; an
// exit that is sure enough ends the run. How sure is a request knob for each exit. Sessions of one instance take turns.
//
//   if (HasExits(model)) { TW_ASSIGN(auto tunable, ExitTunable::Make("net.onnx")); ... }
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/strategy.h"
#include "core/tunable.h"
#include "formats/onnx.h"
#include "vision/model_card.h"

namespace tradewind {

// Whether an output is called exit.NUMBER.
bool HasExits(const OnnxModel& model);

class ExitTunable : public Tunable {
 public:
  // kUnsupported unless the card is of a classifier; kInvalidInput where the exits are not numbered from 0 in the order of their work.
  static Result<std::unique_ptr<ExitTunable>> Make(const std::string& path, const std::string& card);

  std::string_view name() const override { return name_; }
  std::span<const Knob> knobs() const override { return knobs_; }
  std::span<const MetricInfo> metrics() const override { return metrics_; }
  Result<Setting> Resolve(const Setting& setting) override;
  Result<std::unique_ptr<Instance>> Open(const Setting& setting, const Budget& budget) override;

  const ModelCard& card() const { return card_; }
  // Every exit's threshold over a handful of values, in any combination.
  SearchSpace Space() const;

 private:
  ExitTunable(OnnxModel model, ModelCard card, size_t exits);
  OnnxModel model_;
  ModelCard card_;
  std::string name_;
  size_t exits_;
  std::vector<Knob> knobs_;
  std::vector<MetricInfo> metrics_;
};

}  // namespace tradewind
