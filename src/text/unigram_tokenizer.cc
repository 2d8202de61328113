// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <memory>

#include "text/tokenizer_base.h"
#include "text/tokenizer_charsmap.h"
#include "text/tokenizer_trie.h"
#include "text/utf8.h"

namespace tradewind {
namespace {

constexpr size_t kMaxNormalizedBytes = size_t{1} << 28;
constexpr double kUnknownPenalty = 10;  // below the worst piece's log-probability, SentencePiece's constant

// SentencePiece's unigram model (arXiv:1804.10959): of all ways to spell the normalised text in pieces, the one of the greatest sum of
// log-probabilities, by Viterbi's algorithm; of equal sums the one whose last piece is the longest.
class UnigramTokenizer : public TokenizerBase {
 public:
  UnigramTokenizer(CheckedVocabulary checked, int32_t unknown, Charsmap charsmap);

 protected:
  Result<void> EncodeStretch(const TextStretch& stretch, Encoded& encoded) const override;
  std::string DecodeNormal(int32_t id) const override { return SpacesForMarks(PieceAt(id)); }

 private:
  Result<std::string> Normalize(const TextStretch& stretch, uint64_t& steps) const;
  // For each character boundary that is a piece's end on a best path: that piece, or minus the length of an unknown character.
  std::vector<int32_t> BestEnds(std::string_view text, uint64_t& steps) const;
  void Emit(std::string_view text, const std::vector<int32_t>& ends, std::vector<int32_t>& ids) const;
  bool EmitBytes(std::string_view character, std::vector<int32_t>& ids) const;

