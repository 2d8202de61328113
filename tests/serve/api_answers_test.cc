// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Answers as OpenAI, Anthropic, llama-server and vLLM document them, read back by nlohmann/json (chat_answer.cc, completion_answer.cc,
// anthropic_answer.cc, list_answers.cc, answer_parts.cc, api_error.cc, server_sent_event.cc).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/numbers.h"
#include "serve/api/answer_parts.h"
#include "serve/api/anthropic_answer.h"
#include "serve/api/api_error.h"
#include "serve/api/chat_answer.h"
#include "serve/api/completion_answer.h"
#include "serve/api/list_answers.h"
#include "serve/api/server_sent_event.h"

namespace tradewind {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const AnswerHead kHead = {.id = "id-1", .created_unix_s = 1700000000, .model = "m"};

json Parsed(const std::string& text) {
  EXPECT_EQ(text.find('\n'), std::string::npos);
  return json::parse(text);
}

// The object without what differs from build to build.
json WithoutFingerprint(json object) {
  EXPECT_TRUE(object["system_fingerprint"].is_string());
  object.erase("system_fingerprint");
  return object;
}

TEST(ChatAnswer, IsAChatCompletionObject) {
  AnswerTail tail{.usage = {.prompt_tokens = 9, .cached_tokens = 4, .completion_tokens = 3}};
  const json answer = Parsed(ChatAnswerJson(kHead, {{.index = 0, .text = "Hi \"you\"\n", .finish = FinishReason::kStop}}, tail, false));
  EXPECT_EQ(WithoutFingerprint(answer), json::parse(R"({
    "id": "id-1", "object": "chat.completion", "created": 1700000000, "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi \"you\"\n", "refusal": null}, "logprobs": null, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12, "prompt_tokens_details": {"cached_tokens": 4}}})"));
}

TEST(ChatAnswer, CallsAreTexts) {
  const AnswerChoice choice = {.tool_calls = {{"call_1", "f", R"({"a":"\""})"}}, .finish = FinishReason::kStop};
  const json answer = Parsed(ChatAnswerJson(kHead, {choice}, {}, false))["choices"][0];
  EXPECT_EQ(answer["finish_reason"], "tool_calls");
  EXPECT_TRUE(answer["message"]["content"].is_null());
  EXPECT_EQ(answer["message"]["tool_calls"],
            json::parse(R"([{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{\"a\":\"\\\"\"}"}}])"));
}

TEST(ChatAnswer, LogprobsHaveBytes) {
  const AnswerToken token = {.bytes = "\xe2\x82", .logprob = -0.5, .top = {{"\xe2\x82", -0.5}, {"a", -kInfinity}}};
  const json content =
      Parsed(ChatAnswerJson(kHead, {{.tokens = {token}, .finish = FinishReason::kLength}}, {}, true))["choices"][0]["logprobs"]["content"];
  ASSERT_EQ(content.size(), 1u);
  EXPECT_EQ(content[0]["bytes"], json({0xe2, 0x82}));
  EXPECT_EQ(content[0]["logprob"], -0.5);
  EXPECT_EQ(content[0]["top_logprobs"][1], json::parse(R"({"token": "a", "logprob": -9999.0, "bytes": [97]})"));
}

TEST(ChatStream, FromRoleToUsage) {
  const ChatStream stream{.head = kHead, .logprobs = false, .include_usage = true};
  const json first = Parsed(stream.First(1));
  EXPECT_EQ(WithoutFingerprint(first), json::parse(R"({
    "id": "id-1", "object": "chat.completion.chunk", "created": 1700000000, "model": "m", "usage": null,
    "choices": [{"index": 1, "delta": {"role": "assistant", "content": ""}, "logprobs": null, "finish_reason": null}]})"));
  EXPECT_EQ(Parsed(stream.Delta({.index = 1, .text = "He"}))["choices"],
            json::parse(R"([{"index": 1, "delta": {"content": "He"}, "logprobs": null, "finish_reason": null}])"));
  const json call = Parsed(stream.Delta({.tool_calls = {{"c", "f", "{}"}}, .first_tool_call = 2}))["choices"][0]["delta"];
  EXPECT_EQ(call,
            json::parse(R"({"tool_calls": [{"index": 2, "id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]})"));
  EXPECT_EQ(Parsed(stream.Delta({.first_tool_call = 1, .finish = FinishReason::kStop}))["choices"],
            json::parse(R"([{"index": 0, "delta": {}, "logprobs": null, "finish_reason": "tool_calls"}])"));
  const json usage = Parsed(stream.Usage({.usage = {.prompt_tokens = 2, .completion_tokens = 3}}));
  EXPECT_EQ(usage["choices"], json::array());
  EXPECT_EQ(usage["usage"]["total_tokens"], 5);
  const ChatStream plain{.head = kHead};
  EXPECT_FALSE(Parsed(plain.First(0)).contains("usage"));
}

