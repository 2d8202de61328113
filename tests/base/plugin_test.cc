// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/plugin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace tradewind {
namespace {

using testing::HasSubstr;

TEST(Plugin, OneThatIsNotThereIsNamed) {
  const auto found = FindInPlugin({.file = "libtradewind_none.so", .symbol = "Open", .part = "Nothing"});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), StatusCode::kUnsupported);
  EXPECT_THAT(found.error().message(), HasSubstr("built without Nothing"));
}

// What lies beside the program under that name and is no library is told as the loader tells it.
TEST(Plugin, AFileThatIsNoLibraryIsNamed) {
  const auto place = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "libtradewind_plugin_test.so";
  std::ofstream(place) << "no library";
  const auto found = FindInPlugin({.file = place.filename(), .symbol = "Open", .part = "Nothing"});
  std::filesystem::remove(place);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), StatusCode::kUnsupported);
  EXPECT_THAT(found.error().message(), HasSubstr("Nothing cannot be loaded"));
}

}  // namespace
}  // namespace tradewind
