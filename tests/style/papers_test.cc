// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The papers: each folder has its README, links lead somewhere, lists are whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "style/source_tree.h"

namespace tradewind::style {
namespace {

constexpr size_t kReadmeLeast_lines = 4;
constexpr size_t kReadmeMost_lines = 20;

Offences FolderReadmes(const Files& files) {
  std::set<std::string> folders;
  for (const SourceFile& file : files) {
    if (file.Under("src") && file.Folder() != "src") folders.insert(file.path.substr(0, file.path.find('/', 4)));
  }
  Offences offences;
  for (const std::string& folder : folders) {
    const SourceFile* readme = FindFile(files, folder + "/README.md");
    if (readme == nullptr) {
      offences.push_back(folder + " has no README.md");
    } else if (const size_t lines = readme->Lines().size(); lines < kReadmeLeast_lines || lines > kReadmeMost_lines) {
      offences.push_back(At(*readme, lines, "a folder's README has 4 to 20 lines"));
    }
  }
  return offences;
}

// Targets of [text](target) that are files of the repository and are not there.
Offences BrokenLinks(const Files& files, const std::string& root) {
  Offences offences;
  for (const SourceFile& file : files) {
    if (file.Extension() != ".md") continue;
    size_t number = 0;
    for (const std::string& line : file.Lines()) {
      ++number;
      for (size_t at = line.find("]("); at != std::string::npos; at = line.find("](", at + 1)) {
        std::string target = line.substr(at + 2, line.find(')', at) - at - 2);
        target = target.substr(0, target.find('#'));
        if (target.empty() || target.find("://") != std::string::npos || target.starts_with("mailto:")) continue;
        if (!std::filesystem::exists(root + "/" + file.Folder() + "/" + target))
          offences.push_back(At(file, number, "leads nowhere: " + target));
      }
    }
  }
  return offences;
}

// docs/knobs.md is written by `tradewind knobs --markdown`; a knob is one file.
Offences UnlistedKnobs(const Files& files) {
  Offences offences;
  const SourceFile* list = FindFile(files, "docs/knobs.md");
  for (const SourceFile& file : files) {
    if (!file.path.ends_with(".cc") || !file.Folder().ends_with("/knobs") || !file.Under("src")) continue;
    if (list == nullptr || list->text.find("`" + file.Stem() + '`') == std::string::npos) {
      offences.push_back(At(file, 1, "docs/knobs.md does not list it; write it anew: tradewind knobs --markdown > docs/knobs.md"));
    }
  }
  return offences;
}

TEST(Papers, AMissingOrLongReadmeIsSeen) {
  const SourceFile source = {"src/base/deep/a.cc", ""};
  EXPECT_THAT(FolderReadmes({source}), testing::ElementsAre("src/base has no README.md"));
  EXPECT_THAT(FolderReadmes({source, {"src/base/README.md", std::string(21, '\n')}}), testing::SizeIs(1));
  EXPECT_THAT(FolderReadmes({source, {"src/base/README.md", std::string(12, '\n')}}), testing::IsEmpty());
}

TEST(Papers, ABrokenLinkIsSeen) {
  EXPECT_THAT(BrokenLinks({{"docs/a.md", "[x](../README.md#part) [y](b.md) [z](https://example.org/c.md)"}}, TRADEWIND_SOURCE_DIR),
              testing::ElementsAre("docs/a.md:1: leads nowhere: b.md"));
}

TEST(Papers, AnUnlistedKnobIsSeen) {
  const SourceFile knob = {"src/llm/knobs/layers.cc", ""};
  EXPECT_THAT(UnlistedKnobs({knob, {"docs/knobs.md", "| `threads` |"}}), testing::SizeIs(1));
  EXPECT_THAT(UnlistedKnobs({knob, {"docs/knobs.md", "| `layers` |"}}), testing::IsEmpty());
}

TEST(Papers, OfThisTree) {
  EXPECT_EQ(Joined(FolderReadmes(Tree())), "");
  EXPECT_EQ(Joined(BrokenLinks(Tree(), TRADEWIND_SOURCE_DIR)), "");
}

TEST(Papers, EveryKnobIsListed) {
  if (FindFile(Tree(), "docs/knobs.md") == nullptr) GTEST_SKIP() << "absent: docs/knobs.md";
  EXPECT_EQ(Joined(UnlistedKnobs(Tree())), "");
}

}  // namespace
}  // namespace tradewind::style
