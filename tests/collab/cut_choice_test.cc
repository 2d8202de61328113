// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Profiles whose best cut is known on paper (and energy_model.cc).
#include "collab/cut_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "collab/energy_model.h"

namespace tradewind {
namespace {

using testing::ElementsAre;

// A device that takes 100 ms for all of it, a worker that takes 10; the middle edge halves the work and sends a tenth.
std::vector<CutCost> Costs() {
  return {{.cut = "none", .device_ms = 100},
          {.cut = "input", .device_ms = 0, .worker_ms = 10, .sent_bytes = 100'000},
          {.cut = "middle", .device_ms = 50, .worker_ms = 5, .sent_bytes = 10'000}};
}
std::string Best(const PathState& state) {
  const std::vector<CutCost> costs = Costs();
  return costs[PickCut(costs, state)].cut;
}

TEST(CutChoice, ByRate) {
  // At B bytes a ms: none 100; input 10 + 100000 / B; middle 55 + 10000 / B. They cross at B = 2000 and B = 222.
  EXPECT_EQ(Best({.bytes_per_s = 0}), "input");
  EXPECT_EQ(Best({.bytes_per_s = 2.1e6}), "input");
  EXPECT_EQ(Best({.bytes_per_s = 1.9e6}), "middle");
  EXPECT_EQ(Best({.bytes_per_s = 2.3e5}), "middle");
  EXPECT_EQ(Best({.bytes_per_s = 2.1e5}), "none");
}
TEST(CutChoice, ByRoundTripAndLoads) {
  EXPECT_EQ(Best({.bytes_per_s = 1e6, .round_trip_ms = 34}), "middle");  // 50 + 5 + 10 + 34 = 99
  EXPECT_EQ(Best({.bytes_per_s = 1e6, .round_trip_ms = 36}), "none");
  EXPECT_EQ(Best({.bytes_per_s = 1e7, .worker_load = 8}), "input");     // 80 + 10, beside 50 + 40 + 1
  EXPECT_EQ(Best({.bytes_per_s = 1e7, .worker_load = 8.5}), "middle");  // 85 + 10, beside 50 + 42.5 + 1
  EXPECT_EQ(Best({.bytes_per_s = 1e7, .worker_load = 11}), "none");
  EXPECT_EQ(Best({.bytes_per_s = 1e7, .device_load = 2, .worker_load = 11}), "input");
}
TEST(CutChoice, CountsTheAnswerAndTheExchange) {
  const CutCost cost{.device_ms = 2, .worker_ms = 3, .sent_bytes = 1000, .received_bytes = 500, .overhead_ms = 0.5};
  EXPECT_DOUBLE_EQ(PredictLatency_ms(cost, {.bytes_per_s = 1e5, .round_trip_ms = 7, .device_load = 4, .worker_load = 2}),
                   8 + 6 + 7 + 15 + 0.5);
}

TEST(CutChoice, EdgesThatSendNoLessThanAnEarlierOneGo) {
  const std::vector<double> bytes = {200, 90, 95, 40, 40, 60, 10};
  EXPECT_THAT(WorthwhileCuts(bytes, 100, 3), ElementsAre(1, 3, 6));
  EXPECT_THAT(WorthwhileCuts(bytes, 30, 1), ElementsAre(6));
  EXPECT_THAT(WorthwhileCuts(bytes, 100, 5), testing::SizeIs(5));
  EXPECT_THAT(WorthwhileCuts(bytes, 100, 5), testing::IsSupersetOf({size_t{1}, size_t{3}, size_t{6}}));
  EXPECT_THAT(WorthwhileCuts(bytes, 100, 100), testing::SizeIs(7));
  EXPECT_THAT(WorthwhileCuts(bytes, 100, 2), ElementsAre(3, 6)) << "90 saves least over 100";
  EXPECT_THAT(WorthwhileCuts({}, 100, 4), testing::IsEmpty());
}

// What the pruning says of itself: on drawn nets, devices and links, no edge that it leaves out beats all those that it keeps.
TEST(CutChoice, NoEdgeThatIsLeftOutIsTheBest) {
  Random random(3);
  for (int net = 0; net < 300; ++net) {
    std::vector<double> bytes, work;
    double total = 0;
    for (int i = 0; i < 20; ++i) {
      bytes.push_back(1 + random.Uniform() * 200);
      work.push_back(total += random.Uniform());
    }
    total += random.Uniform();
    const double slower = 0.2 + 10 * random.Uniform();
    const auto cost = [&](double done, double sent) {
      return CutCost{.device_ms = done * slower, .worker_ms = total - done, .sent_bytes = sent};
    };
    std::vector<CutCost> all = {cost(total, 0), cost(0, 100)};
    std::vector<CutCost> kept = all;
    for (size_t i = 0; i < bytes.size(); ++i) all.push_back(cost(work[i], bytes[i]));
    std::vector<size_t> undominated = WorthwhileCuts(bytes, 100, bytes.size());
    for (double least = 100; const size_t i : undominated) {
      if (bytes[i] >= least) continue;
      least = bytes[i];
      kept.push_back(cost(work[i], bytes[i]));
    }
    const PathState state = {.bytes_per_s = 1e3 * (1 + 500 * random.Uniform()), .round_trip_ms = random.Uniform()};
    EXPECT_DOUBLE_EQ(PredictLatency_ms(all[PickCut(all, state)], state), PredictLatency_ms(kept[PickCut(kept, state)], state));
  }
}

TEST(EnergyModel, AgreesWithItsFormula) {
  const EnergyModel lte{.radio = *FindRadio("lte"), .compute_w = 2};
  // 50 ms at 2 W; a megabit at 8 Mbit/s takes 125 ms at 438.39 * 8 + 1288.04 mW.
  EXPECT_NEAR(Energy_mj(lte, 50, 125'000, 0, 1e6), 100 + 0.125 * (438.39 * 8 + 1288.04), 1e-6);
  EXPECT_NEAR(Energy_mj(lte, 0, 0, 125'000, 1e6), 0.125 * (51.97 * 8 + 1288.04), 1e-6);
  EXPECT_NEAR(Energy_mj(lte, 0, 125'000, 0, 0), 438.39, 1e-6);
  EXPECT_EQ(Energy_mj({}, 0, 0, 0, 0), 0);
  EXPECT_EQ(FindRadio("smoke").error().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace tradewind
