// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Jinja source to tokens, with white space handled as transformers sets jinja2 up: trim_blocks, lstrip_blocks, and the
// signs - and + at the tags. Raw blocks and comments are resolved here. Throws Failure on a syntax error.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tradewind::jinja {

enum class TokenKind : uint8_t { kData, kPrintBegin, kPrintEnd, kBlockBegin, kBlockEnd, kName, kString, kInteger, kFloat, kOperator, kEnd };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  uint32_t offset = 0;    // in the normalised source
  std::string_view text;  // data, name, operator; a string with its escapes resolved
  int64_t integer = 0;
  double real = 0;
};

// Newlines become \n and one at the end is dropped, as jinja2 does.
std::string NormalizeSource(std::string_view source);

// Token texts point into `source` (normalised) or into `strings`.
std::vector<Token> Tokenize(std::string_view source, std::deque<std::string>* strings);

// A token as a message shows it.
std::string Describe(const Token& token);

}  // namespace tradewind::jinja
