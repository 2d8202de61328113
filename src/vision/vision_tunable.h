// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// VisionTunable: a net of pictures as a tunable. Its samples are pictures (picture_set.h); of each it gives what was found as a reading:
// whether the best label is the right one, and how long the net took. Sessions of one instance share its lanes (picture_lanes.h).
//
//   TW_ASSIGN(auto tunable, VisionTunable::Make("net.onnx", ""));
//   TW_ASSIGN(const Workload workload, LoadPictures("pictures:test,1000", tunable->card()));
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/strategy.h"
#include "core/tunable.h"
#include "core/workload.h"
#include "vision/model_card.h"
#include "vision/scorers/agreement.h"

namespace tradewind {

class VisionNet;

class VisionTunable : public Tunable {
 public:
  // Reads and validates the file and its card; `card` as for FindCard.
  static Result<std::unique_ptr<VisionTunable>> Make(const std::string& path, const std::string& card);

  std::string_view name() const override { return name_; }
  std::span<const Knob> knobs() const override { return knobs_; }
  std::span<const MetricInfo> metrics() const override { return metrics_; }
  Result<Setting> Resolve(const Setting& setting) override;
  Result<std::unique_ptr<Instance>> Open(const Setting& setting, const Budget& budget) override;

  // Pictures that nobody has labelled are judged by agreement with what the net finds in them at its default setting, or, where our own
  // executor lacks an operator, through another back end: looks at all of them. kUnsupported for a spiking net. Before Open.
  Result<void> JudgeByReference(const Workload& workload);

  const ModelCard& card() const { return card_; }
  bool spiking() const { return spiking_; }
  // Of a spiking net steps and certainties; else every back end that is there with every count of threads and streams, what precisions
  // each has, and batches and widths where the file has them.
  SearchSpace Space() const;

 private:
  VisionTunable(std::string path, ModelCard card, bool spiking);
  std::string FileOf(const Setting& resolved) const;
  Result<VisionNet> ReferenceNet();

  std::string path_, name_;
  ModelCard card_;
  bool spiking_;
  bool quantized_ = false;
  bool takes_batch_ = false;
  std::vector<NetVariant> variants_;  // those whose files are there, the tunable's own among them
  std::vector<Knob> knobs_;
  std::vector<MetricInfo> metrics_;
  std::shared_ptr<const ReferenceLooks> reference_;  // null: none was asked for
};

}  // namespace tradewind
