// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <sys/mman.h>

#include "kernel_test_util.h"

namespace tradewind {
namespace {

std::vector<const KernelTable*> Tables() {
  std::vector<const KernelTable*> tables = {&KernelTableRef()};
  for (const TestedTable& t : TestedTables()) tables.push_back(t.table);
  return tables;
}

TEST(Burst, OperationsAreCountedByStep) {
  for (const KernelTable* table : Tables()) {
    for (const auto burst : {table->burst_int8, table->burst_float}) {
      const int64_t one = burst(1);
      EXPECT_GE(one, 2);
      EXPECT_EQ(one % 2, 0) << "a multiply-add is two";
      EXPECT_EQ(burst(1000), 1000 * one);
      EXPECT_EQ(burst(0), 0);
    }
  }
}

TEST(Burst, ReadingStaysWithin) {
  constexpr int64_t kPage = 4096;
  void* mapped = mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(mapped, MAP_FAILED);
  auto* end = static_cast<std::byte*>(mapped) + kPage;
  ASSERT_EQ(mprotect(end, kPage, PROT_NONE), 0);  // a read beyond the end would be the test's end
  for (const KernelTable* table : Tables()) {
    for (const int64_t bytes : {0, 1, 3, 64, 252, 256, 260, 1020, 4096}) table->burst_read(end - bytes, bytes);
  }
  munmap(mapped, 2 * kPage);
}

}  // namespace
}  // namespace tradewind
