// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// CascadeTunable: two classifiers of the same classes, a light one that sees every picture and a heavy one that sees those of which the
// light one is not sure (Banitalebi-Dehkordi et al., arXiv:2110.10343, section 3, which asks the energy). How sure is sure enough is a
// request knob: one instance answers at every point between the two nets. Sessions of one instance take turns.
//
//   TW_ASSIGN(auto cascade, CascadeTunable::Make("small.onnx", "large.onnx"));
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/tunable.h"
#include "vision/model_card.h"

namespace tradewind {

class CascadeTunable : public Tunable {
 public:
  // kUnsupported unless both cards are of classifiers of the same labels.
  static Result<std::unique_ptr<CascadeTunable>> Make(const std::string& light, const std::string& heavy);

  std::string_view name() const override { return name_; }
  std::span<const Knob> knobs() const override { return knobs_; }
  std::span<const MetricInfo> metrics() const override { return metrics_; }
  Result<Setting> Resolve(const Setting& setting) override;
  Result<std::unique_ptr<Instance>> Open(const Setting& setting, const Budget& budget) override;

  const ModelCard& card() const { return card_; }  // the heavy net's: its labels are both's

 private:
  CascadeTunable(std::string light, std::string heavy, ModelCard card);
  std::string light_, heavy_, name_;
  ModelCard card_;
  std::vector<Knob> knobs_;
  std::vector<MetricInfo> metrics_;
};

}  // namespace tradewind