TEST(Answer, FinishWords) {
  const auto word = [](FinishReason reason) { return std::string(OpenAiFinish({.finish = reason})); };
  EXPECT_EQ(word(FinishReason::kStop), "stop");
  EXPECT_EQ(word(FinishReason::kLength), "length");
  EXPECT_EQ(word(FinishReason::kContext), "length") << "OpenAI counts the context's end as length";
  EXPECT_EQ(word(FinishReason::kDeadline), "deadline") << "never length";
  EXPECT_EQ(word(FinishReason::kCancelled), "cancelled");
  EXPECT_EQ(std::string(OpenAiFinish({.tool_calls = {{}}, .finish = FinishReason::kDeadline})), "deadline") << "also behind a call";
}

TEST(Answer, TimingsAndSteering) {
  AnswerTail tail;
  tail.timings = AnswerTimings{.prompt_n = 10, .cache_n = 5, .prompt_ms = 20, .predicted_n = 4, .predicted_ms = 100};
  tail.steering = AnswerSteering{.predicted = {{"ttft_ms", 12.5}, {"tpot_ms", kNan}}, .got = {{"ttft_ms", 13}}, .reason = "fits"};
  tail.steering->setting.Set("layers", int64_t{12});
  tail.steering->setting.Set("model", std::string("small"));
  tail.steering->quality = QualityEstimate{"accuracy", 0.5, std::make_pair(0.4, 0.6)};
  const ChatStream stream{.head = kHead};
  const json last = Parsed(stream.Delta({.finish = FinishReason::kStop}, &tail));
  EXPECT_EQ(last["timings"], json::parse(R"({"cache_n": 5, "prompt_n": 10, "prompt_ms": 20.0, "prompt_per_token_ms": 2.0,
    "prompt_per_second": 500.0, "predicted_n": 4, "predicted_ms": 100.0, "predicted_per_token_ms": 25.0, "predicted_per_second": 40.0})"));
  EXPECT_EQ(last["tradewind"], json::parse(R"({"setting": {"layers": 12, "model": "small"}, "setting_text": "layers=12 model=small",
    "predicted": {"tpot_ms": null, "ttft_ms": 12.5}, "got": {"ttft_ms": 13.0}, "reason": "fits",
    "quality": {"metric": "accuracy", "value": 0.5, "interval": [0.4, 0.6]}})"));
  const json none = json::parse(JsonLine(TimingsJson({})));
  EXPECT_TRUE(none["prompt_per_second"].is_null() && none["predicted_per_token_ms"].is_null()) << "nothing in no time has no rate";
}

// What lm-evaluation-harness's local-completions computes of an answer with echo and one drawn token.
std::pair<double, bool> AsLmEval(const json& choice, size_t context) {
  const json& l = choice["logprobs"];
  double sum = 0;
  bool greedy = true;
  for (size_t i = context; i + 1 < l["token_logprobs"].size(); ++i) {
    const double logprob = l["token_logprobs"][i];
    double best = -1e300;
    for (const auto& [text, value] : l["top_logprobs"][i].items()) best = std::max(best, value.get<double>());
    sum += logprob;
    greedy = greedy && logprob == best;
  }
  return {sum, greedy};
}

