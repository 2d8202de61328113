// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/recalled_crossovers.h"

#include <gmock/gmock.h>

#include "cli/cli_test_util.h"
#include "cli/program.h"
#include "core/device.h"
#include "llm/crossover.h"
#include "shared_data.h"
#include "store/device_profile.h"

namespace tradewind {
namespace {

class RecalledCrossoversTest : public CliTest {
 protected:
  ~RecalledCrossoversTest() override { SetKnownCrossovers({}); }
};

TEST_F(RecalledCrossoversTest, WhatWasTimedIsKnownInTheNextRun) {
  {
    const RecalledCrossovers first;
    EXPECT_EQ(KnownCrossovers().size(), 0u);
  }
  EXPECT_FALSE(std::filesystem::exists(Path("profile.db"))) << "no store is made for nothing";
  {
    const RecalledCrossovers run;
    Crossovers timed;
    timed.Set(TensorType::kQ4_K, 2048, 10);
    SetKnownCrossovers(timed);
  }
  SetKnownCrossovers({});
  const RecalledCrossovers next;
  EXPECT_EQ(KnownCrossovers().ToJson(), R"({"Q4_K":{"2048":10}})");
}

TEST_F(RecalledCrossoversTest, AStoreThatCannotBeReadOrHoldsNonsenseIsNone) {
  Write("profile.db", "this is no database");
  {
    const RecalledCrossovers run;
    EXPECT_EQ(KnownCrossovers().size(), 0u);
    Crossovers timed;
    timed.Set(TensorType::kQ4_K, 2048, 10);
    SetKnownCrossovers(timed);
  }
  EXPECT_EQ(Contents(Path("profile.db")), "this is no database");
  std::filesystem::remove(Path("profile.db"));
  {
    Result<DeviceProfile> profile = DeviceProfile::Open(Path("profile.db"));
    ASSERT_TRUE(profile);
    ASSERT_TRUE(profile->Put(ThisDevice().id, "crossovers", R"({"Q4_K": [1, 2]})"));
  }
  const RecalledCrossovers run;
  EXPECT_EQ(KnownCrossovers().size(), 0u);
}

using BenchKernelsTest = CommandsTest;

TEST_F(BenchKernelsTest, TimesThemAndKeepsThem) {
  const std::string model = Path("stories-q8_0.gguf");
  ASSERT_EQ(Run({"quantize", model_, model, "--type", "Q8_0"}).code, 0);
  const nlohmann::json timed = Run({"bench", "--kernels", "-m", model, "--json"}).Json();
  EXPECT_GT(timed["timings"].size(), 0u);
  const nlohmann::json later = Run({"bench", "--kernels", "--json"}).Json();
  EXPECT_EQ(later["many_rows"], timed["many_rows"]);
  EXPECT_EQ(later["timings"].size(), 0u);
  for (const auto& t : timed["timings"]) {
    EXPECT_EQ(timed["many_rows"][t["type"].get<std::string>()][std::to_string(t["columns"].get<int64_t>())], t["many_rows"]);
  }
}

}  // namespace
}  // namespace tradewind
