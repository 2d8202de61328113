// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "style/functions.h"

#include <gtest/gtest.h>

namespace tradewind::style {
namespace {

TEST(Functions, FindsWhatNamespacesAndClassesDefine) {
  const auto found = FindFunctions(R"(#include <a>
#define M(x) { \
  x
namespace a {
namespace {
int F(int x) {
  if (x) {
    return [] { return 1; }();
  }
  return 0;
}
}
class C final : public B {
 public:
  C() : a_(1) { ; }
  bool operator==(const C&) const {
    return true;
  }
 private:
  int a_ = 0;
  int b_{2};
};
const Table kTable = {
  {1, 2},
};
const auto kLambda = [](int) {
};
template <class T>
T Largest(
    T a) {
  return a;
}
}
)");
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].signature, "int F(int x) {");
  EXPECT_EQ(found[0].line, 6u);
  EXPECT_EQ(found[0].lines, 6u);
  EXPECT_EQ(found[1].lines, 1u);
  EXPECT_EQ(found[2].signature, "bool operator==(const C&) const {");
  EXPECT_EQ(found[2].lines, 3u);
  EXPECT_EQ(found[3].signature, "template <class T>");
  EXPECT_EQ(found[3].lines, 5u);
}

TEST(Functions, BracesInLiteralsAndCommentsDoNotCount) {
  const auto found = FindFunctions("void F() {\n  f(\"}\"); // }\n  /* } */\n}\nvoid G() {}\n");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].lines, 4u);
  EXPECT_EQ(found[1].line, 5u);
}

TEST(Functions, BracesWithinASignature) {
  const auto found = FindFunctions("C::C(int a, B b = {})\n    : a_{a}, b_{b} {\n  f();\n}\nvoid G(B b = {});\nB b({1});\nint H() {}\n");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].line, 1u);
  EXPECT_EQ(found[0].lines, 4u);
  EXPECT_EQ(found[1].line, 7u);
}

}  // namespace
}  // namespace tradewind::style
