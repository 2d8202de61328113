// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/crossover.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <nlohmann/json.hpp>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/random.h"

namespace tradewind {
namespace {

constexpr int64_t kTimedRows[] = {2, 3, 4, 6, 8, 10, 12, 16, 24, 32};
// Beyond what is timed, the way for many rows has won wherever there is one.
constexpr int64_t kMostRows = 33;
constexpr int kTurns = 7;
constexpr int64_t kGroupsATurn = 48;
constexpr int64_t kGroupsATask = 4;
// Of one matrix: enough for every turn to take others, and few enough for the results of a vocabulary's matrix to need little room.
constexpr int64_t kMostGroups = 1024;

std::mutex known_mutex;
Crossovers& Known() {
  static Crossovers known;
  return known;
}

}  // namespace

int64_t Crossovers::ManyRows(TensorType type, int64_t cols) const {
  const auto found = many_rows_.find({type, cols});
  return found == many_rows_.end() ? kNotTimed : found->second;
}

std::string Crossovers::ToJson() const {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [shape, rows] : many_rows_) json[std::string(InfoOf(shape.first).name)][std::to_string(shape.second)] = rows;
  return json.dump();
}

Crossovers Crossovers::FromJson(const std::string& text) {
  Crossovers out;
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  for (const TensorTypeInfo& info : AllTensorTypes()) {
    const auto of_type = json.is_object() ? json.find(std::string(info.name)) : json.end();
    if (of_type == json.end() || !of_type->is_object()) continue;
    for (const auto& [cols, rows] : of_type->items()) {
      const int64_t number = std::atoll(cols.c_str());
      if (number <= 0 || !rows.is_number_integer()) continue;
      const auto many = rows.get<int64_t>();
      if (many >= 1 && many <= kMostRows) out.Set(info.type, number, many);
    }
  }
  return out;
}

Crossovers KnownCrossovers() {
  const std::lock_guard lock(known_mutex);
  return Known();
}
void SetKnownCrossovers(Crossovers crossovers) {
  const std::lock_guard lock(known_mutex);
  Known() = std::move(crossovers);
}

int64_t BestCrossover(std::span<const CrossoverTiming::Point> points) {
  int64_t best = kMostRows;
  double least = 0;
  for (size_t first = 0; first <= points.size(); ++first) {
    double lost = 0;
    for (size_t i = 0; i < points.size(); ++i) {
      const double chosen = i < first ? points[i].few_ops_per_s : points[i].many_ops_per_s;
      lost += std::max(points[i].few_ops_per_s, points[i].many_ops_per_s) / chosen - 1;
    }
    if (first == 0 || lost < least) {
      least = lost;
      best = first < points.size() ? points[first].rows : kMostRows;
    }
  }
  return best;
}

CrossoverTiming TimeCrossover(const KernelTable& kernels, std::span<const PackedMatrix* const> matrices, ThreadPool& pool) {
  const int64_t cols = matrices[0]->cols();
  const int64_t most = kTimedRows[std::size(kTimedRows) - 1];
  Buffer<float> input(most * cols);
  Buffer<int8_t> values(most * cols);
  Buffer<float> scales(most * cols / kBlock), scaled_sums(most * cols / kBlock);
  Buffer<int32_t> sums(most * cols / 16);
  Random random(1);
  for (int64_t i = 0; i < most * cols; ++i) input.get()[i] = static_cast<float>(random.Uniform()) - 0.5f;
  const QuantizedRows rows = {values.get(), scales.get(), scaled_sums.get(), sums.get()};
  kernels.quantize_rows(input.get(), most, cols, rows);

  // The groups of all matrices in a ring.
  std::vector<std::pair<const PackedMatrix*, int64_t>> ring;
  int64_t stride = 0;
  for (const PackedMatrix* m : matrices) {
    const int64_t groups = std::min(m->groups(), kMostGroups);
    stride = std::max(stride, groups * kRowGroup);
    for (int64_t g = 0; g < groups; ++g) ring.emplace_back(m, g);
  }
  Buffer<float> out(most * stride * pool.threads());  // of each member: groups of two matrices may have the same place
  size_t at = 0;
  const auto seconds = [&](int64_t count, auto multiply) {
    const TimePoint start = RealClock().Now();
    pool.ParallelFor(kGroupsATurn / kGroupsATask, [&](int64_t task, int member) {
      for (int64_t i = 0; i < kGroupsATask; ++i) {
        const auto& [w, g] = ring[(at + static_cast<size_t>(task * kGroupsATask + i)) % ring.size()];
        multiply(*w, rows, count, g, g + 1, out.get() + member * most * stride, stride);
      }
    });
    at += kGroupsATurn;
    return (RealClock().Now() - start).seconds();
  };
  CrossoverTiming timing{.type = matrices[0]->type(), .cols = cols, .points = {}, .many_rows = 0};
  for (const int64_t count : kTimedRows) {
    // The best of each, as neighbours only ever slow a run down.
    double few = seconds(count, kernels.matmul_quantized), many = seconds(count, kernels.matmul_quantized_many);
    for (int turn = 0; turn < kTurns; ++turn) {
      few = std::min(few, seconds(count, kernels.matmul_quantized));
      many = std::min(many, seconds(count, kernels.matmul_quantized_many));
    }
    const double operations = 2.0 * static_cast<double>(count * cols * kRowGroup * kGroupsATurn);
    timing.points.push_back({count, operations / few, operations / many});
  }
  timing.many_rows = BestCrossover(timing.points);
  return timing;
}

}  // namespace tradewind
