// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "train/calibrate_quantizers.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "train/frozen_features.h"

namespace tradewind {
namespace {

constexpr int kScalesTried = 80;
constexpr float kLeastShare = 0.1f;
constexpr int64_t kSamplesOfBatch = 4096;  // of each value
constexpr int64_t kBatchPictures = 32;

double SquaredError(std::span<const float> values, float scale, const QuantizerRange& range) {
  const auto low = static_cast<float>(range.low), high = static_cast<float>(range.high);
  double sum = 0;
  for (const float v : values) {
    const float error = std::nearbyint(std::clamp(v / scale, low, high)) * scale - v;
    sum += static_cast<double>(error) * error;
  }
  return sum;
}

void SetScale(OnnxModel& model, const std::string& name, std::span<const float> scales) {
  for (OnnxTensor& t : model.graph.initializers) {
    if (t.name == name) t = OnnxTensor::Of(t.name, t.dims, scales);
  }
}

Result<void> CalibrateWeights(OnnxModel& model, const Quantizer& q) {
  const OnnxTensor* weights = model.graph.FindInitializer(q.input);
  if (weights == nullptr || weights->dims.empty())
    return Fail(StatusCode::kInvalidInput, model.source + ": '" + q.input + "' is no weights");
  const int64_t run = weights->values() / std::max<int64_t>(1, weights->dims[0]);
  std::vector<float> scales;
  for (int64_t c = 0; c < weights->dims[0]; ++c) {
    std::vector<float> row;
    for (int64_t i = 0; i < run; ++i) row.push_back(weights->At<float>(c * run + i));
    const float scale = BestScale(row, RangeOf(q.bits, q.is_signed));
    scales.push_back(scale > 0 ? scale : 1.0f);
  }
  SetScale(model, q.scale, scales);
  return {};
}

// Numbers of each value, evenly out of the batches.
Result<std::map<std::string, std::vector<float>>> SampleValues(OnnxModel model, const std::vector<std::string>& values,
                                                               const TrainingPictures& pictures, int64_t count, int threads) {
  TW_RETURN_IF_ERROR(RemoveQuantizers(model));
  const std::string picture = model.graph.inputs.at(0).name;
  FeatureNet net{.model = &model};
  model.graph.outputs.clear();
  bool of_pictures = false;
  for (const std::string& value : values) {
    of_pictures |= value == picture;
    if (value == picture) continue;
    model.graph.outputs.push_back({.name = value, .type = OnnxType::kFloat});
    net.values.push_back(value);
  }
  net.names = net.values;
  TW_ASSIGN(FrozenFeatures features, FrozenFeatures::Make(pictures, of_pictures ? picture : "", {net}, threads));
  std::map<std::string, std::vector<float>> samples;
  const int64_t taken = std::min(count, pictures.count());
  for (int64_t at = 0; at < taken; at += kBatchPictures) {
    std::vector<PictureUse> uses;
    for (int64_t i = at; i < std::min(taken, at + kBatchPictures); ++i) uses.push_back({.picture = i * pictures.count() / taken});
    TW_ASSIGN(const std::vector<NamedTensor> batch, features.Of(uses));
    for (const NamedTensor& value : batch) {
      const auto numbers = value.tensor.Values<float>();
      const size_t step = std::max<size_t>(1, numbers.size() / kSamplesOfBatch) | 1;  // odd: not the same column of every row
      for (size_t i = 0; i < numbers.size(); i += step) samples[value.name].push_back(numbers[i]);
    }
  }
  return samples;
}

}  // namespace

float BestScale(std::span<const float> values, const QuantizerRange& range) {
  float covering = 0;
  for (const float v : values) {
    covering = std::max(covering, v / static_cast<float>(range.high));
    if (range.low < 0) covering = std::max(covering, v / static_cast<float>(range.low));
  }
  if (covering <= 0) return 0;
  float best = covering;
  double least = SquaredError(values, covering, range);
  for (int i = 1; i < kScalesTried; ++i) {
    const float scale = covering * (1 - (1 - kLeastShare) * static_cast<float>(i) / kScalesTried);
    const double error = SquaredError(values, scale, range);
    if (error >= least) continue;
    least = error;
    best = scale;
  }
  return best;
}

Result<void> CalibrateQuantizers(OnnxModel& model, const TrainingPictures& pictures, int64_t count, int threads) {
  const std::vector<Quantizer> quantizers = QuantizersOf(model);
  std::vector<std::string> values;
  for (const Quantizer& q : quantizers) {
    if (q.per_channel) TW_RETURN_IF_ERROR(CalibrateWeights(model, q));
    if (!q.per_channel) values.push_back(q.input);
  }
  TW_ASSIGN(const auto samples, SampleValues(model, values, pictures, count, threads));
  for (const Quantizer& q : quantizers) {
    if (q.per_channel) continue;
    const float scale = BestScale(samples.at(q.input), RangeOf(q.bits, q.is_signed));
    const float used = scale > 0 ? scale : 1.0f;
    SetScale(model, q.scale, std::span(&used, 1));
  }
  return {};
}

}  // namespace tradewind
