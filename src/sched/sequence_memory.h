// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// SequenceMemory: the pages of sequences. Starts one on what is kept of its beginning, grows it page by page while evicting what is kept,
// and keeps what it leaves behind. Not thread-safe.
//
//   PrefixMatch found = memory.Find(space, tokens);
//   std::vector<PageId> pages;
//   std::optional<PageCopy> copy = memory.Start(found, pages);
//   if (!memory.Grow(pages, positions)) ...;  // all pages are in use
//   memory.Share(space, tokens, pages);
//   memory.Release(pages);
//   memory.FinishCopies();  // once the copies were made
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "sched/page_pool.h"
#include "sched/prefix_tree.h"
#include "sched/step.h"

namespace tradewind {

class SequenceMemory {
 public:
  // A beginning of fewer than `least_copied` positions in a page is not worth copying.
  SequenceMemory(int64_t pages, int64_t page_positions, int64_t least_copied);

  int64_t PagesFor(int64_t positions) const { return (positions + page_positions_ - 1) / page_positions_; }
  // What is kept of the tokens' beginning; its partial page only if it is worth copying.
  PrefixMatch Find(const std::string& space, std::span<const int32_t> tokens) const;
  // Pages that a sequence could take which starts on this match: the rest of what is free or kept.
  int64_t AvailableBeside(const PrefixMatch& match) const;
  // A new sequence's first pages: those of the match, and one for what is to be copied before the next pass. The page copied from stays as
  // it is until FinishCopies. There is a page for the copy (AvailableBeside).
  std::optional<PageCopy> Start(const PrefixMatch& match, std::vector<PageId>& pages);
  // Room for so many positions; false, and as before, if there are not pages enough.
  bool Grow(std::vector<PageId>& pages, int64_t positions);
  // What was computed is kept for others, also after the sequence is gone.
  void Share(const std::string& space, std::span<const int32_t> tokens, std::span<const PageId> pages);
  void Release(std::vector<PageId>& pages);
  void Forget(const std::string& space) { tree_.Drop(space); }
  void FinishCopies();

  const PagePool& pool() const { return pool_; }
  std::span<const PageId> copied_from() const { return copied_from_; }
  // For tests: kInternal, and what is wrong, unless each page has as many users as the sequences (of these pages) and open copies make.
  Result<void> Check(const std::vector<std::span<const PageId>>& sequences) const;

 private:
  std::optional<PageId> TakePage();

  int64_t page_positions_;
  int64_t least_copied_;
  PagePool pool_;
  PrefixTree tree_;
  std::vector<PageId> copied_from_;
};

}  // namespace tradewind
