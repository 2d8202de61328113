// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// PackedMatrix: a weight matrix laid out for the kernels: sixteen output rows side by side, so that a SIMD lane is a row and the sums of
// docs/numerics.md need no horizontal step. Made of the file's rows; exact (no value changes). Immutable, 64-byte aligned.
//
// A matrix may begin as the file's rows alone, and be packed once and for good later, while other threads use it: who multiplies asks
// packed(), and packs the groups of one that is not for itself (GroupIn).
//
// Rows come in groups of 16 (the last padded by zeros), columns in blocks of 32 and these in spans of 8 blocks (the last may have fewer). A
// group is read from begin to end: of each span first its blocks' quants, then its scales.
//   quants of a block, in vectors of 64 bytes [row 16][k 4]:
//     Q4_0 Q4_1 Q4_K   4 vectors; vector v: low nibbles k = 4v.., high nibbles k = 16+4v..; IQ4_NL IQ4_XS MXFP4 the same
//     Q5_0 Q5_1 Q5_K   the same, then 1 vector whose bit g is the fifth bit of k = 4g..
//     Q6_K             the same 4, then 2 vectors; vector v holds bits 4,5 of k = 16v+4t.. at its bits 2t, 2t+1
//     Q2_K             2 vectors; vector v holds k = 16v+4t.. at its bits 2t, 2t+1
//     Q3_K             the same for the two low bits, then 1 vector whose bit g is the third bit of k = 4g..
//     Q8_0             8 vectors; vector v: k = 4v..
//   scales of a span: what it says once, then what each block says
//     Q4_0 Q5_0 Q8_0 IQ4_NL   block: half d[16];  MXFP4  block: bfloat16 d[16];  Q4_1 Q5_1  block: half d[16], half m[16]
//     Q4_K Q5_K   span: half d[16], half dmin[16];  block: uint8 sc[16], uint8 mn[16]
//     Q2_K        span: half d[16], half dmin[16];  block: sc + 16 mn as uint8 [row 16][half 2]
//     Q3_K        span: half d[16];  block: int8 sc [row 16][half 2]
//     Q6_K        span: half d[16];  block: int8 sc[16] of its first half, then of its second
//     IQ4_XS      span: half d[16];  block: int8 sc[16]
//   F32 F16 BF16: value [k][row 16], no spans.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/page_arena.h"
#include "base/status.h"
#include "formats/tensor_type.h"

namespace tradewind {

inline constexpr int64_t kRowGroup = 16;
inline constexpr int64_t kBlock = 32;
inline constexpr int64_t kSpanBlocks = 8;

class PackedMatrix {
 public:
  PackedMatrix() = default;
  // An empty matrix of this shape; groups are then filled by PackGroup. Its memory is taken from `arena`, which must outlive it, if there
  // is one that has the room, else it is the matrix's own. kResourceExhausted names the bytes if memory is short.
  static Result<PackedMatrix> Allocate(TensorType type, int64_t rows, int64_t cols, PageArena* arena = nullptr);
  // One that is not packed yet; `rows_data`: the whole matrix in the file's layout, borrowed until it is.
  static PackedMatrix Unpacked(TensorType type, int64_t rows, int64_t cols, const std::byte* rows_data);
  PackedMatrix(PackedMatrix&& other) noexcept;
  PackedMatrix& operator=(PackedMatrix&& other) noexcept;
  ~PackedMatrix();

  // Lays out one group from `rows_data`: the whole matrix in the file's layout. Groups may be packed by several threads.
  void PackGroup(int64_t group, const std::byte* rows_data);
  // Whether it has groups. Once true for a thread, it stays so.
  bool packed() const { return __atomic_load_n(&data_, __ATOMIC_ACQUIRE) != nullptr; }
  // One group of a matrix that is not packed, as a matrix of its own, packed into `memory`, of group_bytes() aligned to 64.
  PackedMatrix GroupIn(int64_t group, std::byte* memory) const;
  // Takes the groups of `packed`, of the same shape and all filled: for all threads at once. Only by one thread, and of one not packed.
  void Become(PackedMatrix&& packed);

  // Always inlined: no copy of them compiled for one instruction set may be linked in for all.
  [[gnu::always_inline]] TensorType type() const { return type_; }
  int64_t rows() const { return rows_; }
  [[gnu::always_inline]] int64_t cols() const { return cols_; }
  int64_t groups() const { return (rows_ + kRowGroup - 1) / kRowGroup; }
  int64_t padded_rows() const { return groups() * kRowGroup; }
  [[gnu::always_inline]] const std::byte* group(int64_t group) const { return data_ + group * group_bytes_; }
  int64_t group_bytes() const { return group_bytes_; }
  uint64_t size_bytes() const { return static_cast<uint64_t>(groups() * group_bytes_); }
  bool quantized() const { return type_ > TensorType::kBF16; }

  // Bytes that Allocate would take for this shape.
  static uint64_t SizeBytes(TensorType type, int64_t rows, int64_t cols);

 private:
  TensorType type_ = TensorType::kF32;
  int64_t rows_ = 0;
  int64_t cols_ = 0;
  int64_t group_bytes_ = 0;
  const std::byte* rows_data_ = nullptr;
  std::byte* data_ = nullptr;
  bool owned_ = false;
};

// Bytes of the parts of a group of 16 rows.
struct PackedLayout {
  int64_t quants;  // a block (of F32, F16, BF16: a column)
  int64_t head;    // what a span's scales say once
  int64_t sub;     // and of each block
};
PackedLayout LayoutOf(TensorType type);

// Where block `block` of `blocks` begins in its group.
struct PackedPlace {
  int64_t quants;
  int64_t head;
  int64_t sub;
};
PackedPlace PlaceOf(const PackedLayout& layout, int64_t blocks, int64_t block);

}  // namespace tradewind
