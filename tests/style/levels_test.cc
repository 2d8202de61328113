// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A folder of src includes only itself and lower folders.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "style/source_tree.h"

namespace tradewind::style {
namespace {

// Level and, where one folder of a level stands on another, its order within the level. The table of CONTRIBUTING.md.
const std::map<std::string, std::pair<int, int>> kLevels = {
    {"base", {1, 0}},                                                                                          //
    {"stats", {2, 0}},   {"core", {2, 1}},                                                                     //
    {"formats", {3, 0}}, {"text", {3, 1}},     {"learn", {3, 1}},     {"store", {3, 1}},     {"net", {3, 1}},  //
    {"kernels", {4, 0}}, {"sched", {4, 0}},                                                                    //
    {"llm", {5, 0}},     {"graph", {5, 0}},                                                                    //
    {"vision", {6, 0}},  {"speech", {6, 0}},   {"retrieval", {6, 0}}, {"recorded", {6, 0}}, {"synthetic", {6, 0}},                 //
    {"rag", {7, 0}},     {"agents", {7, 0}},   {"collab", {7, 0}},                                             //
    {"measure", {8, 0}},                                                                                       //
    {"search", {9, 0}},  {"compress", {9, 0}}, {"train", {9, 0}},                                              //
    {"policy", {10, 0}}, {"report", {11, 0}},  {"study", {11, 0}}, {"serve", {12, 0}},  {"api", {12, 0}},     {"cli", {13, 0}}};

// Folders of include/, and who implements them.
const std::map<std::string, std::string> kPublicHeaders = {{"tradewind", "api"}};

std::string TopFolder(const std::string& path) {
  return path.substr(0, path.find('/'));
}

Offences WrongIncludes(const Files& files) {
  Offences offences;
  for (const SourceFile& file : files) {
    if (!file.Under("src") || !file.IsCpp() || file.Folder() == "src") continue;
    const std::string own = TopFolder(file.path.substr(4));
    const auto own_level = kLevels.find(own);
    if (own_level == kLevels.end()) {
      offences.push_back(At(file, 1, "src/" + own + " has no level; add it to the table in tests/style/levels_test.cc"));
      continue;
    }
    size_t number = 0;
    for (const std::string& line : file.Lines()) {
      ++number;
      if (!line.starts_with("#include \"")) continue;
      const std::string included = line.substr(10, line.find('"', 10) - 10);
      const std::string other = TopFolder(included);
      if (other == own || other == "gen" || included.find('/') == std::string::npos) continue;
      if (const auto header = kPublicHeaders.find(other); header != kPublicHeaders.end() && header->second == own) continue;
      const auto header = kPublicHeaders.find(other);
      if (header != kPublicHeaders.end() && header->second == own) continue;
      const auto level = kLevels.find(other);
      if (level == kLevels.end() || level->second >= own_level->second) {
        offences.push_back(At(file, number, own + " may not include " + included));
      }
    }
  }
  return offences;
}

TEST(Levels, AnUpwardOrSidewaysIncludeIsSeen) {
  EXPECT_THAT(WrongIncludes({{"src/base/a.cc", "#include \"base/a.h\"\n#include \"core/knob.h\"\n"}}),
              testing::ElementsAre("src/base/a.cc:2: base may not include core/knob.h"));
  EXPECT_THAT(WrongIncludes({{"src/net/a.cc", "#include \"store/sqlite.h\"\n"}}), testing::SizeIs(1));
  EXPECT_THAT(WrongIncludes({{"src/stats/a.h", "#include \"core/knob.h\"\n"}}), testing::SizeIs(1));
  EXPECT_THAT(WrongIncludes({{"src/cli/commands/a.cc", "#include \"unheard/of.h\"\n"}}), testing::SizeIs(1));
  EXPECT_THAT(WrongIncludes({{"src/unheard/a.cc", ""}}), testing::SizeIs(1));
  EXPECT_THAT(WrongIncludes({{"src/llm/knobs/a.cc", "#include <vector>\n#include \"llm/options.h\"\n#include \"text/utf8.h\"\n"}}),
              testing::IsEmpty());
}

TEST(Levels, OfThisTree) {
  EXPECT_EQ(Joined(WrongIncludes(Tree())), "");
}

}  // namespace
}  // namespace tradewind::style
