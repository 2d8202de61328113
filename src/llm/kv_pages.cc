// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/kv_pages.h"

#include <string>
#include <utility>

namespace tradewind {

Result<std::byte*> KvPages::Get(int32_t id) {
  const auto index = static_cast<size_t>(id);
  if (index >= pages_.size()) pages_.resize(index + 1);
  Page& page = pages_[index];
  if (page.data != nullptr) return page.data;
  const auto bytes = static_cast<uint64_t>(page_bytes());
  auto memory = PageArena::Map(bytes, PageArena::Filling::kSparse);
  if (!memory) {
    return Fail(StatusCode::kResourceExhausted,
                "no memory for another " + std::to_string(bytes) + " bytes of keys and values; allow fewer (--kv-memory)");
  }
  page.data = memory->Take(bytes);
  page.memory = std::move(*memory);
  ++resident_;
  return page.data;
}

Result<void> KvPages::Copy(int32_t from, int32_t to, int64_t positions) {
  TW_ASSIGN(const std::byte* source, Get(from));
  TW_ASSIGN(std::byte * target, Get(to));
  shape_.CopyPositions(source, target, positions);
  return {};
}

void KvPages::Filled(int32_t id) {
  Page& page = pages_[static_cast<size_t>(id)];
  if (page.huge) return;
  page.memory.Collapse();
  page.huge = true;
}

}  // namespace tradewind
