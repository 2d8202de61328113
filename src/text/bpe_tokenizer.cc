// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>

#include "text/bpe_alphabet.h"
#include "text/pretokenize.h"
#include "text/tokenizer_base.h"

namespace tradewind {
namespace {

constexpr size_t kMaxMerges = size_t{1} << 24;

// Byte-level byte-pair encoding (arXiv:1508.07909, and GPT-2's bytes): within each word of the pre-tokenizer the neighbours of lowest rank
// merge first, and of equal ranks the leftmost. Symbols are a linked list and the candidates a heap: O(n log n) even for one long word.
class BpeTokenizer : public TokenizerBase {
 public:
  BpeTokenizer(CheckedVocabulary checked, PreTokenizer pre, MergeIndex merges);

 protected:
  Result<void> EncodeStretch(const TextStretch& stretch, Encoded& encoded) const override;
  std::string DecodeNormal(int32_t id) const override { return UnspellBytes(PieceAt(id)); }

 private:
  struct Symbol {
    int32_t id = kNoToken;  // kMerged: merged into the one before
    int32_t before = -1;
    int32_t after = -1;
  };
  struct Candidate {
    uint32_t rank = 0;
    int32_t left = 0;
    int32_t left_id = 0;  // both ids tell whether either has changed since
    int32_t right_id = 0;
    int32_t result = 0;
    bool operator<(const Candidate& other) const { return rank != other.rank ? rank > other.rank : left > other.left; }
  };
  // Reused from word to word.
  struct Work {
    std::vector<Symbol> symbols;
    std::vector<Candidate> heap;
    uint64_t steps = 0;
  };
  static constexpr int32_t kMerged = -2;

  void EncodeWord(std::string_view word, Work& work, std::vector<int32_t>& ids) const;
  void Push(int32_t left, Work& work) const;

