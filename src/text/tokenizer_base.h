// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the families of tokenizers share: the vocabulary, and the cutting of a text at special tokens before what lies
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
inline constexpr std::string_view kSpaceMark = "\xE2\x96\x81";  // U+2581, a space in the pieces of all vocabularies but byte-level ones

// A part of the text between special tokens, never empty. User-defined tokens neither open nor close.
struct TextStretch {
  std::string_view text;
  bool opens = false;   // the text begins here, or a control token stands before
  bool closes = false;  // the text ends here, or a control token follows
};

struct Encoded {
  std::vector<int32_t> ids;
  // Steps of work: candidates looked up and merged, or bytes followed through a trie. Tests hold them against the length of the text.
  uint64_t steps = 0;
};

class TokenizerBase : public Tokenizer {
 public:
  Result<std::vector<int32_t>> Encode(std::string_view text, SpecialTokens special) const override;
  Result<Encoded> EncodeCounting(std::string_view text, SpecialTokens special) const;
  std::string Decode(int32_t id, bool render_special) const override;
  std::string DecodeAll(std::span<const int32_t> ids, bool render_special) const override;
  std::string_view Piece(int32_t id) const override;

 protected:
  // Takes the pieces, kinds, index and ends, and leaves the rest to the subclass.
  TokenizerBase(CheckedVocabulary&& checked, bool default_add_bos);
  TokenizerBase(const TokenizerBase&) = delete;  // the index refers to pieces_
  TokenizerBase& operator=(const TokenizerBase&) = delete;

  // Appends the ids of a stretch, and adds its steps.
  virtual Result<void> EncodeStretch(const TextStretch& stretch, Encoded& encoded) const = 0;
  // The bytes of a kNormal token.
  virtual std::string DecodeNormal(int32_t id) const = 0;

  const std::string& PieceAt(int32_t id) const { return pieces_[static_cast<size_t>(id)]; }
  // Whether ordinary text may become this token.
  bool IsText(int32_t id) const;

  std::vector<std::string> pieces_;
  PieceIndex index_;
  bool adds_space_ = false;  // in front of a text that opens: decoding takes it off again

 private:
  bool StripsAfter(int32_t id) const;

  SpecialMatcher user_defined_;
  SpecialMatcher all_special_;
  bool strip_after_special_;
};

// The byte that a SentencePiece byte token, spelled <0x41>, stands for; -1 for another spelling.
int ByteOfPiece(std::string_view piece);
// A piece with a space for each mark.
std::string SpacesForMarks(std::string_view piece);

Result<std::unique_ptr<Tokenizer>> MakeSpmTokenizer(CheckedVocabulary checked);
Result<std::unique_ptr<Tokenizer>> MakeBpeTokenizer(CheckedVocabulary checked);
Result<std::unique_ptr<Tokenizer>> MakeWordPieceTokenizer(CheckedVocabulary checked);
Result<std::unique_ptr<Tokenizer>> MakeUnigramTokenizer(CheckedVocabulary checked);

}  // namespace tradewind
