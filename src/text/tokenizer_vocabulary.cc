// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/tokenizer_vocabulary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace tradewind {
namespace {

constexpr size_t kMaxTokens = size_t{1} << 24;
// The cost of a text is at worst its length times this.
constexpr size_t kMaxSpecialBytes = 1024;
constexpr size_t kMaxPieceBytes = 1024;  // of the families that walk a trie from every character

tl::unexpected<Status> Bad(std::string_view field, std::string message) {
  return Fail(Status(StatusCode::kInvalidInput, std::move(message)).At("tokenizer.ggml." + std::string(field)));
}

Result<void> CheckCount(std::string_view field, size_t count, const Vocabulary& vocabulary) {
  if (count == vocabulary.size()) return {};
  return Bad(field,
             "has " + std::to_string(count) + " entries for " + std::to_string(vocabulary.size()) + " tokens: convert the model again");
}

// End an answer wherever they are control tokens.
constexpr std::array<std::string_view, 26> kEnds = {
    "<|im_end|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|end|>",
    "<|end_of_text|>",
    "<end_of_turn>",
    "<|return|>",
    "<|call|>",
    "<|calls|>",
    "<|flush|>",
    "<EOT>",
    "_<EOT>",
    "[EOT]",
    "[EOS]",
    "<eos>",
    "<turn|>",
    "<end_of_utterance>",
    "[e~[",
    "<|fim_pad|>",
    "<fim_pad>",
    "<|repo_name|>",
    "<reponame>",
    "<|file_sep|>",
    "<｜end▁of▁sentence｜>",
    "<fim-pad>",
};

// Control tokens that steer a model but end nothing.
constexpr std::array<std::string_view, 15> kControls = {
    "<|im_start|>",   "<start_of_turn>", "<|start_header_id|>", "<|end_header_id|>", "<|begin_of_text|>",
    "<|fim_prefix|>", "<|fim_middle|>",  "<|fim_suffix|>",      "<fim_prefix>",      "<fim_middle>",
    "<fim_suffix>",   "<fim-prefix>",    "<fim-middle>",        "<fim-suffix>",      "<bos>",
};

bool LooksLikeTag(std::string_view piece) {
  return piece.size() > 2 && ((piece.front() == '<' && piece.back() == '>') || (piece.front() == '[' && piece.back() == ']'));
}

Result<void> CheckScores(const Vocabulary& vocabulary) {
  TW_RETURN_IF_ERROR(CheckCount("scores", vocabulary.scores.size(), vocabulary));
  // Only scores that are added up need to be finite.
  const bool added = vocabulary.model == "t5";
  const auto bad =
      std::ranges::find_if(vocabulary.scores, [added](float score) { return added ? !std::isfinite(score) : std::isnan(score); });
  if (bad == vocabulary.scores.end()) return {};
  return Bad("scores",
             "the score of token " + std::to_string(bad - vocabulary.scores.begin()) + " is not a " + (added ? "finite " : "") + "number");
}

Result<void> CheckFields(const Vocabulary& vocabulary) {
  if (vocabulary.pieces.empty()) return Bad("tokens", "the vocabulary is empty");
  if (vocabulary.size() > kMaxTokens) return Bad("tokens", "has over " + std::to_string(kMaxTokens) + " tokens");
  if (!vocabulary.kinds.empty()) TW_RETURN_IF_ERROR(CheckCount("token_type", vocabulary.kinds.size(), vocabulary));
  if (vocabulary.model == "llama" || vocabulary.model == "t5") TW_RETURN_IF_ERROR(CheckScores(vocabulary));
  const bool walks_trie = vocabulary.model == "bert" || vocabulary.model == "t5";
  for (size_t id = 0; id < vocabulary.size(); ++id) {
    const bool special = id < vocabulary.kinds.size() && vocabulary.kinds[id] != TokenKind::kNormal;
    const size_t limit = special ? kMaxSpecialBytes : walks_trie ? kMaxPieceBytes : SIZE_MAX;
    if (vocabulary.pieces[id].size() <= limit) continue;
    return Bad("tokens",
               (special ? "special token " : "token ") + std::to_string(id) + " is longer than " + std::to_string(limit) + " bytes");
  }
  for (const auto& [name, id] : vocabulary.ids) {
    if (id >= vocabulary.size()) {
      return Bad(name + "_token_id", "is " + std::to_string(id) + ", but there are only " + std::to_string(vocabulary.size()) + " tokens");
    }
  }
  return {};
}

// What encloses a text, where the file does not say: BERT's [CLS] and [SEP], T5's </s>.
void SettleEnclosing(Vocabulary& vocabulary, const PieceIndex& index) {
  const auto settle = [&](const char* name, const char* alias, std::string_view spelling) {
    if (const std::optional<int32_t> id = vocabulary.Id(alias)) {
      vocabulary.ids[name] = static_cast<uint64_t>(*id);
    } else if (const int32_t found = index.Find(spelling); found != kNoToken && !vocabulary.Id(name)) {
      vocabulary.ids[name] = static_cast<uint64_t>(found);
    }
  };
  if (vocabulary.model == "bert") {
    settle("bos", "cls", "[CLS]");
    settle("eos", "seperator", "[SEP]");
  } else if (vocabulary.model == "t5") {
    settle("eos", "eos", "</s>");
  } else {
    return;
  }
  vocabulary.add_eos = vocabulary.add_eos.value_or(true);
}

std::vector<int32_t> SettleControlTokens(Vocabulary& vocabulary, const PieceIndex& index) {
  const auto make_control = [&vocabulary](int32_t id) { vocabulary.kinds[static_cast<size_t>(id)] = TokenKind::kControl; };
  std::vector<int32_t> ends;
  for (const std::string_view spelling : kEnds) {
    const int32_t id = index.Find(spelling);
    if (id == kNoToken) continue;
    make_control(id);
    ends.push_back(id);
  }
  for (const std::string_view spelling : kControls) {
    if (const int32_t id = index.Find(spelling); id != kNoToken) make_control(id);
  }
  // "</s>" is HTML in some vocabularies (Gemma); it is the end where it pairs with a BOS "<s>".
  const int32_t end = index.Find("</s>");
  const int32_t begin = index.Find("<s>");
  if (end != kNoToken &&
      (vocabulary.kinds[static_cast<size_t>(end)] == TokenKind::kControl || (begin != kNoToken && vocabulary.Id("bos") == begin))) {
    make_control(end);
    ends.push_back(end);
  }
  for (const char* name : {"bos", "eos", "eot", "eom"}) {
    const std::optional<int32_t> id = vocabulary.Id(name);
    if (id && LooksLikeTag(vocabulary.pieces[static_cast<size_t>(*id)])) make_control(*id);
  }
  for (const char* name : {"eos", "eot", "eom", "fim_pad", "fim_rep", "fim_sep"}) {
    if (const std::optional<int32_t> id = vocabulary.Id(name)) ends.push_back(*id);
  }
  std::ranges::sort(ends);
  ends.erase(std::ranges::unique(ends).begin(), ends.end());
  return ends;
}

}  // namespace

