// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Text to token ids and back, for the vocabularies that GGUF files carry. Built once from the file's metadata; immutable and
// thread-safe afterwards. A user's text never yields a control token unless SpecialTokens::kParse is asked for.
//
//   TW_ASSIGN(std::unique_ptr<Tokenizer> tokenizer, MakeTokenizer(file.metadata()));
//   TW_ASSIGN(std::vector<int32_t> ids, tokenizer->Encode("Hello", SpecialTokens::kAsText));
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

class GgufMetadata;

enum class SpecialTokens {
  kAsText,  // "<|im_end|>" in the text is nine ordinary characters
  kParse,   // spellings of control and user-defined tokens become those tokens: for rendered chat templates only
};

enum class TokenKind : uint8_t { kNormal, kUnknown, kControl, kUserDefined, kUnused, kByte };

class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  // The ids of `text`, byte for byte (any bytes, also invalid UTF-8), without BOS or EOS. Time is linear in the text, times a logarithm for
  // "llama" and "gpt2"; the stack does not grow with it. "bert" and "t5" normalise the text first (case, accents, white space), and what
  // their vocabulary cannot spell is the unknown token, invalid UTF-8 too; a "t5" vocabulary with byte tokens spells it with those.
  // kInvalidInput if the text is over 64 MiB.
  virtual Result<std::vector<int32_t>> Encode(std::string_view text, SpecialTokens special) const = 0;

  // The bytes that a token stands for in a running text. Control tokens give nothing unless `render_special`. A token may be part of a
  // character: join the bytes before showing them. An id outside the vocabulary gives nothing.
  virtual std::string Decode(int32_t id, bool render_special) const = 0;
  // The text of a sequence; SentencePiece's leading space is dropped where the encoder adds one.
  virtual std::string DecodeAll(std::span<const int32_t> ids, bool render_special) const = 0;

  int32_t vocab_size() const { return static_cast<int32_t>(kinds_.size()); }
  TokenKind kind(int32_t id) const { return kinds_[static_cast<size_t>(id)]; }
  // The spelling in the vocabulary, as the file has it.
  virtual std::string_view Piece(int32_t id) const = 0;
  std::optional<int32_t> bos() const { return bos_; }
  std::optional<int32_t> eos() const { return eos_; }
  bool add_bos() const { return add_bos_; }
  // Whether the model asks for eos() at the end of its input, as T5 does, and BERT, whose eos() is [SEP] and bos() [CLS].
  bool add_eos() const { return add_eos_; }
  // Tokens that end an answer: EOS, EOT, and the vocabulary's <|im_end|>, <|endoftext|>, <end_of_turn>, ... where they are control tokens.
  bool IsEndOfGeneration(int32_t id) const;

 protected:
  std::vector<TokenKind> kinds_;
  std::vector<int32_t> end_of_generation_;  // sorted
  std::optional<int32_t> bos_;
  std::optional<int32_t> eos_;
  bool add_bos_ = false;
  bool add_eos_ = false;
};

// Reads tokenizer.ggml.*: models "llama" (SentencePiece BPE by score), "gpt2" (byte-level BPE by merge rank, with the pre-tokenizers
// default/gpt-2, llama-bpe, qwen2, smollm), "bert" (WordPiece) and "t5" (SentencePiece unigram). kUnsupported names another model or
// pre-tokenizer; kInvalidInput names a broken field. Copies what it needs: the metadata need not outlive it.
Result<std::unique_ptr<Tokenizer>> MakeTokenizer(const GgufMetadata& metadata);

}  // namespace tradewind
