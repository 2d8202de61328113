// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/token_trie.h"

#include <algorithm>
#include <string_view>

namespace tradewind {

TokenTrie::TokenTrie(std::span<const std::string> tokens) : vocab_size_(tokens.size()) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].empty() && tokens[i].size() <= UINT16_MAX) tokens_.push_back(static_cast<int32_t>(i));
  }
  const auto bytes = [&](int32_t id) { return std::string_view(tokens[static_cast<size_t>(id)]); };
  std::sort(tokens_.begin(), tokens_.end(), [&](int32_t a, int32_t b) {
    const int order = bytes(a).compare(bytes(b));
    return order < 0 || (order == 0 && a < b);
  });
  std::vector<size_t> path;  // the nodes from the root to the last one
  std::string_view before;
  const auto close = [&](size_t depth) {
    for (; path.size() > depth; path.pop_back()) nodes_[path.back()].end = static_cast<int32_t>(nodes_.size());
  };
  for (size_t i = 0; i < tokens_.size(); ++i) {
    const std::string_view text = bytes(tokens_[i]);
    const auto shared = static_cast<size_t>(std::mismatch(text.begin(), text.end(), before.begin(), before.end()).first - text.begin());
    if (shared < text.size()) close(shared);
    for (size_t d = path.size(); d < text.size(); ++d) {
      path.push_back(nodes_.size());
      nodes_.push_back({0, static_cast<int32_t>(i), static_cast<uint16_t>(d + 1), static_cast<uint8_t>(text[d])});
    }
    nodes_.back().tokens_end = static_cast<int32_t>(i + 1);
    max_depth_ = std::max(max_depth_, text.size());
    before = text;
  }
  close(0);
}

}  // namespace tradewind
