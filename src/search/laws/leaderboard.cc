// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/leaderboard.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "base/numbers.h"
#include "core/frontier.h"

namespace tradewind {
namespace {

constexpr size_t kMostModels = 20'000;

Result<void> CheckColumns(std::span<const double> accuracy, std::span<const double> latency) {
  if (accuracy.size() != latency.size())
    return Fail(StatusCode::kInvalidInput, "a leaderboard's accuracies and latencies differ in number");
  if (accuracy.size() > kMostModels) return Fail(StatusCode::kInvalidInput, "a leaderboard takes at most 20000 models");
  for (size_t i = 0; i < accuracy.size(); ++i) {
    if (std::isfinite(accuracy[i]) && std::isfinite(latency[i])) continue;
    return Fail(StatusCode::kInvalidInput,
                "model " + std::to_string(i) + " of a leaderboard has an accuracy or latency that is not finite");
  }
  return {};
}

std::vector<FrontierEntry> Frontier(std::span<const double> accuracy, std::span<const double> latency, AccuracyTies ties) {
  std::vector<Point> points(accuracy.size());
  for (size_t i = 0; i < points.size(); ++i) {
    Interval of_latency = {latency[i], latency[i]};
    // Never apart from another's, so that being faster alone dominates nobody; being slower still forbids to dominate.
    if (ties == AccuracyTies::kKeep) of_latency = {-kInfinity, kInfinity};
    points[i].measurements = {{"accuracy", accuracy[i], {accuracy[i], accuracy[i]}, 1, Origin::kRecorded},
                              {"latency", latency[i], of_latency, 1, Origin::kRecorded}};
  }
  const std::vector<Axis> axes = {{"accuracy", Direction::kHigherIsBetter}, {"latency", Direction::kLowerIsBetter}};
  return ComputeFrontier(points, axes);
}

std::vector<size_t> OrderOf(std::span<const double> values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
  return order;
}

// Ranks from 1 with the mean rank for ties, less their mean.
std::vector<double> CentredRanks(std::span<const double> values) {
  const std::vector<size_t> order = OrderOf(values);
  const double mean = (static_cast<double>(values.size()) + 1) / 2;
  std::vector<double> ranks(values.size());
  for (size_t first = 0; first < order.size();) {
    size_t last = first;
    while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
    for (size_t i = first; i < last; ++i) ranks[order[i]] = static_cast<double>(first + last + 1) / 2 - mean;
    first = last;
  }
  return ranks;
}

double Dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

}  // namespace

Result<std::vector<size_t>> ParetoMembers(std::span<const double> accuracy, std::span<const double> latency, AccuracyTies ties) {
  TW_RETURN_IF_ERROR(CheckColumns(accuracy, latency));
  const std::vector<FrontierEntry> entries = Frontier(accuracy, latency, ties);
  std::vector<size_t> members;
  for (const size_t i : OrderOf(latency)) {
    if (!entries[i].dominated_by) members.push_back(i);
  }
  return members;
}

std::map<std::string, size_t> CountByFamily(std::span<const size_t> members, std::span<const std::string> families) {
  std::map<std::string, size_t> counts;
  for (const std::string& family : families) counts[family] = 0;
  for (const size_t member : members) {
    assert(member < families.size());
    ++counts[families[member]];
  }
  return counts;
}

Result<std::vector<FlagDifference>> ComparePublished(std::span<const double> accuracy, std::span<const double> latency,
                                                     std::span<const size_t> published) {
  TW_RETURN_IF_ERROR(CheckColumns(accuracy, latency));
  std::vector<bool> flags(accuracy.size(), false);
  for (const size_t index : published) {
    if (index >= flags.size()) {
      return Fail(StatusCode::kInvalidInput,
                  "published Pareto index " + std::to_string(index) + " is beyond the table's " + std::to_string(flags.size()) + " models");
    }
    flags[index] = true;
  }
  std::vector<FlagDifference> differences;
  for (const FrontierEntry& entry : Frontier(accuracy, latency, AccuracyTies::kDrop)) {
    const size_t i = entry.point;
    if (flags[i] == !entry.dominated_by.has_value()) continue;
    FlagReason reason = FlagReason::kLeftOut;
    if (entry.dominated_by) reason = accuracy[*entry.dominated_by] == accuracy[i] ? FlagReason::kTiedAccuracy : FlagReason::kDominated;
    differences.push_back({i, reason, entry.dominated_by});
  }
  return differences;
}

Result<std::vector<double>> RankCorrelations(std::span<const std::vector<double>> columns) {
  std::vector<std::vector<double>> ranks;
  for (const std::vector<double>& column : columns) {
    if (column.size() < 2 || column.size() != columns[0].size()) {
      return Fail(StatusCode::kInvalidInput, "rank correlations need columns of one length, of at least two values");
    }
    ranks.push_back(CentredRanks(column));
  }
  std::vector<double> matrix;
  for (const auto& a : ranks) {
    for (const auto& b : ranks) matrix.push_back(Dot(a, b) / std::sqrt(Dot(a, a) * Dot(b, b)));
  }
  return matrix;
}

}  // namespace tradewind
