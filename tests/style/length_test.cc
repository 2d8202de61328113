// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Files and functions stay short.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "style/functions.h"
#include "style/source_tree.h"

namespace tradewind::style {
namespace {

constexpr size_t kFileLines = 800;
constexpr size_t kFunctionLines = 70;

Offences LongFiles(const Files& files) {
  Offences offences;
  for (const SourceFile& file : files) {
    const size_t lines = file.Lines().size();
    if (file.IsCpp() && lines > kFileLines) offences.push_back(At(file, lines, "too long a file"));
  }
  return offences;
}

Offences LongFunctions(const Files& files) {
  Offences offences;
  for (const SourceFile& file : files) {
    if (!file.IsCpp()) continue;
    for (const Function& f : FindFunctions(file.text)) {
      if (f.lines > kFunctionLines) offences.push_back(At(file, f.line, std::to_string(f.lines) + " lines: " + f.signature));
    }
  }
  return offences;
}

TEST(Length, LongOnesAreSeen) {
  std::string body;
  for (int i = 0; i < 69; ++i) body += "  f();\n";
  const Files files = {{"src/a.cc", "void F() {\n" + body + "}\n"}};
  EXPECT_THAT(LongFunctions(files), testing::ElementsAre("src/a.cc:1: 71 lines: void F() {"));
  EXPECT_THAT(LongFiles({{"src/a.cc", std::string(801, '\n')}}), testing::SizeIs(1));
  EXPECT_THAT(LongFiles({{"src/a.cc", std::string(800, '\n')}}), testing::IsEmpty());
}

TEST(Length, OfThisTree) {
  EXPECT_EQ(Joined(LongFiles(Tree())), "");
  EXPECT_EQ(Joined(LongFunctions(Tree())), "");
}

TEST(Length, OfTheMiddleFile) {
  std::vector<size_t> lengths;
  for (const SourceFile& file : Tree()) {
    if (file.IsCpp()) lengths.push_back(file.Lines().size());
  }
  std::sort(lengths.begin(), lengths.end());
  ASSERT_FALSE(lengths.empty());
  std::cout << lengths.size() << " files; median " << lengths[lengths.size() / 2] << " lines, ninth decile "
            << lengths[lengths.size() * 9 / 10] << ", longest " << lengths.back() << "\n";
  EXPECT_LE(lengths[lengths.size() / 2], 150u);
  EXPECT_LE(lengths[lengths.size() * 9 / 10], 400u);
}

}  // namespace
}  // namespace tradewind::style
