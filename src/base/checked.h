// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Unsigned arithmetic on numbers out of files and flags: nullopt instead of a silent wrap-around. The operands may themselves
// be nullopt, so that a whole size is computed first and checked once. Thread-safe.
//
//   auto bytes = CheckedMul(CheckedMul(rows, columns), sizeof(float));
//   if (!bytes || *bytes > file_size) return Fail(...);
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <utility>

namespace tradewind {

using CheckedU64 = std::optional<uint64_t>;

constexpr CheckedU64 CheckedAdd(CheckedU64 a, CheckedU64 b) {
  uint64_t sum = 0;
  if (!a || !b || __builtin_add_overflow(*a, *b, &sum)) return std::nullopt;
  return sum;
}

constexpr CheckedU64 CheckedSub(CheckedU64 a, CheckedU64 b) {
  if (!a || !b || *b > *a) return std::nullopt;
  return *a - *b;
}

constexpr CheckedU64 CheckedMul(CheckedU64 a, CheckedU64 b) {
  uint64_t product = 0;
  if (!a || !b || __builtin_mul_overflow(*a, *b, &product)) return std::nullopt;
  return product;
}

// The next multiple of `step` that is at least `value`; nullopt also for step 0.
constexpr CheckedU64 CheckedRoundUp(CheckedU64 value, uint64_t step) {
  if (!value || step == 0) return std::nullopt;
  const uint64_t rest = *value % step;
  return rest == 0 ? value : CheckedAdd(value, step - rest);
}

// The value as another integer type, if it fits.
template <std::integral To, std::integral From>
constexpr std::optional<To> CheckedCast(From value) {
  if (!std::in_range<To>(value)) return std::nullopt;
  return static_cast<To>(value);
}

}  // namespace tradewind
