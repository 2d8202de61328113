// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What hostile tokenizer metadata, templates, grammars and schemas cost in heap until they are refused: at most 16 MiB beside the text
// itself, and work in proportion to its bytes, by what is allocated. Every allocation of this program is counted.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "formats/gguf_writer.h"
#include "heap_count.h"
#include "text/chat_template.h"
#include "text/grammar.h"
#include "text/json_schema.h"
#include "text/tokenizer.h"

namespace tradewind {
namespace {

std::string Times(size_t count, const std::string& text) {
  std::string out;
  out.reserve(count * text.size());
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

// A text that expands, and how it is read; it may be refused or be taken, but not cost more.
struct Bomb {
  std::string name;
  std::function<std::string()> text;
  std::function<Result<void>(const std::string& text)> read;
};

Result<void> ReadTemplate(const std::string& text) {
  TW_RETURN_IF_ERROR(ChatTemplate::Parse(text));
  return {};
}
Result<void> ReadGrammar(const std::string& text) {
  TW_RETURN_IF_ERROR(Grammar::Parse(text));
  return {};
}
Result<void> ReadSchema(const std::string& text) {
  TW_ASSIGN(const std::string grammar, JsonSchemaGrammar(text));
  return ReadGrammar(grammar);
}

std::vector<Bomb> Bombs() {
  return {
      {"TemplateOfOpenTags", [] { return Times(60'000, "{{1"); }, ReadTemplate},
      {"TemplateOfOneExpression", [] { return "{{ 1" + Times(60'000, "+1") + " }} {% endif %}"; }, ReadTemplate},
      {"TemplateOfCalls", [] { return "{{ a" + Times(80'000, "()") + " "; }, ReadTemplate},
      {"TemplateOfNestedLists", [] { return "{{ " + std::string(200'000, '['); }, ReadTemplate},
      {"TemplateOfOneList", [] { return "{{ [" + Times(80'000, "1,") + " "; }, ReadTemplate},
      {"TemplateOfTags", [] { return Times(10'000, "{% if a %}b{% endif %}") + "{% endif %}"; }, ReadTemplate},
      {"TemplateOverItsLimit", [] { return Times(20'000'000, "a"); }, ReadTemplate},
      {"GrammarOfLetters", [] { return "root ::= \"" + std::string(500'000, 'a') + "\""; }, ReadGrammar},
      {"GrammarOfRules", [] { return "root ::= a\n" + Times(20'000, "a ::= a b\n"); }, ReadGrammar},
      {"GrammarOfClasses", [] { return "root ::= " + Times(20'000, "[^\\U00010000-\\U0010FFFE] "); }, ReadGrammar},
      {"GrammarOfOneClass", [] { return "root ::= [" + Times(100'000, "\\x01-\\x02") + "]"; }, ReadGrammar},
      {"GrammarOfGroups", [] { return "root ::= " + std::string(500'000, '('); }, ReadGrammar},
      {"GrammarOfAlternatives", [] { return "root ::= " + Times(250'000, "|\"\""); }, ReadGrammar},
      {"GrammarOfRepetitions", [] { return "root ::= \"a\"" + Times(100'000, "{1,1000000}"); }, ReadGrammar},
      {"GrammarOverItsLimit", [] { return "root ::= " + Times(20'000'000, " "); }, ReadGrammar},
      {"SchemaOfBrackets", [] { return std::string(1 << 20, '['); }, ReadSchema},
      {"SchemaOfOneList", [] { return "{\"enum\": [" + Times(500'000, "1,") + "1]}"; }, ReadSchema},
      {"SchemaOfEmptyObjects", [] { return "{\"anyOf\": [" + Times(300'000, "{},") + "{}]}"; }, ReadSchema},
      {"SchemaOfAFullList", [] { return "{\"enum\": [" + Times(49'900, "1,") + "1]}"; }, ReadSchema},
      {"SchemaOfFullObjects",
       [] {
         std::string list;
         for (int object = 0; object < 24; ++object) {
           list += object == 0 ? "{" : ",{";
           for (int i = 0; i < 1999; ++i) list += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
           list += "}";
         }
         return "{\"enum\": [" + list + "]}";
       },
       ReadSchema},
      {"SchemaOfNestedText",
       [] { return Times(98, R"({"items":)") + R"({"enum":[")" + std::string(1'000'000, 'x') + "\"]}" + std::string(98, '}'); },
       ReadSchema},
      {"SchemaOfReferences",
       [] {
         std::string defs;
         for (int i = 0; i < 40; ++i) {
           const std::string next = R"({"$ref": "#/$defs/)" + std::to_string(i + 1) + R"("})";
           defs += '"' + std::to_string(i) + R"(": {"allOf": [)" + next + ", " + next + "]}, ";
         }
         return R"({"$ref": "#/$defs/0", "$defs": {)" + defs + R"("40": {"type": "null"}}})";
       },
       ReadSchema},
      {"SchemaOfProperties",
       [] {
         std::string properties;
         for (int i = 0; i < 40'000; ++i) properties += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":{}";
         return R"({"type": "object", "properties": {)" + properties + "}}";
       },
       ReadSchema},
      {"SchemaOverItsLimit", [] { return Times(20'000'000, " "); }, ReadSchema},
  };
}

class HostileTextMemory : public testing::TestWithParam<Bomb> {};

TEST_P(HostileTextMemory, IsBounded) {
  const std::string text = GetParam().text();
  bool refused = false;
  const HeapUse use = HeapUsedBy([&] {
    auto result = GetParam().read(text);
    refused = !result;
    return result;
  });
  EXPECT_LE(use.peak_bytes, kHostileHeap_bytes) << (refused ? "refused" : "taken");
  EXPECT_LE(use.allocated_bytes, 1000 * text.size() + (1 << 20)) << (refused ? "refused" : "taken");
}

INSTANTIATE_TEST_SUITE_P(, HostileTextMemory, testing::ValuesIn(Bombs()), [](const auto& test) { return test.param.name; });

// Metadata whose counts do not agree, read as a tokenizer: the least costly of the arrays decides, before any is copied.
class HostileVocabulary : public testing::Test {
 protected:
  static void ExpectRefused(GgufWriter& writer, const std::string& where) {
    const auto file = Gguf::FromBytes(*writer.Bytes(), "hostile");
    ASSERT_TRUE(file) << file.error().ToString();
    std::string at;
    const HeapUse use = HeapUsedBy([&] {
      auto result = MakeTokenizer(file->metadata());
      EXPECT_FALSE(result);
      if (!result) {
        at = result.error().where();
        EXPECT_EQ(result.error().ExitCode(), 2);
      }
      return result;
    });
    EXPECT_EQ(at, "tokenizer.ggml." + where);
    EXPECT_LE(use.peak_bytes, 65536u);
  }
  // That many empty strings, or zeros.
  static GgufArrayBytes Strings(uint64_t count) { return {GgufValueType::kString, count, std::vector<std::byte>(8 * count)}; }
  static GgufArrayBytes Numbers(GgufValueType type, uint64_t count) { return {type, count, std::vector<std::byte>(4 * count)}; }
  static GgufWriter Start(const std::string& model, uint64_t tokens) {
    GgufWriter writer;
    writer.Add("tokenizer.ggml.model", model);
    writer.Add("tokenizer.ggml.tokens", Strings(tokens));
    return writer;
  }
};

constexpr uint64_t kMillion = 1 << 20;

TEST_F(HostileVocabulary, MoreTokensThanAnyVocabulary) {
  GgufWriter writer = Start("gpt2", kMillion + 1);
  ExpectRefused(writer, "tokens");
}
TEST_F(HostileVocabulary, OneTypeTooFew) {
  GgufWriter writer = Start("gpt2", kMillion);
  writer.Add("tokenizer.ggml.token_type", Numbers(GgufValueType::kInt32, kMillion - 1));
  ExpectRefused(writer, "token_type");
}
TEST_F(HostileVocabulary, OneScoreTooMany) {
  GgufWriter writer = Start("llama", kMillion);
  writer.Add("tokenizer.ggml.scores", Numbers(GgufValueType::kFloat32, kMillion + 1));
  ExpectRefused(writer, "scores");
}
TEST_F(HostileVocabulary, MoreMergesThanAnyVocabulary) {
  GgufWriter writer = Start("gpt2", 2);
  writer.Add("tokenizer.ggml.merges", Strings(4 * kMillion + 1));
  ExpectRefused(writer, "merges");
}
TEST_F(HostileVocabulary, TypesOfAnotherType) {
  GgufWriter writer = Start("gpt2", kMillion);
  writer.Add("tokenizer.ggml.token_type", Numbers(GgufValueType::kFloat32, kMillion));
  const auto file = Gguf::FromBytes(*writer.Bytes(), "hostile");
  ASSERT_TRUE(file);
  const HeapUse use = HeapUsedBy([&] { return MakeTokenizer(file->metadata()); });
  EXPECT_LE(use.peak_bytes, 65536u);
}

}  // namespace
}  // namespace tradewind
