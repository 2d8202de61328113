// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// GGUF v3: the file format of llama.cpp's models, read into validated plain structs. Little-endian only. All spans and string
// views point into the mapping, which the Gguf owns. Immutable after reading: share it between threads.
//
//   TW_ASSIGN(Gguf file, Gguf::Open("model.gguf"));
//   TW_ASSIGN(uint64_t blocks, file.metadata().Uint("llama.block_count"));
//   const GgufTensor* embedding = file.FindTensor("token_embd.weight");
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "formats/tensor_type.h"

namespace tradewind {

enum class GgufValueType : uint32_t {
  kUint8 = 0,
  kInt8 = 1,
  kUint16 = 2,
  kInt16 = 3,
  kUint32 = 4,
  kInt32 = 5,
  kFloat32 = 6,
  kBool = 7,
  kString = 8,
  kArray = 9,
  kUint64 = 10,
  kInt64 = 11,
  kFloat64 = 12,
};

// An array is kept as its raw bytes, already checked to lie inside the file; what a file claims to hold costs no heap until it is asked
// for.
struct GgufArray {
  GgufValueType element_type = GgufValueType::kUint8;
  uint64_t count = 0;
  std::span<const std::byte> raw;  // packed elements (of strings: with their length prefixes)

  // Element `i` < count, where T is the C++ type of element_type (not of strings). The elements are not aligned.
  template <typename T>
  T At(uint64_t i) const {
    T value;
    std::memcpy(&value, raw.data() + i * sizeof(T), sizeof(T));
    return value;
  }
  // All elements of an array of strings, views of the file; none of another.
  std::vector<std::string_view> Strings() const;
};

// Integers of every width widen to (u)int64_t, floats to double.
using GgufValue = std::variant<uint64_t, int64_t, double, bool, std::string_view, GgufArray>;

class GgufMetadata {
 public:
  bool Has(std::string_view key) const;
  const GgufValue* Find(std::string_view key) const;
  // A missing key is kNotFound, another type kInvalidInput; both name the key, its byte offset and the file.
  Result<uint64_t> Uint(std::string_view key) const;  // any non-negative integer type
  Result<double> Float(std::string_view key) const;   // any number
  Result<bool> Bool(std::string_view key) const;
  Result<std::string_view> String(std::string_view key) const;
  Result<const GgufArray*> Array(std::string_view key, GgufValueType element_type) const;
  // As above, but a missing key gives `fallback`; a wrong type is still an error.
  Result<uint64_t> UintOr(std::string_view key, uint64_t fallback) const;
  Result<double> FloatOr(std::string_view key, double fallback) const;
  Result<bool> BoolOr(std::string_view key, bool fallback) const;
  Result<std::string_view> StringOr(std::string_view key, std::string_view fallback) const;

  struct Entry {
    std::string_view key;
    GgufValue value;
    uint64_t offset = 0;                         // of the key, in the file
    GgufValueType type = GgufValueType::kUint8;  // as stored, before `value` widened it
  };
  const std::vector<Entry>& entries() const { return entries_; }  // in file order

 private:
  friend class Gguf;
  friend class GgufParser;
  Result<const Entry*> Require(std::string_view key) const;
  tl::unexpected<Status> WrongType(const Entry& entry, std::string_view wanted) const;
  std::string source_;  // names the file in errors
  std::vector<Entry> entries_;
  std::map<std::string_view, size_t> index_;  // a tree: names chosen to collide cannot slow it
};

struct GgufTensor {
  std::string_view name;
  TensorType type = TensorType::kF32;
  int dimensions = 0;                // 1 to 4
  uint64_t shape[4] = {1, 1, 1, 1};  // shape[0] is the row length, as in the file
  std::span<const std::byte> data;   // checked to lie inside the file
  uint64_t offset = 0;               // of the data, in the file
  uint32_t part = 0;                 // which of the model's files that is
  uint64_t row_length() const { return shape[0]; }
  uint64_t rows() const { return shape[1] * shape[2] * shape[3]; }
};

struct GgufPart;

class Gguf {
 public:
  // Maps and validates the file: header, every key, every tensor's bounds, alignment and overlap. Work is linear in the header; heap is
  // bounded by it. kInvalidInput with field and byte offset if anything is wrong, kUnsupported for another version or tensor type.
  // Of a model split into several files (NAME-00001-of-00003.gguf), opening the first opens all, and any other is refused.
  static Result<Gguf> Open(const std::string& path);
  // The same over bytes in memory, which the result owns; `name` stands for the path in errors. Of a split model, that part alone.
  static Result<Gguf> FromBytes(std::vector<std::byte> bytes, std::string name);

  const GgufMetadata& metadata() const { return metadata_; }
  const std::vector<GgufTensor>& tensors() const { return tensors_; }  // in file order, part by part
  const GgufTensor* FindTensor(std::string_view name) const;           // nullptr if absent
  // The path it was opened from, or the name given to FromBytes.
  const std::string& source() const { return metadata_.source_; }
  // The mapping (of a split model, its first part's): only of a Gguf that Open gave.
  const MappedFile& file() const { return file_.value(); }
  // As MappedFile's, for some of a tensor's data.
  void Release(const GgufTensor& tensor, std::span<const std::byte> data) const;
  // As MappedFile's, of all its files.
  Result<void> CheckWhole() const;

 private:
  friend class GgufParser;
  Gguf() = default;
  static Result<Gguf> Map(const std::string& path);
  const std::optional<MappedFile>& FileOf(const GgufTensor& tensor) const;
  Result<void> OpenOtherParts();
  Result<void> TakePart(const GgufPart& first, uint64_t number, Gguf part);
  std::optional<MappedFile> file_;  // either this
  std::vector<std::byte> memory_;   // or this holds the bytes
  std::vector<Gguf> parts_;         // the others of a split model; their tensors are in tensors_ as well
  GgufMetadata metadata_;
  std::vector<GgufTensor> tensors_;
  std::map<std::string_view, size_t> tensor_index_;
};

}  // namespace tradewind
