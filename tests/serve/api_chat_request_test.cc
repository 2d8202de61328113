// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Chat requests as the SDKs send them, and what goes wrong in them (chat_messages.cc, tools.cc, answer_shape.cc, template_json.cc).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "serve/api/chat_request.h"
#include "text/chat_template.h"
#include "text/grammar_draw.h"

namespace tradewind {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

const json kHello = {{{"role", "user"}, {"content", "Hello"}}};

ChatRequest Taken(const json& body) {
  auto request = ParseChatRequest(body.dump());
  EXPECT_TRUE(request) << request.error().ToString();
  return request ? *std::move(request) : ChatRequest{};
}

Status Refusal(const json& body) {
  const auto request = ParseChatRequest(body.dump());
  EXPECT_FALSE(request) << "taken: " << body.dump();
  return request ? Status(StatusCode::kInternal, "taken") : request.error();
}

// A body with these fields beside its messages.
json With(const json& fields) {
  json body = {{"messages", kHello}};
  body.update(fields);
  return body;
}

TEST(ChatRequest, WhatIsAbsentIsAsOpenAiHasIt) {
  const ChatRequest request = Taken({{"messages", kHello}});
  EXPECT_EQ(request.model, "");
  ASSERT_EQ(request.messages.size(), 1u);
  EXPECT_EQ(request.messages[0].content, "Hello");
  const AnswerOptions& options = request.options;
  EXPECT_EQ(options.sampling.temperature, 1);
  EXPECT_EQ(options.sampling.top_p, 1);
  EXPECT_EQ(options.sampling.top_k, 0);
  EXPECT_EQ(options.sampling.min_p, 0);
  EXPECT_EQ(options.sampling.repeat_penalty, 1);
  EXPECT_FALSE(options.seeded);
  EXPECT_FALSE(options.max_tokens);
  EXPECT_EQ(options.answers, 1);
  EXPECT_FALSE(options.stream || options.logprobs || options.include_usage || options.ignore_end);
  EXPECT_TRUE(options.cache_prompt && options.grammar.empty() && request.terms.budget.Empty());
  EXPECT_FALSE(request.tool_use.Offered());
}

TEST(ChatRequest, EveryFieldGoesToItsPlace) {
  const ChatRequest request = Taken(With({{"model", "m"},
                                          {"max_completion_tokens", 7},
                                          {"temperature", 0.25},
                                          {"top_p", 0.5},
                                          {"top_k", 3},
                                          {"min_p", 0.125},
                                          {"typical_p", 0.75},
                                          {"n", 2},
                                          {"seed", -5},
                                          {"stop", {"a", "b"}},
                                          {"presence_penalty", -1},
                                          {"frequency_penalty", 1.5},
                                          {"repeat_penalty", 1.25},
                                          {"repeat_last_n", 9},
                                          {"dry_multiplier", 0.5},
                                          {"dry_base", 2},
                                          {"dry_allowed_length", 4},
                                          {"dry_penalty_last_n", 5},
                                          {"dry_sequence_breakers", {"."}},
                                          {"logit_bias", {{"0", -100}, {"42", 1.5}}},
                                          {"logprobs", true},
                                          {"top_logprobs", 5},
                                          {"stream", true},
                                          {"stream_options", {{"include_usage", true}}},
                                          {"cache_prompt", false},
                                          {"timings_per_token", true},
                                          {"ignore_eos", true},
                                          {"priority", -3},
                                          {"setting", {{"layers", 12}, {"draft", "m2"}, {"share", 0.5}}},
                                          {"budget",
                                           {{"ttft_ms", 200},
                                            {"tpot_ms", 50.5},
                                            {"deadline_ms", 2000},
                                            {"memory_bytes", 1 << 20},
                                            {"energy_j", 3},
                                            {"cost", 0.25},
                                            {"quality", 0.95},
                                            {"allow_cheaper", true}}}}));
  const AnswerOptions& o = request.options;
  const Sampling& s = o.sampling;
  EXPECT_EQ(std::tie(s.temperature, s.top_p, s.min_p, s.typical), std::make_tuple(0.25, 0.5, 0.125, 0.75));
  EXPECT_EQ(std::tie(s.presence_penalty, s.frequency_penalty, s.repeat_penalty), std::make_tuple(-1.0, 1.5, 1.25));
  EXPECT_EQ(std::tie(s.dry_multiplier, s.dry_base), std::make_tuple(0.5, 2.0));
  EXPECT_THAT((std::vector<int64_t>{s.top_k, s.repeat_last_n, s.dry_allowed_length, s.dry_last_n, *o.max_tokens, o.answers}),
              ElementsAre(3, 9, 4, 5, 7, 2));
  EXPECT_THAT(s.dry_breakers, ElementsAre("."));
  EXPECT_TRUE(o.seeded);
  EXPECT_EQ(s.seed, static_cast<uint64_t>(-5));
  ASSERT_EQ(s.logit_bias.size(), 2u);
  EXPECT_EQ(s.logit_bias[1].id, 42);
  EXPECT_EQ(s.logit_bias[1].bias, 1.5);
  EXPECT_THAT(o.stop, ElementsAre("a", "b"));
  EXPECT_TRUE(o.logprobs && o.stream && o.include_usage && o.timings_per_token && o.ignore_end && !o.cache_prompt);
  EXPECT_EQ(o.top_logprobs, 5);
  const RequestTerms& terms = request.terms;
  EXPECT_EQ(terms.priority, -3);
  EXPECT_TRUE(terms.allow_cheaper);
  EXPECT_EQ(terms.budget.ToText(), "deadline 2 s, TTFT 200 ms, TPOT 50.5 ms, memory 1 MiB, energy 3 J, cost 0.25, quality 0.95");
  EXPECT_EQ(terms.budget.tpot->ms(), 50.5);
  EXPECT_EQ(terms.setting.IntegerOr("layers", 0), 12);
  EXPECT_EQ(terms.setting.TextOr("draft", ""), "m2");
}

TEST(ChatRequest, AsTheSdksSendThem) {
  // The answer of an earlier turn as the Python SDK's model_dump() gives it back, and the SDK's strict function.
  const json earlier = {
      {"role", "assistant"},
      {"content", nullptr},
      {"refusal", nullptr},
      {"annotations", json::array()},
      {"audio", nullptr},
      {"function_call", nullptr},
      {"tool_calls",
       {{{"id", "call_1"}, {"type", "function"}, {"function", {{"name", "get_weather"}, {"arguments", "{\"city\":\"Paris\"}"}}}}}}};
  const json tool = {{"type", "function"},
                     {"function",
                      {{"name", "get_weather"},
                       {"strict", true},
                       {"parameters",
                        {{"type", "object"},
                         {"properties", {{"city", {{"type", "string"}}}}},
                         {"required", {"city"}},
                         {"additionalProperties", false}}}}}};
  const ChatRequest request =
      Taken({{"model", "gpt-4o-mini"},
             {"messages",
              {{{"role", "developer"}, {"content", "Be brief."}},
               {{"role", "user"}, {"content", {{{"type", "text"}, {"text", "Weather"}}, {{"type", "text"}, {"text", "in Paris?"}}}}},
               earlier,
               {{"role", "tool"}, {"tool_call_id", "call_1"}, {"content", "18 degrees"}}}},
             {"tools", {tool}},
             {"tool_choice", "auto"},
             {"parallel_tool_calls", false},
             {"service_tier", "auto"},
             {"store", false},
             {"modalities", {"text"}},
             {"metadata", {{"a", "b"}}},
             {"stop", nullptr},
             {"seed", 9223372036854775807}});
  ASSERT_EQ(request.messages.size(), 4u);
  EXPECT_EQ(request.messages[0].role, "system");
  EXPECT_EQ(request.messages[1].content, "Weather\nin Paris?");
  ASSERT_EQ(request.messages[2].tool_calls.size(), 1u);
  EXPECT_EQ(request.messages[2].tool_calls[0], (ToolCall{"call_1", "get_weather", R"({"city":"Paris"})"}));
  EXPECT_EQ(request.messages[3].tool_call_id, "call_1");
  ASSERT_TRUE(request.tool_use.Offered());
  EXPECT_TRUE(request.tool_use.tools[0].strict);
  EXPECT_FALSE(request.tool_use.choice.parallel);
  EXPECT_EQ(request.tool_use.tools[0].place, "tools[0].function.parameters");
}

TEST(ChatRequest, WhatATemplateIsGiven) {
  const ChatRequest request = Taken(
      {{"messages",
        {{{"role", "user"}, {"name", "Ann"}, {"content", "x"}},
         {{"role", "assistant"}, {"tool_calls", {{{"id", "c"}, {"function", {{"name", "f"}, {"arguments", "{\"b\": 1.0, \"a\": [2]}"}}}}}}},
         {{"role", "tool"}, {"tool_call_id", "c"}, {"content", "y"}}}},
       {"tools", {{{"type", "function"}, {"function", {{"name", "f"}, {"description", "d"}}}}}},
       {"chat_template_kwargs", {{"enable_thinking", false}}}});
  const auto variables = TemplateVariables(request);
  ASSERT_EQ(variables.size(), 3u);
  EXPECT_EQ(variables[0], std::make_pair(std::string("enable_thinking"), std::string("false")));
  EXPECT_EQ(json::parse(variables[1].second)[1]["tool_calls"][0]["function"]["arguments"], json({{"b", 1.0}, {"a", {2}}}));
  const auto chat = ChatTemplate::Parse(
      "{% for m in messages %}[{{ m.role }}|{{ m.name }}|{{ m.content }}|{% for c in m.tool_calls %}{{ c.function.name }} {{ "
      "c.function.arguments | tojson }}"
      "{% endfor %}]{% endfor %}{{ tools[0].function.name }}{{ enable_thinking }}");
  ASSERT_TRUE(chat) << chat.error().ToString();
  const auto text = chat->Render({}, {.json_variables = variables});
  ASSERT_TRUE(text) << text.error().ToString();
  EXPECT_EQ(*text, "[user|Ann|x|][assistant|||f {\"b\": 1.0, \"a\": [2]}][tool||y|]fFalse");
}

TEST(ChatRequest, MessagesThatAreWrong) {
  const auto message = [](const json& m) { return Refusal({{"messages", {m}}}); };
  EXPECT_EQ(Refusal({{"messages", json::array()}}).where(), "messages");
  EXPECT_EQ(message({{"role", "user"}}).where(), "messages[0].content");
  EXPECT_EQ(message({{"role", "assistant"}}).where(), "messages[0].content");
  EXPECT_EQ(message({{"role", "user"}, {"content", json::array()}}).where(), "messages[0].content");
  EXPECT_EQ(message({{"role", "user"}, {"content", 5}}).where(), "messages[0].content");
  EXPECT_EQ(message({{"role", "function"}, {"content", "x"}}).where(), "messages[0].role");
  EXPECT_EQ(message({{"role", "user"}, {"content", "x"}, {"tool_calls", json::array()}}).where(), "messages[0].tool_calls")
      << "of the assistant";
  EXPECT_EQ(message({{"role", "tool"}, {"content", "x"}, {"tool_call_id", "c"}}).where(), "messages[0].tool_call_id")
      << "no call before it";
  for (const char* type : {"image_url", "input_audio", "file", "refusal"}) {
    const Status part =
        message({{"role", "user"}, {"content", {{{"type", "text"}, {"text", "a"}}, {{"type", type}, {type, {{"url", "data:"}}}}}}});
    EXPECT_EQ(part.code(), StatusCode::kUnsupported) << type;
    EXPECT_EQ(part.where(), "messages[0].content[1].type");
    EXPECT_THAT(part.message(), HasSubstr(type));
  }
  const auto call = [&](const json& arguments) {
    return message({{"role", "assistant"},
                    {"tool_calls", {{{"id", "c"}, {"type", "function"}, {"function", {{"name", "f"}, {"arguments", arguments}}}}}}});
  };
  for (const json& arguments : {json("{"), json("[1]"), json("5"), json(json::object()), json("{\"a\":1,\"a\":2}")}) {
    EXPECT_EQ(call(arguments).where(), "messages[0].tool_calls[0].function.arguments") << arguments;
  }
  EXPECT_EQ(Refusal(With({{"messages", std::vector<json>(4097, kHello[0])}})).where(), "messages");
}

TEST(ChatRequest, FieldsThatContradict) {
  EXPECT_EQ(Refusal(With({{"max_tokens", 5}, {"max_completion_tokens", 6}})).where(), "max_tokens");
  EXPECT_EQ(*Taken(With({{"max_tokens", 5}, {"max_completion_tokens", 5}})).options.max_tokens, 5);
  EXPECT_EQ(Refusal(With({{"top_logprobs", 3}})).where(), "top_logprobs");
  EXPECT_EQ(Refusal(With({{"stream_options", {{"include_usage", true}}}})).where(), "stream_options");
  EXPECT_EQ(Refusal(With({{"modalities", {"text", "audio"}}})).code(), StatusCode::kUnsupported);
  EXPECT_EQ(Refusal(With({{"service_tier", "flex"}})).code(), StatusCode::kUnsupported);
  EXPECT_EQ(Refusal(With({{"chat_template_kwargs", {{"messages", 1}}}})).where(), "chat_template_kwargs");
}

TEST(ChatRequest, Stops) {
  EXPECT_THAT(Taken(With({{"stop", "x"}})).options.stop, ElementsAre("x"));
  EXPECT_TRUE(Taken(With({{"stop", json::array()}})).options.stop.empty());
  EXPECT_EQ(Refusal(With({{"stop", ""}})).where(), "stop");
  EXPECT_EQ(Refusal(With({{"stop", {"a", ""}}})).where(), "stop[1]");
  EXPECT_EQ(Refusal(With({{"stop", {"a", 1}}})).where(), "stop[1]");
  EXPECT_EQ(Refusal(With({{"stop", 5}})).where(), "stop");
  EXPECT_EQ(Refusal(With({{"stop", std::vector<std::string>(17, "x")}})).where(), "stop");
  EXPECT_EQ(Refusal(With({{"stop", std::string(1025, 'x')}})).where(), "stop");
}

TEST(ChatRequest, LogitBiasMapsIds) {
  for (const char* key : {"", "x", "-1", "+1", "1.0", " 1", "01", "00", "2147483648", "1e3", "0x1"}) {
    EXPECT_EQ(Refusal(With({{"logit_bias", {{key, 1}}}})).where(), "logit_bias") << key;
  }
  EXPECT_EQ(Refusal(With({{"logit_bias", {{"5", 101}}}})).where(), "logit_bias.5");
}

TEST(ChatRequest, Seeds) {
  EXPECT_FALSE(Taken(With({{"seed", -1}})).options.seeded);
  EXPECT_EQ(Taken(With({{"seed", 0}})).options.sampling.seed, 0u);
  EXPECT_TRUE(Taken(With({{"seed", 0}})).options.seeded);
  for (const char* seed : {"9223372036854775808", "1.0", "\"1\"", "true"}) {
    const auto refused = ParseChatRequest(R"({"messages":[{"role":"user","content":"x"}],"seed":)" + std::string(seed) + "}");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().where(), "seed");
  }
}

