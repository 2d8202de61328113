// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// PagePool: which pages of keys and values are free, used (by how many), and kept for later by the prefix tree. Numbers only; the memory is
// the engine's. Giving back what was not taken is a bug and asserts. Not thread-safe.
//
//   PagePool pool(16);
//   const std::optional<PageId> page = pool.Take();  // used once
//   pool.Keep(*page);
//   pool.Drop(*page);    // kept, used by none
//   pool.Forget(*page);  // free again
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sched/step.h"

namespace tradewind {

class PagePool {
 public:
  explicit PagePool(int64_t pages);

  // A free page, used once from now on; none if all are used or kept.
  std::optional<PageId> Take();
  // One user more, of a page that is used or kept; and one less.
  void Use(PageId page);
  void Drop(PageId page);
  // Kept, or no longer. A page that is kept and used by none is not free.
  void Keep(PageId page);
  void Forget(PageId page);

  int64_t pages() const { return static_cast<int64_t>(states_.size()); }
  int64_t free() const { return static_cast<int64_t>(free_.size()); }
  int64_t kept_only() const { return kept_only_; }  // kept, used by none
  int64_t used() const { return pages() - free() - kept_only_; }
  int32_t uses(PageId page) const { return At(page).uses; }
  bool kept(PageId page) const { return At(page).kept; }

 private:
  struct PageState {
    int32_t uses = 0;
    bool kept = false;
  };
  PageState& At(PageId page) { return states_[static_cast<size_t>(page)]; }
  const PageState& At(PageId page) const { return states_[static_cast<size_t>(page)]; }

  std::vector<PageState> states_;
  std::vector<PageId> free_;  // the last one is taken next
  int64_t kept_only_ = 0;
};

}  // namespace tradewind
