// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/page_arena.h"

#include <sys/mman.h>

#include <string>

namespace tradewind {
namespace {

constexpr uint64_t kHugePage = uint64_t{2} << 20;
constexpr uint64_t kAlignment = 64;
constexpr int kMadviseCollapse = 25;  // since Linux 6.1; not in all headers

}  // namespace

Result<PageArena> PageArena::Map(uint64_t bytes, Filling filling) {
  PageArena arena;
  if (bytes == 0) return arena;
  const auto fail = [&] {
    return Fail(StatusCode::kResourceExhausted, "no memory for " + std::to_string(bytes) + " bytes; free some or choose a smaller model");
  };
  if (bytes > (uint64_t{1} << 47)) return fail();
  // A huge page begins at a multiple of its size, which a mapping of the same size need not: so one more, of which the ends are given back.
  const uint64_t whole = bytes + kHugePage;
  void* mapped = mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) return fail();
  const auto address = reinterpret_cast<uintptr_t>(mapped);
  const uint64_t before = (kHugePage - address % kHugePage) % kHugePage;
  constexpr uint64_t kPage = 4096;
  const uint64_t kept = (bytes + kPage - 1) / kPage * kPage;
  if (before > 0) munmap(mapped, before);
  if (before + kept < whole) munmap(static_cast<std::byte*>(mapped) + before + kept, whole - before - kept);
  arena.begin_ = static_cast<std::byte*>(mapped) + before;
  arena.size_ = kept;
  if (filling == Filling::kSoon) madvise(arena.begin_, arena.size_, MADV_HUGEPAGE);  // without them it is slower, no more
  return arena;
}

void PageArena::Collapse() {
  const uint64_t whole = size_ / kHugePage * kHugePage;
  if (whole > 0) madvise(begin_, whole, kMadviseCollapse);
}

PageArena& PageArena::operator=(PageArena&& other) noexcept {
  std::swap(begin_, other.begin_);
  std::swap(size_, other.size_);
  std::swap(taken_, other.taken_);
  return *this;
}

PageArena::~PageArena() {
  if (begin_ != nullptr) munmap(begin_, size_);
}

std::byte* PageArena::Take(uint64_t bytes) {
  const uint64_t at = (taken_ + kAlignment - 1) / kAlignment * kAlignment;
  if (at > size_ || bytes > size_ - at) return nullptr;
  taken_ = at + bytes;
  return begin_ + at;
}

}  // namespace tradewind
