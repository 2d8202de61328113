// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The products of docs/numerics.md, one scalar step at a time: what every faster kernel is compared with.
#include <cmath>
#include <cstring>

#include "formats/ggml_blocks.h"
#include "kernels/kernels_ref.h"

namespace tradewind {
namespace {

const uint8_t* Bytes(const std::byte* p) {
  return reinterpret_cast<const uint8_t*>(p);
}
float HalfAt(const std::byte* p, int64_t index) {
  uint16_t half;
  std::memcpy(&half, p + 2 * index, 2);
  return HalfToFloat(half);
}

float BFloatAt(const std::byte* p, int64_t index) {
  uint16_t bits;
  std::memcpy(&bits, p + 2 * index, 2);
  return BFloat16ToFloat(bits);
}

// Bit g of vector `vector` of a block, g the columns' fours.
int32_t ExtraBit(const uint8_t* block, int64_t vector, int64_t lane, int64_t k) {
  return (block[vector * 64 + lane] >> (k / 4)) & 1;
}

// Value k (0..31) of one row of a packed block, as the integer that multiplies its scale.
int32_t QuantAt(TensorType type, const uint8_t* block, int64_t row, int64_t k) {
  const int64_t lane = row * 4 + k % 4;
  const auto nibble = [&] { return (block[((k / 4) % 4) * 64 + lane] >> (k < 16 ? 0 : 4)) & 15; };
  const auto two_bits = [&](int64_t vector) { return (block[(vector + k / 16) * 64 + lane] >> (2 * ((k / 4) % 4))) & 3; };
  switch (type) {
    case TensorType::kQ8_0: return static_cast<int8_t>(block[(k / 4) * 64 + lane]);
    case TensorType::kQ2_K: return two_bits(0);
    case TensorType::kQ3_K: return two_bits(0) + 4 * ExtraBit(block, 2, lane, k) - 4;
    case TensorType::kQ4_0: return nibble() - 8;
    case TensorType::kQ5_0: return nibble() + 16 * ExtraBit(block, 4, lane, k) - 16;
    case TensorType::kQ5_1:
    case TensorType::kQ5_K: return nibble() + 16 * ExtraBit(block, 4, lane, k);
    case TensorType::kQ6_K: return nibble() + 16 * two_bits(4) - 32;
    case TensorType::kIQ4_NL:
    case TensorType::kIQ4_XS: return kValuesIQ4[nibble()];
    case TensorType::kMXFP4: return kValuesFP4[nibble()];
    default: return nibble();
  }
}

struct Scale {
  float scale;
  float min;
};

// Of a block whose span says `head` and which itself says `sub` (half: which 16 of its columns, for Q6_K).
Scale ScaleAt(TensorType type, const std::byte* head, const std::byte* sub, int64_t half, int64_t row) {
  const auto whole = [&](int64_t index) { return Bytes(sub)[index]; };
  switch (type) {
    case TensorType::kQ4_1:
    case TensorType::kQ5_1: return {HalfAt(sub, row), HalfAt(sub + 32, row)};
    case TensorType::kQ4_K:
    case TensorType::kQ5_K:
      return {HalfAt(head, row) * static_cast<float>(whole(row)), -(HalfAt(head + 32, row) * static_cast<float>(whole(16 + row)))};
    case TensorType::kQ6_K: return {HalfAt(head, row) * static_cast<float>(static_cast<int8_t>(whole(16 * half + row))), 0};
    case TensorType::kIQ4_XS: return {HalfAt(head, row) * static_cast<float>(static_cast<int8_t>(whole(row))), 0};
    case TensorType::kMXFP4: return {BFloatAt(sub, row), 0};
    default: return {HalfAt(sub, row), 0};
  }
}

// What Q2_K and Q3_K say of a block: whole numbers of its halves, and the single scales that all 256 columns share.
struct IntegerScales {
  int32_t scale[2];
  int32_t min[2];
  float d;
  float dmin;
};
IntegerScales IntegerScalesAt(TensorType type, const std::byte* head, const std::byte* sub, int64_t row) {
  const uint8_t* of_row = Bytes(sub) + 2 * row;
  if (type == TensorType::kQ2_K) {
    return {{of_row[0] & 15, of_row[1] & 15}, {of_row[0] >> 4, of_row[1] >> 4}, HalfAt(head, row), HalfAt(head + 32, row)};
  }
  return {{static_cast<int8_t>(of_row[0]), static_cast<int8_t>(of_row[1])}, {0, 0}, HalfAt(head, row), 0};
}

// The products of columns [begin, end) of a block.
int32_t DotOfBlock(TensorType type, const uint8_t* quants, int64_t row, const int8_t* a, int64_t begin, int64_t end) {
  int32_t sum = 0;
  for (int64_t k = begin; k < end; ++k) sum += QuantAt(type, quants, row, k) * a[k];
  return sum;
}

float DotQuantized(const PackedMatrix& w, int64_t group, int64_t row, const QuantizedRows& x, int64_t m) {
  const TensorType type = w.type();
  const int64_t blocks = w.cols() / kBlock;
  const int64_t parts = type == TensorType::kQ6_K ? 2 : 1;
  const bool has_min = type == TensorType::kQ4_1 || type == TensorType::kQ5_1 || type == TensorType::kQ4_K || type == TensorType::kQ5_K;
  float acc = 0;
  for (int64_t b = 0; b < blocks; ++b) {
    const PackedPlace at = PlaceOf(LayoutOf(type), blocks, b);
    const uint8_t* quants = Bytes(w.group(group) + at.quants);
    const int8_t* a = x.values + m * w.cols() + b * kBlock;
    for (int64_t part = 0; part < parts; ++part) {
      const int64_t length = kBlock / parts;
      const int32_t sum = DotOfBlock(type, quants, row, a, part * length, (part + 1) * length);
      const Scale s = ScaleAt(type, w.group(group) + at.head, w.group(group) + at.sub, part, row);
      acc = std::fma(static_cast<float>(sum), s.scale * x.scales[m * blocks + b], acc);
      if (has_min) acc = std::fma(s.min, x.scaled_sums[m * blocks + b], acc);
    }
  }
  return acc;
}

float DotIntegerScaled(const PackedMatrix& w, int64_t group, int64_t row, const QuantizedRows& x, int64_t m) {
  const int64_t blocks = w.cols() / kBlock;
  float acc = 0;
  for (int64_t b = 0; b < blocks; ++b) {
    const PackedPlace at = PlaceOf(LayoutOf(w.type()), blocks, b);
    const uint8_t* quants = Bytes(w.group(group) + at.quants);
    const int8_t* a = x.values + m * w.cols() + b * kBlock;
    const IntegerScales s = IntegerScalesAt(w.type(), w.group(group) + at.head, w.group(group) + at.sub, row);
    int32_t sum = 0;
    int32_t min_sum = 0;
    for (int64_t half = 0; half < 2; ++half) {
      sum += s.scale[half] * DotOfBlock(w.type(), quants, row, a, 16 * half, 16 * half + 16);
      min_sum += s.min[half] * x.sums[(m * blocks + b) * 2 + half];
    }
    const float scale = x.scales[m * blocks + b];
    acc = std::fma(static_cast<float>(sum), s.d * scale, acc);
    if (w.type() == TensorType::kQ2_K) acc = std::fma(static_cast<float>(min_sum), -s.dmin * scale, acc);
  }
  return acc;
}

float WeightAt(const PackedMatrix& w, int64_t group, int64_t row, int64_t k) {
  const std::byte* at = w.group(group) + k * LayoutOf(w.type()).quants;
  if (w.type() == TensorType::kF16) return HalfAt(at, row);
  if (w.type() == TensorType::kBF16) return BFloatAt(at, row);
  float value;
  std::memcpy(&value, at + 4 * row, 4);
  return value;
}

}  // namespace

void QuantizeRowsRef(const float* x, int64_t rows, int64_t cols, const QuantizedRows& out) {
  const int64_t blocks = cols / kBlock;
  for (int64_t m = 0; m < rows; ++m) {
    for (int64_t b = 0; b < blocks; ++b) {
      const float* in = x + m * cols + b * kBlock;
      int8_t* q = out.values + m * cols + b * kBlock;
      float amax = 0;
      for (int64_t k = 0; k < kBlock; ++k) amax = std::fmax(amax, std::fabs(in[k]));
      float scale = amax / 127.0f;
      if (scale < 1.17549435e-38f) scale = 0;
      const float inverse = scale == 0 ? 0 : 1.0f / scale;
      int32_t halves[2] = {0, 0};
      for (int64_t k = 0; k < kBlock; ++k) {
        q[k] = static_cast<int8_t>(std::nearbyint(in[k] * inverse));
        halves[k / 16] += q[k];
      }
      out.scales[m * blocks + b] = scale;
      out.scaled_sums[m * blocks + b] = scale * static_cast<float>(halves[0] + halves[1]);
      out.sums[(m * blocks + b) * 2] = halves[0];
      out.sums[(m * blocks + b) * 2 + 1] = halves[1];
    }
  }
}

void MatmulQuantizedRef(const PackedMatrix& w, const QuantizedRows& x, int64_t rows, int64_t group_begin, int64_t group_end, float* out,
                        int64_t out_stride) {
  const auto dot = w.type() == TensorType::kQ2_K || w.type() == TensorType::kQ3_K ? DotIntegerScaled : DotQuantized;
  for (int64_t group = group_begin; group < group_end; ++group) {
    for (int64_t m = 0; m < rows; ++m) {
      for (int64_t row = 0; row < kRowGroup; ++row) {
        out[m * out_stride + group * kRowGroup + row] = dot(w, group, row, x, m);
      }
    }
  }
}

void MatmulFloatRef(const PackedMatrix& w, const float* x, int64_t rows, int64_t group_begin, int64_t group_end, float* out,
                    int64_t out_stride) {
  for (int64_t group = group_begin; group < group_end; ++group) {
    for (int64_t m = 0; m < rows; ++m) {
      for (int64_t row = 0; row < kRowGroup; ++row) {
        float acc = 0;
        for (int64_t k = 0; k < w.cols(); ++k) acc = std::fma(WeightAt(w, group, row, k), x[m * w.cols() + k], acc);
        out[m * out_stride + group * kRowGroup + row] = acc;
      }
    }
  }
}

}  // namespace tradewind
