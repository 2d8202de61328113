// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "recorded/group_index.h"

#include <algorithm>
#include <cassert>

namespace tradewind {
namespace {

constexpr size_t kFirstPlaces = 16;

// The finaliser of splitmix64 over each digit: rows that differ in one low digit land far apart.
uint64_t HashDigits(std::span<const uint32_t> row) {
  uint64_t hash = 0;
  for (const uint32_t digit : row) {
    hash += digit + 0x9e3779b97f4a7c15u;
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
    hash ^= hash >> 31;
  }
  return hash;
}

}  // namespace

size_t GroupIndex::PlaceOf(std::span<const uint32_t> row) const {
  size_t place = HashDigits(row) & (places_.size() - 1);
  for (; places_[place] != kFree; place = (place + 1) & (places_.size() - 1)) {
    const auto at = digits_.begin() + static_cast<std::ptrdiff_t>(places_[place] * width_);
    if (std::equal(row.begin(), row.end(), at)) break;
  }
  return place;
}

void GroupIndex::Grow() {
  places_.assign(std::max(kFirstPlaces, 2 * places_.size()), kFree);
  for (uint32_t i = 0; i < size_; ++i) places_[PlaceOf(std::span(digits_).subspan(i * width_, width_))] = i;
}

std::pair<uint32_t, bool> GroupIndex::Add(std::span<const uint32_t> row) {
  assert(row.size() == width_);
  if (2 * (size_ + 1) > places_.size()) Grow();
  const size_t place = PlaceOf(row);
  if (places_[place] != kFree) return {places_[place], false};
  places_[place] = static_cast<uint32_t>(size_++);
  digits_.insert(digits_.end(), row.begin(), row.end());
  return {places_[place], true};
}

std::optional<uint32_t> GroupIndex::Find(std::span<const uint32_t> row) const {
  assert(row.size() == width_);
  if (places_.empty()) return std::nullopt;
  const uint32_t found = places_[PlaceOf(row)];
  return found == kFree ? std::nullopt : std::optional(found);
}

}  // namespace tradewind
