// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Tensors of ONNX: their types, and how a message's data, which may lie in five places, become packed elements.
#include <algorithm>
#include <charconv>

#include "base/checked.h"
#include "formats/gguf_text.h"
#include "formats/onnx_parser.h"

namespace tradewind {
namespace {

struct TypeInfo {
  OnnxType type;
  std::string_view name;
  uint64_t bytes;
};
constexpr TypeInfo kTypes[] = {{OnnxType::kFloat, "float", 4},     {OnnxType::kUint8, "uint8", 1},      {OnnxType::kInt8, "int8", 1},
                               {OnnxType::kUint16, "uint16", 2},   {OnnxType::kInt16, "int16", 2},      {OnnxType::kInt32, "int32", 4},
                               {OnnxType::kInt64, "int64", 8},     {OnnxType::kString, "string", 0},    {OnnxType::kBool, "bool", 1},
                               {OnnxType::kFloat16, "float16", 2}, {OnnxType::kDouble, "double", 8},    {OnnxType::kUint32, "uint32", 4},
                               {OnnxType::kUint64, "uint64", 8},   {OnnxType::kBfloat16, "bfloat16", 2}};

const TypeInfo* Find(OnnxType type) {
  const auto* found = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeInfo& t) { return t.type == type; });
  return found == std::end(kTypes) ? nullptr : found;
}

