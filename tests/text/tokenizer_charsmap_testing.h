// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Precompiled maps of characters made by hand, unit by unit, for tests and fuzzing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tradewind {

inline uint32_t CharsmapUnit(uint32_t distance, char label, bool has_value) {
  return (distance << 10) | (has_value ? 0x100U : 0U) | static_cast<uint8_t>(label);
}
inline uint32_t CharsmapValue(uint32_t start) {
  return 0x80000000U | start;
}

inline std::string CharsmapBytes(const std::vector<uint32_t>& units, const std::string& replacements) {
  std::string bytes;
  const auto put = [&bytes](uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(value >> shift));
  };
  put(static_cast<uint32_t>(4 * units.size()));
  for (const uint32_t unit : units) put(unit);
  return bytes + replacements;
}

// "a" becomes "xy", "ab" a space, "c" nothing.
inline std::vector<uint32_t> TinyCharsmapUnits() {
  std::vector<uint32_t> units(256, CharsmapUnit(0, '\0', false));
  units['a'] = CharsmapUnit(1, 'a', true);  // children at 'a' ^ 1 ^ byte
  units['a' ^ 1] = CharsmapValue(0);        // the child for byte 0: the value
  units['a' ^ 1 ^ 'b'] = CharsmapUnit(4, 'b', true);
  units['a' ^ 1 ^ 'b' ^ 4] = CharsmapValue(3);
  units['c'] = CharsmapUnit(8, 'c', true);
  units['c' ^ 8] = CharsmapValue(5);
  return units;
}
inline const std::string kTinyReplacements("xy\0 \0\0", 6);

}  // namespace tradewind
