// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradewind {
namespace {

using testing::HasSubstr;

TEST(Units, ParsesDurations) {
  const struct {
    const char* text;
    int64_t ns;
  } cases[] = {{"200ms", 200'000'000},
               {"2s", 2'000'000'000},
               {"1.5 s", 1'500'000'000},
               {" 1.5s ", 1'500'000'000},
               {"0", 0},
               {"7", 7'000'000},
               {".5", 500'000},
               {"250us", 250'000},
               {"250\u00b5s", 250'000},
               {"3 ns", 3},
               {"2min", 120'000'000'000},
               {"1h", 3'600'000'000'000},
               {"10MS", 10'000'000},
               {"1e3ms", 1'000'000'000},
               {"0.1s", 100'000'000},
               {"876600h", 3'155'760'000'000'000'000}};
  for (const auto& c : cases) {
    const auto parsed = ParseDuration(c.text, TimeUnit::kMillis);
    ASSERT_TRUE(parsed) << c.text;
    EXPECT_EQ(parsed->ns, c.ns) << c.text;
  }
  EXPECT_EQ(ParseDuration("7", TimeUnit::kSeconds).value_or(Duration{-1}).ns, 7'000'000'000);
  EXPECT_EQ(ParseDuration("7", TimeUnit::kMicros).value_or(Duration{-1}).ns, 7'000);
}

TEST(Units, RefusesWhatIsNoDuration) {
  for (const char* text : {"", " ", "ms", "-1s", "-0", "1 m", "5m", "1s2", "1,5s", "0x10s", "nan", "inf", "infs", "1e999s", "1e30h",
                           "876601h", "2 s s", "1s\n", "2GiB"}) {
    const auto parsed = ParseDuration(text, TimeUnit::kMillis);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code(), StatusCode::kInvalidInput);
    EXPECT_THAT(parsed.error().message(), HasSubstr(std::string("'").append(text).append("'")));
    EXPECT_THAT(parsed.error().message(), HasSubstr("200ms"));
    EXPECT_THAT(parsed.error().message(), HasSubstr("milliseconds"));
  }
  EXPECT_FALSE(ParseDuration("5", TimeUnit::kNone));
  const auto huge = ParseDuration(std::string(100000, '9') + "x", TimeUnit::kMillis);
  ASSERT_FALSE(huge);
  EXPECT_LT(huge.error().message().size(), 300u);
}

TEST(Units, ParsesBytes) {
  const struct {
    const char* text;
    uint64_t bytes;
  } cases[] = {{"1GiB", 1073741824},
               {"600MiB", 629145600},
               {"500MB", 500000000},
               {"500 mb", 500000000},
               {"1.5gb", 1500000000},
               {"4096B", 4096},
               {"2kB", 2000},
               {"2KiB", 2048},
               {"2K", 2048},
               {"3M", 3145728},
               {"1G", 1073741824},
               {"1TB", 1000000000000},
               {"1TiB", 1099511627776},
               {"0", 0},
               {"12", 12582912},
               {"0.1kB", 100}};
  for (const auto& c : cases) {
    const auto parsed = ParseBytes(c.text, ByteUnit::kMiB);
    ASSERT_TRUE(parsed) << c.text;
    EXPECT_EQ(*parsed, c.bytes) << c.text;
  }
  EXPECT_EQ(ParseBytes("12", ByteUnit::kByte).value_or(0), 12u);
  EXPECT_EQ(ParseBytes("12", ByteUnit::kMB).value_or(0), 12000000u);
}

TEST(Units, RefusesWhatIsNoSize) {
  for (const char* text : {"", "GiB", "-1GiB", "1XB", "1 G B", "nan", "inf", "1e30", "8388608TiB", "9223372036854775808B", "2s"}) {
    const auto parsed = ParseBytes(text, ByteUnit::kMiB);
    ASSERT_FALSE(parsed) << text;
    EXPECT_THAT(parsed.error().message(), HasSubstr(std::string("'").append(text).append("'")));
    EXPECT_THAT(parsed.error().message(), HasSubstr("600MiB"));
  }
  EXPECT_FALSE(ParseBytes("5", ByteUnit::kNone));
}

TEST(Units, FormatsDurations) {
  EXPECT_EQ(FormatDuration({0}), "0 ns");
  EXPECT_EQ(FormatDuration({999}), "999 ns");
  EXPECT_EQ(FormatDuration({1234}), "1.23 us");
  EXPECT_EQ(FormatDuration({34'500'000}), "34.5 ms");
  EXPECT_EQ(FormatDuration({999'600'000}), "1.00 s");
  EXPECT_EQ(FormatDuration({1'500'000'000}), "1.50 s");
  EXPECT_EQ(FormatDuration({59'960'000'000}), "1 min 0 s");
  EXPECT_EQ(FormatDuration({723'000'000'000}), "12 min 3 s");
  EXPECT_EQ(FormatDuration({3'599'700'000'000}), "1 h 0 min");
  EXPECT_EQ(FormatDuration({-2'000'000}), "-2.00 ms");
  EXPECT_THAT(FormatDuration({INT64_MIN}), HasSubstr("-"));
}

TEST(Units, FormatsBytes) {
  EXPECT_EQ(FormatBytes(0), "0 B");
  EXPECT_EQ(FormatBytes(999), "999 B");
  EXPECT_EQ(FormatBytes(96'300'000), "96.3 MB");
  EXPECT_EQ(FormatBytes(1'073'741'824), "1.07 GB");
  EXPECT_EQ(FormatBytes(999'600), "1.00 MB");
  EXPECT_EQ(FormatBytes(UINT64_MAX), "18.4 EB");
  EXPECT_EQ(FormatMemory(1023), "1023 B");
  EXPECT_EQ(FormatMemory(1'073'741'824), "1.00 GiB");
  EXPECT_EQ(FormatMemory(629'145'600), "600 MiB");
  EXPECT_EQ(FormatMemory(UINT64_MAX), "16.0 EiB");
}

// What is printed for people can be given back as a flag, to three digits.
TEST(Units, FormattedValuesParseBack) {
  for (int64_t ns = 1; ns < 59'000'000'000; ns = ns * 3 + 1) {
    const auto back = ParseDuration(FormatDuration({ns}), TimeUnit::kNone);
    ASSERT_TRUE(back) << ns;
    EXPECT_NEAR(static_cast<double>(back->ns), static_cast<double>(ns), 0.00501 * static_cast<double>(ns));
  }
  for (uint64_t bytes = 1; bytes < uint64_t{1} << 45; bytes = bytes * 3 + 1) {
    for (const std::string& text : {FormatBytes(bytes), FormatMemory(bytes)}) {
      const auto back = ParseBytes(text, ByteUnit::kNone);
      ASSERT_TRUE(back) << text;
      EXPECT_NEAR(static_cast<double>(*back), static_cast<double>(bytes), 0.00512 * static_cast<double>(bytes)) << text;
    }
  }
}

}  // namespace
}  // namespace tradewind