template <typename T>
std::vector<std::byte> BytesOf(std::span<const T> values) {
  const auto bytes = std::as_bytes(values);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::string_view OnnxTypeName(OnnxType type) {
  const TypeInfo* info = Find(type);
  return info == nullptr ? "?" : info->name;
}

uint64_t OnnxTypeBytes(OnnxType type) {
  const TypeInfo* info = Find(type);
  return info == nullptr ? 0 : info->bytes;
}

OnnxTensor OnnxTensor::OfBytes(std::string name, OnnxType type, std::vector<int64_t> dims, std::vector<std::byte> data) {
  const auto owned = std::make_shared<const std::vector<std::byte>>(std::move(data));
  return {.name = std::move(name), .type = type, .dims = std::move(dims), .data = *owned, .keeper = owned};
}

OnnxTensor OnnxTensor::Of(std::string name, std::vector<int64_t> dims, std::span<const float> values) {
  return OfBytes(std::move(name), OnnxType::kFloat, std::move(dims), BytesOf(values));
}

OnnxTensor OnnxTensor::Of(std::string name, std::vector<int64_t> dims, std::span<const int64_t> values) {
  return OfBytes(std::move(name), OnnxType::kInt64, std::move(dims), BytesOf(values));
}

int64_t OnnxTensor::values() const {
  int64_t product = 1;
  for (const int64_t dim : dims) product *= dim;
  return product;
}

struct OnnxParser::Claim {
  ProtobufField message{};             // the tensor's
  std::optional<ProtobufField> raw{};  // raw_data
  uint32_t typed = 0;                  // the field's number, of float_data and the like; 0: none
  bool external = false;               // data_location
};

Result<void> OnnxParser::ParseTensor(const ProtobufField& message, OnnxTensor& tensor) {
  Claim claim{.message = message};
  const Result<void> read = ForEach(message, "tensor", [&](const ProtobufField& field) -> Result<void> {
    switch (field.number) {
      case 1: return Integers(field, "dims", tensor.dims);
      case 2:
        TW_RETURN_IF_ERROR(Want(field, "data_type", WireType::kVarint));
        tensor.type = static_cast<OnnxType>(static_cast<int32_t>(field.value));
        return {};
      case 3: return Error(StatusCode::kUnsupported, field.offset, "segment", "tensors in segments are not read here; store it whole");
      case 4:
      case 5:
      case 6:
      case 7:
      case 10:
      case 11:
        if (claim.typed != 0 && claim.typed != field.number)
          return Bad(field, "data", "the tensor has data of two types: the file is damaged");
        claim.typed = field.number;
        return {};
      case 8: {
        TW_ASSIGN(tensor.name, Text(field, "name"));
        if (part_.starts_with("initializer")) part_ = "initializer " + Quoted(tensor.name);
        return {};
      }
      case 9:
        TW_RETURN_IF_ERROR(Want(field, "raw_data", WireType::kBytes));
        claim.raw = field;
        return {};
      case 14: claim.external = field.value == 1; return {};
      default: return {};
    }
  });
  TW_RETURN_IF_ERROR(read);
  if (tensor.dims.size() > OnnxLimits::kDimensions)
    return Bad(message, "dims", "more than " + std::to_string(OnnxLimits::kDimensions) + " dimensions");
  if (OnnxTypeName(tensor.type) == "?") {
    return Error(StatusCode::kUnsupported, message.offset, "data_type",
                 "tensors of type " + std::to_string(static_cast<int32_t>(tensor.type)) + " are not read here");
  }
  CheckedU64 bytes = std::max<uint64_t>(1, OnnxTypeBytes(tensor.type));
  for (const int64_t dim : tensor.dims) {
    if (dim < 0) return Bad(message, "dims", "a dimension of " + std::to_string(dim) + " is below 0");
    bytes = CheckedMul(bytes, static_cast<uint64_t>(dim));
  }
  if (!bytes || *bytes > uint64_t{1} << 62) return Bad(message, "dims", "the tensor's size overflows 64 bits");
  return TakeData(claim, *bytes, tensor);
}

Result<void> OnnxParser::TakeData(const Claim& claim, uint64_t bytes, OnnxTensor& tensor) {
  if (static_cast<int>(claim.raw.has_value()) + static_cast<int>(claim.typed != 0) + static_cast<int>(claim.external) > 1)
    return Bad(claim.message, "data", "the tensor's data lie in two places: the file is damaged");
  if (tensor.type == OnnxType::kString) {
    if (claim.raw || claim.external || (claim.typed != 0 && claim.typed != 6))
      return Bad(claim.message, "data", "a tensor of strings has data of another type: the file is damaged");
    TW_RETURN_IF_ERROR(TakeStrings(claim.message, tensor));
    if (tensor.strings.size() == bytes) return {};
    return Bad(claim.message, "string_data",
               "the tensor has " + std::to_string(tensor.strings.size()) + " strings; its shape asks for " + std::to_string(bytes));
  }
  if (claim.external) return TakeExternal(claim.message, bytes, tensor);
  if (claim.raw) {
    tensor.data = claim.raw->bytes;
    tensor.keeper = keeper_;
  } else if (claim.typed != 0) {
    TW_RETURN_IF_ERROR(TakeTyped(claim, tensor));
  }
  if (tensor.data.size() == bytes) return {};
  return Bad(claim.message, "data",
             "the tensor has " + std::to_string(tensor.data.size()) + " bytes; its shape and type ask for " + std::to_string(bytes));
}

Result<void> OnnxParser::TakeStrings(const ProtobufField& message, OnnxTensor& tensor) {
  return ForEach(message, "string_data", [&](const ProtobufField& field) -> Result<void> {
    if (field.number != 6) return {};
    TW_ASSIGN(std::string text, Text(field, "string_data", OnnxLimits::kTextBytes));
    tensor.strings.push_back(std::move(text));
    return {};
  });
}

// float_data, int32_data, int64_data, double_data and uint64_data: numbers one by one or packed, which narrow to the tensor's type.
Result<void> OnnxParser::TakeTyped(const Claim& claim, OnnxTensor& tensor) {
  const uint64_t size = OnnxTypeBytes(tensor.type);
  const auto goes_with = [&](std::initializer_list<OnnxType> types) {
    return std::find(types.begin(), types.end(), tensor.type) != types.end();
  };
  using enum OnnxType;
  const bool sound = claim.typed == 4    ? goes_with({kFloat})
                     : claim.typed == 5  ? goes_with({kInt32, kInt16, kInt8, kUint16, kUint8, kBool, kFloat16, kBfloat16})
                     : claim.typed == 7  ? goes_with({kInt64})
                     : claim.typed == 10 ? goes_with({kDouble})
                                         : goes_with({kUint32, kUint64}) && claim.typed == 11;
  if (!sound) {
    return Bad(claim.message, "data",
               "a tensor of " + std::string(OnnxTypeName(tensor.type)) + " has its data in field " + std::to_string(claim.typed) +
                   ", which is for another type: the file is damaged");
  }
  const bool fixed = claim.typed == 4 || claim.typed == 10;
  const WireType single = claim.typed == 4 ? WireType::kFixed32 : claim.typed == 10 ? WireType::kFixed64 : WireType::kVarint;
  std::vector<std::byte> out;
  const auto put = [&](uint64_t value) {
    const auto* begin = reinterpret_cast<const std::byte*>(&value);
    out.insert(out.end(), begin, begin + size);
  };
  const Result<void> read = ForEach(claim.message, "data", [&](const ProtobufField& field) -> Result<void> {
    if (field.number != claim.typed) return {};
    if (field.wire == single) {
      put(field.value);
      return {};
    }
    TW_RETURN_IF_ERROR(Want(field, "data", WireType::kBytes));
    if (fixed) {
      out.insert(out.end(), field.bytes.begin(), field.bytes.end());
      return {};
    }
    ProtobufReader reader(field.bytes, field.bytes_offset);
    while (!reader.done()) {
      const auto value = reader.NextVarint();
      if (!value) return Bad(field, "data", value.error().message());
      put(*value);
    }
    return {};
  });
  TW_RETURN_IF_ERROR(read);
  const auto owned = std::make_shared<const std::vector<std::byte>>(std::move(out));
  tensor.data = *owned;
  tensor.keeper = owned;
  return {};
}

Result<void> OnnxParser::TakeExternal(const ProtobufField& message, uint64_t bytes, OnnxTensor& tensor) {
  std::string location;
  uint64_t offset = 0;
  std::optional<uint64_t> length;
  const auto number = [](const std::string& text) -> std::optional<uint64_t> {
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
  };
  const Result<void> read = ForEach(message, "external_data", [&](const ProtobufField& field) -> Result<void> {
    if (field.number != 13) return {};
    TW_ASSIGN(const auto pair, ParsePair(field));
    if (pair.first == "location") location = pair.second;
    if (pair.first != "offset" && pair.first != "length") return {};
    const auto value = number(pair.second);
    if (!value) return Bad(field, "external_data." + pair.first, Quoted(pair.second) + " is no number of bytes");
    (pair.first == "offset" ? offset : length.emplace()) = *value;
    return {};
  });
  TW_RETURN_IF_ERROR(read);
  if (length && *length != bytes) {
    return Bad(message, "external_data.length",
               "the tensor has " + std::to_string(*length) + " bytes; its shape and type ask for " + std::to_string(bytes));
  }
  auto file = external_.Open(location);
  if (!file) return Error(file.error().code(), message.offset, "external_data.location", file.error().message());
  const uint64_t size = (*file)->bytes().size();
  if (offset > size || bytes > size - offset) {
    return Bad(message, "external_data.offset",
               std::to_string(bytes) + " bytes at " + std::to_string(offset) + " reach beyond the " + std::to_string(size) + " of " +
                   Quoted(location) + ": it is cut short, or belongs to another model");
  }
  tensor.data = (*file)->bytes().subspan(offset, bytes);
  tensor.keeper = *file;
  return {};
}

}  // namespace tradewind
