// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// OnnxParser: messages to structs. Subgraphs wait in a list instead of on the stack; every item counts against one limit, so heap is
// bounded by it, and the fields' numbers are those of onnx.proto, IR version 3 to 12.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "formats/onnx.h"
#include "formats/onnx_external.h"
#include "formats/protobuf.h"

namespace tradewind {

class OnnxParser {
 public:
  // `keeper` owns `bytes`; `external` opens the files that tensors name.
  static Result<void> Parse(std::span<const std::byte> bytes, std::shared_ptr<const void> keeper, OnnxExternalFiles& external,
                            OnnxModel& out);

 private:
  OnnxParser(std::shared_ptr<const void> keeper, OnnxExternalFiles& external, OnnxModel& out)
      : keeper_(std::move(keeper)), external_(external), out_(out) {}

  tl::unexpected<Status> Bad(const ProtobufField& field, std::string_view name, std::string problem) const;
  tl::unexpected<Status> Error(StatusCode code, uint64_t offset, std::string_view name, std::string problem) const;
  // Goes through a message: `take(field)` for each.
  template <typename Take>
  Result<void> ForEach(const ProtobufField& message, std::string_view name, const Take& take);
  Result<void> Count(const ProtobufField& field, std::string_view name, uint64_t items = 1);
  Result<void> Want(const ProtobufField& field, std::string_view name, WireType wire) const;
  Result<std::string> Text(const ProtobufField& field, std::string_view name, uint64_t limit = OnnxLimits::kNameBytes);
  // Numbers one by one or packed, as writers choose.
  Result<void> Integers(const ProtobufField& field, std::string_view name, std::vector<int64_t>& out);
  Result<void> Floats(const ProtobufField& field, std::string_view name, std::vector<float>& out);

  Result<void> ParseModel(const ProtobufField& message);
  Result<void> ParseOpset(const ProtobufField& message);
  Result<void> ParseGraph(const ProtobufField& message, int depth, OnnxGraph& graph);
  Result<void> ParseNode(const ProtobufField& message, int depth, OnnxGraph& graph);
  Result<void> ParseAttribute(const ProtobufField& message, int depth, OnnxNode& node);
  Result<void> ParseTensor(const ProtobufField& message, OnnxTensor& tensor);
  Result<void> ParseValue(const ProtobufField& message, OnnxValue& value);
  Result<void> ParseShape(const ProtobufField& message, OnnxValue& value);
  Result<std::pair<std::string, std::string>> ParsePair(const ProtobufField& message);

  struct Claim;  // what a tensor's message says of its data
  Result<void> TakeData(const Claim& claim, uint64_t bytes, OnnxTensor& tensor);
  Result<void> TakeStrings(const ProtobufField& message, OnnxTensor& tensor);
  Result<void> TakeTyped(const Claim& claim, OnnxTensor& tensor);
  Result<void> TakeExternal(const ProtobufField& message, uint64_t bytes, OnnxTensor& tensor);

  struct Waiting {  // a subgraph that is still to be read
    ProtobufField message;
    int depth;
    std::shared_ptr<OnnxGraph> graph;
  };

  std::shared_ptr<const void> keeper_;
  OnnxExternalFiles& external_;
  OnnxModel& out_;
  std::string part_ = "model";  // what is being read, for errors
  uint64_t items_ = 0;
  uint64_t nodes_ = 0;
  std::deque<Waiting> waiting_;
};

template <typename Take>
Result<void> OnnxParser::ForEach(const ProtobufField& message, std::string_view name, const Take& take) {
  TW_RETURN_IF_ERROR(Want(message, name, WireType::kBytes));
  ProtobufReader reader(message.bytes, message.bytes_offset);
  while (!reader.done()) {
    const auto field = reader.Next();
    if (!field) return Error(StatusCode::kInvalidInput, field.error().offset().value_or(0), name, field.error().message());
    TW_RETURN_IF_ERROR(take(*field));
  }
  return {};
}

}  // namespace tradewind
