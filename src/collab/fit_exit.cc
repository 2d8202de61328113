// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/fit_exit.h"

#include <algorithm>

#include "graph/backend.h"
#include "graph/surgery.h"
#include "graph/weight_source.h"
#include "learn/softmax.h"

namespace tradewind {
namespace {

struct ExitSamples {
  size_t channels = 0, classes = 0;
  std::vector<double> features{};  // [picture][channel], the means over pixels
  std::vector<double> shares{};    // [picture][class], a 1 for the label
};

Result<ExitSamples> PooledAt(const SplitModel& model, const std::string& edge, std::span<const Image> pictures,
                             std::span<const int64_t> labels, int threads) {
  TW_ASSIGN(OnnxModel plain, WithoutExits(model.graph));
  plain.graph.outputs.push_back({.name = edge, .type = OnnxType::kFloat});
  TW_ASSIGN(const auto runner, OpenGraph({.path = plain.source, .model = std::move(plain)}, {.threads = threads}));
  ExitSamples samples{.classes = static_cast<size_t>(runner->outputs()[0].shape.back())};
  for (size_t i = 0; i < pictures.size(); ++i) {
    const int64_t number = labels[i] - model.card.first_label;
    if (number < 0 || number >= static_cast<int64_t>(samples.classes))
      return Fail(StatusCode::kInvalidInput, "label " + std::to_string(labels[i]) + " is none of the net's");
    samples.shares.resize((i + 1) * samples.classes);
    samples.shares[i * samples.classes + static_cast<size_t>(number)] = 1;
    TW_ASSIGN(const Tensor input, PictureTensor(pictures[i], model.card.input, runner->inputs()[0]));
    TW_ASSIGN(const std::vector<Tensor> outputs, runner->Run({&input, 1}));
    const Tensor& value = outputs[1];
    samples.channels = static_cast<size_t>(value.shape[1]);
    const auto pixels = static_cast<size_t>(value.shape[2] * value.shape[3]);
    for (size_t c = 0; c < samples.channels; ++c) {
      double sum = 0;
      for (size_t p = 0; p < pixels; ++p) sum += static_cast<double>(value.Values<float>()[c * pixels + p]);
      samples.features.push_back(sum / static_cast<double>(pixels));
    }
  }
  return samples;
}

// What was fitted, for the layer that is put in.
class FittedWeights : public WeightSource {
 public:
  FittedWeights(std::vector<float> weights, std::vector<float> bias) : weights_(std::move(weights)), bias_(std::move(bias)) {}
  Result<std::vector<float>> Get(const std::string&, const std::vector<int64_t>&, WeightKind kind, int64_t) override {
    return kind == WeightKind::kBias ? bias_ : weights_;
  }

 private:
  std::vector<float> weights_, bias_;
};

}  // namespace

Result<SplitModel> FitExit(const SplitModel& model, const std::string& edge, std::span<const Image> pictures,
                           std::span<const int64_t> labels, const FitExitOptions& options) {
  if (pictures.empty() || pictures.size() != labels.size())
    return Fail(StatusCode::kInvalidInput, "an exit is fitted to pictures with a label each");
  if (std::find(model.cuts.begin(), model.cuts.end(), edge) == model.cuts.end())
    return Fail(StatusCode::kNotFound, model.graph.source + ": '" + edge + "' is no edge where it can be cut");
  TW_ASSIGN(const ExitSamples samples, PooledAt(model, edge, pictures, labels, options.threads));
  TW_ASSIGN(const SoftmaxModel fit,
            FitSoftmax(samples.features, samples.channels, samples.shares, samples.classes, {.l2 = options.l2, .steps = options.steps}));
  FittedWeights weights({fit.weights.begin(), fit.weights.end()}, {fit.intercepts.begin(), fit.intercepts.end()});
  SplitModel with_exit = model;
  TW_RETURN_IF_ERROR(InsertExit(with_exit.graph, edge, {.classes = static_cast<int64_t>(samples.classes), .name = options.name}, weights));
  return with_exit;
}

}  // namespace tradewind