bool Allows(const std::string& gbnf, std::string_view text) {
  const auto grammar = Grammar::Parse(gbnf);
  EXPECT_TRUE(grammar) << grammar.error().ToString() << gbnf;
  const auto verdict = Judge(**grammar, text);
  return verdict && verdict->whole;
}

TEST(ChatRequest, ShapesOfAnswersBecomeGrammars) {
  const json schema = {{"type", "object"}, {"properties", {{"age", {{"type", "integer"}}}}}, {"required", {"age"}}};
  const json bodies[] = {
      {{"response_format", {{"type", "json_schema"}, {"json_schema", {{"name", "s"}, {"strict", true}, {"schema", schema}}}}}},
      {{"response_format", {{"type", "json_object"}, {"schema", schema}}}},
      {{"json_schema", schema}}};
  for (const json& body : bodies) {
    const AnswerOptions options = Taken(With(body)).options;
    EXPECT_TRUE(Allows(options.grammar, R"({"age": 5})")) << body;
    EXPECT_FALSE(Allows(options.grammar, R"({"age": "5"})")) << body;
  }
  const AnswerOptions object = Taken(With({{"response_format", {{"type", "json_object"}}}})).options;
  EXPECT_TRUE(Allows(object.grammar, R"({"anything": [1, "x"]})"));
  EXPECT_FALSE(Allows(object.grammar, "[1]"));
  EXPECT_TRUE(Taken(With({{"response_format", {{"type", "text"}}}})).options.grammar.empty());
  const AnswerOptions own = Taken(With({{"grammar", "root ::= \"yes\" | \"no\""}})).options;
  EXPECT_TRUE(Allows(own.grammar, "no") && !Allows(own.grammar, "maybe"));
}

