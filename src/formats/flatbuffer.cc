// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/flatbuffer.h"

#include <algorithm>
#include <bit>
#include <string>

namespace tradewind {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie");

constexpr uint64_t kListHeaderBytes = 4;  // of a table's list of places: its length, the table's length

tl::unexpected<Status> Bad(uint64_t offset, std::string problem) {
  return Fail(Status(StatusCode::kInvalidInput, std::move(problem) + ": the file is cut short or damaged; fetch it again").At("", offset));
}

template <typename T>
Result<T> Read(std::span<const std::byte> bytes, uint64_t at) {
  if (at > bytes.size() || bytes.size() - at < sizeof(T))
    return Bad(std::min<uint64_t>(at, bytes.size()), "a number at byte " + std::to_string(at) + " lies beyond the file's end");
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

}  // namespace

Result<FlatTable> FlatTable::Root(std::span<const std::byte> bytes) {
  TW_ASSIGN(const uint32_t root, Read<uint32_t>(bytes, 0));
  return At(bytes, root);
}

Result<FlatTable> FlatTable::At(std::span<const std::byte> bytes, uint64_t at) {
  FlatTable table(bytes, at);
  TW_ASSIGN(const int32_t back, Read<int32_t>(bytes, at));
  const int64_t fields_at = static_cast<int64_t>(at) - back;
  if (fields_at < 0) return Bad(at, "a table's list of fields lies before the file's beginning");
  table.fields_at_ = static_cast<uint64_t>(fields_at);
  TW_ASSIGN(table.fields_bytes_, Read<uint16_t>(bytes, table.fields_at_));
  TW_ASSIGN(table.table_bytes_, Read<uint16_t>(bytes, table.fields_at_ + 2));
  if (table.fields_bytes_ < kListHeaderBytes || bytes.size() - table.fields_at_ < table.fields_bytes_)
    return Bad(table.fields_at_, "a table's list of fields has " + std::to_string(table.fields_bytes_) + " bytes");
  if (bytes.size() - at < table.table_bytes_)
    return Bad(at, "a table of " + std::to_string(table.table_bytes_) + " bytes lies beyond the file's end");
  return table;
}

Result<std::optional<uint64_t>> FlatTable::Place(int field, uint64_t size) const {
  const uint64_t entry = kListHeaderBytes + 2 * static_cast<uint64_t>(field);
  if (entry + 2 > fields_bytes_) return std::optional<uint64_t>();
  TW_ASSIGN(const uint16_t relative, Read<uint16_t>(bytes_, fields_at_ + entry));
  if (relative == 0) return std::optional<uint64_t>();
  if (relative + size > table_bytes_) return Bad(at_, "field " + std::to_string(field) + " lies beyond its table");
  return std::optional(at_ + relative);
}

Result<uint64_t> FlatTable::Follow(uint64_t place) const {
  TW_ASSIGN(const uint32_t offset, Read<uint32_t>(bytes_, place));
  if (offset == 0 || offset >= bytes_.size() - place)
    return Bad(place, "an offset of " + std::to_string(offset) + " leads out of the file");
  return place + offset;
}

Result<std::optional<FlatTable>> FlatTable::Table(int field) const {
  TW_ASSIGN(const std::optional<uint64_t> place, Place(field, sizeof(uint32_t)));
  if (!place) return std::optional<FlatTable>();
  TW_ASSIGN(const uint64_t at, Follow(*place));
  TW_ASSIGN(FlatTable table, At(bytes_, at));
  return std::optional(table);
}

Result<std::span<const std::byte>> FlatTable::Vector(int field, uint64_t element_bytes) const {
  TW_ASSIGN(const std::optional<uint64_t> place, Place(field, sizeof(uint32_t)));
  if (!place) return std::span<const std::byte>();
  TW_ASSIGN(const uint64_t at, Follow(*place));
  TW_ASSIGN(const uint32_t count, Read<uint32_t>(bytes_, at));
  const uint64_t left = bytes_.size() - at - sizeof(uint32_t);
  if (count > left / element_bytes) return Bad(at, "a list of " + std::to_string(count) + " lies beyond the file's end");
  return bytes_.subspan(at + sizeof(uint32_t), count * element_bytes);
}

Result<FlatTables> FlatTable::Tables(int field) const {
  FlatTables tables;
  tables.bytes_ = bytes_;
  TW_ASSIGN(tables.offsets_, Vector(field, sizeof(uint32_t)));
  return tables;
}

Result<std::string_view> FlatTable::Text(int field) const {
  TW_ASSIGN(const std::span<const std::byte> raw, Vector(field, 1));
  return std::string_view(reinterpret_cast<const char*>(raw.data()), raw.size());
}

Result<FlatTable> FlatTables::At(uint64_t i) const {
  const auto place = static_cast<uint64_t>(offsets_.data() - bytes_.data()) + i * sizeof(uint32_t);
  uint32_t offset = 0;
  std::memcpy(&offset, bytes_.data() + place, sizeof(offset));
  if (offset >= bytes_.size() - place) return Bad(place, "an offset of " + std::to_string(offset) + " leads out of the file");
  return FlatTable::At(bytes_, place + offset);
}

}  // namespace tradewind
