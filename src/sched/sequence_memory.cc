// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/sequence_memory.h"

#include <cassert>

namespace tradewind {

SequenceMemory::SequenceMemory(int64_t pages, int64_t page_positions, int64_t least_copied)
    : page_positions_(page_positions), least_copied_(least_copied), pool_(pages), tree_(pool_, page_positions) {}

PrefixMatch SequenceMemory::Find(const std::string& space, std::span<const int32_t> tokens) const {
  PrefixMatch match = tree_.Find(space, tokens);
  if (match.partial >= 0 && match.partial_positions < least_copied_) {
    match.positions -= match.partial_positions;
    match.partial = -1;
    match.partial_positions = 0;
  }
  return match;
}

int64_t SequenceMemory::AvailableBeside(const PrefixMatch& match) const {
  int64_t available = pool_.free() + pool_.kept_only();
  for (const PageId page : match.pages) available -= pool_.uses(page) == 0 ? 1 : 0;
  if (match.partial >= 0 && pool_.uses(match.partial) == 0) --available;
  return available;
}

std::optional<PageCopy> SequenceMemory::Start(const PrefixMatch& match, std::vector<PageId>& pages) {
  assert(pages.empty());
  tree_.Touch(match);
  for (const PageId page : match.pages) pool_.Use(page);
  pages = match.pages;
  if (match.partial < 0) return std::nullopt;
  pool_.Use(match.partial);
  copied_from_.push_back(match.partial);
  const std::optional<PageId> to = TakePage();
  assert(to);
  pages.push_back(*to);
  return PageCopy{match.partial, *to, match.partial_positions};
}

std::optional<PageId> SequenceMemory::TakePage() {
  std::optional<PageId> page = pool_.Take();
  while (!page && tree_.EvictOne()) page = pool_.Take();
  return page;
}

bool SequenceMemory::Grow(std::vector<PageId>& pages, int64_t positions) {
  const int64_t more = PagesFor(positions) - static_cast<int64_t>(pages.size());
  if (more <= 0) return true;
  if (more > pool_.free() + pool_.kept_only()) return false;
  for (int64_t i = 0; i < more; ++i) {
    const std::optional<PageId> page = TakePage();
    assert(page);
    pages.push_back(*page);
  }
  return true;
}

void SequenceMemory::Share(const std::string& space, std::span<const int32_t> tokens, std::span<const PageId> pages) {
  tree_.Insert(space, tokens, pages);
}

void SequenceMemory::Release(std::vector<PageId>& pages) {
  for (const PageId page : pages) pool_.Drop(page);
  pages.clear();
}

void SequenceMemory::FinishCopies() {
  for (const PageId page : copied_from_) pool_.Drop(page);
  copied_from_.clear();
}

Result<void> SequenceMemory::Check(const std::vector<std::span<const PageId>>& sequences) const {
  std::vector<int32_t> uses(static_cast<size_t>(pool_.pages()));
  for (const std::span<const PageId> pages : sequences) {
    for (const PageId page : pages) ++uses[static_cast<size_t>(page)];
  }
  for (const PageId page : copied_from_) ++uses[static_cast<size_t>(page)];
  int64_t used = 0, kept = 0;
  for (size_t i = 0; i < uses.size(); ++i) {
    const auto page = static_cast<PageId>(i);
    if (uses[i] != pool_.uses(page))
      return Fail(Status(StatusCode::kInternal, "page " + std::to_string(page) + " has " + std::to_string(uses[i]) + " users and counts " +
                                                    std::to_string(pool_.uses(page)))
                      .At("page pool"));
    used += uses[i] > 0 ? 1 : 0;
    kept += uses[i] == 0 && pool_.kept(page) ? 1 : 0;
  }
  if (used != pool_.used() || kept != pool_.kept_only() || used + kept + pool_.free() != pool_.pages())
    return Fail(Status(StatusCode::kInternal, "pages used, kept and free do not make up all").At("page pool"));
  return tree_.Check();
}

}  // namespace tradewind
