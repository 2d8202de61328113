// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How fast attention over one page runs on one thread: GFLOPS (4 a query, position and column) for calls of few queries (decode) and many
// (a prompt's chunk), by the type of the cache. Build with -DTRADEWIND_BENCH=ON; TRADEWIND_ISA chooses.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "base/random.h"
#include "kernels/kernel_table.h"

namespace tradewind {
namespace {

// This thread's processor time: time that others took is not counted.
double Seconds() {
  timespec t = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

double Gflops(const KernelTable& table, KvType type, int64_t dim, int64_t count) {
  Random random(1);
  std::vector<float> x(static_cast<size_t>(std::max(count, kKvPage) * dim));
  for (float& v : x) v = static_cast<float>(random.Normal());
  std::vector<uint8_t> cache(static_cast<size_t>(kKvPage * KvRowBytes(type, dim)));
  for (int64_t j = 0; j < kKvPage; ++j) table.kv_store(type, x.data() + j * dim, dim, cache.data() + j * KvRowBytes(type, dim));
  std::vector<float> out(static_cast<size_t>(count * dim));
  std::vector<float> scratch(static_cast<size_t>(AttentionScratch(dim)));
  std::vector<AttentionQuery> queries(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) queries[i] = {x.data() + i * dim, out.data() + i * dim, 0, 0, 0, kKvPage, false};
  const AttentionPage page = {cache.data(), cache.data(), type, type, dim, 0.125f};
  const int64_t calls = std::max<int64_t>(1, 600 / count);
  double best = 1e9;
  for (int i = 0; i < 9; ++i) {
    const double start = Seconds();
    for (int64_t c = 0; c < calls; ++c) table.attention_page(page, queries.data(), count, scratch.data());
    best = std::min(best, Seconds() - start);
  }
  return 4.0 * static_cast<double>(calls * count * kKvPage * dim) / best * 1e-9;
}

}  // namespace
}  // namespace tradewind

int main() {
  using namespace tradewind;
  const auto isa = SelectIsa();
  if (!isa) {
    std::fprintf(stderr, "%s\n", isa.error().ToString().c_str());
    return 2;
  }
  constexpr const char* kNames[] = {"F32", "F16", "BF16", "Q8_0"};
  for (const int64_t dim : {64, 128, 256}) {
    for (const KvType type : {KvType::kF32, KvType::kF16, KvType::kBF16, KvType::kQ8_0}) {
      std::printf("%-5s dim %3ld", kNames[static_cast<int>(type)], static_cast<long>(dim));
      for (const int64_t count : {1, 2, 3, 4, 7, 8, 192}) {
        std::printf("  %ld queries %5.1f GFLOPS", static_cast<long>(count), Gflops(KernelsFor(*isa), type, dim, count));
      }
      std::printf("\n");
    }
  }
  return 0;
}
