// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A vocabulary as a plain struct: what a GGUF file's tokenizer.ggml.* says, or what a test makes up. MakeTokenizer checks it,
// so nothing here needs to be right. Thread-compatible.
//
//   Vocabulary vocabulary;
//   vocabulary.pieces = {"<unk>", "a", "b", "ab"};
//   TW_ASSIGN(std::unique_ptr<Tokenizer> tokenizer, MakeTokenizer(std::move(vocabulary)));
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "text/tokenizer.h"
#include "text/tokenizer_index.h"

namespace tradewind {

struct Vocabulary {
  std::string model = "llama";                       // tokenizer.ggml.model: "llama", "gpt2", "bert" or "t5"
  std::string pre = "default";                       // tokenizer.ggml.pre: how text is cut into words; "gpt2" only
  std::vector<std::string> pieces;                   // tokenizer.ggml.tokens: the spelling of each id
  std::vector<TokenKind> kinds;                      // tokenizer.ggml.token_type; empty: all kNormal
  std::vector<float> scores;                         // tokenizer.ggml.scores; "llama" and "t5" only
  std::vector<std::string> merges;                   // tokenizer.ggml.merges: "left right", best first; "gpt2" only
  std::map<std::string, uint64_t, std::less<>> ids;  // "bos" -> the value of tokenizer.ggml.bos_token_id; also eos, eot, eom, unknown,
                                                     // fim_*; cls and seperator (so spelled) of "bert"
  std::optional<bool> add_bos;                       // nothing: the model's default
  std::optional<bool> add_eos;                       // nothing: true for "bert" and "t5"
  std::optional<bool> add_space_prefix;              // "llama" and "t5"; nothing: true
  bool remove_extra_spaces = false;                  // "t5" only: runs of spaces become one, those at either end none
  std::string charsmap;                              // tokenizer.ggml.precompiled_charsmap, "t5" only: see tokenizer_charsmap.h
  bool lowercase = true;                             // "bert" only
  std::optional<bool> strip_accents;                 // "bert" only; nothing: as lowercase
  bool strip_after_special = false;                  // phi-3: white space after a special token belongs to it

  std::optional<int32_t> Id(std::string_view name) const;
  size_t size() const { return pieces.size(); }
};

// Reads tokenizer.ggml.* (and general.name). kNotFound, kInvalidInput or kUnsupported name the field.
Result<Vocabulary> ReadVocabulary(const GgufMetadata& metadata);

struct CheckedVocabulary {
  Vocabulary vocabulary;      // one kind for each piece
  PieceIndex index;           // of the pieces; moves with them
  std::vector<int32_t> ends;  // the ids that end an answer, sorted
};

// Checks all but the merges; kInvalidInput names the field whose length, ids or contents are wrong. Files mark some control tokens as
// ordinary or user-defined text: those that are spelled like one (and BOS and EOS, if they look like tags) become kControl, as in
// llama.cpp, so that no user's text can yield them.
Result<CheckedVocabulary> CheckVocabulary(Vocabulary vocabulary);

// The token of what no other spells, for vocabularies that cannot do without: the file's, the one of kind kUnknown, or the one spelled
// `spelling`. It becomes kUnknown. kInvalidInput if there is none, or if text would yield a token that starts or ends it.
Result<int32_t> SettleUnknown(CheckedVocabulary& checked, std::string_view spelling);

// See tokenizer.h.
Result<std::unique_ptr<Tokenizer>> MakeTokenizer(Vocabulary vocabulary);

}  // namespace tradewind
