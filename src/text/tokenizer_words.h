// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How a WordPiece vocabulary's text becomes words, after BERT (arXiv:1810.04805; its BasicTokenizer): controls vanish, white space parts
// words, punctuation and CJK ideographs are words of one character, accents and case go. Pure functions, thread-safe.
//
//   NormalizedWords words = SplitWords("Über-Größe", {});   // "uber-große" with lengths 4, 1, 6
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tradewind {

struct WordRules {
  bool lowercase = true;
  bool strip_accents = true;  // canonical decomposition without the nonspacing marks
};

struct NormalizedWords {
  std::string text;               // without what parts the words
  std::vector<uint32_t> lengths;  // in bytes; they add up to the text's
};

// `text` is at most 64 MiB of any bytes. One outside a well-formed character is kept as a letter, so that its word is unknown.
NormalizedWords SplitWords(std::string_view text, WordRules rules);

}  // namespace tradewind
