// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/page_pool.h"

#include <cassert>

namespace tradewind {

PagePool::PagePool(int64_t pages) : states_(static_cast<size_t>(pages)) {
  free_.reserve(states_.size());
  for (int64_t page = pages - 1; page >= 0; --page) free_.push_back(static_cast<PageId>(page));
}

std::optional<PageId> PagePool::Take() {
  if (free_.empty()) return std::nullopt;
  const PageId page = free_.back();
  free_.pop_back();
  assert(At(page).uses == 0 && !At(page).kept);
  At(page).uses = 1;
  return page;
}

void PagePool::Use(PageId page) {
  PageState& state = At(page);
  assert(state.uses > 0 || state.kept);
  if (state.uses == 0) --kept_only_;
  ++state.uses;
}

void PagePool::Drop(PageId page) {
  PageState& state = At(page);
  assert(state.uses > 0);
  if (--state.uses > 0) return;
  if (state.kept) {
    ++kept_only_;
  } else {
    free_.push_back(page);
  }
}

void PagePool::Keep(PageId page) {
  PageState& state = At(page);
  assert(state.uses > 0 && !state.kept);
  state.kept = true;
}

void PagePool::Forget(PageId page) {
  PageState& state = At(page);
  assert(state.kept);
  state.kept = false;
  if (state.uses > 0) return;
  --kept_only_;
  free_.push_back(page);
}

}  // namespace tradewind
