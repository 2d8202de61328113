// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The operators' numbers, and their options: the tables that an operator's union holds.
#include "formats/tflite_operators.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "formats/tflite_parser.h"

namespace tradewind {
namespace {

struct NumberedName {
  int32_t number;
  std::string_view name;
};
constexpr NumberedName kOperators[] = {{0, "ADD"},
                                       {1, "AVERAGE_POOL_2D"},
                                       {2, "CONCATENATION"},
                                       {3, "CONV_2D"},
                                       {4, "DEPTHWISE_CONV_2D"},
                                       {5, "DEPTH_TO_SPACE"},
                                       {6, "DEQUANTIZE"},
                                       {8, "FLOOR"},
                                       {9, "FULLY_CONNECTED"},
                                       {11, "L2_NORMALIZATION"},
                                       {14, "LOGISTIC"},
                                       {16, "LSTM"},
                                       {17, "MAX_POOL_2D"},
                                       {18, "MUL"},
                                       {19, "RELU"},
                                       {20, "RELU_N1_TO_1"},
                                       {21, "RELU6"},
                                       {22, "RESHAPE"},
                                       {23, "RESIZE_BILINEAR"},
                                       {25, "SOFTMAX"},
                                       {26, "SPACE_TO_DEPTH"},
                                       {27, "SVDF"},
                                       {28, "TANH"},
                                       {32, "CUSTOM"},
                                       {34, "PAD"},
                                       {36, "GATHER"},
                                       {37, "BATCH_TO_SPACE_ND"},
                                       {38, "SPACE_TO_BATCH_ND"},
                                       {39, "TRANSPOSE"},
                                       {40, "MEAN"},
                                       {41, "SUB"},
                                       {42, "DIV"},
                                       {43, "SQUEEZE"},
                                       {44, "UNIDIRECTIONAL_SEQUENCE_LSTM"},
                                       {45, "STRIDED_SLICE"},
                                       {47, "EXP"},
                                       {49, "SPLIT"},
                                       {50, "LOG_SOFTMAX"},
                                       {53, "CAST"},
                                       {54, "PRELU"},
                                       {55, "MAXIMUM"},
                                       {56, "ARG_MAX"},
                                       {57, "MINIMUM"},
                                       {59, "NEG"},
                                       {65, "SLICE"},
                                       {67, "TRANSPOSE_CONV"},
                                       {70, "EXPAND_DIMS"},
                                       {74, "SUM"},
                                       {75, "SQRT"},
                                       {76, "RSQRT"},
                                       {77, "SHAPE"},
                                       {83, "PACK"},
                                       {88, "UNPACK"},
                                       {90, "FLOOR_DIV"},
                                       {94, "FILL"},
                                       {97, "RESIZE_NEAREST_NEIGHBOR"},
                                       {98, "LEAKY_RELU"},
                                       {101, "ABS"},
                                       {107, "GATHER_ND"},
                                       {114, "QUANTIZE"},
                                       {117, "HARD_SWISH"},
                                       {126, "BATCH_MATMUL"},
                                       {150, "GELU"}};

// The numbers of the unions' members that are read here, by operator.
constexpr int32_t kAdd = 0, kAveragePool = 1, kConcatenation = 2, kConv = 3, kDepthwiseConv = 4, kFullyConnected = 9, kMaxPool = 17,
                  kMul = 18, kResizeBilinear = 23, kSoftmax = 25, kMean = 40, kSub = 41;
struct Member {
  int32_t number;
  uint8_t member;
};
constexpr Member kMembers[] = {
    {kConv, 1},           {kDepthwiseConv, 2}, {kAveragePool, 5},     {kMaxPool, 5}, {kFullyConnected, 8}, {kSoftmax, 9},
    {kConcatenation, 10}, {kAdd, 11},          {kResizeBilinear, 15}, {kMul, 21},    {kMean, 27},          {kSub, 28}};

}  // namespace

std::string TfliteOperatorName(int32_t number) {
  const auto* found = std::find_if(std::begin(kOperators), std::end(kOperators), [&](const NumberedName& o) { return o.number == number; });
  return found == std::end(kOperators) ? "operator " + std::to_string(number) : std::string(found->name);
}

Result<TfliteOptions> TfliteParser::ParseOptions(const FlatTable& table, int32_t code) {
  const auto* member = std::find_if(std::begin(kMembers), std::end(kMembers), [&](const Member& m) { return m.number == code; });
  if (member == std::end(kMembers)) return TfliteOptions();
  TW_ASSIGN(const uint8_t type, In("builtin_options_type", table.Number<uint8_t>(3, 0)));
  TW_ASSIGN(const auto found, In("builtin_options", table.Table(4)));
  if (!found || type != member->member) {
    return Bad(table.offset(), "builtin_options",
               "the operator has options of kind " + std::to_string(type) + " where " + std::to_string(member->member) + " is due");
  }
  const FlatTable& options = *found;
  switch (code) {
    case kConv: return ParseConv(options, false);
    case kDepthwiseConv: return ParseConv(options, true);
    case kAveragePool:
    case kMaxPool: return ParsePool(options);
    case kFullyConnected: {
      TW_ASSIGN(const TfliteActivation activation, ParseActivation(options, 0));
      TW_ASSIGN(const bool keep, Flag(options, 2, "keep_num_dims"));
      return TfliteOptions(TfliteFullyConnected{activation, keep});
    }
    case kSoftmax: {
      TW_ASSIGN(const float beta, In("beta", options.Number<float>(0, 0)));
      return TfliteOptions(TfliteSoftmax{beta});
    }
    case kConcatenation: {
      TW_ASSIGN(const int32_t axis, In("axis", options.Number<int32_t>(0, 0)));
      TW_ASSIGN(const TfliteActivation activation, ParseActivation(options, 1));
      return TfliteOptions(TfliteConcatenation{axis, activation});
    }
    case kResizeBilinear: {
      TW_ASSIGN(const bool align_corners, Flag(options, 2, "align_corners"));
      TW_ASSIGN(const bool half_pixel, Flag(options, 3, "half_pixel_centers"));
      return TfliteOptions(TfliteResize{align_corners, half_pixel});
    }
    case kMean: {
      TW_ASSIGN(const bool keep, Flag(options, 0, "keep_dims"));
      return TfliteOptions(TfliteReduce{keep});
    }
    default: {
      TW_ASSIGN(const TfliteActivation activation, ParseActivation(options, 0));
      return TfliteOptions(TfliteElementwise{activation});
    }
  }
}

Result<TfliteConv> TfliteParser::ParseConv(const FlatTable& options, bool depthwise) {
  TfliteConv conv;
  const int after_multiplier = depthwise ? 1 : 0;  // a depthwise product's depth_multiplier stands before its activation
  TW_ASSIGN(const int8_t padding, In("padding", options.Number<int8_t>(0, 0)));
  conv.same_padding = padding == 0;
  TW_ASSIGN(conv.stride_w, AboveZero(options, 1, 0, "stride_w"));
  TW_ASSIGN(conv.stride_h, AboveZero(options, 2, 0, "stride_h"));
  TW_ASSIGN(conv.activation, ParseActivation(options, 3 + after_multiplier));
  TW_ASSIGN(conv.dilation_w, AboveZero(options, 4 + after_multiplier, 1, "dilation_w_factor"));
  TW_ASSIGN(conv.dilation_h, AboveZero(options, 5 + after_multiplier, 1, "dilation_h_factor"));
  return conv;
}

Result<TflitePool> TfliteParser::ParsePool(const FlatTable& options) {
  TflitePool pool;
  TW_ASSIGN(const int8_t padding, In("padding", options.Number<int8_t>(0, 0)));
  pool.same_padding = padding == 0;
  TW_ASSIGN(pool.stride_w, AboveZero(options, 1, 0, "stride_w"));
  TW_ASSIGN(pool.stride_h, AboveZero(options, 2, 0, "stride_h"));
  TW_ASSIGN(pool.filter_w, AboveZero(options, 3, 0, "filter_width"));
  TW_ASSIGN(pool.filter_h, AboveZero(options, 4, 0, "filter_height"));
  TW_ASSIGN(pool.activation, ParseActivation(options, 5));
  return pool;
}

Result<TfliteActivation> TfliteParser::ParseActivation(const FlatTable& options, int field) {
  TW_ASSIGN(const int8_t activation, In("fused_activation_function", options.Number<int8_t>(field, 0)));
  if (activation < 0 || activation > 3) {
    return Error(StatusCode::kUnsupported, options.offset(), "fused_activation_function",
                 "activation " + std::to_string(activation) + " is not known here");
  }
  return static_cast<TfliteActivation>(activation);
}

// Strides, dilations and filters: beyond any picture they are a lie.
Result<int32_t> TfliteParser::AboveZero(const FlatTable& options, int field, int32_t fallback, std::string_view name) {
  constexpr int32_t kMost = 1 << 15;
  TW_ASSIGN(const int32_t value, In(name, options.Number<int32_t>(field, fallback)));
  if (value < 1 || value > kMost) return Bad(options.offset(), name, std::to_string(value) + " is not from 1 to " + std::to_string(kMost));
  return value;
}

}  // namespace tradewind