TEST(ChatRequest, ShapesThatCannotBeKeptAreRefusedAtTheirPlace) {
  const auto schema = [](const json& s) {
    return Refusal(With({{"response_format", {{"type", "json_schema"}, {"json_schema", {{"name", "s"}, {"schema", s}}}}}}));
  };
  const Status keyword = schema({{"type", "object"}, {"properties", {{"a", {{"not", {{"type", "string"}}}}}}}});
  EXPECT_EQ(keyword.where(), "response_format.json_schema.schema#/properties/a/not") << keyword.ToString();
  EXPECT_EQ(schema(5).where(), "response_format.json_schema.schema");
  EXPECT_EQ(schema({{"type", "nonsense"}}).where().substr(0, 34), "response_format.json_schema.schema");
  EXPECT_EQ(Refusal(With({{"response_format", {{"type", "json_schema"}}}})).where(), "response_format.json_schema");
  EXPECT_EQ(Refusal(With({{"response_format", {{"type", "json_schema"}, {"json_schema", {{"name", "a b"}}}}}})).where(),
            "response_format.json_schema.name");
  EXPECT_EQ(Refusal(With({{"response_format", {{"type", "xml"}}}})).where(), "response_format.type");
  EXPECT_EQ(Refusal(With({{"response_format", "json"}})).where(), "response_format");
  const Status grammar = Refusal(With({{"grammar", "root ::= nothing"}}));
  EXPECT_EQ(grammar.where(), "grammar");
  EXPECT_EQ(Refusal(With({{"grammar", "root ::= \"a\""}, {"json_schema", json::object()}})).where(), "grammar");
  const json tools = {{{"type", "function"}, {"function", {{"name", "f"}}}}};
  const Status both = Refusal(With({{"grammar", "root ::= \"a\""}, {"tools", tools}}));
  EXPECT_EQ(both.code(), StatusCode::kUnsupported);
  EXPECT_EQ(both.where(), "grammar");
  EXPECT_FALSE(Taken(With({{"grammar", "root ::= \"a\""}, {"tools", tools}, {"tool_choice", "none"}})).tool_use.Offered());
}

