// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Hostile bytes where JSON is wanted; nlohmann/json as the oracle for the rest (and json_text.cc, json_fault.cc).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/random.h"
#include "serve/api/json_document.h"
#include "serve/api/json_text.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

std::string Repeated(std::string_view text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

Status Refused(std::string_view bytes, const JsonDocumentLimits& limits = {}) {
  const auto document = JsonDocument::Parse(bytes, limits);
  EXPECT_FALSE(document) << bytes.substr(0, 80);
  if (document) return Status(StatusCode::kInternal, "taken");
  EXPECT_EQ(document.error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(document.error().where(), "body");
  return document.error();
}

TEST(JsonDocument, WhatIsNoJson) {
  for (const char* text :
       {"{",  "}",  "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]",    "[1 2]",     "{'a':1}", "nul", "NaN",      "Infinity", "-",       "01",
        "1.", ".5", "+1",      "0x10",     "\"a",        "\"\\x\"", "\"\\u12\"", "{} {}",   "{}x", "\"a\nb\"", "\"\t\"",   "// c\n{}"}) {
    EXPECT_THAT(Refused(text).message(), HasSubstr("JSON")) << text;
  }
  EXPECT_THAT(Refused("").message(), HasSubstr("empty"));
  EXPECT_THAT(Refused(" \n ").message(), HasSubstr("empty"));
  EXPECT_THAT(Refused("\xEF\xBB\xBF{}").message(), HasSubstr("JSON"));
  EXPECT_THAT(Refused(std::string_view("{\0}", 3)).message(), HasSubstr("JSON"));
  EXPECT_THAT(Refused(std::string_view("\"a\0b\"", 5)).message(), HasSubstr("JSON"));
}

TEST(JsonDocument, ThePlaceOfTheFault) {
  EXPECT_EQ(Refused(R"({"a": 1, "b": tru})").offset(), 17u);
  EXPECT_EQ(Refused(R"({"a" 1})").offset(), 5u);
  EXPECT_TRUE(Refused("[1e400]").offset().has_value());
}

TEST(JsonDocument, NumbersBeyondTheirTypes) {
  for (const char* text :
       {"1e400", "-1e400", "123456789012345678901234567890", "18446744073709551616", "-9223372036854775809", "[1e999999999]"}) {
    EXPECT_THAT(Refused(text).message(), HasSubstr("number")) << text;
  }
  const auto numbers = JsonDocument::Parse("[9223372036854775807, 9223372036854775808, 1e308, 1.0, -0.0, 5e-324]");
  ASSERT_TRUE(numbers) << numbers.error().ToString();
  std::vector<JsonKind> kinds;
  for (const JsonNode n : numbers->root().children()) kinds.push_back(n.kind());
  EXPECT_THAT(
      kinds, testing::ElementsAre(JsonKind::kInteger, JsonKind::kHuge, JsonKind::kReal, JsonKind::kReal, JsonKind::kReal, JsonKind::kReal));
}

TEST(JsonDocument, TextsThatAreNoText) {
  for (const char* text : {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\u0041")", R"("\udc00\ud800")", R"({"\ude00": 1})"}) {
    EXPECT_FALSE(JsonDocument::Parse(text)) << text;
  }
  for (const char* text : {"\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\"", "{\"\xff\": 1}"}) {
    EXPECT_FALSE(JsonDocument::Parse(text)) << text;
  }
  const auto sound = JsonDocument::Parse(R"("\u0000\ud83d\ude00\/\"")");
  ASSERT_TRUE(sound);
  EXPECT_EQ(sound->root().text(), std::string_view("\0\xF0\x9F\x98\x80/\"", 7));
}

TEST(JsonDocument, KeysTwice) {
  EXPECT_THAT(Refused(R"({"a": 1, "b": 2, "a": 3})").message(), HasSubstr("\"a\" twice"));
  EXPECT_THAT(Refused(R"({"x": [{"b": {}, "\u0062": 2}]})").message(), HasSubstr("\"b\" twice")) << "also when written otherwise";
  EXPECT_TRUE(JsonDocument::Parse(R"({"a": {"a": {"a": 1}}, "b": {"a": 1}})"));
}

TEST(JsonDocument, LimitsHoldBeforeAnythingIsBuilt) {
  const Status deep = Refused(Repeated("[", 200'000));
  EXPECT_THAT(deep.message(), HasSubstr("64 levels"));
  EXPECT_EQ(deep.offset(), 64u);
  EXPECT_THAT(Refused(Repeated("{\"a\":", 200'000)).message(), HasSubstr("64 levels"));
  EXPECT_TRUE(JsonDocument::Parse(Repeated("[", 64) + Repeated("]", 64)));
  Refused(Repeated("[", 65) + Repeated("]", 65));
  EXPECT_THAT(Refused("[" + Repeated("0,", 600'000) + "0]").message(), HasSubstr("500000 values"));
  EXPECT_THAT(Refused("{" + Repeated(":", 600'000)).message(), HasSubstr("500000 values")) << "also of what is no JSON";
  EXPECT_THAT(Refused("\"" + Repeated("x", 100) + "\"", {.bytes = 50}).message(), HasSubstr("50 bytes"));
  EXPECT_THAT(Refused(R"({"a": 1, "b": 2, "c": 3})", {.members = 2}).message(), HasSubstr("2 members"));
  EXPECT_TRUE(JsonDocument::Parse("\"" + Repeated("[,{", 1000) + "\"", {.nesting = 1, .values = 2})) << "a text has no structure";
}

// A random value; `texts` have every kind of character that is escaped.
nlohmann::ordered_json Draw(Random& random, int depth) {
  const std::vector<std::string> texts = {"", "a", "\"", "\\", "\n", std::string(1, '\0'), "é", "😀", "\x7f", "key"};
  switch (random.Below(depth > 0 ? 8 : 6)) {
    case 0: return nullptr;
    case 1: return random.Below(2) == 0;
    case 2: return static_cast<int64_t>(random.Next());
    case 3: return static_cast<uint64_t>(random.Next() | uint64_t{1} << 63);
    case 4: return random.Normal() * 1e3;
    case 5: return texts[random.Below(texts.size())];
    case 6: {
      auto list = nlohmann::ordered_json::array();
      for (uint64_t i = random.Below(4); i > 0; --i) list.push_back(Draw(random, depth - 1));
      return list;
    }
    default: {
      auto object = nlohmann::ordered_json::object();
      for (uint64_t i = random.Below(4); i > 0; --i) object[texts[random.Below(texts.size())]] = Draw(random, depth - 1);
      return object;
    }
  }
}

TEST(JsonDocument, ReadsAndWritesAsNlohmannDoes) {
  Random random(7);
  for (int i = 0; i < 3000; ++i) {
    const nlohmann::ordered_json value = Draw(random, 5);
    const std::string text = value.dump(static_cast<int>(random.Below(4)) - 1);
    const auto document = JsonDocument::Parse(text);
    ASSERT_TRUE(document) << text << ": " << document.error().ToString();
    const std::string written = ToJsonText(document->root());
    ASSERT_EQ(nlohmann::ordered_json::parse(written), value) << text << "\n" << written;
    ASSERT_EQ(nlohmann::ordered_json::parse(written).dump(), value.dump()) << "also the kinds of numbers and the order of keys";
  }
}

TEST(JsonDocument, RandomBytesNeverDisagreeWithNlohmann) {
  Random random(11);
  const std::string_view alphabet = "{}[]\",:0123456789.eE+-truefalsn \\u";
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    for (uint64_t k = random.Below(9); k > 0; --k) text += alphabet[random.Below(alphabet.size())];
    const bool taken = JsonDocument::Parse(text).has_value();
    if (taken) ASSERT_TRUE(nlohmann::json::accept(text)) << text;
    if (!taken && nlohmann::json::accept(text)) {
      const Status why = JsonDocument::Parse(text).error();
      const bool ours = why.message().find("twice") != std::string::npos || why.message().find("number") != std::string::npos;
      ASSERT_TRUE(ours) << text << ": " << why.ToString();
    }
  }
}

TEST(JsonLine, IsOneLineAndValidUtf8) {
  const std::string line = JsonLine({{"a", "x\ny\xff\xe2\x82"}, {"b", 1}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(line)["a"], "x\ny\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace tradewind
