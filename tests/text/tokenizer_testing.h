// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Small vocabularies for tests and fuzzing: complete enough that every byte can be encoded.
//
//   Vocabulary vocabulary = TinyBpe({"a b", "ab c"});   // pieces for all bytes, for "ab" and for "abc"
#pragma once

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "text/bpe_alphabet.h"
#include "text/tokenizer_vocabulary.h"

namespace tradewind {

inline int32_t AddPiece(Vocabulary& vocabulary, std::string piece, TokenKind kind, float score = 0) {
  vocabulary.pieces.push_back(std::move(piece));
  vocabulary.kinds.push_back(kind);
  if (vocabulary.model == "llama") vocabulary.scores.push_back(score);
  return static_cast<int32_t>(vocabulary.size()) - 1;
}

// <unk> 0, <s> 1, </s> 2, <|im_end|> 3, bytes 4 to 259, then the pieces in order.
inline Vocabulary TinySpm(const std::vector<std::pair<std::string, float>>& pieces) {
  Vocabulary vocabulary;
  AddPiece(vocabulary, "<unk>", TokenKind::kUnknown);
  AddPiece(vocabulary, "<s>", TokenKind::kControl);
  AddPiece(vocabulary, "</s>", TokenKind::kControl);
  AddPiece(vocabulary, "<|im_end|>", TokenKind::kControl);
  for (int byte = 0; byte < 256; ++byte) {
    char piece[7];
    std::snprintf(piece, sizeof piece, "<0x%02X>", static_cast<unsigned>(byte));
    AddPiece(vocabulary, piece, TokenKind::kByte);
  }
  for (const auto& [piece, score] : pieces) AddPiece(vocabulary, piece, TokenKind::kNormal, score);
  vocabulary.ids = {{"bos", 1}, {"eos", 2}, {"unknown", 0}};
  return vocabulary;
}

// <|endoftext|> 0, <|im_end|> 1, bytes 2 to 257, then what the merges give, each once. Merges are spelled in GPT-2's alphabet.
inline Vocabulary TinyBpe(const std::vector<std::string>& merges) {
  Vocabulary vocabulary;
  vocabulary.model = "gpt2";
  vocabulary.pre = "gpt-2";
  AddPiece(vocabulary, "<|endoftext|>", TokenKind::kControl);
  AddPiece(vocabulary, "<|im_end|>", TokenKind::kControl);
  for (int byte = 0; byte < 256; ++byte) AddPiece(vocabulary, SpellBytes(std::string(1, static_cast<char>(byte))), TokenKind::kNormal);
  for (const std::string& merge : merges) {
    std::string piece = merge;
    std::erase(piece, ' ');
    if (std::ranges::find(vocabulary.pieces, piece) == vocabulary.pieces.end()) AddPiece(vocabulary, piece, TokenKind::kNormal);
  }
  vocabulary.merges = merges;
  vocabulary.ids = {{"bos", 0}, {"eos", 0}};
  return vocabulary;
}

}  // namespace tradewind
