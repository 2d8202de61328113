// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// No two headers define a type of one name: files that see one each would be linked together, and the linker takes either's functions for
// both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <string>

#include "style/source_tree.h"

namespace tradewind::style {
namespace {

// A definition at the left margin: of a namespace, not of a class.
Offences DefinedTwice(const Files& files) {
  static const std::regex kDefinition("^(struct|class|enum class|enum) (\\[\\[[^\\]]*\\]\\] )?([A-Za-z0-9_]+)( final)?( :[^;]*)? \\{");
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
      std::smatch match;
      if (line.starts_with("namespace ")) within = line.substr(10, line.find(" {") - 10) + "::";
      if (!std::regex_search(line, match, kDefinition)) continue;
      const auto [at, fresh] = first.emplace(within + match[3].str(), file.path);
      if (!fresh && at->second != file.path)
        offences.push_back(At(file, number, match[3].str() + " is defined in " + at->second + " as well"));
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
