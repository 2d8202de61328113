// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/catalogue.h"
#include "shared_data.h"
#include "store_test_util.h"

namespace tradewind {
namespace {

using ::testing::HasSubstr;

TEST(CatalogueYamlTest, ReadsAnEntry) {
  const auto catalogue = ParseCatalogue("models:\n" + EntryYaml("one") + EntryYaml("two", "    default: true\n"), "x.yaml");
  ASSERT_TRUE(catalogue) << catalogue.error().ToString();
  ASSERT_EQ(catalogue->entries.size(), 2u);
  const CatalogueEntry& entry = catalogue->entries[0];
  EXPECT_EQ(entry.name, "one");
  EXPECT_EQ(entry.size_bytes, 7u);
  EXPECT_EQ(entry.sha256, kHashOfAbc);
  EXPECT_EQ(entry.licence, "MIT");
  ASSERT_EQ(entry.sources.size(), 2u);
  EXPECT_EQ(entry.sources[0].size(), 1u);
  ASSERT_EQ(entry.sources[1].size(), 2u);
  EXPECT_EQ(entry.sources[1][1].path, "/c/2");
  EXPECT_EQ(catalogue->Default(), catalogue->Find("two"));
  EXPECT_EQ(catalogue->Find("three"), nullptr);
}

TEST(CatalogueYamlTest, NamesTheLineOfWhatIsWrong) {
  const struct {
    std::string from, to, says, where;
  } cases[] = {
      {"size_bytes: 7", "size_bytes: -7", "size_bytes", "line 6"},
      {"size_bytes: 7", "size_bytes: 0", "size_bytes", "line 6"},
      {"size_bytes: 7", "size_bytes: 99999999999999999999", "size_bytes", "line 6"},
      {"size_bytes: 7", "size_bytes: [7]", "must be a text", "line 6"},
      {"sha256: b", "sha256: X", "64 hexadecimal", "line 7"},
      {"file: f.gguf", "file: ../f.gguf", "without a folder", "line 5"},
      {"file: f.gguf", "file: f.bin", ".gguf", "line 5"},
      {"licence: MIT", "license: MIT", "no field \"license\"", "line 8"},
      {"licence: MIT", "licence:", "licence has no value", "line 8"},
      {"    modality: text\n", "", "the field modality is missing", "line 2"},
      {"modality: text", "description: again", "twice", "line 4"},
      {"name: one", "name: ../one", "name must be", "line 2"},
      {"name: one", "name: -one", "name must be", "line 2"},
      {"/a/b", "ftp://a/b", "is none of", "line 10"},
      {"[/a/b, [/c/1, /c/2]]", "[]", "sources must be a list", "line 10"},
      {"[/a/b, [/c/1, /c/2]]", "[[]]", "1 to 1000 parts", "line 10"},
      {"[/a/b, [/c/1, /c/2]]", "/a/b", "sources must be a list", "line 10"},
      {"https://example.org/licence", "javascript:x", "licence_url", "line 9"},
      {"description: d", "description: \"a\\nb\"", "control character", "line 3"},
      {"description: d", "default: yes", "one of false, true", "line 3"},
      {"description: d", "description: [d", "not valid YAML", "line"},
      {"models:\n", "modles:\n", "no field \"modles\"", "line 1"},
  };
  for (const auto& wrong : cases) {
    std::string text = "models:\n" + EntryYaml("one");
    const size_t at = text.find(wrong.from);
    ASSERT_NE(at, std::string::npos) << wrong.from;
    text.replace(at, wrong.from.size(), wrong.to);
    const auto catalogue = ParseCatalogue(text, "x.yaml");
    ASSERT_FALSE(catalogue) << wrong.to;
    EXPECT_EQ(catalogue.error().code(), StatusCode::kInvalidInput);
    EXPECT_THAT(catalogue.error().message(), HasSubstr(wrong.says)) << wrong.to;
    EXPECT_THAT(catalogue.error().where(), HasSubstr("x.yaml, " + wrong.where)) << wrong.to;
  }
}

TEST(CatalogueYamlTest, RefusesHostileYaml) {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'k'; ++c) {
    bomb += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 9; ++i) bomb += std::string(i == 0 ? "" : ",") + "*" + static_cast<char>(c - 1);
    bomb += "]\n";
  }
  const std::string twice = "models:\n" + EntryYaml("one") + EntryYaml("one");
  for (const std::string& text :
       {std::string(""), std::string("models"), std::string("- 1"), std::string("models: {}"), std::string("models:\n  - 1"), bomb, twice,
        std::string(100'000, '['), std::string(100'000, '{'), std::string("models:\n" + std::string(200'000, '-')),
        std::string("\0\1\2", 3), std::string("models: *nowhere"), std::string(2 << 20, ' ')}) {
    const auto catalogue = ParseCatalogue(text, "x.yaml");
    ASSERT_FALSE(catalogue) << text.substr(0, 40);
    EXPECT_EQ(catalogue.error().code(), StatusCode::kInvalidInput);
  }
}

TEST(CatalogueYamlTest, ReadsEveryPrefixOfAGoodOneWithoutFalling) {
  const std::string text = "models:\n" + EntryYaml("one");
  for (size_t size = 0; size < text.size(); ++size) (void)ParseCatalogue(text.substr(0, size), "x.yaml");
}

TEST(CatalogueYamlTest, TheTestsCatalogueIsWhole) {
  const auto catalogue = ParseCatalogue(Slurp(SourcePath("tests/net/catalogue-tests.yaml")), "catalogue-tests.yaml");
  ASSERT_TRUE(catalogue) << catalogue.error().ToString();
  const std::pair<const char*, size_t> parts[] = {{"gemma-3-270m", 4}, {"qwen2.5-coder-0.5b", 6}, {"qwen2.5-coder-1.5b", 22}};
  for (const auto& [name, count] : parts) {
    ASSERT_NE(catalogue->Find(name), nullptr) << name;
    EXPECT_EQ(catalogue->Find(name)->sources.at(0).size(), count) << name;
  }
}

}  // namespace
}  // namespace tradewind
