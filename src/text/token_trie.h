// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TokenTrie: a vocabulary's tokens by their bytes, in preorder, so that one pass without pointers visits every token whose beginning is
// allowed and jumps over the others. Made once a tokenizer. Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tradewind {

class TokenTrie {
 public:
  struct Node {
    int32_t end;         // the node after all that begin with this one's bytes
    int32_t tokens_end;  // its tokens end here in tokens(); they begin where the node before it ends
    uint16_t depth;      // bytes from the root: 1 for a first byte
    uint8_t byte;
  };

  // The bytes of each id; an empty one is no text and never allowed. Tokens of over 65,535 bytes are left out.
  explicit TokenTrie(std::span<const std::string> tokens);

  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<int32_t>& tokens() const { return tokens_; }
  size_t vocab_size() const { return vocab_size_; }
  size_t max_depth() const { return max_depth_; }

 private:
  std::vector<Node> nodes_;
  std::vector<int32_t> tokens_;
  size_t vocab_size_;
  size_t max_depth_ = 0;
};

}  // namespace tradewind
