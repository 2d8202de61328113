// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/chat_template.h"

#include <gtest/gtest.h>

#include <thread>

#include "chat_template_testing.h"

namespace tradewind {
namespace {

Status ErrorOf(std::string_view source, std::vector<std::pair<std::string, std::string>> variables = {}) {
  const Result<ChatTemplate> parsed = ChatTemplate::Parse(source);
  if (!parsed) return parsed.error();
  TemplateOptions options;
  options.json_variables = std::move(variables);
  const auto text = parsed->Render({{"user", "u"}}, options);
  return text ? Status(StatusCode::kInternal, "rendered: " + *text) : text.error();
}

TEST(ChatTemplate, NamesThePlaceOfAnError) {
  EXPECT_EQ(ErrorOf("a\nb {{ x y }}").where(), "line 2, column 8");
  EXPECT_EQ(ErrorOf("a\n\n  {{ missing.b }}").where(), "line 3, column 13");
  EXPECT_EQ(ErrorOf("{% if true %}\n{{ 1 + 'a' }}\n{% endif %}").where(), "line 2, column 4");
  EXPECT_EQ(ErrorOf("a\r\nb\rc {% nope %}").where(), "line 3, column 6");
}

TEST(ChatTemplate, TellsKindsOfErrorsApart) {
  EXPECT_EQ(ErrorOf("{{ }}").code(), StatusCode::kInvalidInput);
  EXPECT_EQ(ErrorOf("{% include 'x' %}").code(), StatusCode::kUnsupported);
  EXPECT_EQ(ErrorOf("{% block a %}{% endblock %}").code(), StatusCode::kUnsupported);
  EXPECT_EQ(ErrorOf("{% for x in y recursive %}{% endfor %}").code(), StatusCode::kUnsupported);
  EXPECT_EQ(ErrorOf("{{ 1|nosuchfilter }}").code(), StatusCode::kUnsupported);
  EXPECT_EQ(ErrorOf("{{ 1 is nosuchtest }}").code(), StatusCode::kUnsupported);
  EXPECT_EQ(ErrorOf("{{ 'x'.encode() }}").code(), StatusCode::kUnsupported);
  EXPECT_EQ(ErrorOf("{{ 'a' * 10**9 }}").code(), StatusCode::kInvalidInput);
  const Status refused = ErrorOf("{{ raise_exception('roles must ' ~ 'alternate') }}");
  EXPECT_EQ(refused.code(), StatusCode::kInvalidInput);
  EXPECT_NE(refused.message().find("roles must alternate"), std::string::npos);
}

TEST(ChatTemplate, RefusesBadVariables) {
  EXPECT_EQ(ErrorOf("x", {{"tools", "[1,"}}).where(), "tools");
  EXPECT_EQ(ErrorOf("x", {{"tools", ""}}).code(), StatusCode::kInvalidInput);
  EXPECT_EQ(ErrorOf("x", {{"tools", "[18446744073709551615]"}}).code(), StatusCode::kInvalidInput);
  EXPECT_EQ(ErrorOf("x", {{"tools", "[123456789012345678901234567890]"}}).code(), StatusCode::kInvalidInput);
  EXPECT_EQ(ErrorOf("x", {{"tools", "\"\xFF\""}}).code(), StatusCode::kInvalidInput);
}

TEST(ChatTemplate, AUsersTextIsNeverTemplate) {
  const auto parsed = ChatTemplate::Parse("{{ messages[0].content }}|{{ messages[0].content|trim }}");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed->Render({{"user", "{{ 7*7 }}{% endif %} "}}, {}), "{{ 7*7 }}{% endif %} |{{ 7*7 }}{% endif %}");
}

TEST(ChatTemplate, BytesThatAreNotUtf8PassThrough) {
  const auto parsed = ChatTemplate::Parse("{{ messages[0].content.strip() ~ messages[0].content|length }}");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed->Render({{"user", "\xFF\xC3 "}}, {}),
            "\xFF\xC3"
            "3");
}

TEST(ChatTemplate, HoldsItsOwnProgram) {
  std::string source = "{{ 'con' 'cat' }} {{ '\\x41' }} plain";
  auto parsed = ChatTemplate::Parse(source);
  ASSERT_TRUE(parsed);
  source.assign(source.size(), '#');
  ChatTemplate moved = std::move(*parsed);
  EXPECT_EQ(*moved.Render({}, {}), "concat A plain");
  EXPECT_EQ(*moved.Render({}, {}), "concat A plain");
}

TEST(ChatTemplate, RendersInManyThreads) {
  const auto parsed =
      ChatTemplate::Parse("{% set ns = namespace(n=0) %}{% for i in range(200) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}");
  ASSERT_TRUE(parsed);
  std::vector<std::string> texts(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& text : texts) threads.emplace_back([&] { text = parsed->Render({}, {}).value_or("failed"); });
  }
  for (const std::string& text : texts) EXPECT_EQ(text, "19900");
}

TEST(ChatTemplate, ClockWithoutAFixedTime) {
  const auto parsed = ChatTemplate::Parse("{{ strftime_now('%Y') }}");
  ASSERT_TRUE(parsed);
  EXPECT_GE(std::stoi(*parsed->Render({}, {})), 2024);
}

}  // namespace
}  // namespace tradewind
