// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// SplitTunable: a split net with its cut, coding and early exit as request knobs, and the link and loads that it is to be under as load
// knobs. Its samples are pictures (vision/picture_set.h). cut=auto is chosen when an instance is warmed or first looks at a picture: both
// sides are measured, the link and the loads probed. Sessions of one instance take turns.
//
//   TW_ASSIGN(auto tunable, SplitTunable::Make("net.onnx", ""));
//   TW_ASSIGN(auto instance, tunable->Open(setting, {}));
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "collab/split_model.h"
#include "core/tunable.h"

namespace tradewind {

class SplitTunable : public Tunable {
 public:
  // `card` as for FindCard. kUnsupported for what cannot be split (split_model.h).
  static Result<std::unique_ptr<SplitTunable>> Make(const std::string& path, const std::string& card);

  std::string_view name() const override { return name_; }
  std::span<const Knob> knobs() const override { return knobs_; }
  std::span<const MetricInfo> metrics() const override { return metrics_; }
  Result<Setting> Resolve(const Setting& setting) override;
  Result<std::unique_ptr<Instance>> Open(const Setting& setting, const Budget& budget) override;

  const ModelCard& card() const { return model_.card; }

 private:
  SplitTunable(std::string name, SplitModel model);
  std::string name_;
  SplitModel model_;
  std::vector<Knob> knobs_;
  std::vector<MetricInfo> metrics_;
};

}  // namespace tradewind
