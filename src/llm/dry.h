// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// DRY (its author's description: github.com/oobabooga/text-generation-webui/pull/5637): a token that would lengthen a repetition of what
// was written loses multiplier * base^(length - allowed_length), where length counts the tokens repeated so far. Breakers (line ends,
// quotation marks, ...) end what counts as repeated. Linear in the tokens.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"

namespace tradewind {

// Which tokens end with or inside a breaker: those in whose bytes an occurrence of one in the text ends. Linear, one token at a time.
class DryBreaks {
 public:
  explicit DryBreaks(std::vector<std::string> breakers);
  void Add(std::string_view bytes);
  std::span<const uint8_t> marks() const { return marks_; }

 private:
  std::vector<std::string> breakers_;
  size_t keep_ = 0;  // bytes of the text's end that a breaker may begin in
  std::string tail_;
  std::vector<uint8_t> marks_;
};

// For each token that has followed what the tokens end with: the longest such end, in tokens. It holds no break, and the token itself is
// none. `breaks` is as long as `tokens`, or empty for none. By the Z function of the tokens from back to front.
std::map<int32_t, int64_t> RepeatedEnds(std::span<const int32_t> tokens, std::span<const uint8_t> breaks);

void PenalizeDry(const Sampling& options, std::span<const int32_t> tokens, std::span<const uint8_t> breaks, std::span<float> logits);

}  // namespace tradewind
