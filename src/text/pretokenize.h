// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How byte-level vocabularies cut a text into words before merging: a list of regular expressions, each applied to what the one
// before has left, where both the matches and the gaps become words. Compiled by PCRE2 with limits; immutable and thread-safe.
//
//   TW_ASSIGN(PreTokenizer pre, PreTokenizer::Make("qwen2"));
//   TW_ASSIGN(std::vector<uint32_t> lengths, pre.Split("it's 12"));   // 2, 2, 1, 1, 1
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

class PreTokenizer {
 public:
  // By the name in tokenizer.ggml.pre; kUnsupported for one that is not known.
  static Result<PreTokenizer> Make(std::string_view name);
  PreTokenizer(PreTokenizer&&) noexcept;
  PreTokenizer& operator=(PreTokenizer&&) noexcept;
  ~PreTokenizer();

  // The lengths of the words in bytes, which add up to the text's. Any bytes: one outside a well-formed character is neither letter, digit
  // nor space. kResourceExhausted if a limit of the matcher is reached.
  Result<std::vector<uint32_t>> Split(std::string_view text) const;

  // A word that is a whole token is that token, whatever the merges say.
  bool ignores_merges() const { return ignores_merges_; }
  bool adds_bos() const { return adds_bos_; }  // unless the file says otherwise

 private:
  struct Pattern;
  PreTokenizer();
  std::vector<std::unique_ptr<Pattern>> patterns_;
  bool ignores_merges_ = false;
  bool adds_bos_ = false;
};

}  // namespace tradewind
