// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/onnx_parser.h"

#include <bit>
#include <cstring>
#include <utility>

#include "formats/gguf_text.h"

namespace tradewind {

Result<void> OnnxParser::Parse(std::span<const std::byte> bytes, std::shared_ptr<const void> keeper, OnnxExternalFiles& external,
                               OnnxModel& out) {
  OnnxParser parser(std::move(keeper), external, out);
  if (bytes.size() > OnnxLimits::kFileBytes) {
    return parser.Error(StatusCode::kInvalidInput, 0, "size",
                        "a file of " + std::to_string(bytes.size()) + " bytes is over the limit of " +
                            std::to_string(OnnxLimits::kFileBytes) + "; keep its weights as external data");
  }
  ProtobufField whole;
  whole.wire = WireType::kBytes;
  whole.bytes = bytes;
  TW_RETURN_IF_ERROR(parser.ParseModel(whole));
  while (!parser.waiting_.empty()) {
    const Waiting next = std::move(parser.waiting_.front());
    parser.waiting_.pop_front();
    TW_RETURN_IF_ERROR(parser.ParseGraph(next.message, next.depth, *next.graph));
  }
  return {};
}

tl::unexpected<Status> OnnxParser::Error(StatusCode code, uint64_t offset, std::string_view name, std::string problem) const {
  return Fail(Status(code, out_.source + ": " + std::move(problem)).At(part_ + ": " + std::string(name), offset));
}

tl::unexpected<Status> OnnxParser::Bad(const ProtobufField& field, std::string_view name, std::string problem) const {
  return Error(StatusCode::kInvalidInput, field.offset, name, std::move(problem));
}

Result<void> OnnxParser::Count(const ProtobufField& field, std::string_view name, uint64_t items) {
  items_ += items;
  if (items_ <= OnnxLimits::kItems) return {};
  return Bad(field, name, "the model has more than " + std::to_string(OnnxLimits::kItems) + " names, attributes and tensors");
}

Result<void> OnnxParser::Want(const ProtobufField& field, std::string_view name, WireType wire) const {
  if (field.wire == wire) return {};
  return Bad(field, name,
             "the field is of wire type " + std::to_string(static_cast<int>(field.wire)) + " where " +
                 std::to_string(static_cast<int>(wire)) + " is due: the file is damaged or no ONNX model");
}

Result<std::string> OnnxParser::Text(const ProtobufField& field, std::string_view name, uint64_t limit) {
  TW_RETURN_IF_ERROR(Want(field, name, WireType::kBytes));
  TW_RETURN_IF_ERROR(Count(field, name));
  if (field.bytes.size() > limit) {
    return Bad(field, name, "a text of " + std::to_string(field.bytes.size()) + " bytes is over the limit of " + std::to_string(limit));
  }
  return std::string(field.text());
}

Result<void> OnnxParser::Integers(const ProtobufField& field, std::string_view name, std::vector<int64_t>& out) {
  if (field.wire == WireType::kVarint) {
    TW_RETURN_IF_ERROR(Count(field, name));
    out.push_back(static_cast<int64_t>(field.value));
    return {};
  }
  TW_RETURN_IF_ERROR(Want(field, name, WireType::kBytes));
  ProtobufReader reader(field.bytes, field.bytes_offset);
  while (!reader.done()) {
    TW_RETURN_IF_ERROR(Count(field, name));
    const auto value = reader.NextVarint();
    if (!value) return Bad(field, name, value.error().message());
    out.push_back(static_cast<int64_t>(*value));
  }
  return {};
}

Result<void> OnnxParser::Floats(const ProtobufField& field, std::string_view name, std::vector<float>& out) {
  if (field.wire == WireType::kFixed32) {
    TW_RETURN_IF_ERROR(Count(field, name));
    out.push_back(std::bit_cast<float>(static_cast<uint32_t>(field.value)));
    return {};
  }
  TW_RETURN_IF_ERROR(Want(field, name, WireType::kBytes));
  if (field.bytes.size() % sizeof(float) != 0) return Bad(field, name, "packed floats end inside a number: the file is damaged");
  TW_RETURN_IF_ERROR(Count(field, name, field.bytes.size() / sizeof(float)));
  const size_t had = out.size();
  out.resize(had + field.bytes.size() / sizeof(float));
  if (!field.bytes.empty()) std::memcpy(out.data() + had, field.bytes.data(), field.bytes.size());
  return {};
}

Result<void> OnnxParser::ParseModel(const ProtobufField& message) {
  bool graph = false;
  const Result<void> read = ForEach(message, "message", [&](const ProtobufField& field) -> Result<void> {
    switch (field.number) {
      case 1:
        TW_RETURN_IF_ERROR(Want(field, "ir_version", WireType::kVarint));
        out_.ir_version = static_cast<int64_t>(field.value);
        return {};
      case 2: {
        TW_ASSIGN(out_.producer, Text(field, "producer_name"));
        return {};
      }
      case 7:
        if (graph) return Bad(field, "graph", "the model has two graphs: the file is damaged");
        graph = true;
        TW_RETURN_IF_ERROR(ParseGraph(field, 0, out_.graph));
        part_ = "model";
        return {};
      case 8: return ParseOpset(field);
      case 14: {
        TW_ASSIGN(auto pair, ParsePair(field));
        out_.metadata.push_back(std::move(pair));
        return {};
      }
      case 25:
        return Error(StatusCode::kUnsupported, field.offset, "functions", "functions of a model's own are not read here; inline them");
      default: return {};  // documents, versions of the model, training
    }
  });
  TW_RETURN_IF_ERROR(read);
  if (!graph) return Bad(message, "graph", "there is no graph in it: this is no ONNX model, or it is cut short");
  if (out_.opset() == 0) return Bad(message, "opset_import", "the model does not say which version of ONNX's operators it uses");
  return {};
}

Result<void> OnnxParser::ParseOpset(const ProtobufField& message) {
  OnnxOpset opset;
  TW_RETURN_IF_ERROR(Count(message, "opset_import"));
  const Result<void> read = ForEach(message, "opset_import", [&](const ProtobufField& field) -> Result<void> {
    if (field.number == 1) {
      TW_ASSIGN(opset.domain, Text(field, "opset_import.domain"));
    } else if (field.number == 2) {
      TW_RETURN_IF_ERROR(Want(field, "opset_import.version", WireType::kVarint));
      if (field.value == 0 || field.value > 1000)
        return Bad(field, "opset_import.version", "there is no version " + std::to_string(field.value));
      opset.version = static_cast<int64_t>(field.value);
    }
    return {};
  });
  TW_RETURN_IF_ERROR(read);
  if (opset.domain == "ai.onnx") opset.domain.clear();
  out_.opsets.push_back(std::move(opset));
  return {};
}

Result<void> OnnxParser::ParseGraph(const ProtobufField& message, int depth, OnnxGraph& graph) {
  part_ = "graph";
  if (depth > OnnxLimits::kSubgraphDepth) {
    return Bad(message, "depth", "subgraphs lie more than " + std::to_string(OnnxLimits::kSubgraphDepth) + " deep in each other");
  }
  return ForEach(message, "message", [&](const ProtobufField& field) -> Result<void> {
    part_ = "graph";
    switch (field.number) {
      case 1: return ParseNode(field, depth, graph);
      case 2: {
        TW_ASSIGN(graph.name, Text(field, "name"));
        return {};
      }
      case 5: {
        TW_RETURN_IF_ERROR(Count(field, "initializer"));
        part_ = "initializer " + std::to_string(graph.initializers.size());
        return ParseTensor(field, graph.initializers.emplace_back());
      }
      case 11: return ParseValue(field, graph.inputs.emplace_back());
      case 12: return ParseValue(field, graph.outputs.emplace_back());
      case 13: return ParseValue(field, graph.values.emplace_back());
      case 15:
        return Error(StatusCode::kUnsupported, field.offset, "sparse_initializer", "sparse tensors are not read here; store them dense");
      default: return {};
    }
  });
}

Result<void> OnnxParser::ParseNode(const ProtobufField& message, int depth, OnnxGraph& graph) {
  if (++nodes_ > OnnxLimits::kNodes)
    return Bad(message, "node", "the model has more than " + std::to_string(OnnxLimits::kNodes) + " nodes");
  const std::string index = "node " + std::to_string(graph.nodes.size());
  part_ = index;
  OnnxNode& node = graph.nodes.emplace_back();
  TW_RETURN_IF_ERROR(Count(message, "node"));
  const Result<void> read = ForEach(message, "message", [&](const ProtobufField& field) -> Result<void> {
    if (!node.name.empty()) part_ = index + " " + Quoted(node.name);
    switch (field.number) {
      case 1: {
        TW_ASSIGN(std::string input, Text(field, "input"));
        node.inputs.push_back(std::move(input));
        return {};
      }
      case 2: {
        TW_ASSIGN(std::string output, Text(field, "output"));
        node.outputs.push_back(std::move(output));
        return {};
      }
      case 3: {
        TW_ASSIGN(node.name, Text(field, "name"));
        return {};
      }
      case 4: {
        TW_ASSIGN(node.op_type, Text(field, "op_type"));
        return {};
      }
      case 5: return ParseAttribute(field, depth, node);
      case 7: {
        TW_ASSIGN(node.domain, Text(field, "domain"));
        if (node.domain == "ai.onnx") node.domain.clear();
        return {};
      }
      default: return {};
    }
  });
  TW_RETURN_IF_ERROR(read);
  if (!node.name.empty()) part_ = index + " " + Quoted(node.name);
  if (node.op_type.empty()) return Bad(message, "op_type", "the node has no operator");
  return {};
}

namespace {

// What an attribute's message holds, before it is known which of it is meant.
struct AttributeParts {
  uint64_t type = 0;  // of AttributeProto.AttributeType; the first IR versions leave it out
  std::optional<int64_t> i;
  std::optional<float> f;
  std::optional<std::string> s;
  std::optional<OnnxTensor> t;
  std::shared_ptr<OnnxGraph> g;
  std::vector<int64_t> ints;
  std::vector<float> floats;
  std::vector<std::string> strings;

