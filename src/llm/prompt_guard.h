// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Keeps what a person writes from becoming a control token once a chat template has put it beside real ones: each spelling of a control
// token in a message is cut by a mark before rendering, and the rendered text is tokenised in the pieces between the marks.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "text/tokenizer.h"

namespace tradewind {

class PromptGuard {
 public:
  explicit PromptGuard(const Tokenizer& tokenizer);
  // The message with every control token's spelling cut.
  std::string Guard(std::string_view message) const;
  // The ids of a rendered prompt: the template's own control tokens, and text for all else.
  Result<std::vector<int32_t>> Encode(std::string_view rendered) const;

 private:
  const Tokenizer& tokenizer_;
  std::array<std::vector<std::string>, 256> spellings_;  // of control tokens, by their first byte
};

}  // namespace tradewind
