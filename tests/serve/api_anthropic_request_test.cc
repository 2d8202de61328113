// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Anthropic's messages as a chat request (and anthropic_messages.cc).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "serve/api/anthropic_request.h"

namespace tradewind {
namespace {

using nlohmann::json;
using testing::ElementsAre;

Status AnthropicRefusal(const json& fields) {
  json body = {{"max_tokens", 5}, {"messages", {{{"role", "user"}, {"content", "x"}}}}};
  body.update(fields);
  const auto request = ParseAnthropicRequest(body.dump());
  EXPECT_FALSE(request) << body;
  return request ? Status(StatusCode::kInternal, "taken") : request.error();
}

TEST(AnthropicRequest, AWholeConversationWithTools) {
  const json body = {{"model", "claude"},
                     {"max_tokens", 100},
                     {"system", {{{"type", "text"}, {"text", "Be brief."}, {"cache_control", {{"type", "ephemeral"}}}}}},
                     {"stop_sequences", {"END"}},
                     {"temperature", 0.5},
                     {"top_k", 5},
                     {"stream", true},
                     {"metadata", {{"user_id", "u"}}},
                     {"tools",
                      {{{"name", "get_weather"},
                        {"description", "d"},
                        {"input_schema", {{"type", "object"}, {"properties", {{"city", {{"type", "string"}}}}}}}}}},
                     {"tool_choice", {{"type", "tool"}, {"name", "get_weather"}, {"disable_parallel_tool_use", true}}},
                     {"messages",
                      {{{"role", "user"}, {"content", "Weather in Paris?"}},
                       {{"role", "assistant"},
                        {"content",
                         {{{"type", "text"}, {"text", "Let me see."}},
                          {{"type", "tool_use"}, {"id", "toolu_1"}, {"name", "get_weather"}, {"input", {{"city", "Paris"}}}}}}},
                       {{"role", "user"},
                        {"content",
                         {{{"type", "tool_result"}, {"tool_use_id", "toolu_1"}, {"content", {{{"type", "text"}, {"text", "18 degrees"}}}}},
                          {{"type", "text"}, {"text", "And tomorrow?"}}}}}}}};
  const auto request = ParseAnthropicRequest(body.dump());
  ASSERT_TRUE(request) << request.error().ToString();
  std::vector<std::string> roles, contents;
  for (const ApiMessage& m : request->messages) {
    roles.push_back(m.role);
    contents.push_back(m.content);
  }
  EXPECT_THAT(roles, ElementsAre("system", "user", "assistant", "tool", "user"));
  EXPECT_THAT(contents, ElementsAre("Be brief.", "Weather in Paris?", "Let me see.", "18 degrees", "And tomorrow?"));
  EXPECT_THAT(request->messages[2].tool_calls, ElementsAre(ToolCall{"toolu_1", "get_weather", R"({"city":"Paris"})"}));
  EXPECT_EQ(request->messages[3].tool_call_id, "toolu_1");
  EXPECT_EQ(request->tool_use.choice.name, "get_weather");
  EXPECT_FALSE(request->tool_use.choice.parallel);
  EXPECT_EQ(request->options.max_tokens, 100);
  EXPECT_EQ(request->options.sampling.top_k, 5);
  EXPECT_THAT(request->options.stop, ElementsAre("END"));
  EXPECT_TRUE(request->options.stream);
  EXPECT_FALSE(request->continues);
}

TEST(AnthropicRequest, ABegunAnswerIsGoneOnWith) {
  const auto request = ParseAnthropicRequest(
      R"({"max_tokens": 5, "messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "The answer is"}]})");
  ASSERT_TRUE(request) << request.error().ToString();
  EXPECT_TRUE(request->continues);
  EXPECT_EQ(request->options.sampling.temperature, 1);
}

TEST(AnthropicRequest, WhatIsWrong) {
  const auto content = [](const json& blocks, const char* role = "user") {
    return AnthropicRefusal({{"messages", {{{"role", role}, {"content", blocks}}}}});
  };
  EXPECT_EQ(content({{{"type", "image"}, {"source", {{"type", "base64"}}}}}).code(), StatusCode::kUnsupported);
  EXPECT_EQ(content({{{"type", "image"}, {"source", {{"type", "base64"}}}}}).where(), "messages[0].content[0].type");
  EXPECT_EQ(content({{{"type", "document"}}}).code(), StatusCode::kUnsupported);
  EXPECT_EQ(content({{{"type", "thinking"}, {"thinking", "x"}}}, "assistant").code(), StatusCode::kUnsupported);
  EXPECT_EQ(content({{{"type", "tool_use"}, {"id", "a"}, {"name", "f"}, {"input", json::object()}}}).where(),
            "messages[0].content[0].type");
  EXPECT_EQ(content({{{"type", "tool_result"}, {"tool_use_id", "a"}}}).where(), "messages[0].content");
  EXPECT_EQ(content({{{"type", "tool_use"}, {"id", "a"}, {"name", "f"}, {"input", 5}}}, "assistant").where(),
            "messages[0].content[0].input");
  EXPECT_EQ(content(json::array()).where(), "messages[0].content");
  EXPECT_EQ(content("x", "system").where(), "messages[0].role");
  EXPECT_EQ(AnthropicRefusal({{"temperature", 1.5}}).where(), "temperature");
  EXPECT_EQ(AnthropicRefusal({{"thinking", {{"type", "enabled"}, {"budget_tokens", 1024}}}}).code(), StatusCode::kUnsupported);
  EXPECT_EQ(AnthropicRefusal({{"tools", {{{"type", "web_search_20250305"}, {"name", "web_search"}}}}}).where(), "tools[0].type");
  EXPECT_EQ(AnthropicRefusal({{"tool_choice", {{"type", "any"}}}}).where(), "tool_choice");
  EXPECT_EQ(AnthropicRefusal({{"system", 5}}).where(), "system");
  EXPECT_EQ(AnthropicRefusal({{"n", 2}}).where(), "n") << "OpenAI's field";
  EXPECT_EQ(ParseAnthropicRequest(R"({"messages": [{"role": "user", "content": "x"}]})").error().where(), "max_tokens");
}

}  // namespace
}  // namespace tradewind