std::optional<int32_t> Vocabulary::Id(std::string_view name) const {
  const auto found = ids.find(name);
  if (found == ids.end()) return std::nullopt;
  return static_cast<int32_t>(found->second);
}

Result<CheckedVocabulary> CheckVocabulary(Vocabulary vocabulary) {
  TW_RETURN_IF_ERROR(CheckFields(vocabulary));
  vocabulary.kinds.resize(vocabulary.size(), TokenKind::kNormal);
  PieceIndex index(vocabulary.pieces);
  if (const auto twins = index.duplicate()) {
    return Bad("tokens", "tokens " + std::to_string(twins->first) + " and " + std::to_string(twins->second) + " are spelled alike");
  }
  SettleEnclosing(vocabulary, index);
  if (vocabulary.add_bos.value_or(false) && !vocabulary.Id("bos")) {
    return Bad("bos_token_id", "add_bos_token is set, but there is no BOS token");
  }
  std::vector<int32_t> ends = SettleControlTokens(vocabulary, index);
  return CheckedVocabulary{std::move(vocabulary), std::move(index), std::move(ends)};
}

Result<int32_t> SettleUnknown(CheckedVocabulary& checked, std::string_view spelling) {
  const Vocabulary& vocabulary = checked.vocabulary;
  const auto of_kind = std::ranges::find(vocabulary.kinds, TokenKind::kUnknown);
  int32_t id = kNoToken;
  if (const std::optional<int32_t> given = vocabulary.Id("unknown")) {
    id = *given;
  } else if (of_kind != vocabulary.kinds.end()) {
    id = static_cast<int32_t>(of_kind - vocabulary.kinds.begin());
  } else {
    id = checked.index.Find(spelling);
  }
  if (id == kNoToken) return Bad("unknown_token_id", "is missing, and there is no token " + std::string(spelling));
  if (vocabulary.Id("bos") == id || std::ranges::binary_search(checked.ends, id))
    return Bad("unknown_token_id", "is " + std::to_string(id) + ", which starts or ends a text");
  checked.vocabulary.kinds[static_cast<size_t>(id)] = TokenKind::kUnknown;
  return id;
}

}  // namespace tradewind
