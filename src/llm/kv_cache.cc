// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/kv_cache.h"

#include <new>
#include <string>

namespace tradewind {
namespace {

constexpr std::align_val_t kAlignment{64};

int64_t Round64(int64_t bytes) {
  return (bytes + 63) / 64 * 64;
}

}  // namespace

void KvCache::Free::operator()(std::byte* p) const {
  ::operator delete(p, kAlignment);
}

KvCache::KvCache(const ModelSpec& spec, KvType key_type, KvType value_type, int64_t context)
    : key_type_(key_type), value_type_(value_type), context_(context), convolution_(spec) {
  for (const BlockSpec& block : spec.blocks) {
    const AttentionSpec& a = block.attention;
    block_offset_.push_back(page_bytes_);
    key_page_bytes_.push_back(Round64(kKvPage * KvRowBytes(key_type, a.head_dim)));
    value_page_bytes_.push_back(Round64(kKvPage * KvRowBytes(value_type, a.head_dim)));
    page_bytes_ += a.kv_heads * (key_page_bytes_.back() + value_page_bytes_.back());
  }
}

Result<void> KvCache::Reserve(int64_t length) {
  while (static_cast<int64_t>(pages_.size()) * kKvPage < length) {
    auto* page = static_cast<std::byte*>(::operator new(static_cast<size_t>(page_bytes_), kAlignment, std::nothrow));
    if (page == nullptr) {
      return Fail(StatusCode::kResourceExhausted, "no memory for another " + std::to_string(page_bytes_) +
                                                      " bytes of keys and values; use a smaller context or kv_type q8_0");
    }
    pages_.emplace_back(page);
  }
  return {};
}

uint64_t KvCache::BytesFor(const ModelSpec& spec, KvType key_type, KvType value_type, int64_t positions) {
  const KvCache shape(spec, key_type, value_type, positions);
  return static_cast<uint64_t>((positions + kKvPage - 1) / kKvPage * shape.page_bytes_) + ConvolutionState::BytesFor(spec, positions);
}

}  // namespace tradewind
