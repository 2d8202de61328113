// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "search/nas_tables.h"
#include "search/strategy_problems.h"
#include "shared_data.h"

namespace tradewind {
namespace {

TEST(Reinforce, BeatsRandomWithEitherReward) {
  for (const char* reward : {"soft", "hard"}) {
    const Comparison c = AgainstRandom(CellProblem(), "reinforce", 200, 10, {{"reward", reward}});
    RecordProperty(reward, std::to_string(c.gain) + " p " + std::to_string(c.p));
    EXPECT_GT(c.gain, 0.02) << reward;
    EXPECT_LT(c.p, 0.01) << reward;
  }
}

// NAS-Bench-201 on one device, read plainly: CIFAR-100's accuracy against the latency.
TEST(Reinforce, BeatsRandomOnNasBench201) {
  TW_REQUIRE_DATA(path, SharedPath("assets/nas/nb201_acc_latency_joined.csv"));
  const NasTable nas = ReadNasTable(path, '|');
  const auto device =
      static_cast<size_t>(std::find(nas.table.devices.begin(), nas.table.devices.end(), "raspi4") - nas.table.devices.begin());
  ASSERT_LT(device, nas.table.devices.size());
  std::map<std::vector<size_t>, size_t> row;
  for (size_t i = 0; i < nas.operations.size(); ++i) row[nas.operations[i]] = i;
  SearchProblem problem;
  for (size_t edge = 0; edge < 6; ++edge) {
    SearchDimension d{.knob = "edge" + std::to_string(edge), .values = {}};
    for (const std::string& kind : nas.kinds) d.values.emplace_back(kind);
    problem.space.dimensions.push_back(d);
  }
  const std::vector<double>& latency = nas.table.latencies[device];
  problem.goal = {.axes = {{"accuracy", Direction::kHigherIsBetter}, {"ms", Direction::kLowerIsBetter}},
                  .reference = {0, *std::max_element(latency.begin(), latency.end())}};
  problem.measure = [&](const Setting& s) {
    std::vector<size_t> operations;
    for (size_t edge = 0; edge < 6; ++edge) {
      const auto kind = std::find(nas.kinds.begin(), nas.kinds.end(), s.TextOr("edge" + std::to_string(edge), ""));
      operations.push_back(static_cast<size_t>(kind - nas.kinds.begin()));
    }
    const size_t i = row.at(operations);
    const auto exact = [](const char* metric, double value) {
      return Measurement{.metric = metric, .value = value, .interval = {value, value}, .count = 1, .origin = Origin::kRecorded};
    };
    return std::vector<Measurement>{exact("accuracy", nas.accuracy[i]), exact("ms", latency[i])};
  };
  const Comparison c = AgainstRandom(problem, "reinforce", 200, 10);
  RecordProperty("gain", std::to_string(c.gain) + " p " + std::to_string(c.p));
  EXPECT_GT(c.gain, 0.005);
  EXPECT_LT(c.p, 0.01);
}

// Of one axis the policy climbs: the last of its trials are far better than chance.
TEST(Reinforce, ThePolicyImproves) {
  SearchProblem problem = CellProblem();
  problem.goal.axes.resize(1);
  problem.goal.reference.clear();
  double gain = 0;
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const std::vector<Point> points = RunProblem(problem, "reinforce", {.seed = seed, .trials = 200});
    ASSERT_EQ(points.size(), 200u);
    const auto mean = [&](size_t from) {
      double sum = 0;
      for (size_t i = from; i < from + 50; ++i) sum += points[i].Find("accuracy")->value / 50;
      return sum;
    };
    gain += (mean(150) - mean(0)) / 5;
  }
  EXPECT_GT(gain, 10);
}

// The paper's one exponent draws all policies to one place of the front; exponents of their own spread them.
TEST(Reinforce, TargetsSpreadOverTheFront) {
  const auto span = [&](const std::map<std::string, std::string>& parameters) {
    double sum = 0;
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      const std::vector<Point> points = RunProblem(CellProblem(), "reinforce", {.seed = seed, .trials = 200, .parameters = parameters});
      double low = INFINITY, high = 0;
      for (size_t i = 150; i < points.size(); ++i) {
        low = std::min(low, points[i].Find("ms")->value);
        high = std::max(high, points[i].Find("ms")->value);
      }
      sum += high / low;
    }
    return sum / 5;
  };
  EXPECT_GT(span({}), 1.2 * span({{"exponent", "-0.3"}, {"entropy", "0.01"}}));
}

}  // namespace
}  // namespace tradewind
