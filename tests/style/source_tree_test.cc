// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "style/source_tree.h"

#include <gtest/gtest.h>

namespace tradewind::style {
namespace {

TEST(SourceTree, ReadsTheRepository) {
  EXPECT_GT(Tree().size(), 100u);
  EXPECT_NE(FindFile(Tree(), "src/base/status.h"), nullptr);
  EXPECT_NE(FindFile(Tree(), "CMakeLists.txt"), nullptr);
  EXPECT_NE(FindFile(Tree(), "quickstart"), nullptr);
  EXPECT_EQ(FindFile(Tree(), "build/release/build.ninja"), nullptr);
}

TEST(SourceTree, CodeOnlyBlanksCommentsAndLiterals) {
  EXPECT_EQ(CodeOnly("a; // b\nc"), "a;     \nc");
  EXPECT_EQ(CodeOnly("a /* { \n } */ b"), "a      \n      b");
  EXPECT_EQ(CodeOnly("f(\"{\\\"}\", '{');"), "f(      ,    );");
  EXPECT_EQ(CodeOnly("x = R\"a({ \" })a\"; y"), "x =             ; y");
  EXPECT_EQ(CodeOnly("1'000'000 + {"), "1'000'000 + {");
  EXPECT_EQ(CodeOnly("U'{' + L'}' + {"), "U    + L    + {");
}

TEST(SourceTree, WithoutCommentsKeepsLiterals) {
  EXPECT_EQ(WithoutComments("a = \"// b\"; // c"), "a = \"// b\";     ");
}

}  // namespace
}  // namespace tradewind::style
