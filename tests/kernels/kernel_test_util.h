// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the kernel tests share: the tables under test, seeded data, and activations with their buffers.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "base/random.h"
#include "kernels/kernel_table.h"
#include "kernels/kernel_tables.h"

namespace tradewind {

#ifdef TRADEWIND_HAVE_EMULATED_AVX512
const KernelTable& KernelTableAvx512Emulated();
const KernelTable& KernelTableAmxEmulated();
#endif

struct TestedTable {
  std::string name;
  const KernelTable* table;
};
// Every table that runs here and is not the reference. The AVX-512 and AMX kernels over emulated instructions are always among them on x86.
inline std::vector<TestedTable> TestedTables() {
  std::vector<TestedTable> tables;
  for (const Isa isa : AvailableIsas()) {
    if (isa != Isa::kGeneric) tables.push_back({std::string(IsaName(isa)), &KernelsFor(isa)});
  }
#ifdef TRADEWIND_HAVE_EMULATED_AVX512
  if (tables.empty()) return tables;  // the emulation itself needs AVX2
  tables.push_back({"avx512-emulated", &KernelTableAvx512Emulated()});
  tables.push_back({"amx-emulated", &KernelTableAmxEmulated()});
#endif
  return tables;
}

// Fails at the first place where two arrays differ in any bit.
inline ::testing::AssertionResult SameBits(const std::vector<float>& expected, const std::vector<float>& actual) {
  if (expected.size() != actual.size()) return ::testing::AssertionFailure() << "sizes " << expected.size() << " and " << actual.size();
  for (size_t i = 0; i < expected.size(); ++i) {
    if (std::memcmp(&expected[i], &actual[i], 4) == 0) continue;
    return ::testing::AssertionFailure() << "at " << i << ": expected " << ::testing::PrintToString(expected[i]) << ", got "
                                         << ::testing::PrintToString(actual[i]);
  }
  return ::testing::AssertionSuccess();
}

inline std::vector<float> NormalValues(Random& random, int64_t count, float scale = 1) {
  std::vector<float> out(static_cast<size_t>(count));
  for (float& x : out) x = static_cast<float>(random.Normal()) * scale;
  return out;
}

// Memory that kernels must not touch is marked by this value.
inline constexpr float kUntouched = -12345.5f;

// Activations rounded by the reference.
struct QuantizedBuffer {
  QuantizedBuffer(const std::vector<float>& x, int64_t rows, int64_t cols)
      : values(static_cast<size_t>(rows * cols)),
        scales(static_cast<size_t>(rows * cols / 32)),
        scaled_sums(scales.size()),
        sums(scales.size() * 2) {
    KernelTableRef().quantize_rows(x.data(), rows, cols, View());
  }
  QuantizedRows View() { return {values.data(), scales.data(), scaled_sums.data(), sums.data()}; }

  std::vector<int8_t> values;
  std::vector<float> scales;
  std::vector<float> scaled_sums;
  std::vector<int32_t> sums;
};

// Rows of a weight matrix in the file's layout.
struct WeightRows {
  TensorType type;
  int64_t rows;
  int64_t cols;
  std::vector<std::byte> bytes;

  int64_t row_bytes() const { return static_cast<int64_t>(*RowBytes(type, static_cast<uint64_t>(cols))); }
  std::vector<float> Dequantized(int64_t row) const {
    std::vector<float> out(static_cast<size_t>(cols));
    DequantizeRow(type, bytes.data() + row * row_bytes(), out);
    return out;
  }
  PackedMatrix Packed() const {
    auto matrix = PackedMatrix::Allocate(type, rows, cols);
    for (int64_t g = 0; g < matrix->groups(); ++g) matrix->PackGroup(g, bytes.data());
    return std::move(*matrix);
  }
};

// Where a block's half-precision numbers lie.
inline std::vector<size_t> HalfOffsets(TensorType type) {
  switch (type) {
    case TensorType::kQ4_1:
    case TensorType::kQ5_1:
    case TensorType::kQ4_K:
    case TensorType::kQ5_K: return {0, 2};
    case TensorType::kQ2_K: return {80, 82};
    case TensorType::kQ3_K: return {108};
    case TensorType::kQ6_K: return {208};
    case TensorType::kMXFP4: return {};
    default: return {0};
  }
}

// Makes every scale of a block `half`; of MXFP4, whose scale is a byte, the power of two that is `half` without its mantissa.
inline void SetScales(TensorType type, std::byte* block, uint16_t half) {
  for (const size_t offset : HalfOffsets(type)) std::memcpy(block + offset, &half, 2);
  if (type == TensorType::kMXFP4) *block = static_cast<std::byte>(((half >> 10) & 31) + 113);  // exponents' biases: 15, and 128 for halves
}

// Random bits, with the scales drawn from [-1, 1] / 64 (a random half may be infinite).
inline WeightRows RandomWeights(Random& random, TensorType type, int64_t rows, int64_t cols) {
  WeightRows w = {type, rows, cols, {}};
  w.bytes.resize(static_cast<size_t>(rows * w.row_bytes()));
  const size_t block = InfoOf(type).block_bytes;
  if (block <= 4) {
    for (size_t i = 0; i < w.bytes.size(); i += block) {
      const auto value = static_cast<float>(random.Normal());
      const uint16_t bits = type == TensorType::kF16 ? FloatToHalf(value) : FloatToBFloat16(value);
      std::memcpy(w.bytes.data() + i, block == 4 ? static_cast<const void*>(&value) : &bits, block);
    }
    return w;
  }
  for (std::byte& b : w.bytes) b = static_cast<std::byte>(random.Next());
  for (size_t i = 0; i < w.bytes.size(); i += block) {
    const auto draw = [&] { return FloatToHalf(static_cast<float>(random.Uniform() * 2 - 1) / 64); };
    for (const size_t offset : HalfOffsets(type)) {
      const uint16_t half = draw();
      std::memcpy(w.bytes.data() + i + offset, &half, 2);
    }
    if (type == TensorType::kMXFP4) SetScales(type, w.bytes.data() + i, draw());
  }
  return w;
}

inline constexpr TensorType kQuantizedTypes[] = {
    TensorType::kQ8_0, TensorType::kQ4_0, TensorType::kQ4_1, TensorType::kQ5_0,   TensorType::kQ5_1,   TensorType::kQ2_K, TensorType::kQ3_K,
    TensorType::kQ4_K, TensorType::kQ5_K, TensorType::kQ6_K, TensorType::kIQ4_NL, TensorType::kIQ4_XS, TensorType::kMXFP4};
inline constexpr TensorType kFloatTypes[] = {TensorType::kF32, TensorType::kF16, TensorType::kBF16};

}  // namespace tradewind
