// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// SentencePiece's precompiled_charsmap: which strings of a text a normaliser replaces by which. The bytes, little-endian:
//   uint32 size of the trie in bytes; the trie, a double array of uint32; the replacements, each ended by a zero byte.
// A unit of the double array holds its label in bits 0 to 7 (with bit 31 set it is a value instead), whether a value hangs below it in bit
// 8, and the distance to its children in bits 10 to 30, times 256 if bit 9 is set. The child for byte c of unit i lies at i ^ distance ^ c,
// and its value is the unit at i ^ distance: where the replacement starts. Immutable and thread-safe.
//
//   TW_ASSIGN(Charsmap charsmap, Charsmap::Read(bytes));
//   if (Charsmap::Match match = charsmap.LongestAt(text, at); match.length) text.replace(at, match.length, match.replacement);
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

class Charsmap {
 public:
  // What bounds the time and growth of a text under a hostile map; NFKC's longest have 18 and 33 bytes.
  static constexpr size_t kMaxKeyBytes = 128;
  static constexpr size_t kMaxReplacementBytes = 256;

  struct Match {
    size_t length = 0;  // 0: nothing to replace here
    std::string_view replacement;
    size_t steps = 0;
  };

  Charsmap() = default;  // replaces nothing
  // Empty bytes give a map that replaces nothing. kInvalidInput says what points outside, so that no walk can leave the bytes.
  static Result<Charsmap> Read(std::string_view bytes);
  // The longest string at `text[at]` that is replaced, of at most kMaxKeyBytes. `at` <= text.size().
  Match LongestAt(std::string_view text, size_t at) const;

 private:
  std::vector<uint32_t> units_;
  std::string replacements_;
};

}  // namespace tradewind
