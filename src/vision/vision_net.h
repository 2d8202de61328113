// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// VisionNet: a graph that looks at pictures, by its card.
//
//   TW_ASSIGN(VisionNet net, VisionNet::Open("FastestDet.onnx", "", {.threads = 2}));
//   TW_ASSIGN(const VisionResult finding, net.Look(photo));
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "graph/backend.h"
#include "vision/model_card.h"
#include "vision/spiking_stop.h"
#include "vision/task.h"
#include "vision/vision_result.h"

namespace tradewind {

// What a spiking net found, and after what.
struct SteppedLook {
  VisionResult result;
  int64_t steps = 0;
  double spikes_a_neuron = 0;
  double synaptic_operations = 0;
};

class VisionNet {
 public:
  // `card` as for FindCard. kUnsupported where the graph's input is no picture or its task is none of VisionTasks().
  static Result<VisionNet> Open(const std::string& path, const std::string& card, const GraphOptions& options);
  // The same of a graph that was read already, and perhaps changed.
  static Result<VisionNet> Of(GraphSource source, ModelCard card, const GraphOptions& options);

  const ModelCard& card() const { return card_; }
  const PictureSides& sides() const { return sides_; }
  GraphRunner& runner() { return *runner_; }

  int64_t batch() const { return batch_; }

  // One caller at a time. Of a batch of one, Look is Run, then Read.
  Result<VisionResult> Look(const Image& image);
  // As many as the batch at most, in one run.
  Result<std::vector<VisionResult>> LookAtAll(std::span<const Image* const> images);
  // The graph's outputs, as singles; of a batch of one.
  Result<std::vector<Tensor>> Run(const Image& image);
  // Step by step until the rule says so. For nets whose runner().spiking() is there alone.
  Result<SteppedLook> LookBySteps(const Image& image, const StopRule& rule);
  // What they say of the picture.
  Result<VisionResult> Read(const Image& image, const std::vector<Tensor>& outputs) const;

 private:
  VisionNet(GraphSource source, ModelCard card, std::unique_ptr<GraphRunner> runner, PictureSides sides, const VisionTask* task,
            int64_t batch)
      : source_(std::move(source)), card_(std::move(card)), runner_(std::move(runner)), sides_(sides), task_(task), batch_(batch) {}
  GraphSource source_;
  ModelCard card_;
  std::unique_ptr<GraphRunner> runner_;
  PictureSides sides_;
  const VisionTask* task_;
  int64_t batch_;
};

}  // namespace tradewind