TEST(CompletionAnswer, AsLmEvaluationHarnessReadsIt) {
  // The second piece of the answer is not the likeliest; two ids have one text, the likelier of which must be found.
  const std::vector<AnswerToken> tokens = {{.bytes = "Q", .logprob = {}, .top = {}},
                                           {.bytes = " a", .logprob = -0.1f, .top = {{" a", -0.1f}}},
                                           {.bytes = "b", .logprob = -2.5, .top = {{"c", -0.3}, {"c", -4}}},
                                           {.bytes = "d", .logprob = -0.25, .top = {{"d", -0.25}, {"d", -3}}},
                                           {.bytes = "!", .logprob = -1, .top = {{"!", -1}}}};
  const AnswerChoice choice = {.text = "Q abd!", .tokens = tokens, .finish = FinishReason::kLength};
  const json answer = Parsed(CompletionAnswerJson(kHead, {choice}, {}, true));
  EXPECT_EQ(answer["object"], "text_completion");
  const json c = answer["choices"][0];
  EXPECT_EQ(AsLmEval(c, 3), std::make_pair(-0.25, true));
  EXPECT_EQ(AsLmEval(c, 2), std::make_pair(-2.75, false));
  EXPECT_TRUE(AsLmEval(c, 1).first < -2.75 && !AsLmEval(c, 1).second);
  EXPECT_TRUE(c["logprobs"]["token_logprobs"][0].is_null() && c["logprobs"]["top_logprobs"][0].is_null());
  EXPECT_EQ(c["logprobs"]["tokens"], json({"Q", " a", "b", "d", "!"}));
  EXPECT_EQ(c["logprobs"]["text_offset"], json({0, 1, 3, 4, 5}));
  EXPECT_EQ(c["logprobs"]["top_logprobs"][2], json::parse(R"({"b": -2.5, "c": -0.3})")) << "the drawn one is among them";
}

TEST(CompletionAnswer, TokensThatArePartsOfCharacters) {
  AnswerChoice choice = {.text = "xé", .text_offset = 10, .finish = FinishReason::kStop};
  choice.tokens = {{.bytes = "x\xc3", .logprob = -1, .top = {{"\xc3", -2}}},
                   {.bytes = "\xa9", .logprob = -1, .top = {}},
                   {.bytes = "y", .logprob = -kInfinity, .top = {}}};
  const json l = Parsed(CompletionAnswerJson(kHead, {choice}, {}, true))["choices"][0]["logprobs"];
  EXPECT_EQ(l["tokens"], json({R"(bytes:\x78\xc3)", R"(bytes:\xa9)", "y"}));
  EXPECT_EQ(l["text_offset"], json({10, 12, 12}));
  EXPECT_EQ(l["token_logprobs"][2], -9999.0);
}

TEST(CompletionStream, ChunksAndUsage) {
  const CompletionStream stream{.head = kHead, .logprobs = true, .include_usage = true};
  EXPECT_EQ(WithoutFingerprint(Parsed(stream.Delta({.index = 2, .text = "a"}))), json::parse(R"({
    "id": "id-1", "object": "text_completion", "created": 1700000000, "model": "m", "usage": null,
    "choices": [{"text": "a", "index": 2, "logprobs": null, "finish_reason": null}]})"));
  EXPECT_EQ(Parsed(stream.Usage({.usage = {.prompt_tokens = 1, .completion_tokens = 1}}))["usage"]["total_tokens"], 2);
}

// The events of a stream: name and data.
std::vector<std::pair<std::string, json>> Frames(std::string_view text) {
  std::vector<std::pair<std::string, json>> frames;
  while (!text.empty()) {
    const size_t end = text.find("\n\n");
    EXPECT_NE(end, std::string_view::npos);
    std::string_view frame = text.substr(0, end);
    text.remove_prefix(end + 2);
    std::string name;
    if (frame.starts_with("event: ")) {
      name = frame.substr(7, frame.find('\n') - 7);
      frame.remove_prefix(frame.find('\n') + 1);
    }
    EXPECT_TRUE(frame.starts_with("data: "));
    frames.emplace_back(name, json::parse(frame.substr(6)));
  }
  return frames;
}

