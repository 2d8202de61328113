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
  std::string model = "llama";      // tokenizer.ggml.model: "llama" or "gpt2"
  std::string pre = "default";      // tokenizer.ggml.pre: how text is cut into words; "gpt2" only
  std::vector<std::string> pieces;  // tokenizer.ggml.tokens: the spelling of each id
  std::vector<TokenKind> kinds;     // tokenizer.ggml.token_type; empty: all kNormal
  std::vector<float> scores;        // tokenizer.ggml.scores; "llama" only
  std::vector<std::string> merges;  // tokenizer.ggml.merges: "left right", best first; "gpt2" only
  std::map<std::string, uint64_t, std::less<>>
      ids;                               // "bos" -> the value of tokenizer.ggml.bos_token_id; also eos, eot, eom, unknown, fim_*
  std::optional<bool> add_bos;           // nothing: the model's default
  std::optional<bool> add_space_prefix;  // "llama" only; nothing: true
  bool strip_after_special = false;      // phi-3: white space after a special token belongs to it

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

// See tokenizer.h.
Result<std::unique_ptr<Tokenizer>> MakeTokenizer(Vocabulary vocabulary);

}  // namespace tradewind
