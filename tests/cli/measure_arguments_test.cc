// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/measure_arguments.h"

#include <gmock/gmock.h>

#include "cli/cli_test_util.h"

namespace tradewind {
namespace {

class MeasureArgumentsTest : public CliTest {
 protected:
  MeasureArguments Read(const std::vector<std::string>& words) {
    MeasureArguments measure;
    Arguments args("measure", "Measures.");
    measure.Declare(args);
    const auto parsed = Parse(args, words);
    EXPECT_TRUE(parsed) << parsed.error().ToString();
    return measure;
  }
};

TEST_F(MeasureArgumentsTest, OptionsOfAMeasurement) {
  const auto options = Read({"--time", "60s", "--metrics", "tpot_ms,bits_per_byte", "--windows", "3"}).ToOptions(true);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->time, Duration::Seconds(60));
  EXPECT_THAT(options->metrics, testing::ElementsAre("tpot_ms", "bits_per_byte"));
  EXPECT_EQ(options->perplexity_windows, 3);
  EXPECT_EQ(Read({"--time", "5"}).ToOptions(false)->time, Duration::Seconds(5));
  EXPECT_THAT(Read({}).ToOptions(true)->metrics, testing::Contains("perplexity"));
  EXPECT_TRUE(Read({}).ToOptions(false)->metrics.empty());
}

TEST_F(MeasureArgumentsTest, AnUnknownMetricIsToldWhatThereIs) {
  for (const char* text : {"charm", "tpot_ms,", "tpot_ms,charm"}) {
    const auto options = Read({"--metrics", text}).ToOptions(true);
    ASSERT_FALSE(options) << text;
    EXPECT_THAT(options.error().message(), testing::HasSubstr("bits_per_byte"));
  }
}

TEST_F(MeasureArgumentsTest, TheStoresWorkloadStandsInWhileItsTextIsTheSame) {
  auto store = ProfileStore::Open(Path("profile.db"));
  ASSERT_TRUE(store);
  EXPECT_EQ(Read({}).ToWorkload(*store).error().where(), "--workload");
  const std::string path = Write("book.txt", "Some words of a book.\n");
  const auto named = Read({"--workload", "text:" + path}).ToWorkload(*store);
  ASSERT_TRUE(named);
  ASSERT_TRUE(store->SaveWorkload({named->id, named->name, named->primary_metric}));
  ASSERT_TRUE(store->SetDefaultWorkload(named->id));
  EXPECT_EQ(Read({}).ToWorkload(*store)->id, named->id);
  Write("book.txt", "Other words.\n");
  const auto changed = Read({}).ToWorkload(*store);
  ASSERT_FALSE(changed);
  EXPECT_THAT(changed.error().message(), testing::HasSubstr("no longer the text"));
}

}  // namespace
}  // namespace tradewind