  // By the type where it is said; an empty list and a zero are not written, so that nothing else may be there. False if nothing goes with
  // it.
  bool Into(OnnxAttribute& attribute) {
    if (type == 1 || (type == 0 && f))
      attribute.value = f.value_or(0);
    else if (type == 3 || (type == 0 && s))
      attribute.value = std::move(s).value_or("");
    else if ((type == 4 || type == 0) && t)
      attribute.value = std::move(*t);
    else if ((type == 5 || type == 0) && g)
      attribute.value = std::shared_ptr<const OnnxGraph>(std::move(g));
    else if (type == 6 || (type == 0 && !floats.empty()))
      attribute.value = std::move(floats);
    else if (type == 7 || (type == 0 && !ints.empty()))
      attribute.value = std::move(ints);
    else if (type == 8 || (type == 0 && !strings.empty()))
      attribute.value = std::move(strings);
    else if (type == 2 || (type == 0 && i))
      attribute.value = i.value_or(0);
    else
      return false;
    return true;
  }
};

}  // namespace

Result<void> OnnxParser::ParseAttribute(const ProtobufField& message, int depth, OnnxNode& node) {
  TW_RETURN_IF_ERROR(Count(message, "attribute"));
  OnnxAttribute attribute;
  AttributeParts parts;
  const Result<void> read = ForEach(message, "attribute", [&](const ProtobufField& field) -> Result<void> {
    switch (field.number) {
      case 1: {
        TW_ASSIGN(attribute.name, Text(field, "attribute.name"));
        return {};
      }
      case 2:
        TW_RETURN_IF_ERROR(Want(field, "attribute.f", WireType::kFixed32));
        parts.f = std::bit_cast<float>(static_cast<uint32_t>(field.value));
        return {};
      case 3:
        TW_RETURN_IF_ERROR(Want(field, "attribute.i", WireType::kVarint));
        parts.i = static_cast<int64_t>(field.value);
        return {};
      case 4: {
        TW_ASSIGN(parts.s, Text(field, "attribute.s", OnnxLimits::kTextBytes));
        return {};
      }
      case 5: return ParseTensor(field, parts.t.emplace());
      case 6: {
        if (parts.g) return Bad(field, "attribute.g", "the attribute holds two graphs: the file is damaged");
        parts.g = std::make_shared<OnnxGraph>();
        waiting_.push_back({field, depth + 1, parts.g});
        return {};
      }
      case 7: return Floats(field, "attribute.floats", parts.floats);
      case 8: return Integers(field, "attribute.ints", parts.ints);
      case 9: {
        TW_ASSIGN(std::string text, Text(field, "attribute.strings", OnnxLimits::kTextBytes));
        parts.strings.push_back(std::move(text));
        return {};
      }
      case 20: parts.type = field.value; return {};
      case 10:
      case 11:
      case 14:
      case 15:
      case 21:
      case 22:
      case 23:
        return Error(StatusCode::kUnsupported, field.offset, "attribute " + Quoted(attribute.name),
                     "field " + std::to_string(field.number) +
                         " of an attribute (lists of tensors or graphs, types, sparse tensors, references) is not read here");
      default: return {};
    }
  });
  TW_RETURN_IF_ERROR(read);
  if (attribute.name.empty()) return Bad(message, "attribute.name", "the attribute has no name");
  if (node.FindAttribute(attribute.name) != nullptr) return Bad(message, "attribute " + Quoted(attribute.name), "it stands there twice");
  const uint64_t type = parts.type;
  if (!parts.Into(attribute)) {
    return Bad(message, "attribute " + Quoted(attribute.name),
               "type " + std::to_string(type) + " of an attribute does not go with what it holds");
  }
  node.attributes.push_back(std::move(attribute));
  return {};
}

Result<void> OnnxParser::ParseValue(const ProtobufField& message, OnnxValue& value) {
  TW_RETURN_IF_ERROR(Count(message, "value"));
  const auto tensor = [&](const ProtobufField& field) -> Result<void> {
    if (field.number == 1) {
      TW_RETURN_IF_ERROR(Want(field, "type.elem_type", WireType::kVarint));
      value.type = static_cast<OnnxType>(static_cast<int32_t>(field.value));
      return {};
    }
    return field.number == 2 ? ParseShape(field, value) : Result<void>();
  };
  return ForEach(message, "value", [&](const ProtobufField& field) -> Result<void> {
    if (field.number == 1) {
      TW_ASSIGN(value.name, Text(field, "value.name"));
      part_ = "value " + Quoted(value.name);
      return {};
    }
    if (field.number != 2) return {};
    return ForEach(field, "type", [&](const ProtobufField& type) -> Result<void> {
      return type.number == 1 ? ForEach(type, "tensor_type", tensor) : Result<void>();
    });
  });
}

Result<void> OnnxParser::ParseShape(const ProtobufField& message, OnnxValue& value) {
  value.shape.emplace();
  return ForEach(message, "shape", [&](const ProtobufField& field) -> Result<void> {
    if (field.number != 1) return {};
    TW_RETURN_IF_ERROR(Count(field, "shape.dim"));
    if (value.shape->size() == OnnxLimits::kDimensions)
      return Bad(field, "shape.dim", "more than " + std::to_string(OnnxLimits::kDimensions) + " dimensions");
    OnnxDimension& dimension = value.shape->emplace_back();
    return ForEach(field, "shape.dim", [&](const ProtobufField& part) -> Result<void> {
      if (part.number == 1) {
        TW_RETURN_IF_ERROR(Want(part, "shape.dim_value", WireType::kVarint));
        const auto size = static_cast<int64_t>(part.value);
        if (size >= 0) dimension.value = size;  // below 0: some writers' way to say unknown
      } else if (part.number == 2) {
        TW_ASSIGN(dimension.name, Text(part, "shape.dim_param"));
      }
      return {};
    });
  });
}

Result<std::pair<std::string, std::string>> OnnxParser::ParsePair(const ProtobufField& message) {
  std::pair<std::string, std::string> pair;
  TW_RETURN_IF_ERROR(Count(message, "entry"));
  const Result<void> read = ForEach(message, "entry", [&](const ProtobufField& field) -> Result<void> {
    if (field.number != 1 && field.number != 2) return {};
    TW_ASSIGN((field.number == 1 ? pair.first : pair.second), Text(field, "entry", OnnxLimits::kTextBytes));
    return {};
  });
  TW_RETURN_IF_ERROR(read);
  return pair;
}

}  // namespace tradewind
