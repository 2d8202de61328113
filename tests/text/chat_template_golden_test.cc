// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Templates against what jinja2 makes of them when set up as transformers does (tests/text/make_template_golden.py).
#include <gtest/gtest.h>

#include <filesystem>

#include "chat_template_testing.h"
#include "formats/gguf.h"

namespace tradewind {
namespace {

void ExpectAgreement(const std::string& name, std::string_view source, const nlohmann::json& outputs) {
  const Result<ChatTemplate> parsed = ChatTemplate::Parse(source);
  for (const TemplateCase& c : ReadTemplateCases()) {
    SCOPED_TRACE(name + ", case " + c.name);
    ASSERT_TRUE(outputs.contains(c.name));
    const std::string text = RenderOrError(parsed, c.messages, c.options);
    const auto& expected = outputs[c.name];
    if (expected.is_null()) {
      EXPECT_TRUE(text.starts_with("!")) << "jinja2 refuses, we print: " << text;
    } else {
      EXPECT_EQ(text, expected.get<std::string>());
    }
  }
}

TEST(ChatTemplateGolden, OwnTemplates) {
  const auto golden = ReadTestJson("template_golden.json");
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SourcePath("tests/text/data/templates"))) {
    const std::string name = entry.path().filename();
    ASSERT_TRUE(golden.contains(name)) << name << ": run make_template_golden.py";
    ExpectAgreement(name, ReadText(entry.path()), golden[name]);
    ++files;
  }
  EXPECT_EQ(files, golden.size());
  EXPECT_GE(files, 25u);
}

class ModelTemplate : public testing::TestWithParam<const char*> {};

TEST_P(ModelTemplate, AgreesWithJinja2) {
  const std::string name = GetParam();
  TW_REQUIRE_DATA(path, ModelPath(name));
  const auto golden = ReadTestJson("template_models.json");
  ASSERT_TRUE(golden.contains(name));
  const Result<Gguf> file = Gguf::Open(path);
  ASSERT_TRUE(file) << file.error().ToString();
  const auto source = file->metadata().String("tokenizer.chat_template");
  ASSERT_TRUE(source) << source.error().ToString();
  ASSERT_EQ(Fnv(*source), golden[name]["template"].get<std::string>())
      << "another version of the model file: run make_template_golden.py --models";
  ExpectAgreement(name, *source, golden[name]["outputs"]);
}

INSTANTIATE_TEST_SUITE_P(Models, ModelTemplate, testing::Values("smollm2-135m", "qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"),
                         [](const auto& param) {
                           std::string name = param.param;
                           std::erase_if(name, [](char c) { return !isalnum(static_cast<unsigned char>(c)); });
                           return name;
                         });

// The templates of many models: the folder models/templates of llama.cpp's source archive.
TEST(ChatTemplateGolden, OtherModels) {
  const char* folder = std::getenv("TRADEWIND_TEMPLATES");
  if (!folder) GTEST_SKIP() << "absent: TRADEWIND_TEMPLATES, a folder with the chat templates of other models";
  const auto golden = ReadTestJson("template_others.json");
  const auto cases = ReadTemplateCases();
  size_t compared = 0;
  for (const auto& [name, expected_all] : golden.items()) {
    const std::string path = std::string(folder) + "/" + name;
    if (!std::filesystem::exists(path)) continue;
    const Result<ChatTemplate> parsed = ChatTemplate::Parse(ReadText(path));
    std::istringstream results(expected_all.get<std::string>());
    for (const TemplateCase& c : cases) {
      SCOPED_TRACE(name + ", case " + c.name);
      std::string expected;
      ASSERT_TRUE(results >> expected);
      const std::string text = RenderOrError(parsed, c.messages, c.options);
      const std::string actual = text.starts_with("!") ? "-" : std::to_string(text.size()) + ":" + Fnv(text);
      EXPECT_EQ(actual, expected) << text;
      ++compared;
    }
  }
  EXPECT_GE(compared, cases.size());
}

}  // namespace
}  // namespace tradewind
