// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/few_shot.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "search/predictors/few_shot_internal.h"

namespace tradewind {

void AppendStandardised(const FewShotModel& model, std::span<const double> features, std::vector<float>& out) {
  assert(features.size() == model.feature_mean.size());
  for (size_t i = 0; i < features.size(); ++i) {
    out.push_back(static_cast<float>((features[i] - model.feature_mean[i]) / model.feature_scale[i]));
  }
}

std::vector<float> InnerAdapt(const NetShape& shape, uint32_t steps, const FewShotMember& member, std::span<const float> x,
                              std::span<const float> embedding, std::span<float> step_gradients) {
  std::vector<float> parameters = member.start;
  std::vector<float> gradient(parameters.size());
  for (uint32_t step = 0; step < steps; ++step) {
    // The embedding IS the references' standardised latencies.
    LossAndGradient(shape, parameters, x, embedding, embedding, gradient);
    double square = 0;
    for (const float g : gradient) square += static_cast<double>(g) * g;
    const float shrink = square > 100 ? static_cast<float>(10 / std::sqrt(square)) : 1.0F;  // a device unlike all must not blow up
    for (size_t i = 0; i < parameters.size(); ++i) {
      parameters[i] -= member.rates[i] * shrink * gradient[i];
      if (!step_gradients.empty()) step_gradients[i] += shrink * gradient[i];
    }
  }
  return parameters;
}

FewShotDevice Adapt(const FewShotModel& model, std::span<const double> latencies) {
  assert(latencies.size() == model.references.size());
  FewShotDevice device;
  device.scale = ScaleByReferences(latencies, model.power);
  for (const double y : latencies) device.embedding.push_back(static_cast<float>(device.scale.Standardise(y)));
  std::vector<float> x;
  for (const std::vector<double>& features : model.references) AppendStandardised(model, features, x);
  for (const FewShotMember& member : model.members) {
    device.parameters.push_back(InnerAdapt(model.shape, model.inner_steps, member, x, device.embedding, {}));
  }
  return device;
}

std::vector<double> PredictStandardised(const FewShotModel& model, const FewShotDevice& device,
                                        std::span<const std::vector<double>> features) {
  std::vector<float> x;
  x.reserve(features.size() * model.feature_mean.size());
  for (const std::vector<double>& row : features) AppendStandardised(model, row, x);
  std::vector<double> sum(features.size(), 0);
  for (const std::vector<float>& parameters : device.parameters) {
    const std::vector<float> y = Forward(model.shape, parameters, x, device.embedding);
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += y[i];
  }
  // A network may leave all bounds far from what it saw; three deviations beyond the references' range no real device has been.
  constexpr double kBeyond = 3;
  const auto [least, most] = std::minmax_element(device.embedding.begin(), device.embedding.end());
  for (double& y : sum) {
    y = std::clamp(y / static_cast<double>(device.parameters.size()), *least - kBeyond, *most + kBeyond);
  }
  return sum;
}

std::vector<double> PredictLatencies(const FewShotModel& model, const FewShotDevice& device,
                                     std::span<const std::vector<double>> features) {
  std::vector<double> out = PredictStandardised(model, device, features);
  for (double& y : out) y = device.scale.Latency(y);
  return out;
}

Result<void> FewShotPredictor::Fit(std::span<const Observation> observations) {
  std::vector<double> latencies;
  size_t missing = 0;
  for (const std::vector<double>& reference : model_->references) {
    const auto found =
        std::find_if(observations.begin(), observations.end(), [&](const Observation& o) { return o.features == reference; });
    if (found == observations.end()) {
      ++missing;
    } else if (!(std::isfinite(found->value) && found->value > 0)) {
      return Fail(StatusCode::kInvalidInput, "a reference architecture's latency is no positive number; measure it again");
    } else {
      latencies.push_back(found->value);
    }
  }
  if (missing > 0) {
    return Fail(StatusCode::kInvalidInput, std::to_string(missing) + " of the model's " + std::to_string(model_->references.size()) +
                                               " reference architectures have no measurement; measure them on this device");
  }
  device_ = Adapt(*model_, latencies);
  return {};
}

Prediction FewShotPredictor::Predict(std::span<const double> features, double confidence) const {
  const std::vector<std::vector<double>> row = {{features.begin(), features.end()}};
  const double z = PredictStandardised(*model_, device_, row)[0];
  const std::vector<double>& q = model_->error_quantiles;
  const double at = std::clamp(confidence, 0.0, 1.0) * static_cast<double>(q.size() - 1);
  const double reach = q[static_cast<size_t>(std::ceil(at))];
  const LatencyScale& scale = device_.scale;
  return {scale.Latency(z), {scale.Latency(z - reach), scale.Latency(z + reach), confidence}};
}

}  // namespace tradewind
