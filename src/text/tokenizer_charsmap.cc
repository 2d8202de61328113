// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/tokenizer_charsmap.h"

#include <algorithm>

namespace tradewind {
namespace {

constexpr size_t kUnitsAlign = 256;  // then i ^ c stays inside for every byte c
constexpr size_t kMaxUnits = size_t{1} << 24;

bool IsValue(uint32_t unit) {
  return unit >> 31;
}
bool HasValue(uint32_t unit) {
  return (unit >> 8) & 1;
}
uint32_t ValueOf(uint32_t unit) {
  return unit & 0x7FFFFFFF;
}
size_t DistanceOf(uint32_t unit) {
  return static_cast<size_t>((unit & 0x7FFFFFFF) >> 10) << ((unit & 0x200) ? 8 : 0);
}

uint32_t ReadUint32(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) value = (value << 8) | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

tl::unexpected<Status> BadCharsmap(const std::string& why) {
  return Fail(Status(StatusCode::kInvalidInput, "the map of characters " + why + ": convert the model again")
                  .At("tokenizer.ggml.precompiled_charsmap"));
}

Result<void> CheckUnits(const std::vector<uint32_t>& units, std::string_view replacements) {
  for (size_t i = 0; i < units.size(); ++i) {
    if (IsValue(units[i])) continue;
    const size_t children = i ^ DistanceOf(units[i]);
    if (children >= units.size()) return BadCharsmap("has unit " + std::to_string(i) + " pointing outside");
    if (!HasValue(units[i])) continue;
    const uint32_t start = ValueOf(units[children]);
    if (!IsValue(units[children]) || start >= replacements.size()) return BadCharsmap("has no replacement for unit " + std::to_string(i));
    if (replacements.substr(start, Charsmap::kMaxReplacementBytes + 1).find('\0') == std::string_view::npos)
      return BadCharsmap("has a replacement of over " + std::to_string(Charsmap::kMaxReplacementBytes) + " bytes at " +
                         std::to_string(start));
  }
  return {};
}

}  // namespace

Result<Charsmap> Charsmap::Read(std::string_view bytes) {
  Charsmap charsmap;
  if (bytes.empty()) return charsmap;
  if (bytes.size() < 4) return BadCharsmap("ends within its first number");
  const size_t trie_bytes = ReadUint32(bytes, 0);
  if (trie_bytes > bytes.size() - 4)
    return BadCharsmap("has " + std::to_string(bytes.size()) + " bytes, fewer than its trie's " + std::to_string(trie_bytes));
  const size_t count = trie_bytes / 4;
  if (trie_bytes % 4 != 0 || count == 0 || count % kUnitsAlign != 0 || count > kMaxUnits)
    return BadCharsmap("has a trie of " + std::to_string(trie_bytes) + " bytes, not of whole blocks of 1024");
  charsmap.units_.reserve(count);
  for (size_t i = 0; i < count; ++i) charsmap.units_.push_back(ReadUint32(bytes, 4 + 4 * i));
  charsmap.replacements_ = bytes.substr(4 + trie_bytes);
  if (IsValue(charsmap.units_[0])) return BadCharsmap("has a value for its root");
  if (charsmap.replacements_.empty() || charsmap.replacements_.back() != '\0') return BadCharsmap("does not end its last replacement");
  TW_RETURN_IF_ERROR(CheckUnits(charsmap.units_, charsmap.replacements_));
  return charsmap;
}

Charsmap::Match Charsmap::LongestAt(std::string_view text, size_t at) const {
  Match match;
  if (units_.empty()) return match;
  const std::string_view key = text.substr(at, kMaxKeyBytes);
  size_t unit = DistanceOf(units_[0]);
  // No key holds a zero byte: that is the label under which values lie.
  for (size_t i = 0; i < key.size() && key[i] != '\0'; ++i) {
    unit ^= static_cast<uint8_t>(key[i]);
    const uint32_t bits = units_[unit];
    ++match.steps;
    if ((bits & 0x800000FF) != static_cast<uint8_t>(key[i])) break;
    unit ^= DistanceOf(bits);
    if (!HasValue(bits)) continue;
    match.length = i + 1;
    match.replacement = replacements_.data() + ValueOf(units_[unit]);  // up to its zero byte
  }
  return match;
}

}  // namespace tradewind
