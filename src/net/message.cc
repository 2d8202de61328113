// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/message.h"

#include <algorithm>
#include <array>

namespace tradewind {
namespace {

constexpr std::string_view kMagic = "TWM1";
constexpr size_t kPiece = 1 << 20;  // of what is received: a length that lies costs no more memory

}  // namespace

std::vector<std::byte> FrameMessage(uint16_t kind, std::span<const std::byte> bytes) {
  WireWriter frame;
  frame.PutRaw(std::as_bytes(std::span(kMagic))).Put(kind).Put(uint16_t{0}).Put(static_cast<uint32_t>(bytes.size())).PutRaw(bytes);
  return frame.bytes();
}

Result<MessageHeader> ParseMessageHeader(std::span<const std::byte, kMessageHeaderBytes> header, uint64_t most_bytes,
                                         const std::string& peer) {
  const auto bad = [&](const std::string& problem, uint64_t offset) {
    return Fail(Status(StatusCode::kInvalidInput, peer + " sent what is no message of this program: " + problem).At("the header", offset));
  };
  if (std::memcmp(header.data(), kMagic.data(), kMagic.size()) != 0) return bad("it does not begin with TWM1", 0);
  MessageHeader parsed;
  uint16_t zero = 0;
  std::memcpy(&parsed.kind, header.data() + 4, sizeof parsed.kind);
  std::memcpy(&zero, header.data() + 6, sizeof zero);
  std::memcpy(&parsed.length, header.data() + 8, sizeof parsed.length);
  if (zero != 0) return bad("bytes that must be zero are not", 6);
  if (parsed.length > most_bytes)
    return bad("its length is " + std::to_string(parsed.length) + " bytes, over the limit of " + std::to_string(most_bytes), 8);
  return parsed;
}

Result<void> SendMessage(Socket& socket, uint16_t kind, std::span<const std::byte> bytes, TimePoint deadline) {
  if (bytes.size() > kMostMessageBytes)
    return Fail(StatusCode::kInvalidInput, "a message to " + socket.peer() + " of " + std::to_string(bytes.size()) + " bytes is too long");
  return socket.Send(FrameMessage(kind, bytes), deadline);
}

Result<WireMessage> ReceiveMessage(Socket& socket, uint64_t most_bytes, TimePoint deadline) {
  std::array<std::byte, kMessageHeaderBytes> raw{};
  TW_RETURN_IF_ERROR(socket.Receive(raw, deadline));
  TW_ASSIGN(const MessageHeader header, ParseMessageHeader(raw, most_bytes, socket.peer()));
  WireMessage message{.kind = header.kind};
  while (message.bytes.size() < header.length) {
    const size_t had = message.bytes.size();
    message.bytes.resize(had + std::min(kPiece, header.length - had));
    TW_RETURN_IF_ERROR(socket.Receive(std::span(message.bytes).subspan(had), deadline));
  }
  return message;
}

tl::unexpected<Status> WireReader::Bad(const std::string& problem) const {
  return Fail(Status(StatusCode::kInvalidInput, "a message from " + peer_ + " is malformed: " + problem).At("the message", at_));
}

Result<std::span<const std::byte>> WireReader::GetRaw(size_t count) {
  if (count > bytes_.size() - at_) return Bad("it ends too early");
  const std::span<const std::byte> raw = bytes_.subspan(at_, count);
  at_ += count;
  return raw;
}

Result<std::string> WireReader::GetText(size_t most_bytes) {
  TW_ASSIGN(const uint32_t length, Get<uint32_t>());
  if (length > most_bytes) return Bad("a text of " + std::to_string(length) + " bytes, of at most " + std::to_string(most_bytes));
  TW_ASSIGN(const std::span<const std::byte> raw, GetRaw(length));
  return std::string(reinterpret_cast<const char*>(raw.data()), raw.size());
}

std::span<const std::byte> WireReader::Rest() {
  const std::span<const std::byte> rest = bytes_.subspan(at_);
  at_ = bytes_.size();
  return rest;
}

Result<void> WireReader::End() const {
  if (at_ != bytes_.size()) return Bad("it has " + std::to_string(bytes_.size() - at_) + " bytes too many");
  return {};
}

}  // namespace tradewind
