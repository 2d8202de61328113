// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/products.h"

#include <algorithm>

namespace tradewind {
namespace {

// A task should outlast the hand-over of its index by far, and there should be several for each thread.
constexpr int64_t kTaskMultiplyAdds = 1 << 18;
constexpr int64_t kTasksPerThread = 4;
// Many rows are multiplied by some groups at a time, which share what is read of the rows, where so many tasks are left for each thread
// that the last ones hardly count.
constexpr int64_t kManyRows = 16;
constexpr int64_t kGroupsTogether = 4;
constexpr int64_t kLongTasksPerThread = 16;
// Rows are quantised in runs of this many by one thread.
constexpr int64_t kRowsPerTask = 8;
// Packing for good takes at most the n-th part of a pass's time, and the matrix with which it goes beyond.
constexpr int kPackingShare = 4;

int64_t GroupsPerTask(int64_t all_groups, int64_t rows, int64_t cols, int threads) {
  const int64_t by_work = kTaskMultiplyAdds / std::max<int64_t>(1, rows * cols * kRowGroup);
  const int64_t by_threads = all_groups / (kTasksPerThread * threads);
  const int64_t together = rows < kManyRows ? 1 : std::min(kGroupsTogether, all_groups / (kLongTasksPerThread * threads));
  return std::max({int64_t{1}, together, std::min(by_work, by_threads)});
}

OpWork WorkOf(const PackedMatrix& w, int64_t rows) {
  const double operations = 2.0 * static_cast<double>(rows) * static_cast<double>(w.rows()) * static_cast<double>(w.cols());
  return {.bytes = rows > 0 ? static_cast<double>(w.size_bytes()) : 0,
          .int8_ops = w.quantized() ? operations : 0,
          .float_ops = w.quantized() ? 0 : operations};
}

}  // namespace

Products::Products(const KernelTable& kernels, int64_t rows, int64_t cols, Packing* packing)
    : kernels_(kernels),
      crossovers_(KnownCrossovers()),
      packing_(packing),
      values_(rows * cols),
      scales_(rows * cols / kBlock + 1),
      scaled_sums_(rows * cols / kBlock + 1),
      sums_(rows * cols / 16 + 1) {}

void Products::Run(const float* input, int64_t rows, int64_t cols, std::span<const Product> products, ThreadPool& pool,
                   std::span<const AdaptedRows> adapted) {
  const auto rows_of = [&](const Product& p) { return p.rows < 0 ? rows : p.rows; };
  if (tap_ != nullptr) {
    for (const Product& p : products) tap_->Read(*p.weights, input + p.first_row * cols, rows_of(p));
  }
  const QuantizedRows quantized = {values_.get(), scales_.get(), scaled_sums_.get(), sums_.get()};
  const bool any_quantized = std::any_of(products.begin(), products.end(), [](const Product& p) { return p.weights->quantized(); });
  if (any_quantized) {
    const int64_t blocks = cols / kBlock;
    pool.ParallelFor((rows + kRowsPerTask - 1) / kRowsPerTask, [&](int64_t task, int) {
      const int64_t first = task * kRowsPerTask;
      const QuantizedRows part = {quantized.values + first * cols, quantized.scales + first * blocks,
                                  quantized.scaled_sums + first * blocks, quantized.sums + first * blocks * 2};
      kernels_.quantize_rows(input + first * cols, std::min(kRowsPerTask, rows - first), cols, part);
    });
    if (times_ != nullptr) times_->Lap(Op::kQuantize);
  }
  if (times_ != nullptr) {
    for (const Product& p : products) times_->Add(WorkOf(*p.weights, rows_of(p)));
  }
  int64_t all_groups = 0;
  for (const Product& p : products) all_groups += p.weights->groups();
  // The tasks of each product begin where those of the one before end.
  first_task_.assign(1, 0);
  steps_.clear();
  for (const Product& p : products) {
    steps_.push_back(GroupsPerTask(all_groups, rows_of(p), cols, pool.threads()));
    first_task_.push_back(first_task_.back() + (rows_of(p) == 0 ? 0 : (p.weights->groups() + steps_.back() - 1) / steps_.back()));
  }
  PackSome(products, pool);
  const int64_t blocks = cols / kBlock;
  pool.ParallelFor(first_task_.back(), [&](int64_t task, int member) {
    const auto i = static_cast<size_t>(std::upper_bound(first_task_.begin(), first_task_.end(), task) - first_task_.begin() - 1);
    const Product& p = products[i];
    const int64_t begin = (task - first_task_[i]) * steps_[i];
    const int64_t end = std::min(begin + steps_[i], p.weights->groups());
    const QuantizedRows part = {quantized.values + p.first_row * cols, quantized.scales + p.first_row * blocks,
                                quantized.scaled_sums + p.first_row * blocks, quantized.sums + p.first_row * blocks * 2};
    Multiply(p, input + p.first_row * cols, part, rows_of(p), begin, end, member);
  });
  for (const Product& p : products) {
    for (const AdaptedRows& a : adapted) {
      const int64_t begin = std::max(a.begin, p.first_row);
      const int64_t end = std::min(a.end, p.first_row + rows_of(p));
      if (begin >= end) continue;
      float* out = p.out + (begin - p.first_row) * p.weights->padded_rows();
      for (const AdapterUse& use : a.uses) {
        const AdapterPart* part = use.scale == 0 ? nullptr : use.adapter->Find(p.weights);
        if (part != nullptr) Adapt(*part, use.scale * part->scale, input + begin * cols, end - begin, out, pool);
      }
    }
  }
}

// Groups [begin, end) of one product.
void Products::Multiply(const Product& p, const float* input, const QuantizedRows& quantized, int64_t rows, int64_t begin, int64_t end,
                        int member) {
  const int64_t timed = crossovers_.ManyRows(p.weights->type(), p.weights->cols());
  const bool many = rows >= (timed == Crossovers::kNotTimed ? kernels_.many_rows : timed);
  const auto multiply = [&](const PackedMatrix& w, int64_t first, int64_t last, float* out) {
    if (w.quantized()) {
      (many ? kernels_.matmul_quantized_many : kernels_.matmul_quantized)(w, quantized, rows, first, last, out, p.weights->padded_rows());
    } else {
      kernels_.matmul_float(w, input, rows, first, last, out, p.weights->padded_rows());
    }
  };
  if (p.weights->packed()) return multiply(*p.weights, begin, end, p.out);
  for (int64_t g = begin; g < end; ++g) {
    const PackedMatrix group = p.weights->GroupIn(g, group_[static_cast<size_t>(member)].get());
    multiply(group, 0, 1, p.out + g * kRowGroup);
  }
}

void Products::BeginPass() {
  pass_began_ = RealClock().Now();
  packed_for_ = {};
}

// What may be packed for good now; and memory for one group of each of the others.
void Products::PackSome(std::span<const Product> products, ThreadPool& pool) {
  int64_t group_bytes = 0;
  for (const Product& p : products) {
    if (p.weights->packed() || p.rows == 0) continue;
    const TimePoint now = RealClock().Now();
    if (packing_ != nullptr && packed_for_.ns * kPackingShare <= (now - pass_began_).ns) {
      const bool packed = packing_->Pack(*p.weights, pool);
      packed_for_ = packed_for_ + (RealClock().Now() - now);
      if (packed) continue;
    }
    group_bytes = std::max(group_bytes, p.weights->group_bytes());
  }
  if (group_bytes > group_bytes_) {
    group_.clear();
    group_bytes_ = group_bytes;
  }
  while (group_bytes > 0 && static_cast<int>(group_.size()) < pool.threads()) group_.emplace_back(group_bytes_);
}

// Adds scale * B (A x).
void Products::Adapt(const AdapterPart& part, float scale, const float* input, int64_t rows, float* out, ThreadPool& pool) {
  const int64_t rank = part.a.padded_rows();
  const int64_t stride = part.b.padded_rows();
  low_rank_.resize(std::max(low_rank_.size(), static_cast<size_t>(rows * rank)));
  delta_.resize(std::max(delta_.size(), static_cast<size_t>(rows * stride)));
  pool.ParallelFor(part.a.groups(), [&](int64_t g, int) { kernels_.matmul_float(part.a, input, rows, g, g + 1, low_rank_.data(), rank); });
  pool.ParallelFor(part.b.groups(), [&](int64_t g, int) {
    kernels_.matmul_float(part.b, low_rank_.data(), rows, g, g + 1, delta_.data(), stride);
    for (int64_t row = 0; row < rows; ++row) {
      const float* delta = delta_.data() + row * stride + g * kRowGroup;
      float* to = out + row * stride + g * kRowGroup;
      for (int64_t i = 0; i < kRowGroup; ++i) to[i] += scale * delta[i];
    }
  });
}

}  // namespace tradewind
