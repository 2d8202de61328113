// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Safetensors: the file format of Hugging Face's weights, read into validated plain structs: eight bytes of header length, a JSON header
// that names each tensor's type, shape and place, then the data without holes. The spans point into the mapping, which the Safetensors
// owns. Immutable after reading: share it between threads.
//
//   TW_ASSIGN(Safetensors file, Safetensors::Open("model.safetensors"));
//   const SafetensorsTensor* w = file.FindTensor("embeddings.word_embeddings.weight");
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "formats/tensor_type.h"

namespace tradewind {

// A header at its limits takes 16 MiB of heap.
struct SafetensorsLimits {
  static constexpr uint64_t kHeaderBytes = 4u << 20;
  static constexpr uint64_t kTensors = 1u << 15;
  static constexpr uint64_t kNameBytes = 512;
  static constexpr uint64_t kMetadata = 4096;               // entries of __metadata__
  static constexpr uint64_t kMetadataTextBytes = 4u << 20;  // of one value
  static constexpr uint64_t kDimensions = 8;
};

struct SafetensorsTensor {
  std::string type;             // "F32", as in the file: one of the format's own types
  std::vector<uint64_t> shape;  // the row length last
  std::span<const std::byte> data;
  uint64_t offset = 0;  // of the data, in the file
  uint64_t values() const;
  // The type that the engine knows it by; nullopt for integers, truth values and what has no counterpart.
  std::optional<TensorType> tensor_type() const;
};

class Safetensors {
 public:
  // Maps and validates the file: work and heap are bounded by the header's length. kInvalidInput with field and byte offset if anything is
  // wrong.
  static Result<Safetensors> Open(const std::string& path);
  // The same over bytes in memory, which the result owns; `name` stands for the path in errors.
  static Result<Safetensors> FromBytes(std::vector<std::byte> bytes, std::string name);

  const std::map<std::string, SafetensorsTensor, std::less<>>& tensors() const { return tensors_; }
  const SafetensorsTensor* FindTensor(std::string_view name) const;  // nullptr if absent
  const std::map<std::string, std::string, std::less<>>& metadata() const { return metadata_; }
  const std::string& source() const { return source_; }
  Result<void> CheckWhole() const { return file_ ? file_->CheckWhole() : Result<void>(); }  // as MappedFile's

 private:
  friend class SafetensorsParser;
  Safetensors() = default;
  std::optional<MappedFile> file_;  // either this
  std::vector<std::byte> memory_;   // or this holds the bytes
  std::string source_;
  std::map<std::string, SafetensorsTensor, std::less<>> tensors_;
  std::map<std::string, std::string, std::less<>> metadata_;
};

}  // namespace tradewind
