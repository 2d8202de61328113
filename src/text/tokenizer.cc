// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/tokenizer.h"

#include <algorithm>

#include "text/tokenizer_base.h"

namespace tradewind {
namespace {

constexpr std::string_view kWhiteSpace = " \t\n\v\f\r";

struct Family {
  std::string_view model;
  Result<std::unique_ptr<Tokenizer>> (*make)(CheckedVocabulary);
};
constexpr Family kFamilies[] = {
    {"llama", MakeSpmTokenizer}, {"gpt2", MakeBpeTokenizer}, {"bert", MakeWordPieceTokenizer}, {"t5", MakeUnigramTokenizer}};

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

int ByteOfPiece(std::string_view piece) {
  if (piece.size() != 6 || !piece.starts_with("<0x") || piece[5] != '>') return -1;
  const int high = HexDigit(piece[3]);
  const int low = HexDigit(piece[4]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

std::string SpacesForMarks(std::string_view piece) {
  std::string text;
  for (size_t at = 0; at < piece.size();) {
    const size_t mark = std::min(piece.find(kSpaceMark, at), piece.size());
    text.append(piece.substr(at, mark - at));
    if (mark == piece.size()) break;
    text += ' ';
    at = mark + kSpaceMark.size();
  }
  return text;
}

bool Tokenizer::IsEndOfGeneration(int32_t id) const {
  return std::ranges::binary_search(end_of_generation_, id);
}

TokenizerBase::TokenizerBase(CheckedVocabulary&& checked, bool default_add_bos)
    : pieces_(std::move(checked.vocabulary.pieces)),
      index_(std::move(checked.index)),
      strip_after_special_(checked.vocabulary.strip_after_special) {
  const Vocabulary& vocabulary = checked.vocabulary;
  bos_ = vocabulary.Id("bos");
  eos_ = vocabulary.Id("eos");
  add_bos_ = bos_ && vocabulary.add_bos.value_or(default_add_bos);
  add_eos_ = eos_ && vocabulary.add_eos.value_or(false);
  kinds_ = std::move(checked.vocabulary.kinds);
  end_of_generation_ = std::move(checked.ends);
  std::vector<int32_t> user_defined;
  std::vector<int32_t> all;
  for (int32_t id = 0; id < vocab_size(); ++id) {
    const TokenKind token_kind = kind(id);
    if (token_kind == TokenKind::kUserDefined) user_defined.push_back(id);
    if (token_kind == TokenKind::kUserDefined || token_kind == TokenKind::kControl || token_kind == TokenKind::kUnknown) all.push_back(id);
  }
  user_defined_ = SpecialMatcher(pieces_, std::move(user_defined));
  all_special_ = SpecialMatcher(pieces_, std::move(all));
}

bool TokenizerBase::IsText(int32_t id) const {
  return kind(id) == TokenKind::kNormal || kind(id) == TokenKind::kUserDefined;
}

std::string_view TokenizerBase::Piece(int32_t id) const {
  return id >= 0 && id < vocab_size() ? std::string_view(PieceAt(id)) : std::string_view();
}

bool TokenizerBase::StripsAfter(int32_t id) const {
  return strip_after_special_ && PieceAt(id) != "<s>" && PieceAt(id) != "<unk>" && PieceAt(id) != "<|endoftext|>";
}

Result<std::vector<int32_t>> TokenizerBase::Encode(std::string_view text, SpecialTokens special) const {
  TW_ASSIGN(Encoded encoded, EncodeCounting(text, special));
  return std::move(encoded.ids);
}

Result<Encoded> TokenizerBase::EncodeCounting(std::string_view text, SpecialTokens special) const {
  if (text.size() > kMaxEncodeBytes) {
    return Fail(StatusCode::kInvalidInput, "the text has " + std::to_string(text.size()) + " bytes; at most " +
                                               std::to_string(kMaxEncodeBytes) + " are encoded at once: split it");
  }
  const SpecialMatcher& matcher = special == SpecialTokens::kParse ? all_special_ : user_defined_;
  Encoded encoded;
  bool opens = true;
  for (size_t at = 0; at < text.size();) {
    const SpecialMatcher::Match match = matcher.Next(text, at);
    if (match.begin > at) {
      const bool closes = match.id == kNoToken || kind(match.id) != TokenKind::kUserDefined;
      TW_RETURN_IF_ERROR(EncodeStretch({text.substr(at, match.begin - at), opens, closes}, encoded));
    }
    at = match.begin + match.length;
    if (match.id == kNoToken) break;
    encoded.ids.push_back(match.id);
    opens = kind(match.id) != TokenKind::kUserDefined;
    if (StripsAfter(match.id)) at = std::min(text.find_first_not_of(kWhiteSpace, at), text.size());
  }
  return encoded;
}

std::string TokenizerBase::Decode(int32_t id, bool render_special) const {
  if (id < 0 || id >= vocab_size()) return {};
  switch (kind(id)) {
    case TokenKind::kControl:
    case TokenKind::kUnknown: return render_special ? PieceAt(id) : std::string();
    case TokenKind::kUserDefined: return PieceAt(id);
    case TokenKind::kUnused: return {};
    case TokenKind::kByte: {
      const int byte = ByteOfPiece(PieceAt(id));
      return byte < 0 ? PieceAt(id) : std::string(1, static_cast<char>(byte));
    }
    case TokenKind::kNormal: break;
  }
  return DecodeNormal(id);
}

std::string TokenizerBase::DecodeAll(std::span<const int32_t> ids, bool render_special) const {
  std::string text;
  bool at_start = adds_space_;
  for (const int32_t id : ids) {
    const std::string bytes = Decode(id, render_special);
    const bool is_text = id >= 0 && id < vocab_size() && kind(id) == TokenKind::kNormal;
    // The encoder's own space; control tokens before it change nothing.
    text.append(bytes, at_start && is_text && bytes.starts_with(' ') ? 1 : 0);
    if (!bytes.empty()) at_start = false;
  }
  return text;
}

Result<std::unique_ptr<Tokenizer>> MakeTokenizer(Vocabulary vocabulary) {
  const auto family = std::ranges::find(kFamilies, vocabulary.model, &Family::model);
  if (family == std::end(kFamilies)) {
    return Fail(Status(StatusCode::kUnsupported,
                       "the tokenizer \"" + vocabulary.model + "\" is not supported: \"llama\", \"gpt2\", \"bert\" and \"t5\" are")
                    .At("tokenizer.ggml.model"));
  }
  TW_ASSIGN(CheckedVocabulary checked, CheckVocabulary(std::move(vocabulary)));
  return family->make(std::move(checked));
}

}  // namespace tradewind
