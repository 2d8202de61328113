// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/packed_matrix.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "formats/ggml_blocks.h"

namespace tradewind {
namespace {

constexpr int64_t kVector = 64;
constexpr int64_t kSuperBlock = 256;
constexpr uint32_t kLowNibbles = 0x0F0F0F0F;

uint32_t Load4(const uint8_t* p) {
  uint32_t v;
  std::memcpy(&v, p, 4);
  return v;
}
void Store4(std::byte* p, uint32_t v) {
  std::memcpy(p, &v, 4);
}
// The place of row `row` in vector `vector` of a block.
std::byte* Lane(std::byte* block, int64_t vector, int64_t row) {
  return block + vector * kVector + row * 4;
}

// Nibble vectors of 32 values whose bytes come as words: low(v) holds values 4v.., high(v) values 16+4v.., one a byte, below 16.
template <typename Low, typename High>
void PackNibbles(std::byte* block, int64_t row, Low low, High high) {
  for (int64_t v = 0; v < 4; ++v) Store4(Lane(block, v, row), low(v) | (high(v) << 4));
}

// As they lie in Q4_0, Q4_1, Q5_0: byte i holds value i low and value 16 + i high, which is the packed order already.
void PackPlainNibbles(std::byte* block, int64_t row, const uint8_t* qs) {
  for (int64_t v = 0; v < 4; ++v) Store4(Lane(block, v, row), Load4(qs + 4 * v));
}

// Bits i, i+4, i+8, ... of `bits`, gathered into one byte, for i = 0..3.
uint32_t FifthBits(uint32_t bits) {
  uint32_t out = 0;
  for (int i = 0; i < 4; ++i) {
    uint32_t t = (bits >> i) & 0x11111111u;
    t = (t | (t >> 3)) & 0x03030303u;
    t = (t | (t >> 6)) & 0x000F000Fu;
    t = (t | (t >> 12)) & 0xFFu;
    out |= t << (8 * i);
  }
  return out;
}

void PackQ6Block(std::byte* block, int64_t row, const BlockQ6_K& b, int64_t sub) {
  const int64_t half = sub / 4;
  const int64_t quarter = sub % 4;
  const uint8_t* ql = b.ql + 64 * half + 32 * (quarter % 2);
  const int shift = quarter >= 2 ? 4 : 0;
  PackNibbles(
      block, row, [&](int64_t v) { return (Load4(ql + 4 * v) >> shift) & kLowNibbles; },
      [&](int64_t v) { return (Load4(ql + 16 + 4 * v) >> shift) & kLowNibbles; });
  const uint8_t* qh = b.qh + 32 * half;
  for (int64_t v = 0; v < 2; ++v) {
    uint32_t top = 0;
    for (int t = 0; t < 4; ++t) top |= ((Load4(qh + 16 * v + 4 * t) >> (2 * quarter)) & 0x03030303u) << (2 * t);
    Store4(Lane(block, 4 + v, row), top);
  }
}

void StoreHalf(std::byte* p, int64_t row, uint16_t half) {
  std::memcpy(p + 2 * row, &half, 2);
}

// Where one row's share of a group goes.
struct Target {
  std::byte* quants;
  std::byte* scales;
  int64_t block_bytes;  // of quants
};

void PackRowQ4K(const Target& to, int64_t row, const std::byte* src, int64_t cols) {
  for (int64_t s = 0; s < cols / kSuperBlock; ++s) {
    const auto* in = reinterpret_cast<const BlockQ4_K*>(src) + s;
    std::byte* scales = to.scales + s * (64 + 8 * 32);
    StoreHalf(scales, row, in->d);
    StoreHalf(scales + 32, row, in->dmin);
    uint8_t scale[8];
    uint8_t min[8];
    UnpackScalesQ4K(in->scales, scale, min);
    for (int64_t g = 0; g < 8; ++g) {
      const uint8_t* qs = in->qs + 32 * (g / 2);
      const int shift = g % 2 ? 4 : 0;
      PackNibbles(
          to.quants + (8 * s + g) * to.block_bytes, row, [&](int64_t v) { return (Load4(qs + 4 * v) >> shift) & kLowNibbles; },
          [&](int64_t v) { return (Load4(qs + 16 + 4 * v) >> shift) & kLowNibbles; });
      scales[64 + 32 * g + row] = static_cast<std::byte>(scale[g]);
      scales[64 + 32 * g + 16 + row] = static_cast<std::byte>(min[g]);
    }
  }
}

void PackRow(TensorType type, const Target& to, int64_t row, const std::byte* src, int64_t cols) {
  auto block_at = [&](int64_t b) { return to.quants + b * to.block_bytes; };
  switch (type) {
    case TensorType::kQ4_0:
      for (int64_t b = 0; b < cols / kBlock; ++b) {
        const auto* in = reinterpret_cast<const BlockQ4_0*>(src) + b;
        PackPlainNibbles(block_at(b), row, in->qs);
        StoreHalf(to.scales + b * 32, row, in->d);
      }
      return;
    case TensorType::kQ4_1:
      for (int64_t b = 0; b < cols / kBlock; ++b) {
        const auto* in = reinterpret_cast<const BlockQ4_1*>(src) + b;
        PackPlainNibbles(block_at(b), row, in->qs);
        StoreHalf(to.scales + b * 64, row, in->d);
        StoreHalf(to.scales + b * 64 + 32, row, in->m);
      }
      return;
    case TensorType::kQ5_0:
      for (int64_t b = 0; b < cols / kBlock; ++b) {
        const auto* in = reinterpret_cast<const BlockQ5_0*>(src) + b;
        PackPlainNibbles(block_at(b), row, in->qs);
        Store4(Lane(block_at(b), 4, row), FifthBits(Load4(in->qh)));
        StoreHalf(to.scales + b * 32, row, in->d);
      }
      return;
    case TensorType::kQ8_0:
      for (int64_t b = 0; b < cols / kBlock; ++b) {
        const auto* in = reinterpret_cast<const BlockQ8_0*>(src) + b;
        for (int64_t v = 0; v < 8; ++v) std::memcpy(Lane(block_at(b), v, row), in->qs + 4 * v, 4);
        StoreHalf(to.scales + b * 32, row, in->d);
      }
      return;
    case TensorType::kQ4_K: return PackRowQ4K(to, row, src, cols);
    case TensorType::kQ6_K:
      for (int64_t s = 0; s < cols / kSuperBlock; ++s) {
        const auto* in = reinterpret_cast<const BlockQ6_K*>(src) + s;
        std::byte* scales = to.scales + s * (32 + 16 * 16);
        StoreHalf(scales, row, in->d);
        for (int64_t g = 0; g < 16; ++g) scales[32 + 16 * g + row] = static_cast<std::byte>(in->scales[g]);
        for (int64_t g = 0; g < 8; ++g) PackQ6Block(block_at(8 * s + g), row, *in, g);
      }
      return;
    case TensorType::kF32:
      for (int64_t k = 0; k < cols; ++k) std::memcpy(to.quants + (k * kRowGroup + row) * 4, src + 4 * k, 4);
      return;
    case TensorType::kF16:
    case TensorType::kBF16:
      for (int64_t k = 0; k < cols; ++k) std::memcpy(to.quants + (k * kRowGroup + row) * 2, src + 2 * k, 2);
      return;
  }
}

}  // namespace

int64_t PackedQuantBytes(TensorType type) {
  switch (type) {
    case TensorType::kF32: return 4 * kRowGroup;
    case TensorType::kF16:
    case TensorType::kBF16: return 2 * kRowGroup;
    case TensorType::kQ4_0:
    case TensorType::kQ4_1:
    case TensorType::kQ4_K: return 4 * kVector;
    case TensorType::kQ5_0: return 5 * kVector;
    case TensorType::kQ6_K: return 6 * kVector;
    case TensorType::kQ8_0: return 8 * kVector;
  }
  return 0;
}

int64_t PackedScaleBytes(TensorType type, int64_t cols) {
  switch (type) {
    case TensorType::kF32:
    case TensorType::kF16:
    case TensorType::kBF16: return 0;
    case TensorType::kQ4_0:
    case TensorType::kQ5_0:
    case TensorType::kQ8_0: return cols / kBlock * 32;
    case TensorType::kQ4_1: return cols / kBlock * 64;
    case TensorType::kQ4_K: return cols / kSuperBlock * (64 + 8 * 32);
    case TensorType::kQ6_K: return cols / kSuperBlock * (32 + 16 * 16);
  }
  return 0;
}

namespace {

struct GroupSize {
  int64_t quants;
  int64_t all;
};
GroupSize SizeOfGroup(TensorType type, int64_t cols) {
  const int64_t unit = type <= TensorType::kBF16 ? 1 : kBlock;
  const int64_t quants = (cols / unit * PackedQuantBytes(type) + kVector - 1) / kVector * kVector;
  const int64_t all = (quants + PackedScaleBytes(type, cols) + kVector - 1) / kVector * kVector;
  return {quants, all};
}

}  // namespace

uint64_t PackedMatrix::SizeBytes(TensorType type, int64_t rows, int64_t cols) {
  return static_cast<uint64_t>((rows + kRowGroup - 1) / kRowGroup * SizeOfGroup(type, cols).all);
}

Result<PackedMatrix> PackedMatrix::Allocate(TensorType type, int64_t rows, int64_t cols) {
  PackedMatrix m;
  m.type_ = type;
  m.rows_ = rows;
  m.cols_ = cols;
  m.quant_bytes_ = SizeOfGroup(type, cols).quants;
  m.group_bytes_ = SizeOfGroup(type, cols).all;
  m.data_ = static_cast<std::byte*>(::operator new(m.size_bytes(), std::align_val_t(kVector), std::nothrow));
  if (m.data_ == nullptr) {
    return Fail(StatusCode::kResourceExhausted,
                "no memory for a weight matrix of " + std::to_string(m.size_bytes()) + " bytes; free some or choose a smaller model");
  }
  return m;
}

PackedMatrix::PackedMatrix(PackedMatrix&& other) noexcept {
  *this = std::move(other);
}
PackedMatrix& PackedMatrix::operator=(PackedMatrix&& other) noexcept {
  std::swap(type_, other.type_);
  std::swap(rows_, other.rows_);
  std::swap(cols_, other.cols_);
  std::swap(quant_bytes_, other.quant_bytes_);
  std::swap(group_bytes_, other.group_bytes_);
  std::swap(data_, other.data_);
  return *this;
}
PackedMatrix::~PackedMatrix() {
  if (data_ != nullptr) ::operator delete(data_, std::align_val_t(kVector));
}

void PackedMatrix::PackGroup(int64_t group, const std::byte* rows_data) {
  std::byte* base = data_ + group * group_bytes_;
  const int64_t present = std::min(kRowGroup, rows_ - group * kRowGroup);
  if (present < kRowGroup || quant_bytes_ + PackedScaleBytes(type_, cols_) < group_bytes_) {
    std::memset(base, 0, static_cast<size_t>(group_bytes_));
  }
  const Target to = {base, base + quant_bytes_, PackedQuantBytes(type_)};
  const auto row_bytes = static_cast<int64_t>(*RowBytes(type_, static_cast<uint64_t>(cols_)));
  for (int64_t row = 0; row < present; ++row) {
    PackRow(type_, to, row, rows_data + (group * kRowGroup + row) * row_bytes, cols_);
  }
}

}  // namespace tradewind