TEST(ChatRequest, ToolsAndTheirChoice) {
  const auto tools = [](const std::vector<std::string>& names) {
    json list = json::array();
    for (const std::string& name : names) list.push_back({{"type", "function"}, {"function", {{"name", name}}}});
    return list;
  };
  EXPECT_EQ(Refusal(With({{"tools", tools({"f", "g", "f"})}})).where(), "tools[2]");
  EXPECT_EQ(Refusal(With({{"tools", tools({"f g"})}})).where(), "tools[0].function.name");
  EXPECT_EQ(Refusal(With({{"tools", {{{"type", "custom"}, {"custom", {{"name", "x"}}}}}}})).code(), StatusCode::kUnsupported);
  EXPECT_EQ(Refusal(With({{"tool_choice", "required"}})).where(), "tool_choice");
  EXPECT_EQ(Refusal(With({{"tools", tools({"f"})}, {"tool_choice", "any"}})).where(), "tool_choice");
  EXPECT_EQ(Refusal(With({{"tools", std::vector<json>(129, tools({"f"})[0])}})).where(), "tools");
  const json named = {{"type", "function"}, {"function", {{"name", "g"}}}};
  EXPECT_EQ(Refusal(With({{"tools", tools({"f"})}, {"tool_choice", named}})).where(), "tool_choice");
  const ToolChoice choice = Taken(With({{"tools", tools({"f", "g"})}, {"tool_choice", named}})).tool_use.choice;
  EXPECT_EQ(choice.mode, ToolChoice::Mode::kRequired);
  EXPECT_EQ(choice.name, "g");
  EXPECT_EQ(Taken(With({{"tools", tools({"f"})}, {"tool_choice", "required"}})).tool_use.choice.mode, ToolChoice::Mode::kRequired);
  for (const json& parameters : {json({{"type", "string"}}), json({{"type", {"object", "null"}}})}) {
    const json tool = {{"type", "function"}, {"function", {{"name", "f"}, {"parameters", parameters}}}};
    EXPECT_EQ(Refusal(With({{"tools", {tool}}})).where(), "tools[0].function.parameters.type");
  }
}

