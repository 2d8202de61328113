// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// RoutingTable: what several arms (models, settings) scored and cost on the same requests: what routers are fitted to and judged by. A
// plain value. FeatureMatrix: its texts as vectors, embedded once for many fits.
//
//   RoutingTable table{.arms = {"small", "large"}, .arm_cost = {1, 20}};
//   table.samples.push_back({"What is 2 + 2?", "arithmetic", {1, 1}});
//   TW_RETURN_IF_ERROR(CheckRoutingTable(table));
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "text/features.h"

namespace tradewind {

inline constexpr float kNoScore = std::numeric_limits<float>::quiet_NaN();
inline constexpr size_t kMostArms = 64;
inline constexpr size_t kMostRoutingSamples = 1'000'000;

struct RoutingSample {
  std::string text;
  std::string group;         // what intervals are clustered by: a subject, a question with several turns; empty: by itself
  std::vector<float> score;  // of each arm, in [0, 1]; kNoScore where it was not asked
};

struct RoutingTable {
  std::vector<std::string> arms;
  std::vector<double> arm_cost;  // of one request, >= 0, in any one unit
  std::vector<RoutingSample> samples;
};

// kInvalidInput, naming the sample or arm, unless there are 1 to kMostArms arms of different names with finite costs >= 0, and 1 to
// kMostRoutingSamples samples with a score in [0, 1] or kNoScore for each arm.
Result<void> CheckRoutingTable(const RoutingTable& table);

// Arms by rising cost; of equals the one that comes first.
std::vector<size_t> ArmsByCost(std::span<const double> arm_cost);

struct FeatureMatrix {
  std::string embedder;  // its name
  size_t columns = 0;
  std::vector<float> values;  // rows one after the other
  size_t rows() const { return columns == 0 ? 0 : values.size() / columns; }
  std::span<const float> Row(size_t i) const { return std::span(values).subspan(i * columns, columns); }
};

FeatureMatrix EmbedTexts(const RoutingTable& table, const TextEmbedder& embedder);

// What a recorded table has of its samples, as columns: texts, groups (none, or one a text), and for each arm its price and its scores, one
// a text, NaN where it was not asked. Scores are taken times `scale`, such as 0.1 where they reach 10. As CheckRoutingTable; and
// kInvalidInput, naming the arm, for columns of different lengths.
struct ArmColumn {
  std::string name;
  double cost = 0;
  std::vector<double> scores;
};
Result<RoutingTable> RoutingTableOf(std::span<const std::string> texts, std::span<const std::string> groups,
                                    std::span<const ArmColumn> arms, double scale = 1);

// The table with these of its arms alone, in this order; each is one of its arms, and stands once.
RoutingTable WithArms(const RoutingTable& table, std::span<const size_t> arms);

// The samples whose group is among `groups`, and the others.
std::pair<RoutingTable, RoutingTable> SplitByGroups(const RoutingTable& table, std::span<const std::string> groups);

// Half of the groups (the smaller half of an odd number), drawn by the seed, and the others. A sample without a group is its own.
std::pair<RoutingTable, RoutingTable> SplitInHalves(const RoutingTable& table, uint64_t seed);

// What makes two texts the same question: case, runs of spaces and marks do not count, nor how apostrophes and quotes are written.
std::string QuestionKey(std::string_view text);

// Drops the samples of `table` whose question is one of `keys` (QuestionKey); returns how many.
size_t DropQuestions(RoutingTable& table, std::span<const std::string> keys);

// kInvalidInput, quoting the question, if one of `test` is also in `train`.
Result<void> CheckNoSharedQuestion(const RoutingTable& train, const RoutingTable& test);

}  // namespace tradewind
