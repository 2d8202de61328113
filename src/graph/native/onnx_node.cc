// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/onnx_node.h"

#include <algorithm>

#include "graph/tensor.h"

namespace tradewind {

Status NodeReader::Error(StatusCode code, std::string_view what) const {
  return Status(code, model_.source + ": " + std::string(what))
      .At("node '" + (node_.name.empty() ? node_.outputs.empty() ? "" : node_.outputs[0] : node_.name) + "' (" + node_.op_type + ")");
}

tl::unexpected<Status> NodeReader::Unsupported(std::string_view what) const {
  return Fail(Error(StatusCode::kUnsupported, what));
}

tl::unexpected<Status> NodeReader::Invalid(std::string_view what) const {
  return Fail(Error(StatusCode::kInvalidInput, what));
}

int64_t NodeReader::Integer(std::string_view key, int64_t fallback) const {
  const auto* value = node_.Attribute<int64_t>(key);
  return value == nullptr ? fallback : *value;
}

float NodeReader::Real(std::string_view key, float fallback) const {
  const auto* value = node_.Attribute<float>(key);
  return value == nullptr ? fallback : *value;
}

Result<std::vector<int64_t>> NodeReader::Integers(std::string_view key, const OnnxTensor* constant) const {
  if (const auto* values = node_.Attribute<std::vector<int64_t>>(key)) return *values;
  std::vector<int64_t> values;
  if (constant == nullptr) return values;
  if (constant->type != OnnxType::kInt64)
    return Invalid("a constant of " + std::string(OnnxTypeName(constant->type)) + " where int64 is due");
  for (int64_t i = 0; i < constant->values(); ++i) values.push_back(constant->At<int64_t>(i));
  return values;
}

Result<std::vector<float>> NodeReader::Floats(const OnnxTensor* constant, int64_t count) const {
  if (constant == nullptr) return Invalid("a constant is missing");
  if (constant->type != OnnxType::kFloat)
    return Unsupported("a constant of " + std::string(OnnxTypeName(constant->type)) + " where float is due");
  if (constant->values() != count)
    return Invalid("a constant of " + ShapeText(constant->dims) + " where " + std::to_string(count) + " values are due");
  std::vector<float> values(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) values[static_cast<size_t>(i)] = constant->At<float>(i);
  return values;
}

Result<std::vector<float>> NodeReader::PerChannel(const OnnxTensor* constant, int64_t channels, size_t rank) const {
  if (constant != nullptr && constant->values() == 1) {
    TW_ASSIGN(const std::vector<float> one, Floats(constant, 1));
    return std::vector<float>(static_cast<size_t>(channels), one[0]);
  }
  // The channels' place from the last dimension: 1xCx1x1 and Cx1x1 go with pictures, C and 1xC with vectors.
  const size_t behind = rank == 4 ? 2 : 0;
  const bool fits = constant != nullptr && constant->dims.size() > behind && constant->dims.size() <= rank &&
                    constant->dims[constant->dims.size() - 1 - behind] == channels && constant->values() == channels;
  if (!fits) return Unsupported("a constant that is neither one number nor one for each channel");
  return Floats(constant, channels);
}

Result<Window> NodeReader::WindowOf(const OnnxTensor* weights, const NativeValue& input) const {
  std::vector<int64_t> kernel;
  if (node_.op_type == "Conv") {
    if (weights == nullptr || weights->dims.size() != 4)
      return Unsupported("a convolution whose weights are no constant of four dimensions");
    kernel = {weights->dims[2], weights->dims[3]};
  } else {
    TW_ASSIGN(kernel, Integers("kernel_shape", nullptr));
  }
  TW_ASSIGN(std::vector<int64_t> strides, Integers("strides", nullptr));
  TW_ASSIGN(std::vector<int64_t> dilations, Integers("dilations", nullptr));
  TW_ASSIGN(std::vector<int64_t> pads, Integers("pads", nullptr));
  if (strides.empty()) strides = {1, 1};
  if (dilations.empty()) dilations = {1, 1};
  if (pads.empty()) pads = {0, 0, 0, 0};
  const auto from_one = [](const std::vector<int64_t>& values) {
    return values.size() == 2 && std::all_of(values.begin(), values.end(), [](int64_t v) { return v >= 1 && v <= kMostSide; });
  };
  const bool sound = from_one(kernel) && from_one(strides) && from_one(dilations) && pads.size() == 4 &&
                     std::all_of(pads.begin(), pads.end(), [](int64_t p) { return p >= 0 && p <= kMostSide; });
  if (!sound) return Invalid("its kernel, strides, dilations or pads are not two (pads: four) numbers within bounds");
  Window window{kernel[0], kernel[1], strides[0], strides[1], dilations[0], dilations[1], {pads[0], pads[1], pads[2], pads[3]}};
  const auto* automatic = node_.Attribute<std::string>("auto_pad");
  if (automatic == nullptr || *automatic == "NOTSET" || automatic->empty()) return window;
  window.padding = {};
  if (*automatic == "VALID") return window;
  if (*automatic != "SAME_UPPER" && *automatic != "SAME_LOWER") return Invalid("auto_pad '" + *automatic + "' is none of ONNX's");
  // As much as makes the output the input's sides over the strides, the odd one behind or before.
  const auto total = [](int64_t in, int64_t kernel_side, int64_t stride, int64_t dilation) {
    const int64_t out = (in + stride - 1) / stride;
    return std::max<int64_t>(0, (out - 1) * stride + dilation * (kernel_side - 1) + 1 - in);
  };
  const int64_t rows = total(input.height, window.height, window.stride_y, window.dilation_y);
  const int64_t columns = total(input.width, window.width, window.stride_x, window.dilation_x);
  const bool upper = *automatic == "SAME_UPPER";
  window.padding = {upper ? rows / 2 : rows - rows / 2, upper ? columns / 2 : columns - columns / 2, upper ? rows - rows / 2 : rows / 2,
                    upper ? columns - columns / 2 : columns / 2};
  return window;
}

}  // namespace tradewind
