// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Turns the bytes of a GGUF file into a Gguf, trusting nothing: every count, length, offset and product is checked before it is used, and
// nothing is allocated for a count that the file has not the bytes for. Only gguf.cc uses it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "formats/gguf.h"

namespace tradewind {

inline constexpr uint32_t kGgufVersion = 3;
inline constexpr uint32_t kGgufDefaultAlignment = 32;
inline constexpr std::string_view kGgufAlignmentKey = "general.alignment";

// Far above what real files hold; a file beyond them is refused by name. Keys and tensors at their limits take 12 MiB of heap.
struct GgufLimits {
  static constexpr uint64_t kKeys = 1 << 14;
  static constexpr uint64_t kTensors = 1 << 15;     // of one model
  static constexpr uint64_t kParts = 1 << 10;       // files of one model
  static constexpr uint64_t kKeyBytes = 65535;      // the format's own
  static constexpr uint64_t kTensorNameBytes = 64;  // the format's own
  static constexpr uint64_t kStringBytes = 1 << 28;
  static constexpr uint64_t kArrayElements = 1 << 24;
  static constexpr uint64_t kLeastAlignment = 8;         // the format's own
  static constexpr uint64_t kMostAlignment = 1 << 16;    // the largest page
  static constexpr uint64_t kTensorValues = 1ull << 62;  // so that signed arithmetic on shapes is safe
};

// A power of two within the limits.
bool IsGgufAlignment(uint64_t alignment);
// Bytes of an element of a fixed size; 0 for strings, arrays and unknown types.
uint64_t GgufValueBytes(GgufValueType type);
// "uint32", "string", ...; "?" for an unknown type.
std::string_view GgufValueTypeName(GgufValueType type);

class GgufParser {
 public:
  // Fills metadata and tensors of `out` from `bytes`, which `out` keeps alive.
  static Result<void> Parse(std::span<const std::byte> bytes, std::string source, Gguf& out);

 private:
  explicit GgufParser(std::span<const std::byte> bytes, Gguf& out) : bytes_(bytes), out_(out) {}

  Result<void> ParseHeader();
  Result<void> ParseEntry(uint64_t index);
  Result<GgufValue> ParseValue(GgufValueType type);
  Result<GgufValue> ParseArray();
  Result<void> SetAlignment(GgufValueType type, const GgufValue& value, uint64_t offset);
  Result<void> ParseTensor(uint64_t index);
  Result<void> ParseShape(GgufTensor& tensor);
  Result<void> PlaceTensors();
  Result<void> CheckOverlap() const;

  uint64_t remaining() const { return bytes_.size() - at_; }
  template <typename T>
  Result<T> Read(std::string_view field);
  Result<std::string_view> ReadString(std::string_view field, uint64_t limit);

  // An error at byte `offset`, in `field` of the entry that is being parsed.
  tl::unexpected<Status> Error(StatusCode code, uint64_t offset, std::string_view field, std::string problem) const;
  tl::unexpected<Status> Bad(uint64_t offset, std::string_view field, std::string problem) const {
    return Error(StatusCode::kInvalidInput, offset, field, std::move(problem));
  }
  tl::unexpected<Status> CutShort(uint64_t offset, std::string_view field, uint64_t needed) const;

  // What the file says of a tensor's place, kept until the header's end is known.
  struct Claim {
    uint64_t bytes = 0;            // of its data
    uint64_t relative_offset = 0;  // from the start of the data
    uint64_t field_offset = 0;     // where the file says so
  };

  std::span<const std::byte> bytes_;
  Gguf& out_;
  uint64_t at_ = 0;
  std::string_view part_ = "header";  // "header", "key" or "tensor", with index and name: what is being parsed
  uint64_t index_ = 0;
  std::string_view name_;
  uint64_t key_count_ = 0;
  uint64_t tensor_count_ = 0;
  uint64_t alignment_ = kGgufDefaultAlignment;
  std::vector<Claim> claims_;  // one a tensor
};

}  // namespace tradewind
