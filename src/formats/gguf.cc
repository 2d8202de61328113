// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/gguf.h"

#include <algorithm>
#include <bit>

#include "formats/gguf_parser.h"
#include "formats/gguf_text.h"

namespace tradewind {
namespace {

std::string TypeOf(const GgufValue& value) {
  switch (value.index()) {
    case 0:
    case 1: return "an integer";
    case 2: return "a float";
    case 3: return "a bool";
    case 4: return "a string";
    default: return "an array of " + std::string(GgufValueTypeName(std::get<GgufArray>(value).element_type));
  }
}

}  // namespace

bool IsGgufAlignment(uint64_t alignment) {
  return std::has_single_bit(alignment) && alignment >= GgufLimits::kLeastAlignment && alignment <= GgufLimits::kMostAlignment;
}

uint64_t GgufValueBytes(GgufValueType type) {
  switch (type) {
    case GgufValueType::kUint8:
    case GgufValueType::kInt8:
    case GgufValueType::kBool: return 1;
    case GgufValueType::kUint16:
    case GgufValueType::kInt16: return 2;
    case GgufValueType::kUint32:
    case GgufValueType::kInt32:
    case GgufValueType::kFloat32: return 4;
    case GgufValueType::kUint64:
    case GgufValueType::kInt64:
    case GgufValueType::kFloat64: return 8;
    case GgufValueType::kString:
    case GgufValueType::kArray: return 0;
  }
  return 0;
}

std::string_view GgufValueTypeName(GgufValueType type) {
  constexpr std::string_view kNames[] = {"uint8", "int8",   "uint16", "int16",  "uint32", "int32",  "float32",
                                         "bool",  "string", "array",  "uint64", "int64",  "float64"};
  const auto number = static_cast<uint32_t>(type);
  return number < std::size(kNames) ? kNames[number] : "?";
}

// The lengths were checked, but a file may change under its mapping: they are not trusted to be what they were.
std::vector<std::string_view> GgufArray::Strings() const {
  std::vector<std::string_view> strings;
  if (element_type != GgufValueType::kString) return strings;
  strings.reserve(count);
  std::span<const std::byte> rest = raw;
  while (strings.size() < count) {
    uint64_t length = 0;
    std::memcpy(&length, rest.data(), std::min(sizeof length, rest.size()));
    rest = rest.subspan(std::min(sizeof length, rest.size()));
    length = std::min<uint64_t>(length, rest.size());
    strings.emplace_back(reinterpret_cast<const char*>(rest.data()), length);
    rest = rest.subspan(length);
  }
  return strings;
}

bool GgufMetadata::Has(std::string_view key) const {
  return index_.contains(key);
}

const GgufValue* GgufMetadata::Find(std::string_view key) const {
  const auto found = index_.find(key);
  return found == index_.end() ? nullptr : &entries_[found->second].value;
}

Result<const GgufMetadata::Entry*> GgufMetadata::Require(std::string_view key) const {
  const auto found = index_.find(key);
  if (found == index_.end()) {
    return Fail(
        Status(StatusCode::kNotFound, source_ + ": the key is missing; convert the model again, or use one of a supported architecture")
            .At("key " + Quoted(key)));
  }
  return &entries_[found->second];
}

tl::unexpected<Status> GgufMetadata::WrongType(const Entry& entry, std::string_view wanted) const {
  return Fail(Status(StatusCode::kInvalidInput,
                     source_ + ": the value must be " + std::string(wanted) + ", not " + TypeOf(entry.value) + "; convert the model again")
                  .At("key " + Quoted(entry.key), entry.offset));
}

Result<uint64_t> GgufMetadata::Uint(std::string_view key) const {
  TW_ASSIGN(const Entry* entry, Require(key));
  if (const auto* value = std::get_if<uint64_t>(&entry->value)) return *value;
  if (const auto* value = std::get_if<int64_t>(&entry->value); value && *value >= 0) return static_cast<uint64_t>(*value);
  return WrongType(*entry, "an integer of at least 0");
}

Result<double> GgufMetadata::Float(std::string_view key) const {
  TW_ASSIGN(const Entry* entry, Require(key));
  if (const auto* value = std::get_if<double>(&entry->value)) return *value;
  if (const auto* value = std::get_if<uint64_t>(&entry->value)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<int64_t>(&entry->value)) return static_cast<double>(*value);
  return WrongType(*entry, "a number");
}

Result<bool> GgufMetadata::Bool(std::string_view key) const {
  TW_ASSIGN(const Entry* entry, Require(key));
  if (const auto* value = std::get_if<bool>(&entry->value)) return *value;
  return WrongType(*entry, "a bool");
}

Result<std::string_view> GgufMetadata::String(std::string_view key) const {
  TW_ASSIGN(const Entry* entry, Require(key));
  if (const auto* value = std::get_if<std::string_view>(&entry->value)) return *value;
  return WrongType(*entry, "a string");
}

Result<const GgufArray*> GgufMetadata::Array(std::string_view key, GgufValueType element_type) const {
  TW_ASSIGN(const Entry* entry, Require(key));
  const auto* value = std::get_if<GgufArray>(&entry->value);
  if (!value || value->element_type != element_type) {
    return WrongType(*entry, "an array of " + std::string(GgufValueTypeName(element_type)));
  }
  return value;
}

Result<uint64_t> GgufMetadata::UintOr(std::string_view key, uint64_t fallback) const {
  return Has(key) ? Uint(key) : Result<uint64_t>(fallback);
}
Result<double> GgufMetadata::FloatOr(std::string_view key, double fallback) const {
  return Has(key) ? Float(key) : Result<double>(fallback);
}
Result<bool> GgufMetadata::BoolOr(std::string_view key, bool fallback) const {
  return Has(key) ? Bool(key) : Result<bool>(fallback);
}
Result<std::string_view> GgufMetadata::StringOr(std::string_view key, std::string_view fallback) const {
  return Has(key) ? String(key) : Result<std::string_view>(fallback);
}

// One file, whatever the others of its model.
Result<Gguf> Gguf::Map(const std::string& path) {
  Gguf gguf;
  TW_ASSIGN(gguf.file_, MappedFile::Open(path));
  TW_RETURN_IF_ERROR(IfWhole(*gguf.file_, GgufParser::Parse(gguf.file_->bytes(), path, gguf)));
  return gguf;
}

Result<Gguf> Gguf::Open(const std::string& path) {
  TW_ASSIGN(Gguf gguf, Map(path));
  TW_RETURN_IF_ERROR(IfWhole(gguf, gguf.OpenOtherParts()));
  return gguf;
}

Result<Gguf> Gguf::FromBytes(std::vector<std::byte> bytes, std::string name) {
  Gguf gguf;
  gguf.memory_ = std::move(bytes);
  TW_RETURN_IF_ERROR(GgufParser::Parse(gguf.memory_, std::move(name), gguf));
  return gguf;
}

const std::optional<MappedFile>& Gguf::FileOf(const GgufTensor& tensor) const {
  return tensor.part == 0 ? file_ : parts_[tensor.part - 1].file_;
}

void Gguf::Release(const GgufTensor& tensor, std::span<const std::byte> data) const {
  if (const auto& file = FileOf(tensor)) file->Release(data);
}

Result<void> Gguf::CheckWhole() const {
  if (file_) TW_RETURN_IF_ERROR(file_->CheckWhole());
  for (const Gguf& part : parts_) TW_RETURN_IF_ERROR(part.CheckWhole());
  return {};
}

const GgufTensor* Gguf::FindTensor(std::string_view name) const {
  const auto found = tensor_index_.find(name);
  return found == tensor_index_.end() ? nullptr : &tensors_[found->second];
}

}  // namespace tradewind
