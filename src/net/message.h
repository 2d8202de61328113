// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// WireMessage: a kind and bytes, framed on a stream, and the numbers and texts inside of them. The frame: "TWM1", the kind (u16), two bytes
// of zero, the length (u32), the bytes; all numbers little-endian. Nothing is believed: what is not a frame or over the limit is
// kInvalidInput with its offset, and memory is taken only as bytes come. Plain values.
//
//   WireWriter out;
//   out.Put<uint32_t>(3).PutText("Relu_12");
//   TW_RETURN_IF_ERROR(SendMessage(socket, 7, out.bytes(), deadline));
//   TW_ASSIGN(const WireMessage message, ReceiveMessage(socket, 1 << 20, deadline));
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/status.h"
#include "net/socket.h"

namespace tradewind {

inline constexpr size_t kMessageHeaderBytes = 12;
inline constexpr uint64_t kMostMessageBytes = uint64_t{1} << 31;

struct WireMessage {
  uint16_t kind = 0;
  std::vector<std::byte> bytes{};
};
struct MessageHeader {
  uint16_t kind = 0;
  uint32_t length = 0;
};

std::vector<std::byte> FrameMessage(uint16_t kind, std::span<const std::byte> bytes);
Result<MessageHeader> ParseMessageHeader(std::span<const std::byte, kMessageHeaderBytes> header, uint64_t most_bytes,
                                         const std::string& peer);
Result<void> SendMessage(Socket& socket, uint16_t kind, std::span<const std::byte> bytes, TimePoint deadline);
Result<WireMessage> ReceiveMessage(Socket& socket, uint64_t most_bytes, TimePoint deadline);

class WireWriter {
 public:
  template <typename T>
  WireWriter& Put(T value) {
    static_assert(std::is_arithmetic_v<T>);
    return PutRaw({reinterpret_cast<const std::byte*>(&value), sizeof value});
  }
  WireWriter& PutText(std::string_view text) {
    Put(static_cast<uint32_t>(text.size()));
    return PutRaw({reinterpret_cast<const std::byte*>(text.data()), text.size()});
  }
  // As they are, without a length.
  WireWriter& PutRaw(std::span<const std::byte> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

// Reads what WireWriter wrote. Borrows the bytes.
class WireReader {
 public:
  WireReader(std::span<const std::byte> bytes, std::string peer) : bytes_(bytes), peer_(std::move(peer)) {}
  template <typename T>
  Result<T> Get() {
    static_assert(std::is_arithmetic_v<T>);
    TW_ASSIGN(const std::span<const std::byte> raw, GetRaw(sizeof(T)));
    T value{};
    std::memcpy(&value, raw.data(), sizeof value);
    return value;
  }
  Result<std::string> GetText(size_t most_bytes);
  Result<std::span<const std::byte>> GetRaw(size_t count);
  std::span<const std::byte> Rest();
  // kInvalidInput if bytes are left.
  Result<void> End() const;
  // An error that names the sender and where reading stands.
  tl::unexpected<Status> Bad(const std::string& problem) const;

 private:
  std::span<const std::byte> bytes_;
  std::string peer_;
  size_t at_ = 0;
};

}  // namespace tradewind
