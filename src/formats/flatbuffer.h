// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// FlatBuffers, table by table: what TFLite files are made of. Every access is checked against the bytes when it is made, and nothing is
// copied; who walks tables bounds how many it visits, as one may be named by many. Numbers are not aligned. Immutable: share it freely.
//
//   TW_ASSIGN(const FlatTable model, FlatTable::Root(bytes));
//   TW_ASSIGN(const auto version, model.Number<uint32_t>(0, 0));
//   TW_ASSIGN(const FlatTables buffers, model.Tables(4));
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

class FlatTables;

class FlatTable {
 public:
  // The table that a file begins with. kInvalidInput with the byte offset, here and below.
  static Result<FlatTable> Root(std::span<const std::byte> bytes);

  // A number of the table; `fallback` where the writer left it out.
  template <typename T>
  Result<T> Number(int field, T fallback) const;
  // nullopt where it is left out.
  Result<std::optional<FlatTable>> Table(int field) const;
  // Empty where it is left out.
  Result<FlatTables> Tables(int field) const;
  Result<std::string_view> Text(int field) const;
  Result<std::span<const std::byte>> Bytes(int field) const { return Vector(field, 1); }
  template <typename T>
  Result<std::vector<T>> Numbers(int field) const;

  uint64_t offset() const { return at_; }  // of the table in the file

 private:
  friend class FlatTables;
  FlatTable(std::span<const std::byte> bytes, uint64_t at) : bytes_(bytes), at_(at) {}
  static Result<FlatTable> At(std::span<const std::byte> bytes, uint64_t at);
  // Where the field's bytes lie, `size` of them; nullopt where it is left out.
  Result<std::optional<uint64_t>> Place(int field, uint64_t size) const;
  // Where the offset at `place` leads.
  Result<uint64_t> Follow(uint64_t place) const;
  Result<std::span<const std::byte>> Vector(int field, uint64_t element_bytes) const;

  std::span<const std::byte> bytes_;  // the file's
  uint64_t at_ = 0;
  uint64_t fields_at_ = 0;  // the table's list of places
  uint16_t fields_bytes_ = 0;
  uint16_t table_bytes_ = 0;
};

class FlatTables {
 public:
  uint64_t size() const { return offsets_.size() / sizeof(uint32_t); }
  Result<FlatTable> At(uint64_t i) const;  // i < size()

 private:
  friend class FlatTable;
  std::span<const std::byte> bytes_;
  std::span<const std::byte> offsets_;
};

template <typename T>
Result<T> FlatTable::Number(int field, T fallback) const {
  TW_ASSIGN(const std::optional<uint64_t> place, Place(field, sizeof(T)));
  if (!place) return fallback;
  T value;
  std::memcpy(&value, bytes_.data() + *place, sizeof(T));
  return value;
}

template <typename T>
Result<std::vector<T>> FlatTable::Numbers(int field) const {
  TW_ASSIGN(const std::span<const std::byte> raw, Vector(field, sizeof(T)));
  std::vector<T> values(raw.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), raw.data(), raw.size());
  return values;
}

}  // namespace tradewind
