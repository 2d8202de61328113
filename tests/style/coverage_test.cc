// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Every source has a test, and every file is compiled.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>

#include "style/source_tree.h"

namespace tradewind::style {
namespace {

bool HasSuffix(const std::string& stem, std::string_view suffix) {
  return stem.size() > suffix.size() && stem.ends_with(suffix);
}

// matmul_avx2 and matmul_ref are variants of matmul.
std::string Family(std::string stem) {
  for (const std::string_view suffix : {"_ref", "_avx2", "_avx512", "_amx"}) {
    if (HasSuffix(stem, suffix)) return stem.substr(0, stem.size() - suffix.size());
  }
  return stem;
}

bool Names(const std::string& text, const std::string& word) {
  const auto is_word = [&](size_t i) { return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_'); };
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    if ((at == 0 || !is_word(at - 1)) && !is_word(at + word.size())) return true;
  }
  return false;
}

// The header that a source implements: its own or its family's, or else the first of the project that it includes.
std::string Subject(const Files& files, const SourceFile& source) {
  const std::string folder = source.Folder().substr(4) + "/";
  const std::string own = folder + source.Stem() + ".h";
  if (FindFile(files, "src/" + own) != nullptr) return own;
  const std::string family = folder + Family(source.Stem()) + ".h";
  if (FindFile(files, "src/" + family) != nullptr) return family;
  const size_t include = source.text.find("#include \"");
  if (include == std::string::npos) return own;
  return source.text.substr(include + 10, source.text.find('"', include + 10) - include - 10);
}

// A source of a folder whose files register themselves (it has no header and is not the only one of its kind): named in a test of its
// top folder, or covered by tests/TOP/FOLDER_test.cc, which goes through the registry.
bool IsRegistration(const Files& files, const SourceFile& source) {
  const std::string folder = source.Folder();
  return std::count(folder.begin(), folder.end(), '/') >= 2 &&
         std::none_of(files.begin(), files.end(), [&](const SourceFile& f) { return f.Folder() == folder && f.Extension() == ".h"; });
}

// By a test of its name, one that includes its header, or one that says in a comment that it tests it, too ("and schema.cc").
bool IsTested(const Files& files, const SourceFile& source) {
  const std::string top = source.path.substr(4, source.path.find('/', 4) - 4);
  const std::string folder = source.Folder().substr(source.Folder().rfind('/') + 1);
  const std::string family = Family(source.Stem());
  const std::string subject = Subject(files, source);
  const bool registration = IsRegistration(files, source);
  return std::any_of(files.begin(), files.end(), [&](const SourceFile& test) {
    if (!test.Under("tests") || !test.path.ends_with(".cc")) return false;
    if (test.Under("tests/" + top)) {
      if (test.Stem() == family + "_test" || Names(test.text, source.Name())) return true;
      if (registration && (test.Stem() == folder + "_test" || Names(test.text, source.Stem()))) return true;
    }
    return !registration && test.text.find("#include \"" + subject + "\"") != std::string::npos;
  });
}

Offences Untested(const Files& files) {
  Offences offences;
  for (const SourceFile& file : files) {
    if (file.Under("src") && file.Extension() == ".cc" && file.Folder() != "src" && !IsTested(files, file)) {
      offences.push_back(At(file, 1, "no test is named after it or includes " + Subject(files, file)));
    }
  }
  return offences;
}

// Sources, tests and fuzzers that this build should compile, and does not.
Offences LeftOut(const Files& files, const std::set<std::string>& compiled) {
  Offences offences;
  for (const SourceFile& file : files) {
    if (file.Extension() != ".cc" || !(file.Under("src") || file.Under("tests") || file.Under("fuzz"))) continue;
#if defined(__x86_64__)
    if (file.Stem() == "no_x86") continue;
#else
    if (HasSuffix(file.Stem(), "_avx2") || HasSuffix(file.Stem(), "_avx512") || HasSuffix(file.Stem(), "_amx")) continue;
#endif
    if (file.Folder() == "src/graph/openvino" && !compiled.contains(file.path)) continue;  // only where OpenVINO is installed
    // no_x.cc stands in for x.cc in a build without some library: one of the two is enough.
    const std::string folder = file.path.substr(0, file.path.rfind('/') + 1);
    const std::string twin = file.Stem().starts_with("no_") ? file.Stem().substr(3) : "no_" + file.Stem();
    if (compiled.contains(folder + twin + ".cc")) continue;
    if (!compiled.contains(file.path)) offences.push_back(At(file, 1, "is not in the build"));
  }
  return offences;
}

std::set<std::string> Compiled() {
  std::set<std::string> files;
  std::ifstream in(TRADEWIND_COMPILED_FILES);
  for (std::string line; std::getline(in, line);) files.insert(line);
  return files;
}

TEST(Coverage, ASourceWithoutATestIsSeen) {
  const SourceFile source = {"src/base/a.cc", "#include \"base/a.h\"\n"};
  const SourceFile header = {"src/base/a.h", ""};
  EXPECT_THAT(Untested({source, header}), testing::ElementsAre("src/base/a.cc:1: no test is named after it or includes base/a.h"));
  EXPECT_THAT(Untested({source, header, {"tests/base/a_test.cc", ""}}), testing::IsEmpty());
  EXPECT_THAT(Untested({source, header, {"tests/core/a_test.cc", ""}}), testing::SizeIs(1));
  EXPECT_THAT(Untested({source, header, {"tests/base/b_test.cc", "#include \"base/a.h\"\n"}}), testing::IsEmpty());
  EXPECT_THAT(Untested({{"src/kernels/a_avx2.cc", ""}, {"tests/kernels/a_test.cc", ""}}), testing::IsEmpty());
  EXPECT_THAT(Untested({source, header, {"tests/base/b_test.cc", "// Tests b.cc and a.cc through b.h."}}), testing::IsEmpty());
  EXPECT_THAT(Untested({{"src/kernels/a_ref.cc", ""}, {"src/kernels/a.h", ""}, {"tests/kernels/b_test.cc", "#include \"kernels/a.h\""}}),
              testing::IsEmpty());
  const SourceFile part = {"src/base/a_more.cc", "#include \"base/a.h\"\n"};
  EXPECT_THAT(Untested({part, {"tests/base/b_test.cc", "#include \"base/a.h\"\n"}}), testing::IsEmpty());
}

TEST(Coverage, ARegistrationIsNamedOrItsFolderTested) {
  const SourceFile knob = {"src/llm/knobs/layers.cc", "#include \"llm/options.h\"\n"};
  EXPECT_THAT(Untested({knob, {"tests/llm/options_test.cc", "#include \"llm/options.h\"\n"}}), testing::SizeIs(1));
  EXPECT_THAT(Untested({knob, {"tests/llm/options_test.cc", "players"}}), testing::SizeIs(1));
  EXPECT_THAT(Untested({knob, {"tests/llm/options_test.cc", "\"layers\""}}), testing::IsEmpty());
  EXPECT_THAT(Untested({knob, {"tests/llm/knobs_test.cc", ""}}), testing::IsEmpty());
}

TEST(Coverage, EverySourceOfThisTreeHasATest) {
  EXPECT_EQ(Joined(Untested(Tree())), "");
}

TEST(Coverage, AFileLeftOutOfTheBuildIsSeen) {
  const Files files = {{"tests/new/a_test.cc", ""}, {"src/base/a.cc", ""}, {"bench/a.cc", ""}};
  EXPECT_THAT(LeftOut(files, {"src/base/a.cc"}), testing::ElementsAre("tests/new/a_test.cc:1: is not in the build"));
}

TEST(Coverage, NoFileOfThisTreeIsLeftOutOfTheBuild) {
  const std::set<std::string> compiled = Compiled();
  ASSERT_TRUE(compiled.contains("tests/style/coverage_test.cc")) << TRADEWIND_COMPILED_FILES;
  EXPECT_EQ(Joined(LeftOut(Tree(), compiled)), "");
}

}  // namespace
}  // namespace tradewind::style
