// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/prefix_tree.h"

#include <algorithm>
#include <cassert>

namespace tradewind {
namespace {

size_t CommonTokens(std::span<const int32_t> a, std::span<const int32_t> b) {
  const size_t most = std::min(a.size(), b.size());
  return static_cast<size_t>(std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(most), b.begin()).first - a.begin());
}

}  // namespace

PrefixTree::PrefixTree(PagePool& pool, int64_t page_positions)
    : pool_(pool), page_positions_(static_cast<size_t>(page_positions)), nodes_(static_cast<size_t>(pool.pages())) {
  assert(page_positions > 0);
}

PrefixTree::Place PrefixTree::Look(const std::vector<PageId>& children, std::span<const int32_t> tokens) const {
  Place place;
  const auto first = std::lower_bound(children.begin(), children.end(), tokens, [&](PageId child, std::span<const int32_t> wanted) {
    const std::vector<int32_t>& own = At(child).tokens;
    return std::lexicographical_compare(own.begin(), own.end(), wanted.begin(), wanted.end());
  });
  place.index = static_cast<size_t>(first - children.begin());
  const auto consider = [&](PageId child) {
    const size_t common = CommonTokens(At(child).tokens, tokens);
    if (common <= place.common) return;
    place.best = child;
    place.common = common;
  };
  // The first one not before the tokens is the one that begins with all of them, if any does: so it is asked first.
  if (first != children.end()) consider(*first);
  place.covers = place.best >= 0 && place.common == tokens.size();
  if (first != children.begin()) consider(*(first - 1));
  return place;
}

PrefixMatch PrefixTree::Find(const std::string& space, std::span<const int32_t> tokens) const {
  PrefixMatch match;
  const auto root = roots_.find(space);
  if (root == roots_.end()) return match;
  const std::vector<PageId>* children = &root->second.children;
  while (!tokens.empty()) {
    const std::span<const int32_t> wanted = tokens.first(std::min(tokens.size(), page_positions_));
    const Place place = Look(*children, wanted);
    if (place.best < 0) break;
    match.positions += static_cast<int64_t>(place.common);
    if (place.common < page_positions_) {
      match.partial = place.best;
      match.partial_positions = static_cast<int64_t>(place.common);
      break;
    }
    match.pages.push_back(place.best);
    children = &At(place.best).children;
    tokens = tokens.subspan(page_positions_);
  }
  return match;
}

void PrefixTree::Touch(const PrefixMatch& match) {
  ++uses_;
  for (const PageId page : match.pages) At(page).last_use = uses_;
  if (match.partial >= 0) At(match.partial).last_use = uses_;
}

void PrefixTree::Insert(const std::string& space, std::span<const int32_t> tokens, std::span<const PageId> pages) {
  assert(tokens.size() <= pages.size() * page_positions_);
  if (tokens.empty()) return;
  ++uses_;
  Root& root = roots_[space];
  root.space = space;
  PageId parent = -1;
  for (size_t i = 0; !tokens.empty(); ++i) {
    const std::span<const int32_t> own = tokens.first(std::min(tokens.size(), page_positions_));
    parent = InsertPage(root, parent, own, pages[i]);
    if (parent < 0) break;
    tokens = tokens.subspan(own.size());
  }
  EraseIfEmpty(root);
}

// The node that holds the tokens below `parent` from now on; -1 if the page stands elsewhere in the tree.
PageId PrefixTree::InsertPage(Root& root, PageId parent, std::span<const int32_t> tokens, PageId page) {
  Node& node = At(page);
  if (node.root != nullptr) {
    if (node.root != &root || node.parent != parent) return -1;
    node.last_use = uses_;
    if (node.tokens.size() >= tokens.size()) return page;
    Unlink(page);  // it has grown: its place among its siblings is another
  }
  const Place place = Look(Siblings(root, parent), tokens);
  if (place.covers) {
    At(place.best).last_use = uses_;
    return place.best;
  }
  DropDominated(root, parent, tokens);
  std::vector<PageId>& siblings = Siblings(root, parent);
  siblings.insert(siblings.begin() + static_cast<std::ptrdiff_t>(Look(siblings, tokens).index), page);
  node = {&root, parent, {tokens.begin(), tokens.end()}, {}, uses_};
  pool_.Keep(page);
  ++size_;
  return page;
}

