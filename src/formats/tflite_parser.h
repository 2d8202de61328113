// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TfliteParser: tables to structs. Every item counts against one limit, since many tables may be one. The fields' numbers are those of
// TFLite's schema version 3.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "formats/flatbuffer.h"
#include "formats/tflite.h"

namespace tradewind {

class TfliteParser {
 public:
  static Result<void> Parse(std::span<const std::byte> bytes, TfliteModel& out);

 private:
  TfliteParser(std::span<const std::byte> bytes, TfliteModel& out) : bytes_(bytes), out_(out) {}

  struct Code {  // of an operator
    int32_t number = 0;
    std::string name{};
    int32_t version = 1;
  };

  tl::unexpected<Status> Bad(uint64_t offset, std::string_view field, std::string problem) const;
  tl::unexpected<Status> Error(StatusCode code, uint64_t offset, std::string_view field, std::string problem) const;
  // A checked access's result, with the part and the field in its error.
  template <typename T>
  Result<T> In(std::string_view field, Result<T> result) const;
  Result<void> Count(const FlatTable& at, std::string_view field, uint64_t items);
  Result<std::string> Text(const FlatTable& table, int field, std::string_view name);
  Result<std::vector<int32_t>> Indices(const FlatTable& table, int field, std::string_view name, size_t tensors, bool may_be_left_out);

  Result<void> ParseCodes(const FlatTable& model);
  Result<void> ParseBuffers(const FlatTable& model);
  Result<void> ParseGraph(const FlatTable& table, TfliteGraph& graph);
  Result<void> ParseTensor(const FlatTable& table, TfliteTensor& tensor);
  Result<void> ParseQuantization(const FlatTable& table, TfliteTensor& tensor);
  Result<void> ParseOperator(const FlatTable& table, const TfliteGraph& graph, TfliteOperator& op);
  Result<TfliteOptions> ParseOptions(const FlatTable& table, int32_t code);
  Result<TfliteConv> ParseConv(const FlatTable& options, bool depthwise);
  Result<TflitePool> ParsePool(const FlatTable& options);
  Result<TfliteActivation> ParseActivation(const FlatTable& options, int field);
  Result<int32_t> AboveZero(const FlatTable& options, int field, int32_t fallback, std::string_view name);
  Result<bool> Flag(const FlatTable& table, int field, std::string_view name);
  Result<void> CheckOrder(const TfliteGraph& graph) const;

  std::span<const std::byte> bytes_;
  TfliteModel& out_;
  std::string part_ = "model";  // what is being read, for errors
  uint64_t items_ = 0;
  std::vector<Code> codes_;
  std::vector<std::span<const std::byte>> buffers_;
};

template <typename T>
Result<T> TfliteParser::In(std::string_view field, Result<T> result) const {
  if (!result) return Bad(result.error().offset().value_or(0), field, result.error().message());
  return result;
}

}  // namespace tradewind
