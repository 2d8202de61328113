// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// PrefixTree: which pages hold the keys and values of which beginnings of texts, one tree a space (a radix tree over tokens in units of
// pages, the idea of SGLang's RadixAttention, arXiv:2312.07104). A node is a page and the tokens whose keys and values are valid in it:
// whole pages are shared, of the last page the common part is copied. The writer of a page may go on behind what the tree says is valid.
// Bounded by the pages there are; no recursion. Keeps pages in the pool, uses none. Not thread-safe.
//
//   tree.Insert("key 7", tokens, pages);            // what has been computed
//   PrefixMatch match = tree.Find("key 7", prompt);  // match.pages to be used, match.partial to be copied
//   while (pool.free() == 0 && tree.EvictOne()) {}
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "sched/page_pool.h"
#include "sched/step.h"

namespace tradewind {

struct PrefixMatch {
  std::vector<PageId> pages;      // whole, from position 0 on
  PageId partial = -1;            // its first positions go on behind them; -1: none
  int64_t partial_positions = 0;  // of them
  int64_t positions = 0;          // of all together
};

class PrefixTree {
 public:
  // The pool outlives the tree.
  PrefixTree(PagePool& pool, int64_t page_positions);

  // The longest beginning of the tokens that is there. Changes nothing.
  PrefixMatch Find(const std::string& space, std::span<const int32_t> tokens) const;
  // These were of use just now, so that others are evicted first.
  void Touch(const PrefixMatch& match);
  // The tokens' keys and values lie in these pages, page_positions in each. Pages that the caller uses; those whose content is there
  // already are not kept twice.
  void Insert(const std::string& space, std::span<const int32_t> tokens, std::span<const PageId> pages);
  // Forgets the least recently used page that nobody uses, leaves before what they hang on; false if there is none.
  bool EvictOne();
  // Forgets all of a space.
  void Drop(const std::string& space);

  int64_t size() const { return size_; }
  int64_t spaces() const { return static_cast<int64_t>(roots_.size()); }
  // kInternal, and what is wrong, if the tree contradicts itself or the pool: for tests.
  Result<void> Check() const;

 private:
  struct Root {
    std::string space;
    std::vector<PageId> children;
  };
  struct Node {            // of the page of its number
    Root* root = nullptr;  // none: not in any tree
    PageId parent = -1;    // -1: the root
    std::vector<int32_t> tokens;
    std::vector<PageId> children;  // by their tokens, in lexicographic order: what has most in common with a text stands beside its place
    uint64_t last_use = 0;
  };
  struct Place {
    size_t index = 0;     // among the children, of the first one not before the tokens
    PageId best = -1;     // the child that has most in common with them
    size_t common = 0;    // tokens
    bool covers = false;  // it begins with all of them
  };

  Node& At(PageId page) { return nodes_[static_cast<size_t>(page)]; }
  const Node& At(PageId page) const { return nodes_[static_cast<size_t>(page)]; }
  std::vector<PageId>& Siblings(Root& root, PageId parent) { return parent < 0 ? root.children : At(parent).children; }
  Place Look(const std::vector<PageId>& children, std::span<const int32_t> tokens) const;
  PageId InsertPage(Root& root, PageId parent, std::span<const int32_t> tokens, PageId page);
  void DropDominated(Root& root, PageId parent, std::span<const int32_t> tokens);
  void Unlink(PageId page);
  void DropSubtree(PageId page);
  void EraseIfEmpty(Root& root);

  PagePool& pool_;
  size_t page_positions_;
  std::vector<Node> nodes_;  // one a page: no links to follow when the tree goes
  std::map<std::string, Root> roots_;
  int64_t size_ = 0;
  uint64_t uses_ = 0;
};

}  // namespace tradewind
