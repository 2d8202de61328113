// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/yaml_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradewind {
namespace {

using testing::HasSubstr;

constexpr size_t kLimit_bytes = 1000;

struct Sheet {
  std::string name, title;
  double size = 0;
  bool open = false;
  std::vector<std::string> tags;
  std::map<std::string, std::string> with;
  size_t colour = 0;
};

Result<Sheet> Build(const YAML::Node& root, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(root, "a sheet", origin, {"name", "title", "size", "open", "tags", "with", "colour"}));
  Sheet sheet;
  TW_ASSIGN(sheet.name, fields.Line("name"));
  TW_ASSIGN(sheet.title, fields.TextOr("title", "none"));
  TW_ASSIGN(sheet.size, fields.NumberOr("size", 1));
  TW_ASSIGN(sheet.open, fields.FlagOr("open", true));
  TW_ASSIGN(sheet.tags, fields.Texts("tags"));
  TW_ASSIGN(sheet.with, fields.TextMap("with"));
  TW_ASSIGN(sheet.colour, fields.WordOr("colour", {"red", "blue"}, 0));
  return sheet;
}

Result<Sheet> Read(const std::string& yaml) {
  return ReadYaml(yaml, "s.yaml", kLimit_bytes, Build);
}

TEST(YamlFields, AreReadByTypeOrHaveDefaults) {
  const auto sheet = Read("name: n\ntitle: \"two\\nlines\"\nsize: 2.5\nopen: false\ntags: [a, b]\nwith: {x: 1, y: z}\ncolour: blue\n");
  ASSERT_TRUE(sheet) << sheet.error().ToString();
  EXPECT_EQ(sheet->title, "two\nlines");
  EXPECT_EQ(sheet->size, 2.5);
  EXPECT_FALSE(sheet->open);
  EXPECT_THAT(sheet->tags, testing::ElementsAre("a", "b"));
  EXPECT_EQ(sheet->with.at("y"), "z");
  EXPECT_EQ(sheet->colour, 1u);
  const auto little = Read("name: n\ntags: one");
  EXPECT_EQ(little->title, "none");
  EXPECT_TRUE(little->open);
  EXPECT_THAT(little->tags, testing::ElementsAre("one"));
}

TEST(YamlFields, NameFileLineAndWhatIsWrong) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"name: n\nnamn: m", "no field \"namn\"; there are name, title", "s.yaml, line 2"},
      {"title: t", "the field name is missing", "s.yaml, line 1"},
      {"name: n\nname: m", "name stands twice", "s.yaml, line 2"},
      {"name: n\ntitle:", "title has no value", "s.yaml, line 2"},
      {"name: n\nsize: big", "size must be a finite number, not \"big\"", "s.yaml, line 2"},
      {"name: n\nsize: .inf", "finite", "s.yaml, line 2"},
      {"name: n\nopen: perhaps", "open is one of false, true", "s.yaml, line 2"},
      {"name: n\ncolour: green", "colour is one of red, blue", "s.yaml, line 2"},
      {"name: n\ntags: {a: b}", "tags must be a list", "s.yaml, line 2"},
      {"name: n\ntags: [[a]]", "an item of tags must be a text", "s.yaml, line 2"},
      {"name: n\nwith: {x: [1]}", "the entry x of with must be a text", "s.yaml, line 2"},
      {"name: n\nwith: {x: 1, x: 2}", "the entry x of with stands twice", "s.yaml, line 2"},
      {"name: \"a\\nb\"", "line break", "s.yaml, line 1"},
      {"name: \"a\\x01b\"", "control character", "s.yaml, line 1"},
      {"name: n\ntitle: [", "not valid YAML", "s.yaml, line"},
      {"- name", "a sheet must be a map of the fields name", "s.yaml, line 1"},
      {"", "must be a map", "s.yaml"},
      {std::string(kLimit_bytes + 1, ' '), "at most 1000 bytes", "s.yaml"},
      {std::string(900, '['), "YAML", "s.yaml"},
      {"name: *nowhere", "YAML", "s.yaml"}};
  for (const auto& [yaml, says, where] : cases) {
    const auto sheet = Read(yaml);
    ASSERT_FALSE(sheet) << yaml;
    EXPECT_EQ(sheet.error().code(), StatusCode::kInvalidInput);
    EXPECT_THAT(sheet.error().message(), HasSubstr(says)) << yaml;
    EXPECT_THAT(sheet.error().where(), testing::StartsWith(where)) << yaml;
  }
}

TEST(YamlFields, AScalarOfAListNamesItsOwnLine) {
  const YAML::Node list = YAML::Load("- a\n- [b]\n");
  EXPECT_EQ(TextOf(list[0], "an item", "s.yaml").value(), "a");
  EXPECT_EQ(TextOf(list[1], "an item", "s.yaml").error().ToString(), "an item must be a text (at s.yaml, line 2)");
}

TEST(YamlFields, OtherExceptionsAreCaughtToo) {
  const auto thrown =
      ReadYaml<int>("a: 1", "s.yaml", kLimit_bytes, +[](const YAML::Node&, const std::string&) -> Result<int> { throw std::bad_alloc(); });
  EXPECT_THAT(thrown.error().message(), HasSubstr("not readable"));
}

}  // namespace
}  // namespace tradewind
