// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/gguf_parser.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>

#include "formats/gguf_text.h"

namespace tradewind {
namespace {

static_assert(std::endian::native == std::endian::little, "values are copied out of the file as they lie");

constexpr std::string_view kAgain = "; convert the model again";
// The least bytes of a key (length, one letter, type, one byte of value) and of a tensor's description (length, one letter, one dimension).
constexpr uint64_t kLeastEntryBytes = 8 + 1 + 4 + 1;
constexpr uint64_t kLeastTensorBytes = 8 + 1 + 4 + 8 + 4 + 8;

}  // namespace

Result<void> GgufParser::Parse(std::span<const std::byte> bytes, std::string source, Gguf& out) {
  out.metadata_.source_ = std::move(source);
  GgufParser parser(bytes, out);
  TW_RETURN_IF_ERROR(parser.ParseHeader());
  for (uint64_t i = 0; i < parser.key_count_; ++i) TW_RETURN_IF_ERROR(parser.ParseEntry(i));
  for (uint64_t i = 0; i < parser.tensor_count_; ++i) TW_RETURN_IF_ERROR(parser.ParseTensor(i));
  TW_RETURN_IF_ERROR(parser.PlaceTensors());
  return parser.CheckOverlap();
}

tl::unexpected<Status> GgufParser::Error(StatusCode code, uint64_t offset, std::string_view field, std::string problem) const {
  std::string where(part_);
  if (part_ != "header") {
    where.append(1, ' ').append(std::to_string(index_));
    if (!name_.empty()) where.append(1, ' ').append(Quoted(name_));
  }
  where += ": ";
  where += field;
  return Fail(Status(code, out_.metadata_.source_ + ": " + std::move(problem)).At(std::move(where), offset));
}

tl::unexpected<Status> GgufParser::CutShort(uint64_t offset, std::string_view field, uint64_t needed) const {
  return Bad(offset, field,
             "the file has " + std::to_string(bytes_.size() - std::min<uint64_t>(offset, bytes_.size())) + " bytes left where " +
                 std::to_string(needed) + " are needed: it is cut short or damaged; fetch it again");
}

template <typename T>
Result<T> GgufParser::Read(std::string_view field) {
  if (remaining() < sizeof(T)) return CutShort(at_, field, sizeof(T));
  T value;
  std::memcpy(&value, bytes_.data() + at_, sizeof(T));
  at_ += sizeof(T);
  return value;
}

Result<std::string_view> GgufParser::ReadString(std::string_view field, uint64_t limit) {
  const uint64_t start = at_;
  TW_ASSIGN(const uint64_t length, Read<uint64_t>(field));
  if (length > limit) {
    return Bad(start, field,
               "a length of " + std::to_string(length) + " bytes is over the limit of " + std::to_string(limit) + std::string(kAgain));
  }
  if (length > remaining()) return CutShort(at_, field, length);
  const std::string_view text(reinterpret_cast<const char*>(bytes_.data() + at_), length);
  at_ += length;
  return text;
}

Result<void> GgufParser::ParseHeader() {
  if (remaining() < 4) return CutShort(0, "magic", 4);
  if (std::memcmp(bytes_.data(), "GGUF", 4) != 0) {
    return Bad(0, "magic", "this is no GGUF file (it does not begin with \"GGUF\"); give the path of a .gguf model");
  }
  at_ = 4;
  TW_ASSIGN(const uint32_t version, Read<uint32_t>("version"));
  if (version == __builtin_bswap32(kGgufVersion)) {
    return Error(StatusCode::kUnsupported, 4, "version", "the file is big-endian; convert the model again for a little-endian machine");
  }
  if (version != kGgufVersion) {
    return Error(StatusCode::kUnsupported, 4, "version",
                 "version " + std::to_string(version) + " is not read here, only 3; convert the model again with a newer tool");
  }
  TW_ASSIGN(tensor_count_, Read<uint64_t>("tensor count"));
  TW_ASSIGN(key_count_, Read<uint64_t>("key count"));
  struct Count {
    std::string_view field;
    uint64_t offset, count, limit, least_bytes;
  };
  for (const Count& c : {Count{"tensor count", 8, tensor_count_, GgufLimits::kTensors, kLeastTensorBytes},
                         Count{"key count", 16, key_count_, GgufLimits::kKeys, kLeastEntryBytes}}) {
    if (c.count > c.limit) {
      return Bad(c.offset, c.field, std::to_string(c.count) + " is over the limit of " + std::to_string(c.limit) + std::string(kAgain));
    }
    if (c.count > remaining() / c.least_bytes) {
      return Bad(c.offset, c.field,
                 std::to_string(c.count) + " do not fit into the " + std::to_string(remaining()) +
                     " bytes that follow: the file is cut short or damaged; fetch it again");
    }
  }
  return {};
}

Result<void> GgufParser::ParseEntry(uint64_t index) {
  part_ = "key";
  index_ = index;
  name_ = {};
  const uint64_t start = at_;
  TW_ASSIGN(name_, ReadString("name", GgufLimits::kKeyBytes));
  if (name_.empty()) return Bad(start, "name", "a key without a name" + std::string(kAgain));
  if (!IsPrintable(name_)) return Bad(start + 8, "name", "a key's name must be printable ASCII" + std::string(kAgain));
  if (!out_.metadata_.index_.emplace(name_, index).second) {
    return Bad(start, "name", "the key occurs twice" + std::string(kAgain));
  }
  const uint64_t type_offset = at_;
  TW_ASSIGN(const uint32_t type_number, Read<uint32_t>("type"));
  const GgufValueType type{type_number};
  if (GgufValueTypeName(type) == "?") {
    return Bad(type_offset, "type", "value type " + std::to_string(type_number) + " is none of the format's" + std::string(kAgain));
  }
  const uint64_t value_offset = at_;
  TW_ASSIGN(GgufValue value, ParseValue(type));
  if (name_ == kGgufAlignmentKey) TW_RETURN_IF_ERROR(SetAlignment(type, value, value_offset));
  out_.metadata_.entries_.push_back({name_, std::move(value), start, type});
  return {};
}

Result<GgufValue> GgufParser::ParseValue(GgufValueType type) {
  const auto widen = [](auto wide, const auto& read) -> Result<GgufValue> {
    if (!read) return Fail(read.error());
    return GgufValue(static_cast<decltype(wide)>(*read));
  };
  switch (type) {
    case GgufValueType::kUint8: return widen(uint64_t{}, Read<uint8_t>("value"));
    case GgufValueType::kInt8: return widen(int64_t{}, Read<int8_t>("value"));
    case GgufValueType::kUint16: return widen(uint64_t{}, Read<uint16_t>("value"));
    case GgufValueType::kInt16: return widen(int64_t{}, Read<int16_t>("value"));
    case GgufValueType::kUint32: return widen(uint64_t{}, Read<uint32_t>("value"));
    case GgufValueType::kInt32: return widen(int64_t{}, Read<int32_t>("value"));
    case GgufValueType::kUint64: return widen(uint64_t{}, Read<uint64_t>("value"));
    case GgufValueType::kInt64: return widen(int64_t{}, Read<int64_t>("value"));
    case GgufValueType::kFloat32: return widen(double{}, Read<float>("value"));
    case GgufValueType::kFloat64: return widen(double{}, Read<double>("value"));
    case GgufValueType::kBool: {
      TW_ASSIGN(const uint8_t byte, Read<uint8_t>("value"));
      if (byte > 1) return Bad(at_ - 1, "value", "a bool must be 0 or 1, not " + std::to_string(byte) + std::string(kAgain));
      return GgufValue(byte == 1);
    }
    case GgufValueType::kString: {
      TW_ASSIGN(const std::string_view text, ReadString("value", GgufLimits::kStringBytes));
      return GgufValue(text);
    }
    case GgufValueType::kArray: return ParseArray();
  }
  return Error(StatusCode::kInternal, at_, "value", "a value type without a reader");
}

Result<GgufValue> GgufParser::ParseArray() {
  const uint64_t type_offset = at_;
  TW_ASSIGN(const uint32_t type_number, Read<uint32_t>("array's element type"));
  GgufArray array;
  array.element_type = GgufValueType{type_number};
  if (array.element_type == GgufValueType::kArray) {
    return Error(StatusCode::kUnsupported, type_offset, "array's element type",
                 "arrays of arrays are not read here" + std::string(kAgain) + " without it");
  }
  if (GgufValueTypeName(array.element_type) == "?") {
    return Bad(type_offset, "array's element type",
               "value type " + std::to_string(type_number) + " is none of the format's" + std::string(kAgain));
  }
  const uint64_t count_offset = at_;
  TW_ASSIGN(array.count, Read<uint64_t>("array's count"));
  if (array.count > GgufLimits::kArrayElements) {
    return Bad(count_offset, "array's count",
               std::to_string(array.count) + " is over the limit of " + std::to_string(GgufLimits::kArrayElements) + std::string(kAgain));
  }
  const bool strings = array.element_type == GgufValueType::kString;
  const uint64_t least = strings ? 8 : GgufValueBytes(array.element_type);
  if (array.count > remaining() / least) return CutShort(at_, "array's elements", array.count * least);
  const uint64_t start = at_;
  if (strings) {
    for (uint64_t i = 0; i < array.count; ++i) {
      TW_RETURN_IF_ERROR(ReadString("array's element", GgufLimits::kStringBytes));
    }
  } else {
    at_ += array.count * least;
  }
  array.raw = bytes_.subspan(start, at_ - start);
  if (array.element_type == GgufValueType::kBool) {
    const auto bad = std::find_if(array.raw.begin(), array.raw.end(), [](std::byte b) { return b > std::byte{1}; });
    if (bad != array.raw.end()) {
      return Bad(start + static_cast<uint64_t>(bad - array.raw.begin()), "array's element", "a bool must be 0 or 1" + std::string(kAgain));
    }
  }
  return GgufValue(std::move(array));
}

Result<void> GgufParser::SetAlignment(GgufValueType type, const GgufValue& value, uint64_t offset) {
  if (type != GgufValueType::kUint32) {
    return Bad(offset, "value", "the alignment must be a uint32, not " + std::string(GgufValueTypeName(type)) + std::string(kAgain));
  }
  alignment_ = std::get<uint64_t>(value);
  if (!IsGgufAlignment(alignment_)) {
    return Bad(offset, "value",
               "the alignment must be a power of two from 8 to 65536, not " + std::to_string(alignment_) + std::string(kAgain));
  }
  return {};
}

Result<void> GgufParser::ParseTensor(uint64_t index) {
  part_ = "tensor";
  index_ = index;
  name_ = {};
  const uint64_t start = at_;
  TW_ASSIGN(name_, ReadString("name", GgufLimits::kTensorNameBytes));
  if (name_.empty()) return Bad(start, "name", "a tensor without a name" + std::string(kAgain));
  if (!out_.tensor_index_.emplace(name_, index).second) return Bad(start, "name", "the tensor occurs twice" + std::string(kAgain));

  GgufTensor tensor;
  tensor.name = name_;
  TW_RETURN_IF_ERROR(ParseShape(tensor));
  const uint64_t type_offset = at_;
  TW_ASSIGN(const uint32_t type_number, Read<uint32_t>("type"));
  const std::optional<TensorType> type = TensorTypeFromGguf(type_number);
  if (!type) {
    return Error(StatusCode::kUnsupported, type_offset, "type",
                 "tensor type " + GgufTensorTypeText(type_number) + " is not read here; use a file with " + ReadableTypes());
  }
  tensor.type = *type;
  const TensorTypeInfo& info = InfoOf(tensor.type);
  const std::optional<uint64_t> row_bytes = RowBytes(tensor.type, tensor.row_length());
  if (!row_bytes) {
    return Bad(type_offset, "type",
               "a row of " + std::to_string(tensor.row_length()) + " values is no whole number of " + std::string(info.name) +
                   " blocks of " + std::to_string(info.block_values) + std::string(kAgain));
  }
  Claim claim;
  if (__builtin_mul_overflow(*row_bytes, tensor.rows(), &claim.bytes)) {
    return Bad(type_offset, "type", "the tensor's size in bytes overflows" + std::string(kAgain));
  }
  claim.field_offset = at_;
  TW_ASSIGN(claim.relative_offset, Read<uint64_t>("offset"));
  if (claim.relative_offset % alignment_ != 0) {
    return Bad(
        claim.field_offset, "offset",
        std::to_string(claim.relative_offset) + " is no multiple of the alignment " + std::to_string(alignment_) + std::string(kAgain));
  }
  claims_.push_back(claim);
  out_.tensors_.push_back(tensor);
  return {};
}

Result<void> GgufParser::ParseShape(GgufTensor& tensor) {
  const uint64_t count_offset = at_;
  TW_ASSIGN(const uint32_t dimensions, Read<uint32_t>("number of dimensions"));
  if (dimensions < 1 || dimensions > 4) {
    return Bad(count_offset, "number of dimensions",
               "a tensor has 1 to 4 dimensions, not " + std::to_string(dimensions) + std::string(kAgain));
  }
  tensor.dimensions = static_cast<int>(dimensions);
  uint64_t values = 1;
  for (uint32_t i = 0; i < dimensions; ++i) {
    const uint64_t offset = at_;
    TW_ASSIGN(tensor.shape[i], Read<uint64_t>("dimension"));
    if (tensor.shape[i] == 0) return Bad(offset, "dimension", "a dimension must not be 0" + std::string(kAgain));
    if (__builtin_mul_overflow(values, tensor.shape[i], &values) || values > GgufLimits::kTensorValues) {
      return Bad(offset, "dimension", "the product of the dimensions overflows" + std::string(kAgain));
    }
  }
  return {};
}

Result<void> GgufParser::PlaceTensors() {
  const uint64_t data_start = at_ + (alignment_ - at_ % alignment_) % alignment_;  // cannot overflow: both are far below 2^63
  for (uint64_t i = 0; i < out_.tensors_.size(); ++i) {
    GgufTensor& tensor = out_.tensors_[i];
    const Claim& claim = claims_[i];
    index_ = i;
    name_ = tensor.name;
    uint64_t end = 0;
    if (__builtin_add_overflow(data_start, claim.relative_offset, &tensor.offset) ||
        __builtin_add_overflow(tensor.offset, claim.bytes, &end) || end > bytes_.size()) {
      return Bad(claim.field_offset, "offset",
                 std::to_string(claim.bytes) + " bytes of data at " + std::to_string(claim.relative_offset) +
                     " after the header's end (byte " + std::to_string(data_start) + ") reach beyond the file's " +
                     std::to_string(bytes_.size()) + " bytes: it is cut short or damaged; fetch it again");
    }
    tensor.data = bytes_.subspan(tensor.offset, claim.bytes);
  }
  return {};
}

Result<void> GgufParser::CheckOverlap() const {
  const std::vector<GgufTensor>& tensors = out_.tensors_;
  std::vector<uint32_t> order(tensors.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return std::pair(tensors[a].offset, a) < std::pair(tensors[b].offset, b); });
  for (size_t i = 1; i < order.size(); ++i) {
    const GgufTensor& before = tensors[order[i - 1]];
    const GgufTensor& after = tensors[order[i]];
    if (before.offset + before.data.size() > after.offset) {
      return Fail(Status(StatusCode::kInvalidInput,
                         out_.metadata_.source_ + ": its data overlaps that of " + Quoted(before.name) + std::string(kAgain))
                      .At("tensor " + std::to_string(order[i]) + " " + Quoted(after.name) + ": offset", claims_[order[i]].field_offset));
    }
  }
  return {};
}

}  // namespace tradewind
