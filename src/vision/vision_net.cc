// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/vision_net.h"

#include <cassert>

#include "graph/spiking.h"

namespace tradewind {

Result<VisionNet> VisionNet::Open(const std::string& path, const std::string& card_given, const GraphOptions& options) {
  TW_ASSIGN(ModelCard card, FindCard(path, card_given));
  TW_ASSIGN(GraphSource source, ReadGraph(path));
  return Of(std::move(source), std::move(card), options);
}

Result<VisionNet> VisionNet::Of(GraphSource source, ModelCard card, const GraphOptions& options) {
  const VisionTask* task = VisionTasks().Find(card.task);
  if (task == nullptr) {
    std::string names;
    for (const auto& [name, info] : VisionTasks().All()) names += (names.empty() ? "" : ", ") + name;
    return Fail(StatusCode::kUnsupported, "the card " + card.name + " asks for the task '" + card.task + "'; there are: " + names);
  }
  TW_ASSIGN(std::unique_ptr<GraphRunner> runner, OpenGraph(source, options));
  if (runner->inputs().size() != 1) {
    return Fail(StatusCode::kUnsupported,
                source.path + ": a net that looks at a picture has one input, and this has " + std::to_string(runner->inputs().size()));
  }
  TW_ASSIGN(const PictureSides sides, SidesOf(runner->inputs()[0]));
  return VisionNet(std::move(source), std::move(card), std::move(runner), sides, task);
}

Result<std::vector<Tensor>> VisionNet::Run(const Image& image) {
  TW_ASSIGN(const Tensor input, PictureTensor(image, card_.input, runner_->inputs()[0]));
  TW_ASSIGN(const std::vector<Tensor> given, runner_->Run({&input, 1}));
  return OutputsAsSingles(source_, given);
}

Result<VisionResult> VisionNet::Read(const Image& image, const std::vector<Tensor>& outputs) const {
  return task_->read(
      {.card = card_, .frame = FrameOf(image, card_.input, sides_), .sides = sides_, .edges = runner_->outputs(), .outputs = outputs});
}

Result<SteppedLook> VisionNet::LookBySteps(const Image& image, const StopRule& rule) {
  SpikingNet* net = runner_->spiking();
  assert(net != nullptr);
  TW_ASSIGN(const Tensor input, PictureTensor(image, card_.input, runner_->inputs()[0]));
  net->Begin(input);
  do {
    TW_RETURN_IF_ERROR(net->Step());
  } while (net->steps() < rule.steps && rule.CertaintyOf(net->logits(), net->steps()) < rule.enough);
  TW_ASSIGN(VisionResult result, Read(image, net->outputs()));
  return SteppedLook{std::move(result), net->steps(), net->spikes() / static_cast<double>(net->neurons()), net->synaptic_operations()};
}

Result<VisionResult> VisionNet::Look(const Image& image) {
  TW_ASSIGN(const std::vector<Tensor> outputs, Run(image));
  return Read(image, outputs);
}

}  // namespace tradewind
