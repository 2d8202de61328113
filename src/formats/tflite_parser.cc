// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/tflite_parser.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/checked.h"
#include "formats/gguf_text.h"
#include "formats/tflite_operators.h"

namespace tradewind {
namespace {

constexpr std::string_view kIdentifier = "TFL3";
constexpr uint32_t kVersion = 3;

}  // namespace

Result<void> TfliteParser::Parse(std::span<const std::byte> bytes, TfliteModel& out) {
  TfliteParser parser(bytes, out);
  if (bytes.size() > TfliteLimits::kFileBytes)
    return parser.Bad(
        0, "size", "a file of " + std::to_string(bytes.size()) + " bytes is over the limit of " + std::to_string(TfliteLimits::kFileBytes));
  if (bytes.size() < 8 || std::memcmp(bytes.data() + 4, kIdentifier.data(), kIdentifier.size()) != 0)
    return parser.Bad(std::min<uint64_t>(4, bytes.size()), "identifier",
                      "this is no TFLite file (\"TFL3\" does not stand there); give the path of a .tflite model");
  TW_ASSIGN(const FlatTable model, parser.In("root", FlatTable::Root(bytes)));
  TW_ASSIGN(const uint32_t version, parser.In("version", model.Number<uint32_t>(0, 0)));
  if (version != kVersion)
    return parser.Error(StatusCode::kUnsupported, model.offset(), "version",
                        "version " + std::to_string(version) + " of the schema is not read here, only 3");
  TW_RETURN_IF_ERROR(parser.ParseCodes(model));
  TW_RETURN_IF_ERROR(parser.ParseBuffers(model));
  TW_ASSIGN(out.description, parser.Text(model, 3, "description"));
  TW_ASSIGN(const FlatTables graphs, parser.In("subgraphs", model.Tables(2)));
  if (graphs.size() == 0) return parser.Bad(model.offset(), "subgraphs", "the model has no graph");
  TW_RETURN_IF_ERROR(parser.Count(model, "subgraphs", graphs.size()));
  for (uint64_t i = 0; i < graphs.size(); ++i) {
    TW_ASSIGN(const FlatTable graph, parser.In("subgraphs", graphs.At(i)));
    TW_RETURN_IF_ERROR(parser.ParseGraph(graph, out.graphs.emplace_back()));
    TW_RETURN_IF_ERROR(parser.CheckOrder(out.graphs.back()));
  }
  return {};
}

tl::unexpected<Status> TfliteParser::Error(StatusCode code, uint64_t offset, std::string_view field, std::string problem) const {
  return Fail(Status(code, out_.source + ": " + std::move(problem)).At(part_ + ": " + std::string(field), offset));
}

tl::unexpected<Status> TfliteParser::Bad(uint64_t offset, std::string_view field, std::string problem) const {
  return Error(StatusCode::kInvalidInput, offset, field, std::move(problem));
}

Result<void> TfliteParser::Count(const FlatTable& at, std::string_view field, uint64_t items) {
  items_ += items;
  if (items_ <= TfliteLimits::kItems) return {};
  return Bad(at.offset(), field,
             "the model has more than " + std::to_string(TfliteLimits::kItems) + " tensors, operators, names and numbers");
}

Result<std::string> TfliteParser::Text(const FlatTable& table, int field, std::string_view name) {
  TW_ASSIGN(const std::string_view text, In(name, table.Text(field)));
  TW_RETURN_IF_ERROR(Count(table, name, 1));
  if (text.size() > TfliteLimits::kNameBytes)
    return Bad(table.offset(), name,
               "a text of " + std::to_string(text.size()) + " bytes is over the limit of " + std::to_string(TfliteLimits::kNameBytes));
  return std::string(text);
}

Result<bool> TfliteParser::Flag(const FlatTable& table, int field, std::string_view name) {
  TW_ASSIGN(const uint8_t flag, In(name, table.Number<uint8_t>(field, 0)));
  return flag != 0;
}

Result<void> TfliteParser::ParseCodes(const FlatTable& model) {
  TW_ASSIGN(const FlatTables codes, In("operator_codes", model.Tables(1)));
  TW_RETURN_IF_ERROR(Count(model, "operator_codes", codes.size()));
  for (uint64_t i = 0; i < codes.size(); ++i) {
    TW_ASSIGN(const FlatTable table, In("operator_codes", codes.At(i)));
    // Numbers from 127 up stand in a second field; writers fill the first with 127 then.
    TW_ASSIGN(const int8_t old_number, In("deprecated_builtin_code", table.Number<int8_t>(0, 0)));
    TW_ASSIGN(const int32_t number, In("builtin_code", table.Number<int32_t>(3, 0)));
    TW_ASSIGN(std::string custom, Text(table, 1, "custom_code"));
    TW_ASSIGN(const int32_t version, In("version", table.Number<int32_t>(2, 1)));
    const int32_t code = std::max<int32_t>(old_number, number);
    codes_.push_back({code, code == kTfliteCustom ? std::move(custom) : TfliteOperatorName(code), version});
  }
  return {};
}

Result<void> TfliteParser::ParseBuffers(const FlatTable& model) {
  TW_ASSIGN(const FlatTables buffers, In("buffers", model.Tables(4)));
  TW_RETURN_IF_ERROR(Count(model, "buffers", buffers.size()));
  for (uint64_t i = 0; i < buffers.size(); ++i) {
    part_ = "buffer " + std::to_string(i);
    TW_ASSIGN(const FlatTable table, In("table", buffers.At(i)));
    TW_ASSIGN(std::span<const std::byte> data, In("data", table.Bytes(0)));
    // Of models near 2 GiB the data lie behind the tables.
    TW_ASSIGN(const uint64_t offset, In("offset", table.Number<uint64_t>(1, 0)));
    TW_ASSIGN(const uint64_t size, In("size", table.Number<uint64_t>(2, 0)));
    if (data.empty() && offset > 1) {
      if (offset > bytes_.size() || size > bytes_.size() - offset)
        return Bad(table.offset(), "offset", "the data lie beyond the file's end");
      data = bytes_.subspan(offset, size);
    }
    buffers_.push_back(data);
  }
  part_ = "model";
  return {};
}

Result<std::vector<int32_t>> TfliteParser::Indices(const FlatTable& table, int field, std::string_view name, size_t tensors,
                                                   bool may_be_left_out) {
  TW_ASSIGN(std::vector<int32_t> indices, In(name, table.Numbers<int32_t>(field)));
  TW_RETURN_IF_ERROR(Count(table, name, indices.size()));
  for (const int32_t index : indices) {
    if (index == -1 && may_be_left_out) continue;
    if (index < 0 || static_cast<size_t>(index) >= tensors)
      return Bad(table.offset(), name, "there is no tensor " + std::to_string(index) + " among " + std::to_string(tensors));
  }
  return indices;
}

Result<void> TfliteParser::ParseGraph(const FlatTable& table, TfliteGraph& graph) {
  const std::string prefix = out_.graphs.size() == 1 ? "" : "graph " + std::to_string(out_.graphs.size() - 1) + ", ";
  part_ = prefix + "graph";
  TW_ASSIGN(graph.name, Text(table, 4, "name"));
  TW_ASSIGN(const FlatTables tensors, In("tensors", table.Tables(0)));
  TW_RETURN_IF_ERROR(Count(table, "tensors", tensors.size()));
  for (uint64_t i = 0; i < tensors.size(); ++i) {
    part_ = prefix + "tensor " + std::to_string(i);
    TW_ASSIGN(const FlatTable tensor, In("table", tensors.At(i)));
    TW_RETURN_IF_ERROR(ParseTensor(tensor, graph.tensors.emplace_back()));
  }
  part_ = prefix + "graph";
  TW_ASSIGN(graph.inputs, Indices(table, 1, "inputs", graph.tensors.size(), false));
  TW_ASSIGN(graph.outputs, Indices(table, 2, "outputs", graph.tensors.size(), false));
  if (graph.outputs.empty()) return Bad(table.offset(), "outputs", "the graph has no outputs");
  TW_ASSIGN(const FlatTables operators, In("operators", table.Tables(3)));
  if (operators.size() > TfliteLimits::kOperators)
    return Bad(table.offset(), "operators",
               std::to_string(operators.size()) + " are over the limit of " + std::to_string(TfliteLimits::kOperators));
  TW_RETURN_IF_ERROR(Count(table, "operators", operators.size()));
  for (uint64_t i = 0; i < operators.size(); ++i) {
    part_ = prefix + "operator " + std::to_string(i);
    TW_ASSIGN(const FlatTable op, In("table", operators.At(i)));
    TW_RETURN_IF_ERROR(ParseOperator(op, graph, graph.operators.emplace_back()));
  }
  return {};
}

Result<void> TfliteParser::ParseTensor(const FlatTable& table, TfliteTensor& tensor) {
  TW_ASSIGN(tensor.name, Text(table, 3, "name"));
  part_ += " " + Quoted(tensor.name);
  TW_ASSIGN(tensor.shape, In("shape", table.Numbers<int32_t>(0)));
  TW_RETURN_IF_ERROR(Count(table, "shape", tensor.shape.size()));
  if (tensor.shape.size() > TfliteLimits::kDimensions)
    return Bad(table.offset(), "shape", "more than " + std::to_string(TfliteLimits::kDimensions) + " dimensions");
  TW_ASSIGN(const int8_t type, In("type", table.Number<int8_t>(1, 0)));
  tensor.type = static_cast<TfliteType>(type);
  if (TfliteTypeName(tensor.type) == "?")
    return Error(StatusCode::kUnsupported, table.offset(), "type", "tensors of type " + std::to_string(type) + " are not read here");
  TW_ASSIGN(tensor.variable, Flag(table, 5, "is_variable"));
  TW_ASSIGN(const auto sparsity, In("sparsity", table.Table(6)));
  if (sparsity) return Error(StatusCode::kUnsupported, table.offset(), "sparsity", "sparse tensors are not read here; store it dense");
  CheckedU64 bytes = TfliteTypeBytes(tensor.type);
  for (const int32_t dim : tensor.shape) {
    if (dim < 0) return Bad(table.offset(), "shape", "a dimension of " + std::to_string(dim) + " is below 0");
    bytes = CheckedMul(bytes, static_cast<uint64_t>(dim));
  }
  if (!bytes || *bytes > uint64_t{1} << 62) return Bad(table.offset(), "shape", "the tensor's size overflows 64 bits");
  TW_ASSIGN(const uint32_t buffer, In("buffer", table.Number<uint32_t>(2, 0)));
  if (buffer >= buffers_.size() && buffer != 0)
    return Bad(table.offset(), "buffer", "there is no buffer " + std::to_string(buffer) + " among " + std::to_string(buffers_.size()));
  if (buffer < buffers_.size()) tensor.data = buffers_[buffer];
  tensor.constant = !tensor.data.empty();
  if (tensor.constant && tensor.type != TfliteType::kString && tensor.data.size() != *bytes) {
    return Bad(table.offset(), "buffer",
               "the tensor has " + std::to_string(tensor.data.size()) + " bytes; its shape and type ask for " + std::to_string(*bytes));
  }
  return ParseQuantization(table, tensor);
}

Result<void> TfliteParser::ParseQuantization(const FlatTable& table, TfliteTensor& tensor) {
  TW_ASSIGN(const auto found, In("quantization", table.Table(4)));
  if (!found) return {};
  const FlatTable& at = *found;
  TfliteQuantization& q = tensor.quantization;
  TW_ASSIGN(q.scale, In("quantization.scale", at.Numbers<float>(2)));
  TW_ASSIGN(q.zero_point, In("quantization.zero_point", at.Numbers<int64_t>(3)));
  TW_ASSIGN(q.dimension, In("quantization.quantized_dimension", at.Number<int32_t>(6, 0)));
  TW_RETURN_IF_ERROR(Count(at, "quantization", q.scale.size() + q.zero_point.size()));
  if (q.scale.empty()) return {};
  // Of a bias some writers name the dimension of the weights that it belongs to.
  if (tensor.shape.size() == 1) q.dimension = 0;
  if (q.dimension < 0 || (static_cast<size_t>(q.dimension) >= tensor.shape.size() && q.scale.size() > 1))
    return Bad(at.offset(), "quantization.quantized_dimension", "the tensor has no dimension " + std::to_string(q.dimension));
  if (q.scale.size() > 1 && q.scale.size() != static_cast<size_t>(tensor.shape[static_cast<size_t>(q.dimension)]))
    return Bad(at.offset(), "quantization.scale",
               std::to_string(q.scale.size()) + " scales do not fit dimension " + std::to_string(q.dimension));
  if (q.zero_point.size() > 1 && q.zero_point.size() != q.scale.size())
    return Bad(at.offset(), "quantization.zero_point",
               std::to_string(q.zero_point.size()) + " for " + std::to_string(q.scale.size()) + " scales");
  if (std::any_of(q.scale.begin(), q.scale.end(), [](float s) { return !std::isfinite(s) || s <= 0; }))
    return Bad(at.offset(), "quantization.scale", "a scale is not above 0");
  return {};
}

Result<void> TfliteParser::ParseOperator(const FlatTable& table, const TfliteGraph& graph, TfliteOperator& op) {
  TW_ASSIGN(const uint32_t index, In("opcode_index", table.Number<uint32_t>(0, 0)));
  if (index >= codes_.size())
    return Bad(table.offset(), "opcode_index",
               "there is no operator code " + std::to_string(index) + " among " + std::to_string(codes_.size()));
  const Code& code = codes_[index];
  op.name = code.name;
  op.version = code.version;
  part_ += " (" + Quoted(op.name) + ")";
  TW_ASSIGN(op.inputs, Indices(table, 1, "inputs", graph.tensors.size(), true));
  TW_ASSIGN(op.outputs, Indices(table, 2, "outputs", graph.tensors.size(), false));
  TW_ASSIGN(op.options, ParseOptions(table, code.number));
  return {};
}

// Operators stand in the order in which they run: what one takes is an input, a constant, a variable, or was made before.
Result<void> TfliteParser::CheckOrder(const TfliteGraph& graph) const {
  std::vector<bool> made(graph.tensors.size());
  const auto bad = [&](size_t op, const std::string& problem) {
    return Fail(Status(StatusCode::kInvalidInput, out_.source + ": " + problem)
                    .At("operator " + std::to_string(op) + " (" + Quoted(graph.operators[op].name) + ")"));
  };
  for (size_t i = 0; i < made.size(); ++i) made[i] = graph.tensors[i].constant || graph.tensors[i].variable;
  for (const int32_t input : graph.inputs) made[static_cast<size_t>(input)] = true;
  for (size_t i = 0; i < graph.operators.size(); ++i) {
    for (const int32_t input : graph.operators[i].inputs) {
      if (input >= 0 && !made[static_cast<size_t>(input)])
        return bad(i, "its input, tensor " + std::to_string(input) +
                          ", is made by no operator before it; if one behind it makes it, the graph has a cycle");
    }
    for (const int32_t output : graph.operators[i].outputs) {
      if (made[static_cast<size_t>(output)] && !graph.tensors[static_cast<size_t>(output)].variable)
        return bad(i, "its output, tensor " + std::to_string(output) + ", is there already");
      made[static_cast<size_t>(output)] = true;
    }
  }
  for (const int32_t output : graph.outputs) {
    if (!made[static_cast<size_t>(output)])
      return Fail(Status(StatusCode::kInvalidInput, out_.source + ": nothing makes tensor " + std::to_string(output)).At("graph: outputs"));
  }
  return {};
}

}  // namespace tradewind