  Charsmap charsmap_;
  PieceTrie trie_;
  std::vector<float> scores_;
  std::array<int32_t, 256> byte_tokens_;
  int32_t unknown_;
  double unknown_score_ = 0;
  bool remove_extra_spaces_;
};

UnigramTokenizer::UnigramTokenizer(CheckedVocabulary checked, int32_t unknown, Charsmap charsmap)
    : TokenizerBase(std::move(checked), false), charsmap_(std::move(charsmap)), unknown_(unknown) {
  scores_ = std::move(checked.vocabulary.scores);
  adds_space_ = checked.vocabulary.add_space_prefix.value_or(true);
  remove_extra_spaces_ = checked.vocabulary.remove_extra_spaces;
  byte_tokens_.fill(kNoToken);
  std::vector<int32_t> ids;
  std::vector<int32_t> user_defined;
  float worst = 0;
  float best = 0;
  for (int32_t id = 0; id < vocab_size(); ++id) {
    if (IsText(id)) ids.push_back(id);
    if (kind(id) == TokenKind::kNormal) {
      worst = std::min(worst, scores_[static_cast<size_t>(id)]);
      best = std::max(best, scores_[static_cast<size_t>(id)]);
    } else if (kind(id) == TokenKind::kUserDefined) {
      user_defined.push_back(id);
    } else if (const int byte = ByteOfPiece(PieceAt(id)); kind(id) == TokenKind::kByte && byte >= 0) {
      byte_tokens_[static_cast<size_t>(byte)] = id;
    }
  }
  // User-defined tokens that only normalising spells out win over pieces, as in SentencePiece.
  for (const int32_t id : user_defined) scores_[static_cast<size_t>(id)] = static_cast<float>(PieceAt(id).size()) * best - 0.1F;
  unknown_score_ = double{worst} - kUnknownPenalty;
  trie_ = PieceTrie(pieces_, std::move(ids));
}

Result<std::string> UnigramTokenizer::Normalize(const TextStretch& stretch, uint64_t& steps) const {
  std::string text;
  text.reserve(stretch.text.size() + stretch.text.size() / 2 + kSpaceMark.size());
  bool after_space = remove_extra_spaces_ && stretch.opens;
  bool empty = true;  // a text that normalises to nothing gets no space in front either
  const auto put = [&](char c) {
    if (c == ' ' && after_space && remove_extra_spaces_) return;
    if (empty && adds_space_ && stretch.opens) text += kSpaceMark;
    empty = false;
    after_space = c == ' ';
    if (c == ' ') {
      text += kSpaceMark;
    } else {
      text += c;
    }
  };
  for (size_t at = 0; at < stretch.text.size();) {
    const Charsmap::Match match = charsmap_.LongestAt(stretch.text, at);
    steps += 1 + match.steps;
    const size_t length = match.length ? match.length : Utf8Length(stretch.text, at).value_or(1);
    for (const char c : match.length ? match.replacement : stretch.text.substr(at, length)) put(c);
    at += length;
    if (text.size() > kMaxNormalizedBytes) return Fail(StatusCode::kInvalidInput, "the normalised text is too long: split it");
  }
  while (remove_extra_spaces_ && stretch.closes && text.ends_with(kSpaceMark)) text.resize(text.size() - kSpaceMark.size());
  return text;
}

std::vector<int32_t> UnigramTokenizer::BestEnds(std::string_view text, uint64_t& steps) const {
  // No piece is longer than the longest, so the sums of that many places ahead are all that is needed. Each sum of floats is exact in
  // double for texts of ordinary length: what is equal compares equal.
  const size_t window = std::bit_ceil(std::max<size_t>(index_.longest(), 4) + 1);
  std::vector<double> sums(window);
  std::vector<int32_t> ends(text.size() + 1);
  std::vector<bool> reached(text.size() + 1);
  const auto reach = [&](size_t end, double sum, int32_t what) {
    double& best = sums[end & (window - 1)];
    if (reached[end] && sum <= best) return;
    reached[end] = true;
    best = sum;
    ends[end] = what;
  };
  for (size_t at = 0; at < text.size();) {
    const size_t length = Utf8Length(text, at).value_or(1);
    const double sum = sums[at & (window - 1)];
    bool has_character = false;
    uint32_t node = PieceTrie::kRoot;
    for (size_t end = at; end < text.size();) {
      node = trie_.Child(node, text[end++]);
      ++steps;
      if (node == PieceTrie::kNone) break;
      const int32_t id = trie_.Id(node);
      if (id == kNoToken) continue;
      has_character |= end - at == length;
      reach(end, sum + scores_[static_cast<size_t>(id)], id);
    }
    if (!has_character) reach(at + length, sum + unknown_score_, -static_cast<int32_t>(length));
    at += length;
  }
  return ends;
}

bool UnigramTokenizer::EmitBytes(std::string_view character, std::vector<int32_t>& ids) const {
  for (const char c : character) {
    if (byte_tokens_[static_cast<uint8_t>(c)] == kNoToken) return false;
  }
  for (const char c : character) ids.push_back(byte_tokens_[static_cast<uint8_t>(c)]);
  return true;
}

void UnigramTokenizer::Emit(std::string_view text, const std::vector<int32_t>& ends, std::vector<int32_t>& ids) const {
  std::vector<int32_t> path;  // backwards
  for (size_t end = text.size(); end > 0;) {
    path.push_back(ends[end]);
    end -= ends[end] < 0 ? static_cast<size_t>(-ends[end]) : PieceAt(ends[end]).size();
  }
  size_t at = 0;
  bool after_unknown = false;
  for (size_t i = path.size(); i-- > 0;) {
    const int32_t step = path[i];
    if (step >= 0) {
      ids.push_back(step);
      at += PieceAt(step).size();
      after_unknown = false;
      continue;
    }
    const auto length = static_cast<size_t>(-step);
    const bool spelled = EmitBytes(text.substr(at, length), ids);
    if (!spelled && !after_unknown) ids.push_back(unknown_);  // one for a run of unknown characters
    after_unknown = !spelled;
    at += length;
  }
}

Result<void> UnigramTokenizer::EncodeStretch(const TextStretch& stretch, Encoded& encoded) const {
  TW_ASSIGN(const std::string text, Normalize(stretch, encoded.steps));
  Emit(text, BestEnds(text, encoded.steps), encoded.ids);
  return {};
}

}  // namespace

Result<std::unique_ptr<Tokenizer>> MakeUnigramTokenizer(CheckedVocabulary checked) {
  TW_ASSIGN(const int32_t unknown, SettleUnknown(checked, "<unk>"));
  TW_ASSIGN(Charsmap charsmap, Charsmap::Read(checked.vocabulary.charsmap));
  return std::make_unique<UnigramTokenizer>(std::move(checked), unknown, std::move(charsmap));
}

}  // namespace tradewind
