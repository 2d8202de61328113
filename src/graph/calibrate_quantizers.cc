// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/calibrate_quantizers.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace tradewind {
namespace {

constexpr int kScalesTried = 80;
constexpr float kLeastShare = 0.1f;
constexpr int64_t kSamples = 1 << 15;  // of each value, over all inputs

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

// Some of the numbers, evenly.
void Take(std::span<const float> numbers, int64_t most, std::vector<float>& samples) {
  const size_t step = std::max<size_t>(1, numbers.size() / static_cast<size_t>(most)) | 1;  // odd: not the same column of every row
  for (size_t i = 0; i < numbers.size(); i += step) samples.push_back(numbers[i]);
}

Result<std::map<std::string, std::vector<float>>> SampleValues(OnnxModel model, const std::vector<std::string>& values, int64_t count,
                                                               const std::function<Result<Tensor>(int64_t i)>& input,
                                                               const GraphOptions& options) {
  TW_RETURN_IF_ERROR(RemoveQuantizers(model));
  const std::string given = model.graph.inputs.at(0).name;
  std::vector<std::string> computed;
  model.graph.outputs.clear();
  for (const std::string& value : values) {
    if (value == given) continue;
    model.graph.outputs.push_back({.name = value, .type = OnnxType::kFloat});
    computed.push_back(value);
  }
  const bool of_input = computed.size() < values.size();
  TW_ASSIGN(const auto runner, OpenGraph({.path = model.source, .model = std::move(model)}, options));
  std::map<std::string, std::vector<float>> samples;
  const int64_t most = std::max<int64_t>(64, kSamples / std::max<int64_t>(1, count));
  for (int64_t i = 0; i < count; ++i) {
    TW_ASSIGN(const Tensor tensor, input(i));
    if (of_input) Take(tensor.Values<float>(), most, samples[given]);
    TW_ASSIGN(const std::vector<Tensor> outputs, runner->Run({&tensor, 1}));
    for (size_t k = 0; k < computed.size(); ++k) Take(outputs[k].Values<float>(), most, samples[computed[k]]);
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

Result<void> CalibrateQuantizers(OnnxModel& model, int64_t count, const std::function<Result<Tensor>(int64_t i)>& input,
                                 const GraphOptions& options) {
  const std::vector<Quantizer> quantizers = QuantizersOf(model);
  std::vector<std::string> values;
  for (const Quantizer& q : quantizers) {
    if (q.per_channel) TW_RETURN_IF_ERROR(CalibrateWeights(model, q));
    if (!q.per_channel) values.push_back(q.input);
  }
  TW_ASSIGN(const auto samples, SampleValues(model, values, count, input, options));
  for (const Quantizer& q : quantizers) {
    if (q.per_channel) continue;
    const float scale = BestScale(samples.at(q.input), RangeOf(q.bits, q.is_signed));
    const float used = scale > 0 ? scale : 1.0f;
    SetScale(model, q.scale, std::span(&used, 1));
  }
  return {};
}

}  // namespace tradewind
