// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A recorded table of a million settings, through the program: every row is there, within a GiB of memory.
#include <gtest/gtest.h>

#include "cli/program.h"

namespace tradewind {
namespace {

class MillionRows : public CommandsTest {
 protected:
  void SetUp() override { SetEnvironment("TRADEWIND_DATA", ""); }  // needs no model
};

TEST_F(MillionRows, LoadWithinAGibibyte) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers reserve more memory than the limit";
#endif
  std::string csv = "a,b,c,quality,ms_pi\n";
  csv.reserve(32'000'000);
  for (int i = 0; i < 1'000'000; ++i) {
    for (const int digits : {i / 10'000, i / 100 % 100, i % 100, 1'000'000 - i}) csv += std::to_string(digits) + ",";
    csv += std::to_string(i) + ".5\n";
  }
  Write("million.csv", csv);
  const std::string spec = Write("million.yaml", R"(name: million
description: A table of a test
tables: [{path: million.csv}]
knobs: [{name: a, column: a}, {name: b, column: b}, {name: c, column: c}]
metrics:
  - {name: quality, direction: higher, definition: How good., column: quality}
  - {name: latency_ms, unit: ms, direction: lower, definition: How slow., column: 'ms_{device}'}
devices: {headers: '^ms_(.*)$', default: pi}
workloads: [{name: both, axes: [quality, latency_ms], reference: [0, worst]}]
)");
  const std::string limited = Write("limited", "#!/bin/sh\nulimit -v 1048576 && exec '" TRADEWIND_BINARY "' \"$@\"\n");
  std::filesystem::permissions(limited, std::filesystem::perms::owner_all);
  const Ran ran = Run({"measure", spec, "--set", "a=98", "--set", "b=76", "--set", "c=54", "--json"}, "", limited);
  ASSERT_EQ(ran.code, 0) << ran.err;
  const nlohmann::json json = ran.Json();
  EXPECT_EQ(json["measurements"][0]["value"], 1'000'000 - 987'654);
  EXPECT_EQ(json["measurements"][1]["value"], 987'654.5);
}

}  // namespace
}  // namespace tradewind