// Pages beside the place of the tokens that hold a beginning of them: what they are good for is about to be there again, and more. Whoever
// writes one goes on with it all the same.
void PrefixTree::DropDominated(Root& root, PageId parent, std::span<const int32_t> tokens) {
  while (true) {
    const std::vector<PageId>& siblings = Siblings(root, parent);
    const size_t index = Look(siblings, tokens).index;
    if (index == 0) return;
    const PageId before = siblings[index - 1];
    if (CommonTokens(At(before).tokens, tokens) < At(before).tokens.size()) return;
    Unlink(before);
  }
}

// Out of the tree; only of one without children.
void PrefixTree::Unlink(PageId page) {
  Node& node = At(page);
  assert(node.root != nullptr && node.children.empty());
  std::vector<PageId>& siblings = Siblings(*node.root, node.parent);
  siblings.erase(std::find(siblings.begin(), siblings.end(), page));
  node = {};
  --size_;
  pool_.Forget(page);
}

void PrefixTree::DropSubtree(PageId page) {
  std::vector<PageId> pending{page};
  while (!pending.empty()) {
    const PageId last = pending.back();
    const std::vector<PageId>& children = At(last).children;
    if (children.empty()) {
      pending.pop_back();
      Unlink(last);
    } else {
      pending.insert(pending.end(), children.begin(), children.end());
    }
  }
}

// A look at every page: some microseconds for thousands, once a page that is taken.
bool PrefixTree::EvictOne() {
  PageId oldest = -1, oldest_leaf = -1;
  for (size_t i = 0; i < nodes_.size(); ++i) {
    const auto page = static_cast<PageId>(i);
    if (nodes_[i].root == nullptr || pool_.uses(page) > 0) continue;
    if (oldest < 0 || nodes_[i].last_use < At(oldest).last_use) oldest = page;
    if (!nodes_[i].children.empty()) continue;
    if (oldest_leaf < 0 || nodes_[i].last_use < At(oldest_leaf).last_use) oldest_leaf = page;
  }
  if (oldest < 0) return false;
  // Pages in use may hang on one that is not, where the same text was computed twice: the tree then forgets them all.
  const PageId page = oldest_leaf >= 0 ? oldest_leaf : oldest;
  Root& root = *At(page).root;
  DropSubtree(page);
  EraseIfEmpty(root);
  return true;
}

void PrefixTree::Drop(const std::string& space) {
  const auto root = roots_.find(space);
  if (root == roots_.end()) return;
  while (!root->second.children.empty()) DropSubtree(root->second.children.back());
  roots_.erase(root);
}

void PrefixTree::EraseIfEmpty(Root& root) {
  if (root.children.empty()) roots_.erase(std::string(root.space));
}

Result<void> PrefixTree::Check() const {
  const auto wrong = [](PageId page, const char* what) {
    return Fail(Status(StatusCode::kInternal, "the prefix tree's page " + std::to_string(page) + " " + what).At("prefix tree"));
  };
  int64_t listed = 0;
  for (size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    const auto page = static_cast<PageId>(i);
    if (pool_.kept(page) != (node.root != nullptr)) return wrong(page, "is kept without a node, or the other way round");
    if (node.root == nullptr) continue;
    ++listed;
    if (node.tokens.empty() || node.tokens.size() > page_positions_) return wrong(page, "has too few or too many tokens");
    if (!node.children.empty() && node.tokens.size() < page_positions_) return wrong(page, "is not full and has children");
    const std::vector<PageId>& siblings = node.parent < 0 ? node.root->children : At(node.parent).children;
    if (std::count(siblings.begin(), siblings.end(), page) != 1) return wrong(page, "does not hang on its parent");
    for (size_t c = 0; c < node.children.size(); ++c) {
      if (At(node.children[c]).parent != page || At(node.children[c]).root != node.root) return wrong(page, "has a child of another's");
      if (c > 0 && At(node.children[c]).tokens < At(node.children[c - 1]).tokens) return wrong(page, "has children out of order");
    }
  }
  if (listed != size_) return wrong(static_cast<PageId>(size_), "is one too many or too few");
  return {};
}

}  // namespace tradewind
