// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/status.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace tradewind {
namespace {

TEST(Status, NamesAreDistinctAndExitCodesAreTheDocumentedOnes) {
  std::set<std::string_view> names;
  const struct {
    StatusCode code;
    int exit;
  } cases[] = {{StatusCode::kInvalidInput, 2}, {StatusCode::kNotFound, 2},          {StatusCode::kUnsupported, 2},
               {StatusCode::kBudgetMissed, 3}, {StatusCode::kResourceExhausted, 1}, {StatusCode::kUnavailable, 1},
               {StatusCode::kIo, 1},           {StatusCode::kCancelled, 130},       {StatusCode::kInternal, 1}};
  for (const auto& c : cases) {
    EXPECT_EQ(Status(c.code, "m").ExitCode(), c.exit);
    EXPECT_TRUE(names.insert(StatusCodeName(c.code)).second) << StatusCodeName(c.code);
  }
}

TEST(Status, TextNamesThePlace) {
  EXPECT_EQ(Status(StatusCode::kIo, "broken").ToString(), "broken");
  EXPECT_EQ(Status(StatusCode::kIo, "broken").At("tensors[3]").ToString(), "broken (at tensors[3])");
  EXPECT_EQ(Status(StatusCode::kIo, "broken").At("tensors[3]", 96).ToString(), "broken (at tensors[3], byte 96)");
  EXPECT_EQ(Status(StatusCode::kIo, "broken").At("", 96).ToString(), "broken (at byte 96)");
}

Result<std::unique_ptr<int>> Half(int x) {
  if (x % 2 != 0) return Fail(Status(StatusCode::kInvalidInput, "odd").At("x", 7));
  return std::make_unique<int>(x / 2);
}
Result<int> Quarter(int x) {
  TW_ASSIGN(const std::unique_ptr<int> half, Half(x));
  TW_ASSIGN(const std::unique_ptr<int> quarter, Half(*half));
  return *quarter;
}
Result<void> Check(int x) {
  TW_RETURN_IF_ERROR(Half(x));
  return {};
}

TEST(Status, MacrosHandOnValuesAndErrorsWithTheirPlace) {
  EXPECT_EQ(Quarter(12).value_or(0), 3);
  const Result<int> failed = Quarter(6);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().where(), "x");
  EXPECT_EQ(failed.error().offset(), 7u);
  EXPECT_TRUE(Check(2));
  EXPECT_FALSE(Check(3));
}

}  // namespace
}  // namespace tradewind
