// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Reading allocates in proportion to the header's bytes, never to what a count claims. Every allocation of this program is counted.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "formats/gguf.h"
#include "raw_gguf.h"

namespace {
std::atomic<uint64_t> allocated_bytes{0};
}

void* operator new(size_t size) {
  allocated_bytes += size;
  if (void* memory = std::malloc(size ? size : 1)) return memory;
  std::abort();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, size_t) noexcept {
  std::free(memory);
}

namespace tradewind {
namespace {

// All bytes ever allocated while reading, freed or not.
uint64_t AllocatedByReading(RawGguf file, bool readable) {
  const uint64_t before = allocated_bytes;
  const auto result = Gguf::FromBytes(std::move(file.bytes), "memory");
  EXPECT_EQ(result.has_value(), readable);
  return allocated_bytes - before;
}

TEST(GgufMemoryTest, ClaimedCountsAllocateNothing) {
  // Behind each claim lies a file that would pass the limit by count, but has no bytes for it.
  RawGguf tensors, keys, strings;
  tensors.PutHeader(65536, 0);
  tensors.bytes.resize(4096);
  keys.PutHeader(0, 65536);
  keys.bytes.resize(4096);
  strings.PutHeader(0, 1);
  strings.PutKey("k", 9);
  strings.Put<uint32_t>(8);
  strings.Put<uint64_t>(1 << 24);
  strings.bytes.resize(4096);
  EXPECT_LT(AllocatedByReading(tensors, false), 4096u);
  EXPECT_LT(AllocatedByReading(keys, false), 4096u);
  EXPECT_LT(AllocatedByReading(strings, false), 4096u);
}

TEST(GgufMemoryTest, ACountThatTensorDataWouldCoverAllocatesWhatIsRead) {
  // 2^20 strings fit into the bytes that follow, but the third is broken.
  RawGguf file;
  file.PutHeader(0, 1);
  file.PutKey("k", 9);
  file.Put<uint32_t>(8);
  file.Put<uint64_t>(1 << 20);
  file.PutString("one");
  file.PutString("two");
  file.Put(~0ull);
  file.bytes.resize(file.bytes.size() + (8 << 20));
  EXPECT_LT(AllocatedByReading(std::move(file), false), 4096u);
}

TEST(GgufMemoryTest, ManyKeysCostAFewTimesTheirBytes) {
  RawGguf file;
  file.PutHeader(0, 60000);
  for (uint32_t i = 0; i < 60000; ++i) {
    file.PutKey(std::to_string(i), 0);
    file.Put<uint8_t>(0);
  }
  const uint64_t header_bytes = file.bytes.size();
  EXPECT_LT(AllocatedByReading(std::move(file), true), 32 * header_bytes);
}

TEST(GgufMemoryTest, ManyEmptyStringsCostAFewTimesTheirBytes) {
  RawGguf file;
  file.PutHeader(0, 1);
  file.PutKey("k", 9);
  file.Put<uint32_t>(8);
  file.Put<uint64_t>(1 << 20);
  file.bytes.resize(file.bytes.size() + (8 << 20));
  const uint64_t header_bytes = file.bytes.size();
  EXPECT_LT(AllocatedByReading(std::move(file), true), 8 * header_bytes);
}

}  // namespace
}  // namespace tradewind
