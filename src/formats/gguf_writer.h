// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Metadata and tensors to the bytes of a GGUF v3 file, in the order in which they were added. What it writes, Gguf reads. The data of
// tensors is borrowed until Bytes() returns; a file too large for memory is its Header() and then the data, which the caller writes.
// Thread-compatible.
//
//   GgufWriter writer;
//   writer.Add("general.architecture", std::string("llama"));
//   writer.AddTensor("token_embd.weight", TensorType::kQ8_0, {{576, 49152}}, data);
//   TW_ASSIGN(std::vector<std::byte> bytes, writer.Bytes());
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/status.h"
#include "formats/gguf.h"
#include "formats/tensor_type.h"

namespace tradewind {

// An array's elements, packed as in the file.
struct GgufArrayBytes {
  GgufValueType element_type = GgufValueType::kUint8;
  uint64_t count = 0;
  std::vector<std::byte> raw;

  // T: any C++ type among the scalars of GgufWriter::Value.
  template <typename T>
  static GgufArrayBytes Of(std::span<const T> values);
  static GgufArrayBytes OfStrings(std::span<const std::string> values);
};

class GgufWriter {
 public:
  // The alternative's index is the value's type in the file (GgufValueType).
  using Value = std::variant<uint8_t, int8_t, uint16_t, int16_t, uint32_t, int32_t, float, bool, std::string, GgufArrayBytes, uint64_t,
                             int64_t, double>;

  // "general.alignment" (a uint32) sets the alignment of the tensors.
  void Add(std::string key, Value value);
  // Adds a key of another file as it stands there.
  void Add(const GgufMetadata::Entry& entry);
  // Replaces the value of a key, or adds it.
  void Set(std::string key, Value value);
  void AddTensor(std::string name, TensorType type, std::vector<uint64_t> shape, std::span<const std::byte> data);
  // A tensor whose data, padded to the alignment, the caller writes behind Header(). Bytes() refuses it.
  void AddTensor(std::string name, TensorType type, std::vector<uint64_t> shape);

  // What "general.alignment" says, or 32.
  Result<uint64_t> Alignment() const;
  // The file up to the first tensor's data, padded. kInvalidInput naming the key or tensor that no reader would take.
  Result<std::vector<std::byte>> Header() const;
  // The whole file. Each tensor's data is padded to the alignment, the last one's too.
  Result<std::vector<std::byte>> Bytes() const;

 private:
  struct Entry {
    std::string key;
    Value value;
  };
  struct Tensor {
    std::string name;
    TensorType type;
    std::vector<uint64_t> shape;
    std::optional<std::span<const std::byte>> data;  // absent: the caller writes it
  };
  Result<void> Check() const;

  std::vector<Entry> entries_;
  std::vector<Tensor> tensors_;
};

template <typename T>
GgufArrayBytes GgufArrayBytes::Of(std::span<const T> values) {
  GgufArrayBytes array;
  array.element_type = static_cast<GgufValueType>(GgufWriter::Value(T{}).index());
  array.count = values.size();
  const auto bytes = std::as_bytes(values);
  array.raw.assign(bytes.begin(), bytes.end());
  return array;
}

}  // namespace tradewind