TEST(AnthropicStream, IsAWellFormedStream) {
  AnthropicStream stream(kHead);
  std::string text = stream.Start({.prompt_tokens = 9, .cached_tokens = 4});
  text += stream.Text("He");
  text += stream.Text("llo");
  text += stream.Call({"toolu_1", "f", R"({"a":1})"});
  text += stream.Call({"toolu_2", "g", "{}"});
  text += stream.Text("!");
  text += stream.End({.finish = FinishReason::kStop}, {.usage = {.prompt_tokens = 9, .cached_tokens = 4, .completion_tokens = 7}});
  const auto frames = Frames(text);
  for (const auto& [name, data] : frames) EXPECT_EQ(data["type"], name);
  EXPECT_EQ(frames.front().second["message"]["usage"]["input_tokens"], 5);
  EXPECT_EQ(frames.front().second["message"]["content"], json::array());
  // As the SDKs do: blocks are opened in order, one at a time, filled, and closed.
  std::vector<json> blocks;
  int open = -1;
  std::string partial;
  for (const auto& [name, data] : frames) {
    if (name == "content_block_start") {
      EXPECT_EQ(open, -1);
      open = data["index"];
      EXPECT_EQ(static_cast<size_t>(open), blocks.size());
      blocks.push_back(data["content_block"]);
      partial.clear();
    } else if (name == "content_block_delta") {
      EXPECT_EQ(data["index"], open);
      if (data["delta"]["type"] == "text_delta")
        blocks.back()["text"] = blocks.back()["text"].get<std::string>() + data["delta"]["text"].get<std::string>();
      if (data["delta"]["type"] == "input_json_delta") partial += data["delta"]["partial_json"];
    } else if (name == "content_block_stop") {
      EXPECT_EQ(data["index"], open);
      if (!partial.empty()) blocks.back()["input"] = json::parse(partial);
      open = -1;
    }
  }
  EXPECT_EQ(open, -1);
  EXPECT_EQ(json(blocks),
            json::parse(R"([{"type": "text", "text": "Hello"}, {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {"a": 1}},
    {"type": "tool_use", "id": "toolu_2", "name": "g", "input": {}}, {"type": "text", "text": "!"}])"));
  EXPECT_EQ(frames[frames.size() - 2].second["delta"], json::parse(R"({"stop_reason": "tool_use", "stop_sequence": null})"));
  EXPECT_EQ(frames[frames.size() - 2].second["usage"]["output_tokens"], 7);
  EXPECT_EQ(frames.back().first, "message_stop");
}

TEST(AnthropicAnswer, IsAMessageObject) {
  AnswerChoice choice = {.text = "x", .finish = FinishReason::kStop, .stop = "END"};
  const AnswerTail tail = {.usage = {.prompt_tokens = 3, .cached_tokens = 1, .completion_tokens = 2}};
  EXPECT_EQ(Parsed(AnthropicAnswerJson(kHead, choice, tail)), json::parse(R"({
    "id": "id-1", "type": "message", "role": "assistant", "model": "m", "content": [{"type": "text", "text": "x"}],
    "stop_reason": "stop_sequence", "stop_sequence": "END",
    "usage": {"input_tokens": 2, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 1, "output_tokens": 2}})"));
  const auto reason = [&](FinishReason finish) {
    return Parsed(AnthropicAnswerJson(kHead, {.text = "x", .finish = finish}, {}))["stop_reason"].get<std::string>();
  };
  EXPECT_EQ(reason(FinishReason::kStop), "end_turn");
  EXPECT_EQ(reason(FinishReason::kLength), "max_tokens");
  EXPECT_EQ(reason(FinishReason::kDeadline), "deadline");
}

TEST(ApiError, HasTheStatusOfItsFault) {
  const auto http = [](StatusCode code) { return ApiErrorOf(Status(code, "m")).http_status; };
  EXPECT_EQ(http(StatusCode::kInvalidInput), 400);
  EXPECT_EQ(http(StatusCode::kUnsupported), 400);
  EXPECT_EQ(http(StatusCode::kNotFound), 404);
  EXPECT_EQ(http(StatusCode::kBudgetMissed), 504);
  EXPECT_EQ(http(StatusCode::kUnavailable), 503);
  EXPECT_EQ(http(StatusCode::kInternal), 500);
  const ApiError error = ApiErrorOf(Status(StatusCode::kInvalidInput, "n must be between 1 and 16, not 17").At("n"));
  EXPECT_EQ(Parsed(OpenAiErrorJson(error)), json::parse(R"({"error": {"message": "n must be between 1 and 16, not 17",
    "type": "invalid_request_error", "param": "n", "code": "invalid_value"}})"));
  EXPECT_EQ(Parsed(AnthropicErrorJson(error)), json::parse(R"({"type": "error", "error": {"type": "invalid_request_error",
    "message": "n must be between 1 and 16, not 17"}})"));
  EXPECT_TRUE(Parsed(OpenAiErrorJson(ApiErrorOf(Status(StatusCode::kInvalidInput, "x").At("body", 5))))["error"]["param"].is_null());
  EXPECT_THAT(ApiErrorOf(Status(StatusCode::kIo, "cannot read /secret/place")).message, testing::Not(HasSubstr("secret"))) << "no path";
  EXPECT_EQ(Parsed(OpenAiErrorJson(ApiErrorOf(429, "rate_limit_exceeded", "slow \xff")))["error"]["type"], "rate_limit_error");
}

