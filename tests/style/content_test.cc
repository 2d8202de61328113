// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What no file may hold: names of architectures outside their folder, loose ends, paths of somebody's machine, std::regex.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "style/source_tree.h"

namespace tradewind::style {
namespace {

bool IsWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

std::vector<std::string> ArchitectureNames(const Files& files) {
  std::vector<std::string> names;
  for (const SourceFile& file : files) {
    if (file.Folder() == "src/llm/architectures" && file.Extension() == ".cc") names.push_back(file.Stem());
  }
  return names;
}

// Whether the line names the architecture. The program llama.cpp and its tools (llama-bench) are something else.
bool NamesArchitecture(const std::string& line, const std::string& name) {
  for (size_t at = line.find(name); at != std::string::npos; at = line.find(name, at + 1)) {
    const size_t end = at + name.size();
    const char before = at > 0 ? line[at - 1] : ' ';
    const char after = end < line.size() ? line[end] : ' ';
    if (IsWord(before) || IsWord(after)) continue;
    if (name == "llama" && (line.compare(end, 4, ".cpp") == 0 || after == '-')) continue;
    return true;
  }
  return false;
}

Offences NamedArchitectures(const Files& files) {
  Offences offences;
  const std::vector<std::string> names = ArchitectureNames(files);
  for (const SourceFile& file : files) {
    if (!file.Under("src") || !file.IsCpp() || file.Folder() == "src/llm/architectures") continue;
    size_t number = 0;
    // In src/text a literal "llama" is a kind of vocabulary in a file's metadata, which happens to bear the same name.
    const std::string text = file.Under("src/text") ? CodeOnly(file.text) : WithoutComments(file.text);
    for (const std::string& line : SourceFile{file.path, text}.Lines()) {
      ++number;
      for (const std::string& name : names) {
        if (NamesArchitecture(line, name)) offences.push_back(At(file, number, "names the architecture " + name));
      }
    }
  }
  return offences;
}

Offences Holding(const Files& files, const std::vector<std::string>& words, std::string_view complaint) {
  Offences offences;
  for (const SourceFile& file : files) {
    size_t number = 0;
    for (const std::string& line : file.Lines()) {
      ++number;
      const bool found = std::any_of(words.begin(), words.end(), [&](const std::string& w) {
        const size_t at = line.find(w);
        return at != std::string::npos && (at == 0 || !IsWord(line[at - 1]));
      });
      if (found) offences.push_back(At(file, number, complaint));
    }
  }
  return offences;
}

// Written in two halves, so that this file does not hold them.
Offences LooseEnds(const Files& files) {
  return Holding(files, {std::string("TO") + "DO", std::string("FIX") + "ME", std::string("XX") + "X:"},
                 "a loose end: do it or write an issue");
}
Offences MachinePaths(const Files& files) {
  return Holding(files, {std::string("/wo") + "rk/", std::string("/var/") + "tmp/", std::string("/ro") + "ot/"},
                 "a path of somebody's machine");
}
Offences StdRegex(const Files& files) {
  return Holding(files, {std::string("#include <reg") + "ex>"}, "std::regex overflows the stack on long input: use PCRE2");
}

Offences WithoutSpdx(const Files& files) {
  Offences offences;
  for (const SourceFile& file : files) {
    const bool script = file.text.starts_with("#!");
    const bool source =
        file.IsCpp() || script || file.Extension() == ".cmake" || file.Extension() == ".sh" || file.Name() == "CMakeLists.txt";
    if (!source || file.Under(".ci")) continue;
    const std::string head = file.text.substr(0, 300);
    if (head.find("SPDX-FileCopyrightText: ") == std::string::npos ||
        head.find("SPDX-License-Identifier: Apache-2.0") == std::string::npos) {
      offences.push_back(At(file, 1, "lacks the two SPDX lines"));
    }
  }
  return offences;
}

// A public header includes the standard library and public headers, nothing else.
Offences ForeignIncludes(const Files& files) {
  Offences offences;
  for (const SourceFile& file : files) {
    if (!file.Under("include")) continue;
    size_t number = 0;
    for (const std::string& line : file.Lines()) {
      ++number;
      if (!line.starts_with("#include ")) continue;
      const bool standard = line[9] == '<' && line.find('/') == std::string::npos && line.find(".hpp") == std::string::npos;
      const bool ours = line.find("#include \"tradewind/") == 0 || line.find("#include <tradewind/") == 0;
      if (!standard && !ours) offences.push_back(At(file, number, "a public header may not include this"));
    }
  }
  return offences;
}

TEST(Content, AnArchitecturesNameIsSeen) {
  const SourceFile table = {"src/llm/architectures/llama.cc", "\"llama\""};
  EXPECT_THAT(NamedArchitectures({table}), testing::IsEmpty());
  EXPECT_THAT(NamedArchitectures({table, {"src/llm/a.cc", "\nif (name == \"llama\")"}}),
              testing::ElementsAre("src/llm/a.cc:2: names the architecture llama"));
  EXPECT_THAT(NamedArchitectures({table, {"src/cli/a.cc", "f(\"as in llama.cpp, llama-bench\"); llamas(); // llama"}}), testing::IsEmpty());
  EXPECT_THAT(NamedArchitectures({table, {"src/text/a.cc", "kind == \"llama\""}}), testing::IsEmpty());
  EXPECT_THAT(NamedArchitectures({table, {"src/text/a.cc", "if (llama) f(\"llama 3\");"}}), testing::SizeIs(1));
}

TEST(Content, WhatNoFileMayHoldIsSeen) {
  EXPECT_THAT(LooseEnds({{"a.md", std::string("x\n// TO") + "DO: y"}}), testing::SizeIs(1));
  EXPECT_THAT(MachinePaths({{"a.md", std::string("see /ro") + "ot/x"}}), testing::SizeIs(1));
  EXPECT_THAT(MachinePaths({{"a.md", std::string("see data/ro") + "ot/x"}}), testing::IsEmpty());
  EXPECT_THAT(StdRegex({{"src/a.cc", std::string("#include <reg") + "ex>\n"}}), testing::SizeIs(1));
  EXPECT_THAT(WithoutSpdx({{"src/a.cc", "int a;\n"}, {"tool", "#!/bin/sh\n"}, {"a.md", ""}}), testing::SizeIs(2));
  EXPECT_THAT(ForeignIncludes({{"include/tradewind/a.h", "#include <string>\n#include <nlohmann/json.hpp>\n#include \"base/a.h\"\n"}}),
              testing::SizeIs(2));
}

TEST(Content, OfThisTree) {
  ASSERT_THAT(ArchitectureNames(Tree()), testing::Contains("llama"));
  EXPECT_EQ(Joined(NamedArchitectures(Tree())), "");
  EXPECT_EQ(Joined(LooseEnds(Tree())), "");
  EXPECT_EQ(Joined(MachinePaths(Tree())), "");
  EXPECT_EQ(Joined(StdRegex(Tree())), "");
  EXPECT_EQ(Joined(WithoutSpdx(Tree())), "");
  EXPECT_EQ(Joined(ForeignIncludes(Tree())), "");
}

}  // namespace
}  // namespace tradewind::style
