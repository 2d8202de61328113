// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bitset>
#include <memory>

#include "text/tokenizer_base.h"
#include "text/utf8.h"

namespace tradewind {
namespace {

std::string MarkSpaces(std::string_view text, bool leading_space) {
  std::string marked;
  marked.reserve(text.size() + 2 * static_cast<size_t>(std::ranges::count(text, ' ')) + kSpaceMark.size());
  if (leading_space) marked += kSpaceMark;
  for (const char c : text) {
    if (c == ' ') {
      marked += kSpaceMark;
    } else {
      marked += c;
    }
  }
  return marked;
}

// SentencePiece's byte-pair encoding (arXiv:1808.06226): of all neighbours that join into a piece, the best score merges first, and of
// equal scores the leftmost. Symbols are a linked list over the text and the candidates a heap: O(n log n).
class SpmTokenizer : public TokenizerBase {
 public:
  explicit SpmTokenizer(CheckedVocabulary checked);

 protected:
  Result<void> EncodeStretch(const TextStretch& stretch, Encoded& encoded) const override;
  std::string DecodeNormal(int32_t id) const override { return SpacesForMarks(PieceAt(id)); }

 private:
  struct Symbol {
    uint32_t begin = 0;
    uint32_t end = 0;  // begin: merged into the one before
    int32_t before = -1;
    int32_t after = -1;
  };
  struct Candidate {
    float score = 0;
    int32_t left = 0;
    uint32_t bytes = 0;  // of both: tells whether either has changed since
    bool operator<(const Candidate& other) const { return score != other.score ? score < other.score : left > other.left; }
  };
  // Reused from word to word.
  struct Work {
    std::string_view text;
    std::vector<Symbol> symbols;
    std::vector<Candidate> heap;
    uint64_t steps = 0;
  };
  // Whether the symbol and its successor join into a piece.
  bool Propose(Work& work, int32_t left, Candidate& candidate) const;
  void Merge(Work& work) const;
  int32_t TextToken(std::string_view piece) const;
  void EncodeWord(std::string_view word, Work& work, std::vector<int32_t>& ids) const;
  void Emit(std::string_view symbol, std::vector<int32_t>& ids) const;

