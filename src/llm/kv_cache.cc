// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/kv_cache.h"

#include <cstring>
#include <string>
#include <utility>

namespace tradewind {
namespace {

int64_t Round64(int64_t bytes) {
  return (bytes + 63) / 64 * 64;
}

}  // namespace

KvCache::KvCache(const ModelSpec& spec, KvType key_type, KvType value_type, int64_t context)
    : key_type_(key_type), value_type_(value_type), context_(context), convolution_(spec) {
  for (const BlockSpec& block : spec.blocks) {
    const AttentionSpec& a = block.attention;
    block_offset_.push_back(page_bytes_);
    block_heads_.push_back(a.kv_heads);
    key_row_bytes_.push_back(KvRowBytes(key_type, a.head_dim));
    value_row_bytes_.push_back(KvRowBytes(value_type, a.head_dim));
    key_page_bytes_.push_back(Round64(kKvPage * KvRowBytes(key_type, a.head_dim)));
    value_page_bytes_.push_back(Round64(kKvPage * KvRowBytes(value_type, a.head_dim)));
    page_bytes_ += a.kv_heads * (key_page_bytes_.back() + value_page_bytes_.back());
  }
}

Result<void> KvCache::Reserve(int64_t length) {
  while (static_cast<int64_t>(pages_.size()) * kKvPage < length) {
    const bool sparse = static_cast<int64_t>(pages_.size() + 1) * kKvPage > length;
    const auto bytes = static_cast<uint64_t>(page_bytes_);
    auto memory = PageArena::Map(bytes, sparse ? PageArena::Filling::kSparse : PageArena::Filling::kSoon);
    if (!memory) {
      return Fail(StatusCode::kResourceExhausted, "no memory for another " + std::to_string(page_bytes_) +
                                                      " bytes of keys and values; use a smaller context or kv_type q8_0");
    }
    if (!pages_.empty() && pages_.back().sparse) pages_.back().memory.Collapse();
    std::byte* data = memory->Take(bytes);
    pages_.push_back({std::move(*memory), data, sparse});
  }
  return {};
}

void KvCache::Borrow(size_t index, std::byte* data) {
  if (index >= pages_.size()) pages_.resize(index + 1);
  pages_[index].data = data;
}

void KvCache::CopyPositions(const std::byte* from, std::byte* to, int64_t positions) const {
  const auto count = static_cast<size_t>(positions);
  for (size_t block = 0; block < block_offset_.size(); ++block) {
    for (int64_t head = 0; head < block_heads_[block]; ++head) {
      const int64_t keys = HeadOffset(block, head);
      const int64_t values = keys + key_page_bytes_[block];
      std::memcpy(to + keys, from + keys, count * static_cast<size_t>(key_row_bytes_[block]));
      std::memcpy(to + values, from + values, count * static_cast<size_t>(value_row_bytes_[block]));
    }
  }
}

uint64_t KvCache::BytesFor(const ModelSpec& spec, KvType key_type, KvType value_type, int64_t positions) {
  const KvCache shape(spec, key_type, value_type, positions);
  return static_cast<uint64_t>((positions + kKvPage - 1) / kKvPage * shape.page_bytes_) + ConvolutionState::BytesFor(spec, positions);
}

}  // namespace tradewind
