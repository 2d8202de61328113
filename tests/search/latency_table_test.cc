// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/latency_table.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tradewind {
namespace {

LatencyTable Good() {
  return {.devices = {"pixel", "fpga"}, .features = {{1, 0}, {0, 1}}, .latencies = {{3, 5}, {9, 2}}};
}

// The message names what is wrong.
void Refused(const LatencyTable& table, const std::string& names) {
  const auto checked = CheckLatencies(table);
  ASSERT_FALSE(checked) << names;
  EXPECT_NE(checked.error().message().find(names), std::string::npos) << checked.error().message();
}

TEST(LatencyTableCheck, EachLieIsNamed) {
  EXPECT_TRUE(CheckLatencies(Good()));
  LatencyTable t = Good();
  t.features[1] = {0};
  Refused(t, "architecture 1 has 1 features");
  t = Good();
  t.features[0][1] = std::nan("");
  Refused(t, "architecture 0");
  t = Good();
  t.latencies.pop_back();
  Refused(t, "2 devices");
  t = Good();
  t.latencies[1] = {9};
  Refused(t, "device fpga has 1 latencies");
  t = Good();
  t.latencies[1][1] = 0;
  Refused(t, "architecture 1 on fpga");
  Refused({}, "no architecture");
}

TEST(LatencyTableCheck, AnUnknownDeviceIsNamedWithThoseThereAre) {
  const std::vector<std::string> known = {"fpga", "pixel"};
  EXPECT_EQ(DeviceIndices(Good(), known).value(), (std::vector<size_t>{1, 0}));
  const std::vector<std::string> unknown = {"tpu"};
  const auto refused = DeviceIndices(Good(), unknown);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kNotFound);
  EXPECT_NE(refused.error().message().find("'tpu'; it has pixel, fpga"), std::string::npos);
}

}  // namespace
}  // namespace tradewind
