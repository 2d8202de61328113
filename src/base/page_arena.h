// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// PageArena: memory for what is large, lives as long as the arena and is streamed through: taken piece by piece from one mapping, for which
// the kernel is asked for huge pages: with pages of 4 KiB a stream through it waits for the translation of addresses, on virtual machines
// twice over. Memory is resident only once touched. Not thread-safe; what is taken is the taker's.
//
//   TW_ASSIGN(PageArena arena, PageArena::Map(total));
//   std::byte* piece = arena.Take(bytes);
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/status.h"

namespace tradewind {

class PageArena {
 public:
  PageArena() = default;  // without room
  // What is touched here and there at first would have all of a huge page resident: it gets them by Collapse.
  enum class Filling { kSoon, kSparse };
  // kResourceExhausted names the bytes if there is no memory.
  static Result<PageArena> Map(uint64_t bytes, Filling filling = Filling::kSoon);
  PageArena(PageArena&& other) noexcept { *this = std::move(other); }
  PageArena& operator=(PageArena&& other) noexcept;
  ~PageArena();

  // Moves what is there to huge pages, where the kernel can do so at once; addresses and contents stay.
  void Collapse();

  // Zeros, aligned to 64 bytes; nullptr if there is not enough room left.
  std::byte* Take(uint64_t bytes);

 private:
  std::byte* begin_ = nullptr;
  uint64_t size_ = 0;
  uint64_t taken_ = 0;
};

}  // namespace tradewind