TEST(ServerSentEvent, FramesAreClosed) {
  EXPECT_EQ(ServerSentEvent("{}"), "data: {}\n\n");
  EXPECT_EQ(ServerSentEvent("{}", "ping"), "event: ping\ndata: {}\n\n");
  EXPECT_EQ(ServerSentEvent("a\nb\r\nc"), "data: a\ndata: b\ndata: c\n\n") << "a line break cannot end the frame";
}

TEST(ListAnswers, Embeddings) {
  const std::vector<std::vector<float>> vectors = {{1, -0.5f}, {}};
  EXPECT_EQ(Parsed(EmbeddingListJson(vectors, false, "m", 3)), json::parse(R"({"object": "list", "model": "m",
    "data": [{"object": "embedding", "index": 0, "embedding": [1.0, -0.5]}, {"object": "embedding", "index": 1, "embedding": []}],
    "usage": {"prompt_tokens": 3, "total_tokens": 3}})"));
  // Python: base64.b64encode(struct.pack("<2f", 1, -0.5)), and of one and three floats for the padding.
  EXPECT_EQ(Parsed(EmbeddingListJson(vectors, true, "m", 3))["data"][0]["embedding"], "AACAPwAAAL8=");
  EXPECT_EQ(Parsed(EmbeddingListJson({{1}}, true, "m", 3))["data"][0]["embedding"], "AACAPw==");
  EXPECT_EQ(Parsed(EmbeddingListJson({{1, -0.5f, 3.140625f}}, true, "m", 3))["data"][0]["embedding"], "AACAPwAAAL8AAElA");
}

TEST(ListAnswers, TheOthers) {
  EXPECT_EQ(
      Parsed(RankedListJson("r", "m", {{.index = 1, .score = 0.5, .text = "b"}, {.index = 0, .score = -0.5, .text = {}}}, "embedding", 7)),
      json::parse(R"({"id": "r", "object": "list", "model": "m", "usage": {"prompt_tokens": 7, "total_tokens": 7},
    "results": [{"index": 1, "relevance_score": 0.5, "document": {"text": "b"}}, {"index": 0, "relevance_score": -0.5}],
    "tradewind": {"method": "embedding"}})"));
  EXPECT_EQ(Parsed(ModelListJson({{.id = "m", .created_unix_s = 5, .meta = {{"n_ctx", 10}}}, {.id = "auto"}})),
            json::parse(R"({"object": "list",
    "data": [{"id": "m", "object": "model", "created": 5, "owned_by": "tradewind", "meta": {"n_ctx": 10}},
             {"id": "auto", "object": "model", "created": 0, "owned_by": "tradewind"}]})"));
  EXPECT_EQ(Parsed(TokenListJson({1, 2}, nullptr, 64)), json::parse(R"({"tokens": [1, 2], "count": 2, "max_model_len": 64})"));
  const std::vector<std::string> pieces = {"a", "\xc3"};
  EXPECT_EQ(Parsed(TokenListJson({1, 2}, &pieces, 64))["tokens"], json::parse(R"([{"id": 1, "piece": "a"}, {"id": 2, "piece": [195]}])"));
  EXPECT_EQ(Parsed(DetokenizedJson("a\"")), json::parse(R"({"content": "a\"", "prompt": "a\""})"));
}

}  // namespace
}  // namespace tradewind
