// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/bpe_alphabet.h"

#include <array>

#include "text/utf8.h"

namespace tradewind {
namespace {

struct Alphabet {
  std::array<char32_t, 256> character{};
  std::array<int, 0x144> byte{};  // -1: stands for none
};

// The printable characters of Latin-1 stand for themselves; the other bytes, in order, for U+0100 and on.
constexpr Alphabet MakeAlphabet() {
  Alphabet alphabet;
  alphabet.byte.fill(-1);
  char32_t next = 0x100;
  for (int byte = 0; byte < 256; ++byte) {
    const bool printable = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    const char32_t character = printable ? static_cast<char32_t>(byte) : next++;
    alphabet.character[static_cast<size_t>(byte)] = character;
    alphabet.byte[character] = byte;
  }
  return alphabet;
}

constexpr Alphabet kAlphabet = MakeAlphabet();

}  // namespace

std::string SpellBytes(std::string_view bytes) {
  std::string spelling;
  spelling.reserve(2 * bytes.size());
  for (const char byte : bytes) AppendUtf8(kAlphabet.character[static_cast<uint8_t>(byte)], spelling);
  return spelling;
}

std::string UnspellBytes(std::string_view spelling) {
  std::string bytes;
  bytes.reserve(spelling.size());
  for (size_t at = 0; at < spelling.size();) {
    const std::optional<size_t> length = Utf8Length(spelling, at);
    const char32_t character = length ? Utf8Value(spelling, at, *length) : char32_t{0x110000};
    const int byte = character < kAlphabet.byte.size() ? kAlphabet.byte[character] : -1;
    if (byte >= 0) {
      bytes.push_back(static_cast<char>(byte));
    } else {
      bytes.append(spelling.substr(at, length.value_or(1)));
    }
    at += length.value_or(1);
  }
  return bytes;
}

}  // namespace tradewind
