// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Each field of each endpoint with each value that it must take or refuse (fields.cc, request_terms.cc, answer_options.cc).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/api/anthropic_request.h"
#include "serve/api/chat_request.h"
#include "serve/api/completion_request.h"
#include "serve/api/embedding_request.h"
#include "serve/api/fields.h"
#include "serve/api/rerank_request.h"
#include "serve/api/token_requests.h"
#include "serve/api_field_cases.h"

namespace tradewind {
namespace {

using testing::HasSubstr;
using enum FieldKind;

template <typename Request>
BodyReader ReaderOf(Result<Request> (*parse)(std::string_view, const ApiLimits&)) {
  return [parse](std::string_view body) -> Result<void> {
    const auto request = parse(body, ApiLimits{});
    if (!request) return Fail(request.error());
    return {};
  };
}

std::vector<FieldCase> Joined(std::initializer_list<std::vector<FieldCase>> lists) {
  std::vector<FieldCase> all;
  for (const auto& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

constexpr double kInt32 = 2147483647;

std::vector<FieldCase> TermFields() {
  return {{"/budget", kObject},
          {"/budget/ttft_ms", kReal, 0.001, 1e10},
          {"/budget/tpot_ms", kReal, 0.001, 1e10},
          {"/budget/deadline_ms", kReal, 0.001, 1e10},
          {"/budget/memory_bytes", kInteger, 1, 1e15},
          {"/budget/energy_j", kReal, 0, 1e15},
          {"/budget/cost", kReal, 0, 1e15},
          {"/budget/quality", kReal, 0.01, 1},
          {"/budget/allow_cheaper", kBool},
          {"/setting", kObject},
          {"/priority", kInteger, -1000, 1000}};
}

std::vector<FieldCase> OpenAiFields() {
  return {{"/model", kName},
          {"/temperature", kReal, 0, 2},
          {"/top_p", kReal, 0, 1},
          {"/presence_penalty", kReal, -2, 2},
          {"/frequency_penalty", kReal, -2, 2},
          {"/n", kInteger, 1, 16},
          {"/stream_options", kObject},
          {"/stream_options/include_usage", kBool},
          {"/logit_bias", kObject},
          {"/logit_bias/50256", kReal, -100, 100, {}, true},
          {"/user", kIgnored},
          {"/metadata", kIgnored},
          {"/safety_identifier", kIgnored},
          {"/prompt_cache_key", kIgnored},
          {"/store", kUnsupported},
          {"/prediction", kUnsupported},
          {"/audio", kUnsupported},
          {"/web_search_options", kUnsupported},
          {"/reasoning_effort", kUnsupported},
          {"/functions", kUnsupported},
          {"/function_call", kUnsupported}};
}

std::vector<FieldCase> LlamaServerFields() {
  return {{"/top_k", kInteger, -1, 1 << 30},
          {"/min_p", kReal, 0, 1},
          {"/typical_p", kReal, 0, 1},
          {"/top_n_sigma", kReal, -1, 100},
          {"/repeat_penalty", kReal, 0.01, 100},
          {"/repetition_penalty", kReal, 0.01, 100},
          {"/repeat_last_n", kInteger, -1, 1 << 30},
          {"/dry_multiplier", kReal, 0, 100},
          {"/dry_base", kReal, 1, 100},
          {"/dry_allowed_length", kInteger, 1, 1 << 30},
          {"/dry_penalty_last_n", kInteger, -1, 1 << 30},
          {"/dry_sequence_breakers", kList},
          {"/dry_sequence_breakers/0", kText, 0, 0, {}, true},
          {"/cache_prompt", kBool},
          {"/ignore_eos", kBool},
          {"/timings_per_token", kBool},
          {"/mirostat", kUnsupported},
          {"/xtc_probability", kUnsupported},
          {"/samplers", kUnsupported},
          {"/id_slot", kUnsupported},
          {"/n_probs", kUnsupported}};
}

Json WithCommonFields(Json body) {
  body.update({{"stream", true},
               {"stream_options", Json::object()},
               {"logit_bias", Json::object()},
               {"budget", Json::object()},
               {"setting", Json::object()},
               {"dry_sequence_breakers", {"\n"}}});
  return body;
}

TEST(ApiFields, OfChatCompletions) {
  const Json tool = {{"type", "function"}, {"function", {{"name", "f"}, {"parameters", {{"type", "object"}}}}}};
  const Json call = {{"id", "c1"}, {"type", "function"}, {"function", {{"name", "f"}, {"arguments", "{}"}}}};
  const Json sound = WithCommonFields({{"model", "m"},
                                       {"messages",
                                        {{{"role", "user"}, {"content", {{{"type", "text"}, {"text", "a"}}}}},
                                         {{"role", "assistant"}, {"content", nullptr}, {"tool_calls", {call}}},
                                         {{"role", "tool"}, {"tool_call_id", "c1"}, {"content", "b"}}}},
                                       {"tools", {tool}},
                                       {"tool_choice", "auto"},
                                       {"logprobs", true},
                                       {"response_format", {{"type", "text"}}},
                                       {"chat_template_kwargs", Json::object()}});
  const std::vector<FieldCase> own = {
      {"/messages", kList, 0, 0, {}, true},
      {"/messages/0", kObject, 0, 0, {}, true},
      {"/messages/0/role", kWord, 0, 0, {"system", "developer", "user", "assistant"}, true},
      {"/messages/0/name", kName},
      {"/messages/0/content/0", kObject, 0, 0, {}, true},
      {"/messages/0/content/0/text", kText, 0, 0, {}, true},
      {"/messages/1/tool_calls", kList},
      {"/messages/1/tool_calls/0", kObject, 0, 0, {}, true},
      {"/messages/1/tool_calls/0/id", kName, 0, 0, {}, true},
      {"/messages/1/tool_calls/0/function", kObject, 0, 0, {}, true},
      {"/messages/1/tool_calls/0/function/name", kName, 0, 0, {}, true},
      {"/messages/1/refusal", kUnsupported},
      {"/messages/1/annotations", kIgnored},
      {"/messages/2/tool_call_id", kName, 0, 0, {}, true},
      {"/max_tokens", kInteger, 1, kInt32},
      {"/max_completion_tokens", kInteger, 1, kInt32},
      {"/seed", kInteger, -1e15, 1e15},
      {"/logprobs", kBool},
      {"/top_logprobs", kInteger, 0, 20},
      {"/response_format", kObject},
      {"/response_format/type", kWord, 0, 0, {"text"}, true},
      {"/tools", kList},
      {"/tools/0", kObject, 0, 0, {}, true},
      {"/tools/0/function", kObject, 0, 0, {}, true},
      {"/tools/0/function/name", kName, 0, 0, {}, true},
      {"/tools/0/function/description", kText},
      {"/tools/0/function/parameters", kObject},
      {"/tools/0/function/strict", kBool},
      {"/parallel_tool_calls", kBool},
      {"/chat_template_kwargs", kObject},
  };
  std::vector<FieldCase> fields = Joined({own, OpenAiFields(), LlamaServerFields(), TermFields()});
  // A seed takes all 64 bits; nothing lies beyond them that the table has but 2^63 and more. A call's id, a logprobs that is false and a
  // list of calls that is gone make another field wrong, which have tests of their own.
  std::erase_if(fields, [](const FieldCase& f) { return f.pointer == "/seed" || f.pointer.starts_with("/messages/1/tool_calls/0/id"); });
  std::erase_if(fields,
                [](const FieldCase& f) { return f.pointer == "/messages/1/tool_calls" || f.pointer == "/messages/2/tool_call_id"; });
  const size_t cases = TryFields(sound, fields, ReaderOf(ParseChatRequest));
  EXPECT_GT(cases, 700u);
}

TEST(ApiFields, OfCompletions) {
  const Json sound = WithCommonFields({{"model", "m"}, {"prompt", "x"}});
  const size_t cases =
      TryFields(sound,
                Joined({{{"/echo", kBool}, {"/max_tokens", kInteger, 0, kInt32}, {"/logprobs", kInteger, 0, 20}, {"/suffix", kUnsupported}},
                        OpenAiFields(),
                        LlamaServerFields(),
                        TermFields()}),
                ReaderOf(ParseCompletionRequest));
  EXPECT_GT(cases, 500u);
}

TEST(ApiFields, Streaming) {
  TryFields({{"prompt", "x"}}, {{"/stream", kBool}}, ReaderOf(ParseCompletionRequest));
  TryFields({{"messages", {{{"role", "user"}, {"content", "x"}}}}}, {{"/stream", kBool}}, ReaderOf(ParseChatRequest));
}

TEST(ApiFields, OfEmbeddings) {
  const Json sound = {{"input", "x"}, {"budget", Json::object()}, {"setting", Json::object()}};
  TryFields(sound,
            Joined({{{"/model", kName},
                     {"/encoding_format", kWord, 0, 0, {"float", "base64"}},
                     {"/dimensions", kInteger, 1, 1 << 20},
                     {"/user", kIgnored},
                     {"/input_type", kUnsupported}},
                    TermFields()}),
            ReaderOf(ParseEmbeddingRequest));
}

TEST(ApiFields, OfRerank) {
  const Json sound = {{"query", "q"}, {"documents", {"a", {{"text", "b"}}}}, {"budget", Json::object()}, {"setting", Json::object()}};
  TryFields(sound,
            Joined({{{"/model", kName},
                     {"/query", kText, 0, 0, {}, true},
                     {"/documents", kList, 0, 0, {}, true},
                     {"/documents/1/text", kText, 0, 0, {}, true},
                     {"/top_n", kInteger, 1, kInt32},
                     {"/return_documents", kBool},
                     {"/max_chunks_per_doc", kUnsupported}},
                    TermFields()}),
            ReaderOf(ParseRerankRequest));
}

TEST(ApiFields, OfTokenizeAndDetokenize) {
  TryFields({{"content", "x"}},
            {{"/content", kText, 0, 0, {}, true},
             {"/add_special", kBool},
             {"/add_special_tokens", kBool},
             {"/parse_special", kBool},
             {"/with_pieces", kBool},
             {"/return_token_strs", kBool},
             {"/messages", kUnsupported},
             {"/model", kName}},
            ReaderOf(ParseTokenizeRequest));
  TryFields({{"tokens", {1, 2}}}, {{"/tokens", kList, 0, 0, {}, true}, {"/tokens/1", kInteger, 0, kInt32, {}, true}, {"/model", kName}},
            [](std::string_view body) -> Result<void> {
              const auto request = ParseDetokenizeRequest(body);
              if (!request) return Fail(request.error());
              return {};
            });
}

TEST(ApiFields, OfAnthropicMessages) {
  const Json sound = {{"model", "m"},
                      {"max_tokens", 10},
                      {"messages", {{{"role", "user"}, {"content", {{{"type", "text"}, {"text", "a"}}}}}}},
                      {"tools", {{{"name", "f"}, {"description", "d"}, {"input_schema", {{"type", "object"}}}}}},
                      {"tool_choice", {{"type", "auto"}}},
                      {"thinking", {{"type", "disabled"}}},
                      {"budget", Json::object()},
                      {"setting", Json::object()}};
  const size_t cases = TryFields(sound,
                                 Joined({{{"/model", kName},
                                          {"/max_tokens", kInteger, 1, kInt32, {}, true},
                                          {"/messages", kList, 0, 0, {}, true},
                                          {"/messages/0", kObject, 0, 0, {}, true},
                                          {"/messages/0/role", kWord, 0, 0, {"user", "assistant"}, true},
                                          {"/messages/0/content/0", kObject, 0, 0, {}, true},
                                          {"/messages/0/content/0/text", kText, 0, 0, {}, true},
                                          {"/temperature", kReal, 0, 1},
                                          {"/top_p", kReal, 0, 1},
                                          {"/top_k", kInteger, 0, 1 << 30},
                                          {"/stream", kBool},
                                          {"/metadata", kIgnored},
                                          {"/tools", kList},
                                          {"/tools/0/name", kName, 0, 0, {}, true},
                                          {"/tools/0/description", kText},
                                          {"/tools/0/input_schema", kObject, 0, 0, {}, true},
                                          {"/tool_choice", kObject},
                                          {"/tool_choice/type", kWord, 0, 0, {"auto", "none", "any"}, true},
                                          {"/tool_choice/disable_parallel_tool_use", kBool},
                                          {"/mcp_servers", kUnsupported},
                                          {"/container", kUnsupported}},
                                         TermFields()}),
                                 ReaderOf(ParseAnthropicRequest));
  EXPECT_GT(cases, 250u);
}

TEST(ApiFields, UnknownOnesAreRefusedWithTheNearest) {
  const BodyReader readers[] = {ReaderOf(ParseChatRequest), ReaderOf(ParseCompletionRequest), ReaderOf(ParseAnthropicRequest)};
  const char* const bodies[] = {R"({"messages": [{"role": "user", "content": "x"}], "temprature": 1})",
                                R"({"prompt": "x", "temprature": 1})",
                                R"({"max_tokens": 1, "messages": [{"role": "user", "content": "x"}], "temprature": 1})"};
  for (size_t i = 0; i < 3; ++i) {
    const auto result = readers[i](bodies[i]);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().where(), "temprature");
    EXPECT_THAT(result.error().message(), HasSubstr("did you mean \"temperature\"?"));
  }
  const auto far = ParseCompletionRequest(R"({"prompt": "x", "zzzzzzzzzz": 1})");
  EXPECT_THAT(far.error().message(), testing::Not(HasSubstr("did you mean")));
  const auto within = ParseCompletionRequest(R"({"prompt": "x", "budget": {"ttft": 5}})");
  EXPECT_EQ(within.error().where(), "budget.ttft");
  EXPECT_THAT(within.error().message(), HasSubstr("ttft_ms"));
  EXPECT_EQ(ParseCompletionRequest(R"({"prompt": "x", "": 5})").error().where(), "body");
  EXPECT_EQ(ParseCompletionRequest(R"({"prompt": "x", "budget": {"": 5}})").error().where(), "budget");
  const auto refused = ParseCompletionRequest(R"({"prompt": "x", "mirostats": 5})");
  EXPECT_THAT(refused.error().message(), testing::Not(HasSubstr("mirostat\""))) << "what is refused is not offered";
}

TEST(ApiFields, KnobsAreNumbersAndTexts) {
  for (const char* value : {"null", "true", "[]", "{}", "\"\"", "9223372036854775808", R"("a\u0000")"}) {
    const auto refused = ParseCompletionRequest(R"({"prompt": "x", "setting": {"layers": )" + std::string(value) + "}}");
    ASSERT_FALSE(refused) << value;
    EXPECT_EQ(refused.error().where(), "setting.layers") << value;
  }
  for (const char* value : {"5", "-5", "0.5", "\"q8_0\""}) {
    EXPECT_TRUE(ParseCompletionRequest(R"({"prompt": "x", "setting": {"layers": )" + std::string(value) + "}}")) << value;
  }
}

TEST(ApiFields, ABodyThatIsNoObject) {
  for (const char* body : {"[]", "1", "\"x\"", "null", "true"}) {
    const auto result = ParseCompletionRequest(body);
    ASSERT_FALSE(result) << body;
    EXPECT_EQ(result.error().where(), "body") << body;
  }
  std::string many = "{\"prompt\": \"x\"";
  for (int i = 0; i < 300; ++i) many += ", \"f" + std::to_string(i) + "\": 1";
  EXPECT_THAT(ParseCompletionRequest(many + "}").error().message(), HasSubstr("over 256 fields"));
}

}  // namespace
}  // namespace tradewind
