// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The bugs that fuzz/planted puts into sources, to see whether the fuzzers find them, must follow the sources.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "shared_data.h"

namespace tradewind {
namespace {

TEST(Planted, EveryBugStillChangesItsSource) {
  EXPECT_EQ(std::system(("python3 '" + SourcePath("fuzz/planted") + "' --check").c_str()), 0);
}

}  // namespace
}  // namespace tradewind
