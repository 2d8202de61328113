// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/protobuf.h"

#include <array>
#include <bit>
#include <cstring>
#include <string>

namespace tradewind {
namespace {

static_assert(std::endian::native == std::endian::little, "fixed numbers are copied as they lie");

constexpr int kWireBits = 3;
constexpr uint64_t kMostFieldNumber = (1U << 29) - 1;

uint64_t Key(uint32_t number, WireType wire) {
  return uint64_t{number} << kWireBits | static_cast<uint64_t>(wire);
}

}  // namespace

tl::unexpected<Status> ProtobufReader::Bad(uint64_t at, std::string problem) const {
  return Fail(Status(StatusCode::kInvalidInput, std::move(problem)).At("", base_ + at));
}

Result<uint64_t> ProtobufReader::NextVarint() {
  const uint64_t start = at_;
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (done()) return Bad(start, "a number has no end: the file is cut short or damaged; fetch it again");
    const auto byte = static_cast<uint64_t>(bytes_[at_++]);
    if (shift == 63 && byte > 1) break;
    value |= (byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  return Bad(start, "a number is over 64 bits: the file is damaged; fetch it again");
}

Result<uint64_t> ProtobufReader::Fixed(uint64_t size) {
  if (bytes_.size() - at_ < size) return Bad(at_, "a number has no end: the file is cut short or damaged; fetch it again");
  uint64_t value = 0;
  std::memcpy(&value, bytes_.data() + at_, size);
  at_ += size;
  return value;
}

Result<ProtobufField> ProtobufReader::Next() {
  ProtobufField field;
  const uint64_t start = at_;
  field.offset = base_ + start;
  TW_ASSIGN(const uint64_t key, NextVarint());
  const uint64_t number = key >> kWireBits;
  if (number == 0 || number > kMostFieldNumber) {
    return Bad(start, "a field has the number " + std::to_string(number) + ", which is none of the format's: the file is damaged");
  }
  field.number = static_cast<uint32_t>(number);
  switch (const uint64_t wire = key & ((1U << kWireBits) - 1); wire) {
    case 0: {
      TW_ASSIGN(field.value, NextVarint());
      break;
    }
    case 1: {
      TW_ASSIGN(field.value, Fixed(8));
      break;
    }
    case 2: {
      TW_ASSIGN(const uint64_t length, NextVarint());
      if (length > bytes_.size() - at_) {
        return Bad(start, "a field of " + std::to_string(length) + " bytes does not fit into the " + std::to_string(bytes_.size() - at_) +
                              " that are left: the file is cut short or damaged; fetch it again");
      }
      field.bytes = bytes_.subspan(at_, length);
      field.bytes_offset = base_ + at_;
      at_ += length;
      break;
    }
    case 5: {
      TW_ASSIGN(field.value, Fixed(4));
      break;
    }
    default:
      return Bad(start,
                 "a field is of wire type " + std::to_string(wire) + ", which ONNX does not use: the file is damaged or of another format");
  }
  field.wire = static_cast<WireType>(key & ((1U << kWireBits) - 1));
  return field;
}

void ProtobufWriter::Put(uint64_t varint) {
  for (; varint >= 0x80; varint >>= 7) bytes_.push_back(static_cast<std::byte>(varint | 0x80));
  bytes_.push_back(static_cast<std::byte>(varint));
}

void ProtobufWriter::Varint(uint32_t number, uint64_t value) {
  Put(Key(number, WireType::kVarint));
  Put(value);
}

void ProtobufWriter::Float(uint32_t number, float value) {
  Put(Key(number, WireType::kFixed32));
  const auto raw = std::bit_cast<std::array<std::byte, 4>>(value);
  bytes_.insert(bytes_.end(), raw.begin(), raw.end());
}

void ProtobufWriter::Bytes(uint32_t number, std::span<const std::byte> bytes) {
  Put(Key(number, WireType::kBytes));
  Put(bytes.size());
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

void ProtobufWriter::Text(uint32_t number, std::string_view text) {
  Bytes(number, std::as_bytes(std::span(text)));
}

}  // namespace tradewind
