// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tests grammar_parser.cc and grammar_build.cc through grammar.h.
#include "text/grammar.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "text/grammar_testing.h"

namespace tradewind {
namespace {

struct GbnfCase {
  const char* source;
  std::vector<std::string> in;
  std::vector<std::string> out;
};

TEST(Grammar, NotationMeansWhatItsDescriptionSays) {
  const std::vector<GbnfCase> cases = {
      {"root ::= \"yes\" | \"no\"", {"yes", "no"}, {"", "y", "yesno", "Yes"}},
      {"root ::= a b? # a comment\na ::= \"x\"\nb ::= \"y\"", {"x", "xy"}, {"y", "xyy"}},
      {"root ::= (\"a\" | \"b\")* \"c\"", {"c", "ac", "abbac"}, {"ab", "cc"}},
      {"root ::= [a-c]+ [^a-c]", {"aZ", "abc\xC3\xA9"}, {"Z", "ab", "aZZ", "a\xC3"}},
      {"root ::= \"a\"{2}", {"aa"}, {"a", "aaa"}},
      {"root ::= \"ab\"{2,}", {"abab", "ababab"}, {"ab", "abb"}},
      {"root ::= \"a\"{1,3}", {"a", "aa", "aaa"}, {"", "aaaa"}},
      {"root ::= \"a\"{0,2} \"b\"{0}", {"", "a", "aa"}, {"aaa", "b"}},
      {"root ::= (\"a\"{2}){2,3}", {"aaaa", "aaaaaa"}, {"aa", "aaa", "aaaaa", "aaaaaaaa"}},
      {"root ::= . .", {"ab", "\xE2\x82\xAC\xF0\x9F\x98\x80"}, {"a", "\xE2\x82", "a\xFF"}},
      {"root ::= \"\\x41\\u00e9\\U0001F600\\t\\n\\r\\\\\\\"\"", {"A\xC3\xA9\xF0\x9F\x98\x80\t\n\r\\\""}, {"A"}},
      {"root ::= [\\]\\-\\\\x]", {"]", "-", "\\", "x"}, {"["}},
      {"root ::= [-+] [a-]", {"-a", "+-"}, {"aa"}},
      {"root ::=\n  \"a\" |\n  \"b\"\n\nother-1 ::= \"c\"", {"a", "b"}, {"c"}},
      {"root ::= (\n\"a\"\n\"b\" # in a group lines may end\n)", {"ab"}, {"a"}},
      {"root ::= | \"a\"", {"", "a"}, {"aa"}},
      {"root ::= \"\" x \"\"\nx ::= \"(\" x \")\" | \"\"", {"", "()", "((()))"}, {"(", "())", ")("}},
      {"root ::= x\nx ::= \"a\" x | \"b\"", {"b", "aaab"}, {"a", "ba"}},
      {"root ::= \"\xE3\x81\x82\" [\xE3\x81\x81-\xE3\x82\x9F]", {"\xE3\x81\x82\xE3\x81\x82"}, {"\xE3\x81\x82"}},
      {"root ::= (\"a\"?){3} \"b\"", {"b", "ab", "aaab"}, {"aaaab"}},
      {"root ::= (\"a\"*)* (\"\")+", {"", "a", "aaaa"}, {"b"}},
      {"root ::= (\"a\" | \"aa\"){2,3}", {"aa", "aaa", "aaaaaa"}, {"a", "aaaaaaa"}},
      {"root ::= \"a\"*?", {"", "a", "aa"}, {"b"}},
  };
  for (const GbnfCase& c : cases) {
    const auto grammar = ParsedGrammar(c.source);
    ASSERT_NE(grammar, nullptr);
    for (const std::string& text : c.in) EXPECT_TRUE(IsText(*grammar, text)) << c.source << " and " << text;
    for (const std::string& text : c.out) EXPECT_FALSE(IsText(*grammar, text)) << c.source << " and " << text;
  }
}

TEST(Grammar, FaultsNameThePlace) {
  struct Fault {
    const char* source;
    uint64_t offset;
    const char* says;
  };
  const std::vector<Fault> faults = {{"root ::= \"a", 9, "not closed"},
                                     {"root ::= [a", 9, "not closed"},
                                     {"root ::= (\"a\"", 9, "not closed"},
                                     {"root ::= \"a\")", 12, "no element"},
                                     {"root = \"a\"", 5, "::="},
                                     {"root ::= thing", 9, "no rule \"thing\""},
                                     {"rot ::= \"a\"", 0, "no rule \"root\""},
                                     {"root ::= *", 9, "nothing before"},
                                     {"root ::= \"a\" | +", 15, "nothing before"},
                                     {"root ::= \"a\"{2,1}", 16, "wrong way"},
                                     {"root ::= \"a\"{,2}", 13, "a number"},
                                     {"root ::= \"\\q\"", 11, "no such escape"},
                                     {"root ::= \"\\ud800\"", 16, "no character"},
                                     {"root ::= [z-a]", 13, "ends before"},
                                     {"root ::= []", 9, "no characters"},
                                     {"root ::= \"\xFF\"", 10, "UTF-8"},
                                     {"root ::= \"a\"\nroot ::= \"b\"", 13, "twice"},
                                     {"root ::= <[7]>", 9, "tokens"}};
  for (const Fault& f : faults) {
    const auto grammar = Grammar::Parse(f.source);
    ASSERT_FALSE(grammar) << f.source;
    EXPECT_NE(grammar.error().message().find(f.says), std::string::npos) << f.source << ": " << grammar.error().ToString();
    EXPECT_EQ(grammar.error().offset(), f.offset) << f.source << ": " << grammar.error().ToString();
    EXPECT_EQ(grammar.error().where(), "grammar");
  }
}

TEST(Grammar, LeftRecursionIsRefusedByName) {
  const std::vector<std::pair<const char*, const char*>> recursive = {
      {"root ::= root \"a\" | \"a\"", "\"root\""},
      {"root ::= x\nx ::= y \"a\"\ny ::= \"b\"? x", "left-recursive"},
      {"root ::= \"b\" x\nx ::= (\"a\"* [a-z]{0,3} x)? \"c\"", "\"x\""},
      {"root ::= (root)*", "\"root\""},
      {"root ::= (\"\" root){2,3}", "\"root\""},
      {"root ::= root", "\"root\""},
  };
  for (const auto& [source, name] : recursive) {
    const auto grammar = Grammar::Parse(source);
    ASSERT_FALSE(grammar) << source;
    EXPECT_NE(grammar.error().message().find(name), std::string::npos) << grammar.error().ToString();
  }
  for (const char* sound : {"root ::= \"a\" root | \"b\"", "root ::= (\"a\" root)* \"b\"", "root ::= x*\nx ::= y?\ny ::= \"a\"* \"b\" x"}) {
    EXPECT_TRUE(Grammar::Parse(sound)) << sound;
  }
}

TEST(Grammar, RecursionOnTheRightAndLongTextsCostNoDepth) {
  const auto grammar = ParsedGrammar("root ::= \"a\" root | \"b\"");
  EXPECT_TRUE(IsText(*grammar, std::string(100'000, 'a') + "b"));
}

// llama.cpp's own grammars, where a copy of it lies beside the models.
TEST(Grammar, ReadsThePeersGrammars) {
  const char* home = std::getenv("HOME");
  const std::filesystem::path peers = std::filesystem::path(home != nullptr ? home : "") / ".cache/tradewind/peers";
  std::vector<std::filesystem::path> files;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(peers, absent)) {
    for (const auto& file : std::filesystem::directory_iterator(entry.path() / "grammars", absent)) {
      if (file.path().extension() == ".gbnf") files.push_back(file.path());
    }
  }
  if (files.empty()) GTEST_SKIP() << "no grammars of llama.cpp under " << peers;
  Random random(11);
  for (const auto& path : files) {
    std::ifstream file(path);
    const std::string source((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const auto grammar = Grammar::Parse(source);
    ASSERT_TRUE(grammar) << path << ": " << grammar.error().ToString();
    int drawn = 0;
    for (int i = 0; i < 200; ++i) drawn += DrawText(**grammar, random, 2000).has_value();
    EXPECT_GT(drawn, 10) << path;
    if (path.filename() == "json.gbnf") {
      EXPECT_TRUE(IsText(**grammar, R"({"a": [1, 2.5e3, {"b": null}], "c": "\u00e9"})"));
      EXPECT_FALSE(IsText(**grammar, R"({"a": [1, 2,]})"));
    }
    if (path.filename() == "chess.gbnf") EXPECT_TRUE(IsText(**grammar, "1. e4 e5\n2. Nf3 Nc6\n")) << path;
  }
}

}  // namespace
}  // namespace tradewind
