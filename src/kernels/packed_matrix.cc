// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/packed_matrix.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "kernels/pack_rows.h"

namespace tradewind {
namespace {

constexpr int64_t kVector = 64;

}  // namespace

PackedLayout LayoutOf(TensorType type) {
  switch (type) {
    case TensorType::kF32: return {4 * kRowGroup, 0, 0};
    case TensorType::kF16:
    case TensorType::kBF16: return {2 * kRowGroup, 0, 0};
    case TensorType::kQ4_0:
    case TensorType::kIQ4_NL:
    case TensorType::kMXFP4: return {4 * kVector, 0, 32};
    case TensorType::kQ4_1: return {4 * kVector, 0, 64};
    case TensorType::kQ5_0: return {5 * kVector, 0, 32};
    case TensorType::kQ5_1: return {5 * kVector, 0, 64};
    case TensorType::kQ8_0: return {8 * kVector, 0, 32};
    case TensorType::kQ2_K: return {2 * kVector, 64, 32};
    case TensorType::kQ3_K: return {3 * kVector, 32, 32};
    case TensorType::kQ4_K: return {4 * kVector, 64, 32};
    case TensorType::kQ5_K: return {5 * kVector, 64, 32};
    case TensorType::kQ6_K: return {6 * kVector, 32, 32};
    case TensorType::kIQ4_XS: return {4 * kVector, 32, 16};
  }
  return {0, 0, 0};
}

PackedPlace PlaceOf(const PackedLayout& layout, int64_t blocks, int64_t block) {
  const int64_t before = block / kSpanBlocks * kSpanBlocks;
  const int64_t span = before * (layout.quants + layout.sub) + block / kSpanBlocks * layout.head;
  const int64_t head = span + std::min(kSpanBlocks, blocks - before) * layout.quants;
  return {span + (block - before) * layout.quants, head, head + layout.head + (block - before) * layout.sub};
}

namespace {

bool IsFloat(TensorType type) {
  return type <= TensorType::kBF16;
}

// Bytes of one group, and with what aligns the next.
struct GroupSize {
  int64_t used;
  int64_t all;
};
GroupSize SizeOfGroup(TensorType type, int64_t cols) {
  const PackedLayout layout = LayoutOf(type);
  const int64_t units = IsFloat(type) ? cols : cols / kBlock;
  const int64_t spans = (units + kSpanBlocks - 1) / kSpanBlocks;
  const int64_t used = units * (layout.quants + layout.sub) + spans * layout.head;
  return {used, (used + kVector - 1) / kVector * kVector};
}

}  // namespace

uint64_t PackedMatrix::SizeBytes(TensorType type, int64_t rows, int64_t cols) {
  return static_cast<uint64_t>((rows + kRowGroup - 1) / kRowGroup * SizeOfGroup(type, cols).all);
}

PackedMatrix PackedMatrix::Unpacked(TensorType type, int64_t rows, int64_t cols, const std::byte* rows_data) {
  PackedMatrix m;
  m.type_ = type;
  m.rows_ = rows;
  m.cols_ = cols;
  m.group_bytes_ = SizeOfGroup(type, cols).all;
  m.rows_data_ = rows_data;
  return m;
}

Result<PackedMatrix> PackedMatrix::Allocate(TensorType type, int64_t rows, int64_t cols, PageArena* arena) {
  PackedMatrix m = Unpacked(type, rows, cols, nullptr);
  if (arena != nullptr) m.data_ = arena->Take(m.size_bytes());
  if (m.data_ != nullptr) return m;
  m.owned_ = true;
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
  std::swap(group_bytes_, other.group_bytes_);
  std::swap(rows_data_, other.rows_data_);
  std::swap(data_, other.data_);
  std::swap(owned_, other.owned_);
  return *this;
}
PackedMatrix::~PackedMatrix() {
  if (owned_) ::operator delete(data_, std::align_val_t(kVector));
}

void PackedMatrix::PackGroup(int64_t group, const std::byte* rows_data) {
  std::byte* base = data_ + group * group_bytes_;
  const int64_t present = std::min(kRowGroup, rows_ - group * kRowGroup);
  if (present < kRowGroup || SizeOfGroup(type_, cols_).used < group_bytes_) std::memset(base, 0, static_cast<size_t>(group_bytes_));
  const auto row_bytes = static_cast<int64_t>(*RowBytes(type_, static_cast<uint64_t>(cols_)));
  PackRows(type_, base, present, rows_data + group * kRowGroup * row_bytes, cols_);
}

PackedMatrix PackedMatrix::GroupIn(int64_t group, std::byte* memory) const {
  const auto row_bytes = static_cast<int64_t>(*RowBytes(type_, static_cast<uint64_t>(cols_)));
  PackedMatrix one = Unpacked(type_, std::min(kRowGroup, rows_ - group * kRowGroup), cols_, nullptr);
  one.data_ = memory;
  one.PackGroup(0, rows_data_ + group * kRowGroup * row_bytes);
  return one;
}

void PackedMatrix::Become(PackedMatrix&& packed) {
  owned_ = std::exchange(packed.owned_, false);
  __atomic_store_n(&data_, std::exchange(packed.data_, nullptr), __ATOMIC_RELEASE);
}

}  // namespace tradewind
