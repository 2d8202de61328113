// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TFLite: a model as plain structs, read and validated: every index inside its list, constants as large as their shapes say, every tensor
// made once and before its use, quantisation that fits its tensor. Constants stay in the mapped file, which the model keeps. Immutable
// after reading: share it.
//
//   TW_ASSIGN(const TfliteModel model, ReadTflite("net.tflite"));
//   for (const TfliteOperator& op : model.graphs[0].operators) ...
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/status.h"

namespace tradewind {

// A model at its limits takes some 300 MiB of heap, constants apart.
struct TfliteLimits {
  static constexpr uint64_t kFileBytes = (2ull << 30) - 1;  // offsets have 32 bits
  static constexpr uint64_t kItems = 1u << 20;              // tables, names and numbers, in all
  static constexpr uint64_t kOperators = 1u << 16;
  static constexpr uint64_t kNameBytes = 4096;
  static constexpr uint64_t kDimensions = 16;
};

// The numbers of TensorType.
enum class TfliteType : int8_t {
  kFloat32 = 0,
  kFloat16 = 1,
  kInt32 = 2,
  kUint8 = 3,
  kInt64 = 4,
  kString = 5,
  kBool = 6,
  kInt16 = 7,
  kInt8 = 9,
  kFloat64 = 10,
  kUint64 = 12,
  kUint32 = 15,
  kUint16 = 16,
};
std::string_view TfliteTypeName(TfliteType type);  // "float32"; "?" if it is not read here
uint64_t TfliteTypeBytes(TfliteType type);         // of an element; 0 for strings and what is not read here

// real = scale * (quantised - zero_point), with one of each or one for every index of a dimension. No scale: not quantised.
struct TfliteQuantization {
  std::vector<float> scale{};  // finite, above 0
  std::vector<int64_t> zero_point{};
  int32_t dimension = 0;
};

struct TfliteTensor {
  std::string name;
  TfliteType type = TfliteType::kFloat32;
  std::vector<int32_t> shape{};       // none below 0
  std::span<const std::byte> data{};  // of a constant, row-major
  TfliteQuantization quantization{};
  bool constant = false;
  bool variable = false;  // keeps its value between runs
};

enum class TfliteActivation : uint8_t { kNone = 0, kRelu = 1, kReluN1To1 = 2, kRelu6 = 3 };

struct TfliteConv {  // CONV_2D, DEPTHWISE_CONV_2D
  bool same_padding = false;
  int32_t stride_h = 1, stride_w = 1;
  int32_t dilation_h = 1, dilation_w = 1;
  TfliteActivation activation = TfliteActivation::kNone;
};
struct TflitePool {  // AVERAGE_POOL_2D, MAX_POOL_2D
  bool same_padding = false;
  int32_t stride_h = 1, stride_w = 1;
  int32_t filter_h = 1, filter_w = 1;
  TfliteActivation activation = TfliteActivation::kNone;
};
struct TfliteFullyConnected {
  TfliteActivation activation = TfliteActivation::kNone;
  bool keep_dimensions = false;
};
struct TfliteElementwise {  // ADD, SUB, MUL
  TfliteActivation activation = TfliteActivation::kNone;
};
struct TfliteConcatenation {
  int32_t axis = 0;
  TfliteActivation activation = TfliteActivation::kNone;
};
struct TfliteSoftmax {
  float beta = 1;
};
struct TfliteReduce {  // MEAN
  bool keep_dimensions = false;
};
struct TfliteResize {  // RESIZE_BILINEAR
  bool align_corners = false;
  bool half_pixel_centers = false;
};
// monostate: an operator without options, or whose options nothing here reads.
using TfliteOptions = std::variant<std::monostate, TfliteConv, TflitePool, TfliteFullyConnected, TfliteElementwise, TfliteConcatenation,
                                   TfliteSoftmax, TfliteReduce, TfliteResize>;

struct TfliteOperator {
  std::string name;  // "CONV_2D"; of a custom operator its own; "operator 212" where the number has no name here
  int32_t version = 1;
  std::vector<int32_t> inputs{};  // indices of tensors; -1: left out
  std::vector<int32_t> outputs{};
  TfliteOptions options{};
};

struct TfliteGraph {
  std::string name;
  std::vector<TfliteTensor> tensors{};
  std::vector<int32_t> inputs{};
  std::vector<int32_t> outputs{};
  std::vector<TfliteOperator> operators{};  // in the order in which they run
};

struct TfliteModel {
  std::string source;  // the path, for errors
  std::string description{};
  std::vector<TfliteGraph> graphs{};  // at least one; the first is the model
  std::shared_ptr<const void> keeper{};
};

// Maps and validates a file. kInvalidInput names the operator, tensor or field and the byte offset; kUnsupported what is not read here:
// sparse and string tensors, types of fewer than 8 bits.
Result<TfliteModel> ReadTflite(const std::string& path);
// The same over bytes in memory, which are copied; `name` stands for the path.
Result<TfliteModel> ReadTfliteBytes(std::span<const std::byte> bytes, std::string name);

}  // namespace tradewind
