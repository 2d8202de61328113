// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The wire format of Protocol Buffers, field by field: what ONNX files are made of. A reader borrows its bytes, copies nothing and descends
// only where its caller makes another reader of a field's bytes. Groups, which ONNX never had, are refused. Thread-compatible.
//
//   for (ProtobufReader reader(bytes, 0); !reader.done();) {
//     TW_ASSIGN(const ProtobufField field, reader.Next());
//     if (field.number == 7) ...
//   }
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

struct ProtobufField {
  uint32_t number = 0;
  WireType wire = WireType::kVarint;
  uint64_t value = 0;                // of a varint or a fixed number
  std::span<const std::byte> bytes;  // of kBytes: a text, a message or packed numbers
  uint64_t offset = 0;               // of the field in the file
  uint64_t bytes_offset = 0;         // of `bytes` in the file

  std::string_view text() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
};

class ProtobufReader {
 public:
  // `offset`: where `bytes` begin in the file, for errors.
  ProtobufReader(std::span<const std::byte> bytes, uint64_t offset) : bytes_(bytes), base_(offset) {}
  bool done() const { return at_ == bytes_.size(); }
  // kInvalidInput with the byte offset if the next field is cut short or is none of the format's.
  Result<ProtobufField> Next();
  // A varint alone, as packed numbers have them.
  Result<uint64_t> NextVarint();

 private:
  tl::unexpected<Status> Bad(uint64_t at, std::string problem) const;
  Result<uint64_t> Fixed(uint64_t size);
  std::span<const std::byte> bytes_;
  uint64_t base_;
  uint64_t at_ = 0;
};

// Appends fields to bytes that it owns.
class ProtobufWriter {
 public:
  void Varint(uint32_t number, uint64_t value);
  void Float(uint32_t number, float value);
  void Bytes(uint32_t number, std::span<const std::byte> bytes);
  void Text(uint32_t number, std::string_view text);
  void Message(uint32_t number, const ProtobufWriter& message) { Bytes(number, message.bytes_); }
  const std::vector<std::byte>& bytes() const { return bytes_; }
  std::vector<std::byte> Take() { return std::move(bytes_); }

 private:
  void Put(uint64_t varint);
  std::vector<std::byte> bytes_;
};

}  // namespace tradewind
