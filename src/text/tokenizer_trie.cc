// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/tokenizer_trie.h"

#include <algorithm>

namespace tradewind {

PieceTrie::PieceTrie(std::span<const std::string> pieces, std::vector<int32_t> ids) {
  const auto spelling = [pieces](int32_t id) -> const std::string& { return pieces[static_cast<size_t>(id)]; };
  std::erase_if(ids, [&](int32_t id) { return spelling(id).empty(); });
  std::ranges::sort(ids, {}, spelling);
  // The pieces that go through a node are one range of the sorted ids and share its depth's bytes.
  struct Range {
    size_t low;
    size_t high;
  };
  std::vector<Range> level = {{0, ids.size()}};
  byte_.push_back(0);
  for (size_t depth = 0; !level.empty(); ++depth) {
    std::vector<Range> next;
    for (auto [low, high] : level) {
      const bool ends = low < high && spelling(ids[low]).size() == depth;
      ids_.push_back(ends ? ids[low++] : kNoToken);
      first_child_.push_back(static_cast<uint32_t>(byte_.size()));
      while (low < high) {
        const char byte = spelling(ids[low])[depth];
        size_t end = low + 1;
        while (end < high && spelling(ids[end])[depth] == byte) ++end;
        byte_.push_back(static_cast<uint8_t>(byte));
        next.push_back({low, end});
        low = end;
      }
    }
    level = std::move(next);
  }
  first_child_.push_back(static_cast<uint32_t>(byte_.size()));
  root_children_.fill(kNone);
  for (uint32_t child = first_child_[0]; child < first_child_[1]; ++child) root_children_[byte_[child]] = child;
}

uint32_t PieceTrie::Child(uint32_t node, char byte) const {
  const auto wanted = static_cast<uint8_t>(byte);
  if (node == kRoot) return root_children_[wanted];
  const auto begin = byte_.begin() + first_child_[node];
  const auto end = byte_.begin() + first_child_[node + 1];
  const auto found = std::lower_bound(begin, end, wanted);
  return found != end && *found == wanted ? static_cast<uint32_t>(found - byte_.begin()) : kNone;
}

uint32_t PieceTrie::Walk(uint32_t node, std::string_view bytes) const {
  for (size_t i = 0; i < bytes.size() && node != kNone; ++i) node = Child(node, bytes[i]);
  return node;
}

}  // namespace tradewind
