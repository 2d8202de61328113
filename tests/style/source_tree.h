// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The repository's own text files, for tests that hold them to the rules of CONTRIBUTING.md. A rule is a function from files to offences,
// one line each ("src/a/b.cc:12: ..."); one test plants an offence, another expects none in the tree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tradewind::style {

struct SourceFile {
  std::string path;  // relative to the repository
  std::string text;

  std::string Name() const;       // "b.cc"
  std::string Stem() const;       // "b"
  std::string Extension() const;  // ".cc"
  std::string Folder() const;     // "src/a"
  bool IsCpp() const;             // .cc or .h
  bool Under(std::string_view folder) const { return path.starts_with(std::string(folder) + "/"); }
  std::vector<std::string> Lines() const;
};

using Files = std::vector<SourceFile>;
using Offences = std::vector<std::string>;

// All sources, scripts and papers, read once, in the order of their paths; without build/, .git/ and data that tests read.
const Files& Tree();
const SourceFile* FindFile(const Files& files, std::string_view path);

// "src/a/b.cc:12: " and the complaint.
std::string At(const SourceFile& file, size_t line, std::string_view complaint);

// All of them, one a line: empty is right.
std::string Joined(const Offences& offences);

// The C++ text with comments, string and character literals blanked out; lines stay where they are.
std::string CodeOnly(std::string_view text);
// The same with only comments blanked.
std::string WithoutComments(std::string_view text);

}  // namespace tradewind::style
