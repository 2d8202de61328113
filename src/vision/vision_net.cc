// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/vision_net.h"

#include <algorithm>
#include <cassert>

#include "graph/int8_twin.h"
#include "graph/spiking.h"

namespace tradewind {
namespace {

// Whether each input and output has a row for each picture; of one picture outputs may be as they like.
bool TakesBatch(const GraphRunner& runner, int64_t batch) {
  const auto has_rows = [&](const GraphEdge& edge) { return !edge.shape.empty() && (edge.shape[0] == batch || edge.shape[0] == -1); };
  return std::all_of(runner.inputs().begin(), runner.inputs().end(), has_rows) &&
         (batch == 1 || std::all_of(runner.outputs().begin(), runner.outputs().end(), has_rows));
}

// Row `i` of each of a batch's outputs.
std::vector<Tensor> RowOf(const std::vector<Tensor>& outputs, size_t i, size_t batch) {
  std::vector<Tensor> rows;
  for (const Tensor& output : outputs) {
    Tensor& row = rows.emplace_back();
    row.type = output.type;
    row.shape = output.shape;
    row.shape[0] = 1;
    const size_t bytes = output.data.size() / batch;
    row.data.assign(output.data.begin() + static_cast<ptrdiff_t>(i * bytes), output.data.begin() + static_cast<ptrdiff_t>((i + 1) * bytes));
  }
  return rows;
}

}  // namespace

Result<VisionNet> VisionNet::Open(const std::string& path, const std::string& card_given, const GraphOptions& options) {
  TW_ASSIGN(GraphSource source, ReadGraphFor(path, options.precision));
  TW_ASSIGN(ModelCard card, FindCard(path, card_given));
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
  const GraphEdge& input = runner->inputs()[0];
  TW_ASSIGN(const PictureSides sides, SidesOf(input));
  if (!TakesBatch(*runner, options.batch)) {
    return Fail(StatusCode::kUnsupported, source.path + ": its batch is fixed (input '" + input.name + "' is " + ShapeText(input.shape) +
                                              ") and cannot be " + std::to_string(options.batch) + "; set batch to what the file has");
  }
  return VisionNet(std::move(source), std::move(card), std::move(runner), sides, task, options.batch);
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

Result<std::vector<VisionResult>> VisionNet::LookAtAll(std::span<const Image* const> images) {
  assert(!images.empty() && static_cast<int64_t>(images.size()) <= batch_);
  Tensor input;
  for (size_t i = 0; i < images.size(); ++i) {
    TW_ASSIGN(const Tensor one, PictureTensor(*images[i], card_.input, runner_->inputs()[0]));
    if (i == 0) {
      std::vector<int64_t> shape = one.shape;
      shape[0] = batch_;
      input = Tensor::Make(one.type, shape);  // rows without a picture are 0
    }
    std::copy(one.data.begin(), one.data.end(), input.data.begin() + static_cast<ptrdiff_t>(i * one.data.size()));
  }
  TW_ASSIGN(const std::vector<Tensor> given, runner_->Run({&input, 1}));
  const std::vector<Tensor> outputs = OutputsAsSingles(source_, given);
  std::vector<VisionResult> results;
  for (size_t i = 0; i < images.size(); ++i) {
    TW_ASSIGN(VisionResult result, Read(*images[i], batch_ == 1 ? outputs : RowOf(outputs, i, static_cast<size_t>(batch_))));
    results.push_back(std::move(result));
  }
  return results;
}

Result<VisionResult> VisionNet::Look(const Image& image) {
  const Image* one = &image;
  TW_ASSIGN(std::vector<VisionResult> results, LookAtAll({&one, 1}));
  return std::move(results[0]);
}

}  // namespace tradewind
