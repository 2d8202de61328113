// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/tokenizer_index.h"

#include <algorithm>
#include <bit>
#include <functional>

namespace tradewind {
namespace {

// At most half full.
size_t SlotCount(size_t entries) {
  return std::bit_ceil(2 * entries + 2);
}

uint64_t Pair(int32_t left, int32_t right) {
  return (static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32) | static_cast<uint32_t>(right);
}

}  // namespace

PieceIndex::PieceIndex(std::span<const std::string> pieces) : pieces_(pieces), slots_(SlotCount(pieces.size()), kNoToken) {
  const size_t mask = slots_.size() - 1;
  for (size_t id = 0; id < pieces.size(); ++id) {
    const std::string_view piece = pieces[id];
    if (piece.empty()) continue;
    longest_ = std::max(longest_, piece.size());
    size_t slot = std::hash<std::string_view>{}(piece)&mask;
    while (slots_[slot] != kNoToken && pieces[static_cast<size_t>(slots_[slot])] != piece) slot = (slot + 1) & mask;
    if (slots_[slot] == kNoToken) {
      slots_[slot] = static_cast<int32_t>(id);
    } else if (!duplicate_) {
      duplicate_ = {slots_[slot], static_cast<int32_t>(id)};
    }
  }
}

int32_t PieceIndex::Find(std::string_view piece) const {
  if (piece.empty() || piece.size() > longest_) return kNoToken;
  const size_t mask = slots_.size() - 1;
  for (size_t slot = std::hash<std::string_view>{}(piece)&mask; slots_[slot] != kNoToken; slot = (slot + 1) & mask) {
    if (pieces_[static_cast<size_t>(slots_[slot])] == piece) return slots_[slot];
  }
  return kNoToken;
}

MergeIndex::MergeIndex(size_t capacity) : slots_(SlotCount(capacity)) {}

size_t MergeIndex::Start(uint64_t pair) const {
  // The finaliser of MurmurHash3: ids are dense, and their low bits alone would cluster.
  pair ^= pair >> 33;
  pair *= 0xFF51AFD7ED558CCDULL;
  pair ^= pair >> 33;
  return static_cast<size_t>(pair) & (slots_.size() - 1);
}

void MergeIndex::Insert(int32_t left, int32_t right, Merge merge) {
  const uint64_t pair = Pair(left, right);
  size_t slot = Start(pair);
  while (slots_[slot].merge.result != kNoToken) {
    if (slots_[slot].pair == pair) return;
    slot = (slot + 1) & (slots_.size() - 1);
  }
  slots_[slot] = {pair, merge};
}

const Merge* MergeIndex::Find(int32_t left, int32_t right) const {
  if (left < 0 || right < 0 || slots_.empty()) return nullptr;
  const uint64_t pair = Pair(left, right);
  for (size_t slot = Start(pair); slots_[slot].merge.result != kNoToken; slot = (slot + 1) & (slots_.size() - 1)) {
    if (slots_[slot].pair == pair) return &slots_[slot].merge;
  }
  return nullptr;
}

}  // namespace tradewind
