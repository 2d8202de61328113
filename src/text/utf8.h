// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// UTF-8 as tokenizers need it: text may hold any bytes, so a byte that is no part of a well-formed character counts as a
// character of its own. Pure functions, thread-safe.
//
//   for (size_t i = 0; i < text.size();) i += Utf8Length(text, i).value_or(1);
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tradewind {

// The bytes of the well-formed character at `text[at]` (Unicode 15, table 3-7: no overlong forms, surrogates or values past
// U+10FFFF); nothing if there is none. `at` < text.size().
std::optional<size_t> Utf8Length(std::string_view text, size_t at);

// The value of the well-formed character of `length` bytes at `text[at]`.
char32_t Utf8Value(std::string_view text, size_t at, size_t length);

// Appends a character; `value` is a Unicode scalar value.
void AppendUtf8(char32_t value, std::string& text);

// How many bytes from the beginning on end with a whole character, where the last one may be yet to come; broken bytes count as whole.
size_t WholeUtf8Bytes(std::string_view text);

// `text` with every byte outside a well-formed character replaced by `filler` (one ASCII byte, so that offsets stay);
// nothing if the text is well-formed as it stands.
std::optional<std::string> ReplaceInvalidUtf8(std::string_view text, char filler);

}  // namespace tradewind
