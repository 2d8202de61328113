// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/packing.h"

#include <algorithm>

namespace tradewind {
namespace {

constexpr int64_t kSliceBytes = 8 << 20;

}  // namespace

void Packing::Add(PackedMatrix* matrix, const GgufTensor* tensor, std::span<const std::byte> data) {
  places_[matrix] = sources_.size();
  sources_.push_back({matrix, tensor, data});
}

bool Packing::Pack(const PackedMatrix& matrix, ThreadPool& pool) {
  const std::unique_lock lock(busy_, std::try_to_lock);
  if (!lock.owns_lock()) return false;
  return PackSource(sources_[places_.at(&matrix)], pool).has_value();
}

Result<void> Packing::PackAll(ThreadPool& pool) {
  const std::lock_guard lock(busy_);
  for (const Source& source : sources_) TW_RETURN_IF_ERROR(PackSource(source, pool));
  return {};
}

Result<void> Packing::PackSource(const Source& source, ThreadPool& pool) {
  PackedMatrix& matrix = *source.matrix;
  if (matrix.packed()) return {};
  TW_ASSIGN(PackedMatrix packed, PackedMatrix::Allocate(matrix.type(), matrix.rows(), matrix.cols(), &arena_));
  // Slice by slice, so that never much of a tensor is resident twice.
  const int64_t slice = std::max<int64_t>(1, kSliceBytes / (matrix.group_bytes() + 1));
  const size_t row_bytes = source.data.size() / static_cast<size_t>(matrix.rows());
  for (int64_t begin = 0; begin < matrix.groups(); begin += slice) {
    const int64_t end = std::min(begin + slice, matrix.groups());
    pool.ParallelFor(end - begin, [&](int64_t i, int) { packed.PackGroup(begin + i, source.data.data()); });
    const size_t first = static_cast<size_t>(begin * kRowGroup) * row_bytes;
    const size_t last = static_cast<size_t>(std::min(end * kRowGroup, matrix.rows())) * row_bytes;
    file_.Release(*source.tensor, source.data.subspan(first, last - first));
  }
  matrix.Become(std::move(packed));
  file_.Release(*source.tensor, source.data);
  return {};
}

}  // namespace tradewind
