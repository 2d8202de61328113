// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "text/tokenizer_base.h"
#include "text/tokenizer_trie.h"
#include "text/tokenizer_words.h"
#include "text/utf8.h"

namespace tradewind {
namespace {

// A longer word is unknown, as to the models' own tokenizers. It also bounds the work: a word's bytes times its characters.
constexpr size_t kMaxWordCharacters = 100;

// WordPiece (arXiv:1609.08144): from the front of each word the longest piece that fits, and the whole word is unknown if at some place
// none does. Pieces that start a word carry a space mark in GGUF files, where others would have "##" in front of those that go on.
class WordPieceTokenizer : public TokenizerBase {
 public:
  WordPieceTokenizer(CheckedVocabulary checked, int32_t unknown);

 protected:
  Result<void> EncodeStretch(const TextStretch& stretch, Encoded& encoded) const override;
  std::string DecodeNormal(int32_t id) const override { return SpacesForMarks(PieceAt(id)); }

 private:
  void EncodeWord(std::string_view word, Encoded& encoded) const;

  WordRules rules_;
  PieceTrie trie_;
  uint32_t word_start_;  // the node of the space mark
  int32_t unknown_;
};

WordPieceTokenizer::WordPieceTokenizer(CheckedVocabulary checked, int32_t unknown)
    : TokenizerBase(std::move(checked), true), unknown_(unknown) {
  rules_.lowercase = checked.vocabulary.lowercase;
  rules_.strip_accents = checked.vocabulary.strip_accents.value_or(rules_.lowercase);
  adds_space_ = true;
  std::vector<int32_t> ids;
  for (int32_t id = 0; id < vocab_size(); ++id) {
    if (IsText(id)) ids.push_back(id);
  }
  trie_ = PieceTrie(pieces_, std::move(ids));
  word_start_ = trie_.Walk(PieceTrie::kRoot, kSpaceMark);
}

size_t CountCharacters(std::string_view word, size_t limit) {
  size_t count = 0;
  for (size_t at = 0; at < word.size() && count < limit; ++count) at += Utf8Length(word, at).value_or(1);
  return count;
}

void WordPieceTokenizer::EncodeWord(std::string_view word, Encoded& encoded) const {
  const size_t before = encoded.ids.size();
  bool known = CountCharacters(word, kMaxWordCharacters + 1) <= kMaxWordCharacters;
  for (size_t at = 0; known && at < word.size();) {
    // A mark in the text goes on with no piece: those with a mark only start words.
    uint32_t node = at == 0 ? word_start_ : word.substr(at).starts_with(kSpaceMark) ? PieceTrie::kNone : PieceTrie::kRoot;
    size_t longest = at;
    int32_t piece = kNoToken;
    for (size_t end = at; node != PieceTrie::kNone && end < word.size();) {
      node = trie_.Child(node, word[end++]);
      ++encoded.steps;
      if (node == PieceTrie::kNone || trie_.Id(node) == kNoToken) continue;
      longest = end;
      piece = trie_.Id(node);
    }
    known = piece != kNoToken;
    if (known) encoded.ids.push_back(piece);
    at = longest;
  }
  if (known) return;
  encoded.ids.resize(before);
  encoded.ids.push_back(unknown_);
}

Result<void> WordPieceTokenizer::EncodeStretch(const TextStretch& stretch, Encoded& encoded) const {
  const NormalizedWords words = SplitWords(stretch.text, rules_);
  encoded.steps += stretch.text.size();
  size_t at = 0;
  for (const uint32_t length : words.lengths) {
    EncodeWord(std::string_view(words.text).substr(at, length), encoded);
    at += length;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Tokenizer>> MakeWordPieceTokenizer(CheckedVocabulary checked) {
  TW_ASSIGN(const int32_t unknown, SettleUnknown(checked, "[UNK]"));
  return std::make_unique<WordPieceTokenizer>(std::move(checked), unknown);
}

}  // namespace tradewind
