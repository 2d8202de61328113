// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// KvCache: what a sequence keeps of its positions: keys and values, in pages of 256 positions (the page of docs/numerics.md), and the state
// of short convolutions. Pages are allocated when first written. One owner; not thread-safe except that different heads or positions may be
// written by different threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/page_arena.h"
#include "base/status.h"
#include "kernels/kernel_table.h"
#include "llm/convolution_state.h"
#include "llm/model_spec.h"

namespace tradewind {

class KvCache {
 public:
  // `context` positions at most.
  KvCache(const ModelSpec& spec, KvType key_type, KvType value_type, int64_t context);

  int64_t context() const { return context_; }
  KvType key_type() const { return key_type_; }
  KvType value_type() const { return value_type_; }

  // Makes room for positions below `length`. A page that is about to be written whole lies in huge pages, any other is moved there once
  // another follows it. kResourceExhausted if memory is short.
  Result<void> Reserve(int64_t length);

  // The greatest position, not above `position`, from which the sequence can go on; of attention alone that is `position`.
  int64_t Resume(int64_t position) const { return convolution_.Resume(position); }
  ConvolutionState& convolution() { return convolution_; }

  // One head's page: [position in page][KvRowBytes].
  std::byte* Keys(size_t block, int64_t page, int64_t head) { return pages_[static_cast<size_t>(page)].data + HeadOffset(block, head); }
  std::byte* Values(size_t block, int64_t page, int64_t head) { return Keys(block, page, head) + key_page_bytes_[block]; }

  // Page `index` lies at `data` from now on, page_bytes() of somebody else's, which must outlive its use. Of a cache all of whose pages are
  // others', which Reserve is never asked of.
  void Borrow(size_t index, std::byte* data);
  int64_t page_bytes() const { return page_bytes_; }
  // The first `positions` positions of a page of this shape, written to another.
  void CopyPositions(const std::byte* from, std::byte* to, int64_t positions) const;

  // Bytes of `positions` positions of this shape.
  static uint64_t BytesFor(const ModelSpec& spec, KvType key_type, KvType value_type, int64_t positions);

 private:
  struct Page {
    PageArena memory;  // without room where the page is somebody else's
    std::byte* data = nullptr;
    bool sparse = false;  // at first
  };
  int64_t HeadOffset(size_t block, int64_t head) const {
    return block_offset_[block] + head * (key_page_bytes_[block] + value_page_bytes_[block]);
  }
  KvType key_type_;
  KvType value_type_;
  int64_t context_;
  ConvolutionState convolution_;
  int64_t page_bytes_ = 0;
  std::vector<int64_t> block_offset_;  // of a block's heads in a page
  std::vector<int64_t> block_heads_;   // keys' and values'
  std::vector<int64_t> key_row_bytes_, value_row_bytes_;
  std::vector<int64_t> key_page_bytes_;  // of one head
  std::vector<int64_t> value_page_bytes_;
  std::vector<Page> pages_;
};

}  // namespace tradewind