TEST(RequestTerms, HeadersFillWhatTheBodyLeftOpen) {
  RequestTerms terms = Taken(With({{"budget", {{"ttft_ms", 100}}}})).terms;
  const std::map<std::string, std::string, std::less<>> sent = {{"x-slo-ttft-ms", "5"}, {"x-slo-tpot-ms", "12.5"}};
  const HeaderLookup lookup = [&](std::string_view name) -> std::optional<std::string_view> {
    const auto found = sent.find(name);
    return found == sent.end() ? std::nullopt : std::optional<std::string_view>(found->second);
  };
  ASSERT_TRUE(AddBudgetHeaders(lookup, {}, &terms));
  EXPECT_EQ(terms.budget.ttft->ms(), 100) << "the body wins";
  EXPECT_EQ(terms.budget.tpot->ms(), 12.5);
  EXPECT_FALSE(terms.budget.deadline);
  for (const char* bad : {"", "x", "5ms", "-1", "0", "1e3", "nan", "inf", " 5", "5 ", "99999999999999999999", "0x10"}) {
    const auto refused = AddBudgetHeaders(
        [&](std::string_view name) { return name == "x-deadline-ms" ? std::optional<std::string_view>(bad) : std::nullopt; }, {}, &terms);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().where(), "x-deadline-ms");
  }
}

}  // namespace
}  // namespace tradewind
