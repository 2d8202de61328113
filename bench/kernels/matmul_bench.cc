// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How fast the matrix products run on one thread: GB/s of weights at one row of activations (the weights of at least 64 MB cycled, so that
// they come from memory), and GOPS (2 a multiply-add) at many rows, beside what the instruction set could do on paper. Best of several
// runs, as neighbours only ever slow a run down. Build with -DTRADEWIND_BENCH=ON; TRADEWIND_ISA chooses.
//
//   matmul_bench [type | rows of activations]...
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/random.h"
#include "kernels/kernel_table.h"

namespace tradewind {
namespace {

constexpr int64_t kCols = 2048;
constexpr int64_t kMatrixRows = 1024;
constexpr int64_t kGroupsAtOnce = 8;  // groups of 16 output rows that a call takes

// This thread's processor time: time that others took is not counted.
double Seconds() {
  timespec t = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

std::vector<PackedMatrix> Matrices(TensorType type, int64_t bytes) {
  Random random(1);
  const auto row_bytes = static_cast<int64_t>(*RowBytes(type, kCols));
  std::vector<std::byte> rows(static_cast<size_t>(kMatrixRows * row_bytes));
  for (std::byte& b : rows) b = static_cast<std::byte>(random.Next() & 0x3B);  // halves and singles stay finite and normal
  std::vector<PackedMatrix> out;
  for (int64_t have = 0; have < bytes; have += static_cast<int64_t>(out.back().size_bytes())) {
    auto matrix = PackedMatrix::Allocate(type, kMatrixRows, kCols);
    if (!matrix) {
      std::fprintf(stderr, "%s\n", matrix.error().ToString().c_str());
      std::exit(1);
    }
    for (int64_t g = 0; g < matrix->groups(); ++g) matrix->PackGroup(g, rows.data());
    out.push_back(std::move(*matrix));
  }
  return out;
}

struct Activations {
  explicit Activations(int64_t rows)
      : x(static_cast<size_t>(rows * kCols)), values(x.size()), scales(x.size() / 32), scaled(x.size() / 32), sums(x.size() / 16) {
    Random random(2);
    for (float& v : x) v = static_cast<float>(random.Normal());
  }
  std::vector<float> x;
  std::vector<int8_t> values;
  std::vector<float> scales;
  std::vector<float> scaled;
  std::vector<int32_t> sums;
};

// Seconds of the best of `repeats` passes over all matrices, some groups at a time.
double Best(const KernelTable& table, const std::vector<PackedMatrix>& matrices, int64_t rows, int repeats) {
  Activations a(rows);
  const QuantizedRows q = {a.values.data(), a.scales.data(), a.scaled.data(), a.sums.data()};
  table.quantize_rows(a.x.data(), rows, kCols, q);
  std::vector<float> out(static_cast<size_t>(rows * kMatrixRows));
  double best = 1e9;
  for (int i = 0; i < repeats; ++i) {
    const double start = Seconds();
    for (const PackedMatrix& w : matrices) {
      for (int64_t g = 0; g < w.groups(); g += kGroupsAtOnce) {
        if (w.quantized()) {
          const auto matmul = rows >= table.many_rows ? table.matmul_quantized_many : table.matmul_quantized;
          matmul(w, q, rows, g, std::min(g + kGroupsAtOnce, w.groups()), out.data(), kMatrixRows);
        } else {
          table.matmul_float(w, a.x.data(), rows, g, std::min(g + kGroupsAtOnce, w.groups()), out.data(), kMatrixRows);
        }
      }
    }
    best = std::min(best, Seconds() - start);
  }
  return best;
}

// Clock rate by a chain of dependent additions.
double GigaHertz() {
  uint64_t x = 1;
  const double start = Seconds();
  for (int64_t i = 0; i < 400'000'000; ++i) asm volatile("add $1, %0" : "+r"(x));
  return 0.4 / (Seconds() - start);
}

void Report(const KernelTable& table, TensorType type, const std::vector<int64_t>& many_rows) {
  const std::vector<PackedMatrix> large = Matrices(type, 96 << 20);
  double bytes = 0;
  for (const PackedMatrix& w : large) bytes += static_cast<double>(w.size_bytes());
  std::printf("%-6s", std::string(InfoOf(type).name).c_str());
  for (const int64_t rows : {1, 2, 4})
    std::printf("  M=%ld %5.1f GB/s", static_cast<long>(rows), bytes / Best(table, large, rows, 5) * 1e-9);
  const std::vector<PackedMatrix> one = Matrices(type, 1);
  for (const int64_t rows : many_rows) {
    const double operations = 2.0 * static_cast<double>(rows * kMatrixRows * kCols);
    std::printf("  M=%ld %6.1f GOPS", static_cast<long>(rows), operations / Best(table, one, rows, 7) * 1e-9);
  }
  std::printf("\n");
}

}  // namespace
}  // namespace tradewind

int main(int argc, char** argv) {
  using namespace tradewind;
  std::vector<int64_t> many_rows;
  std::string types;  // all if empty
  for (int i = 1; i < argc; ++i) {
    if (const long rows = std::atol(argv[i]); rows > 0) {
      many_rows.push_back(rows);
    } else {
      types += std::string(argv[i]) + " ";
    }
  }
  if (many_rows.empty()) many_rows = {8, 32, 128, 512};
  const auto isa = SelectIsa();
  if (!isa) {
    std::fprintf(stderr, "%s\n", isa.error().ToString().c_str());
    return 2;
  }
  const double ghz = GigaHertz();
  std::printf("%s, one thread, about %.2f GHz (an add a cycle); weights %ldx%ld\n", std::string(IsaName(*isa)).c_str(), ghz,
              static_cast<long>(kMatrixRows), static_cast<long>(kCols));
  // AVX2 with 2 multiplies and 4 integer operations a cycle: of 8 rows x 32 columns, four bits take 8 multiplies, 7 additions and 5 more
  // (5 cycles for 256 multiply-adds), int8 weights 16 multiplies, 8 sign changes, 7 additions and 3 more (8.5). Floats: 2 x 8 a cycle.
  std::printf("AVX2 on paper at this rate: 4 bits %.0f GOPS, 8 bits %.0f, floats %.0f\n", ghz * 512 / 5, ghz * 512 / 8.5, ghz * 32);
  const KernelTable& table = KernelsFor(*isa);
  for (const TensorTypeInfo& info : AllTensorTypes()) {
    if (types.empty() || types.find(std::string(info.name) + " ") != std::string::npos) Report(table, info.type, many_rows);
  }
  return 0;
}
