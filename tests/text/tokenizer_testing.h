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
  if (vocabulary.model == "llama" || vocabulary.model == "t5") vocabulary.scores.push_back(score);
  return static_cast<int32_t>(vocabulary.size()) - 1;
}

// <unk> 0, <s> 1, </s> 2, <|im_end|> 3, bytes 4 to 259, then the pieces in order.
inline Vocabulary TinySpm(const std::vector<std::pair<std::string, float>>& pieces, const std::string& model = "llama") {
  Vocabulary vocabulary;
  vocabulary.model = model;
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

// <unk> 0, </s> 1, then the pieces in order; no bytes. The same with bytes is TinySpm(pieces, "t5").
inline Vocabulary TinyUnigram(const std::vector<std::pair<std::string, float>>& pieces) {
  Vocabulary vocabulary;
  vocabulary.model = "t5";
  AddPiece(vocabulary, "<unk>", TokenKind::kUnknown);
  AddPiece(vocabulary, "</s>", TokenKind::kControl);
  for (const auto& [piece, score] : pieces) AddPiece(vocabulary, piece, TokenKind::kNormal, score);
  vocabulary.ids = {{"eos", 1}, {"unknown", 0}};
  return vocabulary;
}

// [UNK] 0, [CLS] 1, [SEP] 2, then the pieces in order: those that start a word with a mark, those that go on without.
inline Vocabulary TinyWordPiece(const std::vector<std::string>& pieces) {
  Vocabulary vocabulary;
  vocabulary.model = "bert";
  for (const char* piece : {"[UNK]", "[CLS]", "[SEP]"}) AddPiece(vocabulary, piece, TokenKind::kControl);
  for (const std::string& piece : pieces) AddPiece(vocabulary, piece, TokenKind::kNormal);
  vocabulary.ids = {{"unknown", 0}, {"cls", 1}, {"seperator", 2}};
  return vocabulary;
}

}  // namespace tradewind
