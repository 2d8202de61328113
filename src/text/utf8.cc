// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/utf8.h"

namespace tradewind {
namespace {

uint8_t ByteAt(std::string_view text, size_t at) {
  return static_cast<uint8_t>(text[at]);
}

struct Lead {
  size_t length = 0;          // 0: no character starts with this byte
  uint8_t second_low = 0x80;  // the range of the second byte, which is what shuts out overlong forms and surrogates
  uint8_t second_high = 0xBF;
};

Lead LeadOf(uint8_t byte) {
  if (byte < 0x80) return {1};
  if (byte < 0xC2) return {0};
  if (byte < 0xE0) return {2};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0};
}

}  // namespace

std::optional<size_t> Utf8Length(std::string_view text, size_t at) {
  const Lead lead = LeadOf(ByteAt(text, at));
  if (lead.length == 1) return 1;
  if (lead.length == 0 || text.size() - at < lead.length) return std::nullopt;
  const uint8_t second = ByteAt(text, at + 1);
  if (second < lead.second_low || second > lead.second_high) return std::nullopt;
  for (size_t i = 2; i < lead.length; ++i) {
    if ((ByteAt(text, at + i) & 0xC0) != 0x80) return std::nullopt;
  }
  return lead.length;
}

char32_t Utf8Value(std::string_view text, size_t at, size_t length) {
  if (length == 1) return ByteAt(text, at);
  char32_t value = ByteAt(text, at) & (0xFF >> (length + 1));
  for (size_t i = 1; i < length; ++i) value = (value << 6) | (ByteAt(text, at + i) & 0x3F);
  return value;
}

void AppendUtf8(char32_t value, std::string& text) {
  const auto push = [&text](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (value < 0x80) {
    push(value);
  } else if (value < 0x800) {
    push(0xC0 | (value >> 6));
    push(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    push(0xE0 | (value >> 12));
    push(0x80 | ((value >> 6) & 0x3F));
    push(0x80 | (value & 0x3F));
  } else {
    push(0xF0 | (value >> 18));
    push(0x80 | ((value >> 12) & 0x3F));
    push(0x80 | ((value >> 6) & 0x3F));
    push(0x80 | (value & 0x3F));
  }
}

std::optional<std::string> ReplaceInvalidUtf8(std::string_view text, char filler) {
  std::optional<std::string> replaced;
  for (size_t at = 0; at < text.size();) {
    const std::optional<size_t> length = Utf8Length(text, at);
    if (!length) {
      if (!replaced) replaced.emplace(text);
      (*replaced)[at] = filler;
    }
    at += length.value_or(1);
  }
  return replaced;
}

size_t WholeUtf8Bytes(std::string_view text) {
  for (size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte < 0x80) break;
    const size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    if (length == 1) continue;  // a continuation byte: look further back
    return length > back ? text.size() - back : text.size();
  }
  return text.size();
}

}  // namespace tradewind
