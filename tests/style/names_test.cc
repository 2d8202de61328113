// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// No two headers define a type of one name: files that see one each would be linked together, and the linker takes either's functions for
// both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "style/source_tree.h"

namespace tradewind::style {
namespace {

// The type that a line at the left margin defines: of a namespace, not of a class. Empty if it defines none.
std::string DefinedBy(std::string_view line) {
  bool type = false;
  for (const std::string_view keyword : {"struct ", "class ", "enum class ", "enum "}) {
    if (type || !line.starts_with(keyword)) continue;
    line.remove_prefix(keyword.size());
    type = true;
  }
  if (type && line.starts_with("[[")) line.remove_prefix(std::min(line.size(), line.find("]] ") + 3));
  const size_t end = std::min(line.size(), line.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"));
  const std::string_view behind = line.substr(end);
  const bool defines = behind.starts_with(" {") || behind.starts_with(" final") || behind.starts_with(" : ");
  return type && defines && behind.find('{') != std::string_view::npos ? std::string(line.substr(0, end)) : "";
}

Offences DefinedTwice(const Files& files) {
  Offences offences;
  std::map<std::string, std::string> first;
  for (const SourceFile& file : files) {
    if (!file.Under("src") || file.Extension() != ".h" || file.Stem().ends_with("_inl")) continue;
    bool hidden = false;  // of an instruction set's own: internal linkage
    for (const std::string& line : file.Lines()) hidden |= line == "namespace {";
    if (hidden) continue;
    size_t number = 0;
    std::string within;  // the namespace
    for (const std::string& line : file.Lines()) {
      ++number;
      if (line.starts_with("namespace ")) within = line.substr(10, line.find(" {") - 10) + "::";
      const std::string name = DefinedBy(line);
      if (name.empty()) continue;
      const auto [at, fresh] = first.emplace(within + name, file.path);
      if (!fresh && at->second != file.path) offences.push_back(At(file, number, name + " is defined in " + at->second + " as well"));
    }
  }
  return offences;
}

TEST(Names, ASecondDefinitionIsSeen) {
  const SourceFile one = {"src/a/one.h", "namespace tradewind {\nstruct Finding {\n};\n}\n"};
  EXPECT_THAT(DefinedTwice({one, {"src/b/two.h", "namespace tradewind {\nclass Finding final {\n};\n}\n"}}), testing::SizeIs(1));
  EXPECT_THAT(DefinedTwice({one, {"src/b/two.h", "namespace tradewind {\nenum class Finding : uint8_t { kA };\n}\n"}}), testing::SizeIs(1));
  EXPECT_THAT(DefinedTwice({one, {"src/b/two.h", "struct Finding;\nclass B {\n  struct Finding {\n  };\n};\n"}}), testing::IsEmpty());
  EXPECT_THAT(DefinedTwice({one, {"src/b/two.h", "namespace {\nstruct Finding {\n};\n}\n"}}), testing::IsEmpty());
  EXPECT_THAT(DefinedTwice({one, {"src/b/two.h", "namespace tradewind::b {\nstruct Finding {\n};\n}\n"}}), testing::IsEmpty());
  EXPECT_THAT(DefinedTwice({one, {"src/b/two.cc", "struct Finding {\n};\n"}}), testing::IsEmpty())
      << "of one file: in its anonymous namespace";
}

TEST(Names, OfThisTree) {
  EXPECT_EQ(Joined(DefinedTwice(Tree())), "");
}

}  // namespace
}  // namespace tradewind::style
