// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the two families of tokenizers share: the vocabulary, and the cutting of a text at special tokens before what lies
// between is encoded. Immutable once made; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/tokenizer.h"
#include "text/tokenizer_index.h"
#include "text/tokenizer_special.h"
#include "text/tokenizer_vocabulary.h"

namespace tradewind {

inline constexpr size_t kMaxEncodeBytes = size_t{64} << 20;

class TokenizerBase : public Tokenizer {
 public:
  Result<std::vector<int32_t>> Encode(std::string_view text, SpecialTokens special) const override;
  std::string Decode(int32_t id, bool render_special) const override;
  std::string DecodeAll(std::span<const int32_t> ids, bool render_special) const override;
  std::string_view Piece(int32_t id) const override;

 protected:
  // Takes the pieces, kinds, index and ends, and leaves the rest to the subclass.
  TokenizerBase(CheckedVocabulary&& checked, bool default_add_bos);
  TokenizerBase(const TokenizerBase&) = delete;  // the index refers to pieces_
  TokenizerBase& operator=(const TokenizerBase&) = delete;

  // Appends the ids of a stretch without special tokens, never empty. `at_start`: it opens the text or follows a special token.
  virtual Result<void> EncodeStretch(std::string_view text, bool at_start, std::vector<int32_t>& ids) const = 0;
  // The bytes of a kNormal token.
  virtual std::string DecodeNormal(int32_t id) const = 0;

  const std::string& PieceAt(int32_t id) const { return pieces_[static_cast<size_t>(id)]; }
  // Whether ordinary text may become this token.
  bool IsText(int32_t id) const;

  std::vector<std::string> pieces_;
  PieceIndex index_;
  bool adds_space_ = false;  // in front of each stretch at_start

 private:
  bool StripsAfter(int32_t id) const;

  SpecialMatcher user_defined_;
  SpecialMatcher all_special_;
  bool strip_after_special_;
};

// The byte that a SentencePiece byte token, spelled <0x41>, stands for; -1 for another spelling.
int ByteOfPiece(std::string_view piece);

Result<std::unique_ptr<Tokenizer>> MakeSpmTokenizer(CheckedVocabulary checked);
Result<std::unique_ptr<Tokenizer>> MakeBpeTokenizer(CheckedVocabulary checked);

}  // namespace tradewind