  PreTokenizer pre_;
  MergeIndex merges_;
  std::array<int32_t, 256> byte_tokens_;
};

BpeTokenizer::BpeTokenizer(CheckedVocabulary checked, PreTokenizer pre, MergeIndex merges)
    : TokenizerBase(std::move(checked), pre.adds_bos()), pre_(std::move(pre)), merges_(std::move(merges)) {
  for (size_t byte = 0; byte < byte_tokens_.size(); ++byte) {
    const char c = static_cast<char>(byte);
    const int32_t id = index_.Find(SpellBytes({&c, 1}));
    byte_tokens_[byte] = id != kNoToken && IsText(id) ? id : kNoToken;
  }
}

void BpeTokenizer::Push(int32_t left, Work& work) const {
  ++work.steps;
  if (left < 0) return;
  const Symbol& first = work.symbols[static_cast<size_t>(left)];
  if (first.after < 0) return;
  const int32_t right_id = work.symbols[static_cast<size_t>(first.after)].id;
  const Merge* merge = merges_.Find(first.id, right_id);
  if (!merge) return;
  work.heap.push_back({merge->rank, left, first.id, right_id, merge->result});
  std::push_heap(work.heap.begin(), work.heap.end());
}

void BpeTokenizer::EncodeWord(std::string_view word, Work& work, std::vector<int32_t>& ids) const {
  if (pre_.ignores_merges() && word.size() <= index_.longest()) {
    if (const int32_t id = index_.Find(SpellBytes(word)); id != kNoToken && IsText(id)) {
      ids.push_back(id);
      return;
    }
  }
  work.symbols.resize(word.size());
  const auto last = static_cast<int32_t>(word.size()) - 1;
  for (int32_t i = 0; i <= last; ++i) {
    work.symbols[static_cast<size_t>(i)] = {byte_tokens_[static_cast<uint8_t>(word[static_cast<size_t>(i)])], i - 1, i < last ? i + 1 : -1};
  }
  work.heap.clear();
  for (int32_t i = 0; i < last; ++i) Push(i, work);
  while (!work.heap.empty()) {
    std::pop_heap(work.heap.begin(), work.heap.end());
    const Candidate best = work.heap.back();
    work.heap.pop_back();
    ++work.steps;
    Symbol& left = work.symbols[static_cast<size_t>(best.left)];
    if (left.id != best.left_id || left.after < 0) continue;
    Symbol& right = work.symbols[static_cast<size_t>(left.after)];
    if (right.id != best.right_id) continue;
    left.id = best.result;
    right.id = kMerged;
    left.after = right.after;
    if (left.after >= 0) work.symbols[static_cast<size_t>(left.after)].before = best.left;
    Push(left.before, work);
    Push(best.left, work);
  }
  for (const Symbol& symbol : work.symbols) {
    // A byte that the vocabulary lacks is dropped, as in llama.cpp: there is nothing else that it could become.
    if (symbol.id >= 0) ids.push_back(symbol.id);
  }
}

Result<void> BpeTokenizer::EncodeStretch(const TextStretch& stretch, Encoded& encoded) const {
  TW_ASSIGN(const std::vector<uint32_t> lengths, pre_.Split(stretch.text));
  Work work;
  size_t at = 0;
  for (const uint32_t length : lengths) {
    EncodeWord(stretch.text.substr(at, length), work, encoded.ids);
    at += length;
  }
  encoded.steps += work.steps + lengths.size();
  return {};
}

tl::unexpected<Status> BadMerge(size_t rank, std::string_view merge, const std::string& why) {
  return Fail(Status(StatusCode::kInvalidInput, "merge " + std::to_string(rank) + " (\"" + std::string(merge.substr(0, 80)) + "\") " + why)
                  .At("tokenizer.ggml.merges"));
}

Result<MergeIndex> ReadMerges(const CheckedVocabulary& checked) {
  const std::vector<std::string>& merges = checked.vocabulary.merges;
  if (merges.empty()) {
    return Fail(
        Status(StatusCode::kInvalidInput, "a byte-level vocabulary needs merges: convert the model again").At("tokenizer.ggml.merges"));
  }
  if (merges.size() > kMaxMerges) return BadMerge(kMaxMerges, merges[kMaxMerges], "is one too many");
  MergeIndex index(merges.size());
  const std::vector<std::string>& pieces = checked.vocabulary.pieces;
  std::string joined;
  int32_t result = kNoToken;
  for (size_t rank = 0; rank < merges.size(); ++rank) {
    const std::string_view merge = merges[rank];
    const size_t space = merge.find(' ', 1);
    if (space == std::string_view::npos || space + 1 == merge.size())
      return BadMerge(rank, merge, "is not two pieces with a space between");
    const std::string_view parts[] = {merge.substr(0, space), merge.substr(space + 1)};
    joined.assign(parts[0]).append(parts[1]);
    // Training numbers tokens in the order of their merges, so the next result is mostly the next id: no need to look it up.
    const size_t guess = static_cast<size_t>(result) + 1;
    result = guess < pieces.size() && pieces[guess] == joined ? static_cast<int32_t>(guess) : checked.index.Find(joined);
    const int32_t ids[] = {checked.index.Find(parts[0]), checked.index.Find(parts[1]), result};
    if (std::ranges::find(ids, kNoToken) != std::end(ids)) return BadMerge(rank, merge, "names a token that is not in the vocabulary");
    // Text may not become a control token, so what would merge into one stays apart.
    const TokenKind kind = checked.vocabulary.kinds[static_cast<size_t>(ids[2])];
    if (kind == TokenKind::kNormal || kind == TokenKind::kUserDefined) index.Insert(ids[0], ids[1], {static_cast<uint32_t>(rank), ids[2]});
  }
  return index;
}

}  // namespace

Result<std::unique_ptr<Tokenizer>> MakeBpeTokenizer(CheckedVocabulary checked) {
  TW_ASSIGN(PreTokenizer pre, PreTokenizer::Make(checked.vocabulary.pre));
  TW_ASSIGN(MergeIndex merges, ReadMerges(checked));
  return std::make_unique<BpeTokenizer>(std::move(checked), std::move(pre), std::move(merges));
}

}  // namespace tradewind
