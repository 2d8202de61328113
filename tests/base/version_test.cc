// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/version.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

TEST(Version, NamesReleaseAndCommit) {
  const std::string id = BuildId();
  EXPECT_TRUE(id.size() > 6 && std::isdigit(static_cast<unsigned char>(id[0]))) << id;
  EXPECT_NE(id.find(' '), std::string::npos) << id << " should be a version, a space and a commit";
  EXPECT_NE(BuildPlatform().find(", "), std::string::npos);
}

}  // namespace
}  // namespace tradewind
