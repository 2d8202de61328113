// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pairs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradewind {
namespace {

TEST(Pairs, AnyBytesSurviveTheRoundTrip) {
  std::string every;
  for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
  std::string text;
  AppendPair(text, "all", every);
  AppendPair(text, "a name", "");
  for (const char c : text) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << "one line";
  const auto pairs = ParsePairs("text", text);
  ASSERT_TRUE(pairs) << pairs.error().ToString();
  ASSERT_EQ(pairs->size(), 2u);
  EXPECT_EQ((*pairs)[0].value, every);
  EXPECT_EQ((*pairs)[1].name, "a name");
  EXPECT_EQ((*pairs)[1].offset, text.rfind(' ') + 1);
}

TEST(Pairs, TheErrorSaysWhere) {
  const Status status = ParsePairs("sampling", "a=1 b=%4").error();
  EXPECT_EQ(status.where(), "sampling");
  EXPECT_EQ(status.offset(), 6u);
  EXPECT_THAT(status.message(), testing::StartsWith("sampling: "));
  EXPECT_FALSE(ParsePairs("sampling", std::string(70000, ' ')));
}

}  // namespace
}  // namespace tradewind
