// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/fit_exit.h"

#include <algorithm>
#include <cmath>

#include "graph/backend.h"
#include "graph/surgery.h"
#include "graph/weight_source.h"
#include "learn/lbfgs.h"

namespace tradewind {
namespace {

struct ExitSamples {
  size_t channels = 0, classes = 0;
  std::vector<double> features{};  // [picture][channel], the means over pixels
  std::vector<size_t> labels{};    // numbers of classes
  size_t count() const { return labels.size(); }
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
    samples.labels.push_back(static_cast<size_t>(number));
    TW_ASSIGN(const Tensor input, PictureTensor(pictures[i], model.card.input, runner->inputs()[0]));
    TW_ASSIGN(const std::vector<Tensor> outputs, runner->Run({&input, 1}));
    const Tensor& value = outputs[1];
    if (value.shape.size() != 4)
      return Fail(StatusCode::kUnsupported, "an exit is fitted to an edge with pixels, and '" + edge + "' has none");
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

// To a mean of 0 and a spread of 1; what did it.
struct Scaling {
  std::vector<double> mean, spread;
};
Scaling Standardise(ExitSamples& samples) {
  const size_t n = samples.count(), m = samples.channels;
  Scaling scaling{std::vector<double>(m), std::vector<double>(m)};
  for (size_t i = 0; i < n * m; ++i) scaling.mean[i % m] += samples.features[i] / static_cast<double>(n);
  for (size_t i = 0; i < n * m; ++i) {
    const double off = samples.features[i] - scaling.mean[i % m];
    scaling.spread[i % m] += off * off / static_cast<double>(n);
  }
  for (double& s : scaling.spread) s = std::max(std::sqrt(s), 1e-6);
  for (size_t i = 0; i < n * m; ++i) samples.features[i] = (samples.features[i] - scaling.mean[i % m]) / scaling.spread[i % m];
  return scaling;
}

// Mean cross entropy and its gradient; x is [class][channels, then the bias].
double CrossEntropy(const ExitSamples& s, double l2, std::span<const double> x, std::span<double> gradient) {
  const size_t row = s.channels + 1;
  std::fill(gradient.begin(), gradient.end(), 0.0);
  double loss = 0;
  std::vector<double> scores(s.classes);
  for (size_t i = 0; i < s.count(); ++i) {
    const double* f = s.features.data() + i * s.channels;
    for (size_t c = 0; c < s.classes; ++c) {
      scores[c] = x[c * row + s.channels];
      for (size_t k = 0; k < s.channels; ++k) scores[c] += x[c * row + k] * f[k];
    }
    const double greatest = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (const double v : scores) sum += std::exp(v - greatest);
    loss += greatest + std::log(sum) - scores[s.labels[i]];
    for (size_t c = 0; c < s.classes; ++c) {
      const double off = std::exp(scores[c] - greatest) / sum - (c == s.labels[i] ? 1 : 0);
      for (size_t k = 0; k < s.channels; ++k) gradient[c * row + k] += off * f[k];
      gradient[c * row + s.channels] += off;
    }
  }
  const auto n = static_cast<double>(s.count());
  for (double& g : gradient) g /= n;
  loss /= n;
  for (size_t j = 0; j < x.size(); ++j) {
    if (j % row == s.channels) continue;
    loss += l2 / 2 * x[j] * x[j];
    gradient[j] += l2 * x[j];
  }
  return loss;
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

FittedWeights Unscaled(const ExitSamples& s, const Scaling& scaling, const std::vector<double>& x) {
  std::vector<float> weights, bias;
  for (size_t c = 0; c < s.classes; ++c) {
    const double* row = x.data() + c * (s.channels + 1);
    double offset = row[s.channels];
    for (size_t k = 0; k < s.channels; ++k) {
      weights.push_back(static_cast<float>(row[k] / scaling.spread[k]));
      offset -= row[k] / scaling.spread[k] * scaling.mean[k];
    }
    bias.push_back(static_cast<float>(offset));
  }
  return {std::move(weights), std::move(bias)};
}

}  // namespace

Result<SplitModel> FitExit(const SplitModel& model, const std::string& edge, std::span<const Image> pictures,
                           std::span<const int64_t> labels, const FitExitOptions& options) {
  if (pictures.empty() || pictures.size() != labels.size())
    return Fail(StatusCode::kInvalidInput, "an exit is fitted to pictures with a label each");
  if (std::find(model.cuts.begin(), model.cuts.end(), edge) == model.cuts.end())
    return Fail(StatusCode::kNotFound, model.graph.source + ": '" + edge + "' is no edge where it can be cut");
  TW_ASSIGN(ExitSamples samples, PooledAt(model, edge, pictures, labels, options.threads));
  const Scaling scaling = Standardise(samples);
  const Minimum fit =
      MinimiseLbfgs([&](std::span<const double> x, std::span<double> gradient) { return CrossEntropy(samples, options.l2, x, gradient); },
                    std::vector<double>(samples.classes * (samples.channels + 1)), {.steps = options.steps, .tolerance = 1e-5});
  FittedWeights weights = Unscaled(samples, scaling, fit.x);
  SplitModel with_exit = model;
  // The file may not say how many channels the edge has; its shape is known from the runs.
  OnnxGraph& graph = with_exit.graph.graph;
  std::erase_if(graph.values, [&](const OnnxValue& v) { return v.name == edge; });
  graph.values.push_back({.name = edge,
                          .type = OnnxType::kFloat,
                          .shape = std::vector<OnnxDimension>{{}, {.value = static_cast<int64_t>(samples.channels)}, {}, {}}});
  TW_RETURN_IF_ERROR(InsertExit(with_exit.graph, edge, {.classes = static_cast<int64_t>(samples.classes), .name = options.name}, weights));
  return with_exit;
}

}  // namespace tradewind
