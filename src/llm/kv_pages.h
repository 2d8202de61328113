// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// KvPages: the memory behind the page ids of a scheduler: keys and values of 256 positions each, made when first asked for and kept, so
// that a page of later use is resident already. Owns the memory. One thread.
//
//   KvPages pages(spec, KvType::kF16, KvType::kF16);
//   TW_ASSIGN(std::byte* page, pages.Get(id));
//   cache.Borrow(0, page);
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/page_arena.h"
#include "base/status.h"
#include "llm/kv_cache.h"

namespace tradewind {

class KvPages {
 public:
  KvPages(const ModelSpec& spec, KvType key_type, KvType value_type) : shape_(spec, key_type, value_type, 0) {}

  // Bytes of one page; 0 where a model keeps no keys.
  int64_t page_bytes() const { return shape_.page_bytes(); }
  // The page's memory, which stays where it is. kResourceExhausted if there is none for it.
  Result<std::byte*> Get(int32_t id);
  // The first `positions` positions of one page to another.
  Result<void> Copy(int32_t from, int32_t to, int64_t positions);
  // The page is written to its end: it moves to huge pages where it lies in small ones.
  void Filled(int32_t id);
  // Pages that have memory.
  int64_t resident() const { return resident_; }

 private:
  struct Page {
    PageArena memory;
    std::byte* data = nullptr;
    bool huge = false;
  };
  KvCache shape_;
  std::vector<Page> pages_;
  int64_t resident_ = 0;
};

}  // namespace tradewind