  std::vector<float> scores_;
  std::array<int32_t, 256> byte_tokens_;
  // The bytes that stand before a space mark somewhere within a piece. No piece reaches over a mark after another byte, so the text may be
  // cut there and the merging be done word by word.
  std::bitset<256> before_mark_;
  int32_t unknown_ = kNoToken;
};

SpmTokenizer::SpmTokenizer(CheckedVocabulary checked) : TokenizerBase(std::move(checked), true) {
  scores_ = std::move(checked.vocabulary.scores);
  adds_space_ = checked.vocabulary.add_space_prefix.value_or(true);
  byte_tokens_.fill(kNoToken);
  for (int32_t id = 0; id < vocab_size(); ++id) {
    const std::string& piece = PieceAt(id);
    if (kind(id) == TokenKind::kByte) {
      if (const int byte = ByteOfPiece(piece); byte >= 0) byte_tokens_[static_cast<size_t>(byte)] = id;
    } else if (IsText(id)) {
      for (size_t mark = piece.find(kSpaceMark, 1); mark != std::string::npos; mark = piece.find(kSpaceMark, mark + 1)) {
        before_mark_.set(static_cast<uint8_t>(piece[mark - 1]));
      }
    }
  }
  const std::optional<int32_t> unknown = checked.vocabulary.Id("unknown");
  if (unknown && kind(*unknown) == TokenKind::kUnknown) unknown_ = *unknown;
}

int32_t SpmTokenizer::TextToken(std::string_view piece) const {
  const int32_t id = index_.Find(piece);
  return id != kNoToken && IsText(id) ? id : kNoToken;
}

bool SpmTokenizer::Propose(Work& work, int32_t left, Candidate& candidate) const {
  ++work.steps;
  const Symbol& first = work.symbols[static_cast<size_t>(left)];
  if (first.after < 0) return false;
  const uint32_t end = work.symbols[static_cast<size_t>(first.after)].end;
  const int32_t id = TextToken(work.text.substr(first.begin, end - first.begin));
  if (id == kNoToken) return false;
  candidate = {scores_[static_cast<size_t>(id)], left, end - first.begin};
  return true;
}

void SpmTokenizer::Merge(Work& work) const {
  Candidate candidate;
  for (size_t i = 0; i < work.symbols.size(); ++i) {
    if (Propose(work, static_cast<int32_t>(i), candidate)) work.heap.push_back(candidate);
  }
  std::make_heap(work.heap.begin(), work.heap.end());
  const auto push = [&](int32_t left) {
    if (left < 0 || !Propose(work, left, candidate)) return;
    work.heap.push_back(candidate);
    std::push_heap(work.heap.begin(), work.heap.end());
  };
  while (!work.heap.empty()) {
    std::pop_heap(work.heap.begin(), work.heap.end());
    const Candidate best = work.heap.back();
    work.heap.pop_back();
    ++work.steps;
    Symbol& left = work.symbols[static_cast<size_t>(best.left)];
    if (left.begin == left.end || left.after < 0) continue;
    Symbol& right = work.symbols[static_cast<size_t>(left.after)];
    if (right.end - left.begin != best.bytes) continue;
    left.end = right.end;
    right.begin = right.end;
    left.after = right.after;
    if (left.after >= 0) work.symbols[static_cast<size_t>(left.after)].before = best.left;
    push(left.before);
    push(best.left);
  }
}

void SpmTokenizer::Emit(std::string_view symbol, std::vector<int32_t>& ids) const {
  if (const int32_t id = TextToken(symbol); id != kNoToken) {
    ids.push_back(id);
    return;
  }
  for (const char c : symbol) {
    const int32_t id = byte_tokens_[static_cast<uint8_t>(c)];
    if (id != kNoToken) {
      ids.push_back(id);
    } else if (unknown_ != kNoToken) {
      ids.push_back(unknown_);  // a vocabulary without byte fallback
      return;
    }
  }
}

void SpmTokenizer::EncodeWord(std::string_view word, Work& work, std::vector<int32_t>& ids) const {
  work.text = word;
  work.symbols.clear();
  for (size_t at = 0; at < word.size();) {
    const size_t end = at + Utf8Length(word, at).value_or(1);
    const auto index = static_cast<int32_t>(work.symbols.size());
    work.symbols.push_back({static_cast<uint32_t>(at), static_cast<uint32_t>(end), index - 1, end == word.size() ? -1 : index + 1});
    at = end;
  }
  Merge(work);
  for (int32_t i = 0; i >= 0; i = work.symbols[static_cast<size_t>(i)].after) {
    const Symbol& symbol = work.symbols[static_cast<size_t>(i)];
    Emit(word.substr(symbol.begin, symbol.end - symbol.begin), ids);
  }
}

Result<void> SpmTokenizer::EncodeStretch(const TextStretch& stretch, Encoded& encoded) const {
  const std::string marked = MarkSpaces(stretch.text, adds_space_);  // also after a user-defined token, as llama.cpp does
  Work work;
  size_t begin = 0;
  for (size_t mark = marked.find(kSpaceMark, 1); mark != std::string::npos; mark = marked.find(kSpaceMark, mark + 1)) {
    if (before_mark_[static_cast<uint8_t>(marked[mark - 1])]) continue;
    EncodeWord(std::string_view(marked).substr(begin, mark - begin), work, encoded.ids);
    begin = mark;
  }
  EncodeWord(std::string_view(marked).substr(begin), work, encoded.ids);
  encoded.steps += work.steps;
  return {};
}

}  // namespace

Result<std::unique_ptr<Tokenizer>> MakeSpmTokenizer(CheckedVocabulary checked) {
  return std::make_unique<SpmTokenizer>(std::move(checked));
}

}  // namespace tradewind
