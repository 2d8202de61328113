// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Python's string operations on UTF-8: positions count code points, white space and letter case are Unicode's. Invalid
// bytes count as one code point each and pass through unchanged. Pure functions; the callers count the work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tradewind::jinja {

// Bytes of the code point at pos (pos < text.size()).
size_t CodePointBytes(std::string_view text, size_t pos);
// Its value; an invalid byte gives 0xDC00 + byte.
char32_t CodePointAt(std::string_view text, size_t pos);
size_t CodePoints(std::string_view text);
// Byte offset of the code point with this index (text.size() past the end).
size_t ByteOffset(std::string_view text, size_t index);
void AppendCodePoint(std::string* out, char32_t code);

bool IsSpace(char32_t code);
bool IsWordCharacter(char32_t code);
bool IsLower(std::string_view text);
bool IsUpper(std::string_view text);
bool IsDigits(std::string_view text);
bool IsAlphabetic(std::string_view text, bool or_digit);
bool IsAllSpace(std::string_view text);

// Simple case mapping (one code point to one), and German sharp s to SS.
std::string Lower(std::string_view text);
std::string Upper(std::string_view text);
std::string Capitalize(std::string_view text);
std::string Title(std::string_view text);        // str.title()
std::string TitleFilter(std::string_view text);  // the `title` filter: words end at spaces, hyphens and brackets only
std::string SwapCase(std::string_view text);

// Without the leading and trailing characters that are in `set` (white space without a set).
std::string_view Strip(std::string_view text, std::optional<std::string_view> set, bool left, bool right);

// Linear-time search.
size_t FindText(std::string_view text, std::string_view wanted, size_t from);
size_t FindLastText(std::string_view text, std::string_view wanted, size_t end);
size_t CountText(std::string_view text, std::string_view wanted);

// str.split and str.rsplit: at white space without a separator; max < 0 is no limit. The separator must not be empty.
std::vector<std::string_view> Split(std::string_view text, std::optional<std::string_view> separator, int64_t max);
std::vector<std::string_view> SplitRight(std::string_view text, std::optional<std::string_view> separator, int64_t max);
std::vector<std::string_view> SplitLines(std::string_view text, bool keep_ends);

}  // namespace tradewind::jinja
