// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The server from its port to a real model and back: answers are those of a session alone (the oracle), and nothing is left behind.
// Covers serve_app.cc, admitted.cc, answer_job.cc, answer_writer.cc, submit_answers.cc, model_rack.cc, route.cc and routes/:
// chat_completions.cc, completions.cc, status.cc, tokens.cc, vectors.cc, dashboard.cc.
#include "serve/serve_app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "base/random.h"
#include "llm/stories_gguf.h"
#include "serve/cost_probe.h"
#include "serve/serve_test_util.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr char kOpening[] = "Once upon a time there was a little girl";

class ServeAppTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto path = StoriesGguf();
    if (!path) GTEST_SKIP() << "absent: assets/llm/stories260K";
    path_ = *path;
  }
  void Start(ServeOptions options = {}) { app_ = StartApp(std::move(options), path_); }

  struct Alone {
    std::string text;
    std::vector<Token> tokens;
    int64_t prompt_tokens = 0;
  };
  // A greedy answer of a session of its own.
  Alone AnswerAlone(const std::string& text, int64_t max_tokens, bool echo = false) {
    auto instance = LanguageModelInstance::Open(path_, ModelSetting(path_), {}, RealClock());
    EXPECT_TRUE(instance);
    Setting setting;
    setting.Set("max_tokens", max_tokens);
    auto session = (*instance)->Start({.setting = setting});
    Prompt prompt;
    prompt.raw = text;
    prompt.sampling.temperature = 0;
    prompt.echo = echo;
    EXPECT_TRUE((*session)->Push({RealClock().Now(), prompt}));
    Alone alone;
    while (true) {
      const auto event = (*session)->Next();
      EXPECT_TRUE(event);
      if (std::holds_alternative<End>(event->body)) break;
      alone.tokens.push_back(std::get<Token>(event->body));
      alone.text += alone.tokens.back().bytes;
    }
    alone.prompt_tokens = (*session)->outcome().prompt_tokens;
    return alone;
  }
  static json Ask(const std::string& prompt, int64_t max_tokens) {
    return {{"prompt", prompt}, {"max_tokens", max_tokens}, {"temperature", 0}};
  }
  void BeginLongStream(HttpTestClient& client) {
    json ask = Ask(kOpening, 450);
    ask["stream"] = true;
    ask["ignore_eos"] = true;
    ask["n"] = 16;  // long enough to be met
    client.Send(PostBytes("/v1/completions", ask.dump()));
    EXPECT_TRUE(Eventually([&] { return app_->rack().All()[0]->engine->load().scheduler.running >= 1; }));
  }
  bool EverythingEnded() {
    return Eventually([&] { return app_->rack().Idle(); }) && app_->rack().All()[0]->engine->load().scheduler.pages_used == 0;
  }
  std::string path_;
  std::unique_ptr<ServeApp> app_;
};

TEST_F(ServeAppTest, SaysWhatItIs) {
  Start();
  EXPECT_EQ(Get(*app_, "/health").status, 200);
  const json models = JsonOf(Get(*app_, "/v1/models"));
  EXPECT_EQ(models["data"][0]["id"], "stories");
  EXPECT_EQ(JsonOf(Get(*app_, "/v1/models/stories"))["id"], "stories");
  EXPECT_EQ(Get(*app_, "/v1/models/other").status, 404);
  EXPECT_EQ(Get(*app_, "/nothing").status, 404);
  EXPECT_EQ(Get(*app_, "/v1/completions").status, 405);
  EXPECT_EQ(JsonOf(Get(*app_, "/slots"))[0]["running"], 0);
  EXPECT_GT(JsonOf(Get(*app_, "/props"))["default_generation_settings"]["n_ctx"], 0);
}

TEST_F(ServeAppTest, ThePageLoadsNothingFromElsewhere) {
  Start();
  const HttpTestAnswer page = Get(*app_, "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.head, HasSubstr("Content-Security-Policy: default-src 'none'"));
  EXPECT_EQ(page.body.find("http://"), page.body.find("http://www.w3.org"));
  EXPECT_EQ(page.body.find("https://"), std::string::npos);
  for (const char* path : {"/style.css", "/main.js"}) EXPECT_EQ(Get(*app_, path).status, 200) << path;
  EXPECT_EQ(JsonOf(Get(*app_, "/frontier"))["points"].is_array(), true);
}

TEST_F(ServeAppTest, ACompletionIsASessions) {
  Start();
  const Alone alone = AnswerAlone(kOpening, 20);
  const HttpTestAnswer answer = Post(*app_, "/v1/completions", Ask(kOpening, 20).dump());
  ASSERT_EQ(answer.status, 200) << answer.body;
  const json body = JsonOf(answer);
  EXPECT_EQ(body["choices"][0]["text"], alone.text);
  EXPECT_EQ(body["choices"][0]["finish_reason"], "length");
  EXPECT_EQ(body["usage"]["prompt_tokens"], alone.prompt_tokens);
  EXPECT_EQ(body["usage"]["completion_tokens"], 20);
  EXPECT_EQ(body["timings"]["predicted_n"], 20);
  EXPECT_THAT(answer.head, HasSubstr("X-Tradewind-Setting: "));
}

TEST_F(ServeAppTest, AStreamIsTheWholeInPieces) {
  Start();
  const Alone alone = AnswerAlone(kOpening, 20);
  json ask = Ask(kOpening, 20);
  ask["stream"] = true;
  ask["stream_options"] = {{"include_usage", true}};
  const HttpTestAnswer answer = Post(*app_, "/v1/completions", ask.dump());
  ASSERT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.whole);
  const std::vector<std::string> events = EventsOf(answer.body);
  ASSERT_GT(events.size(), 4u);
  EXPECT_EQ(events.back(), "[DONE]");
  std::string text;
  for (size_t i = 0; i + 2 < events.size(); ++i) {
    const json event = json::parse(events[i]);
    text += event["choices"][0]["text"].get<std::string>();
    EXPECT_EQ(event["choices"][0]["finish_reason"].is_null(), i + 3 < events.size());
  }
  EXPECT_EQ(text, alone.text);
  EXPECT_EQ(json::parse(events[events.size() - 2])["usage"]["completion_tokens"], 20);
}

TEST_F(ServeAppTest, EchoedLogProbabilitiesAreASessions) {
  Start();
  const Alone alone = AnswerAlone(kOpening, 0, true);
  json ask = Ask(kOpening, 0);
  ask["echo"] = true;
  ask["logprobs"] = 1;
  const json logprobs = JsonOf(Post(*app_, "/v1/completions", ask.dump()))["choices"][0]["logprobs"];
  ASSERT_EQ(logprobs["token_logprobs"].size(), alone.tokens.size());
  EXPECT_TRUE(logprobs["token_logprobs"][0].is_null());
  for (size_t i = 1; i < alone.tokens.size(); ++i) {
    EXPECT_FLOAT_EQ(logprobs["token_logprobs"][i].get<float>(), *alone.tokens[i].logprob) << i;
  }
}

TEST_F(ServeAppTest, PromptsAndAnswersComeInOrder) {
  Start();
  json ask = Ask("", 6);
  ask["prompt"] = {"The dog", "The cat"};
  ask["n"] = 2;
  const json choices = JsonOf(Post(*app_, "/v1/completions", ask.dump()))["choices"];
  ASSERT_EQ(choices.size(), 4u);
  const std::string dog = AnswerAlone("The dog", 6).text, cat = AnswerAlone("The cat", 6).text;
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(choices[i]["index"], i);
    EXPECT_EQ(choices[i]["text"], i < 2 ? dog : cat);
  }
}

TEST_F(ServeAppTest, WhatIsWrongIsNamed) {
  Start();
  const auto error = [&](const std::string& body) { return JsonOf(Post(*app_, "/v1/completions", body))["error"]; };
  EXPECT_EQ(error(R"({"prompt":"a","temperature":9})")["param"], "temperature");
  EXPECT_EQ(error(R"({"prompt":"a","model":"other"})")["code"], "model_not_found");
  EXPECT_EQ(error(R"({"prompt":"a","setting":{"threads":3}})")["type"], "invalid_request_error");
  EXPECT_EQ(error("{")["type"], "invalid_request_error");
  json too_long = Ask(std::string(100'000, 'a'), 1);
  EXPECT_EQ(Post(*app_, "/v1/completions", too_long.dump()).status, 400);
  const HttpTestAnswer chat = Post(*app_, "/v1/chat/completions", R"({"messages":[{"role":"user","content":"hi"}]})");
  EXPECT_EQ(chat.status, 400) << "a base model has no template";
  EXPECT_THAT(chat.body, HasSubstr("template"));
  EXPECT_EQ(Post(*app_, "/v1/embeddings", R"({"input":"a","dimensions":3})").status, 400);
  EXPECT_EQ(Post(*app_, "/detokenize", R"({"tokens":[99999999]})").status, 400);
}

TEST_F(ServeAppTest, KeysAreNeededAndKeptApart) {
  ServeOptions options;
  options.keys = *ApiKeys::Load({"first-key", "second-key"}, "");
  Start(std::move(options));
  const std::string body = Ask(std::string(kOpening) + " who liked to play with her dog in the park. One day", 2).dump();
  EXPECT_EQ(Post(*app_, "/v1/completions", body).status, 401);
  EXPECT_EQ(Post(*app_, "/v1/completions", body, "Authorization: Bearer no-such-key\r\n").status, 401);
  EXPECT_EQ(Get(*app_, "/metrics").status, 401);
  EXPECT_EQ(Get(*app_, "/health").status, 200);
  const auto cached = [&](const char* key) {
    const json answer = JsonOf(Post(*app_, "/v1/completions", body, std::string("Authorization: Bearer ") + key + "\r\n"));
    return answer["usage"]["prompt_tokens_details"]["cached_tokens"].get<int>();
  };
  EXPECT_EQ(cached("first-key"), 0);
  EXPECT_EQ(cached("second-key"), 0) << "another's prompt is not seen";
  EXPECT_GT(cached("first-key"), 0) << "one's own is";
}

TEST_F(ServeAppTest, ADeadlineBeforeTheFirstTokenIsTold) {
  Start();
  for (const bool stream : {false, true}) {
    json ask = Ask(kOpening, 20);
    ask["budget"] = {{"deadline_ms", 0.001}};
    ask["stream"] = stream;
    const HttpTestAnswer answer = Post(*app_, "/v1/completions", ask.dump());
    EXPECT_EQ(answer.status, 504);
    EXPECT_EQ(JsonOf(answer)["error"]["code"], "deadline_exceeded");
  }
}

TEST_F(ServeAppTest, AFullQueueIsToldBeforeTheBody) {
  ServeOptions options;
  options.rack.running = 1;
  options.limits.queued_requests = 1;
  Start(std::move(options));
  json ask = Ask(kOpening, 400);
  ask["ignore_eos"] = true;
  ask["n"] = 16;  // one runs, the others wait
  HttpTestClient waiting(app_->port());
  waiting.Send(PostBytes("/v1/completions", ask.dump()));
  ASSERT_TRUE(Eventually([&] { return app_->rack().All()[0]->engine->load().scheduler.waiting > 1; }));
  HttpTestClient refused(app_->port());
  refused.Send("POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
  const HttpTestAnswer answer = refused.ReadAnswer();
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.head, HasSubstr("Retry-After: "));
}

TEST_F(ServeAppTest, AKeysOwnLimitIsTold) {
  ServeOptions options;
  options.rack.admission.tenant_requests_a_minute = 3;
  Start(std::move(options));
  HttpTestAnswer answer;
  int taken = 0;
  for (; taken < 50; ++taken) {
    answer = Post(*app_, "/v1/completions", Ask("The dog", 1).dump());
    if (answer.status != 200) break;
  }
  EXPECT_GE(taken, 1);
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(JsonOf(answer)["error"]["code"], "rate_limit_exceeded");
  EXPECT_THAT(answer.head, HasSubstr("Retry-After: "));
}

TEST_F(ServeAppTest, WhatCanNeverBeInTimeIsRefusedBeforeItRuns) {
  Start();
  for (int i = 0; i < 3; ++i) (void)Post(*app_, "/v1/completions", Ask(kOpening, 20).dump());  // passes enough to know what they cost
  json ask = Ask(kOpening, 400);
  ask["budget"] = {{"deadline_ms", 0.5}};
  ASSERT_TRUE(EverythingEnded());
  const int64_t passes = app_->rack().All()[0]->engine->load().passes;
  const HttpTestAnswer answer = Post(*app_, "/v1/completions", ask.dump());
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(JsonOf(answer)["error"]["code"], "budget_too_small");
  EXPECT_EQ(app_->rack().All()[0]->engine->load().passes, passes);
}

TEST_F(ServeAppTest, DisconnectsLeaveNothing) {
  Start();
  (void)Post(*app_, "/v1/completions", Ask(kOpening, 2).dump());
  ASSERT_TRUE(Eventually([&] { return app_->http_counts().connections_now == 0; }));
  const size_t descriptors = OpenDescriptors();
  const auto client = [&](uint64_t seed) {
    Random random(seed);
    for (int i = 0; i < 20; ++i) {
      HttpTestClient connection(app_->port());
      json ask = Ask(kOpening, 200);
      ask["stream"] = random.Below(2) == 0;
      const std::string bytes = PostBytes("/v1/completions", ask.dump());
      connection.Send(std::string_view(bytes).substr(0, random.Below(4) == 0 ? random.Below(bytes.size()) : bytes.size()));
      std::this_thread::sleep_for(std::chrono::microseconds(random.Below(20'000)));
      if (random.Below(2) == 0) connection.Reset();
    }
  };
  std::vector<std::thread> clients;
  for (uint64_t i = 0; i < 8; ++i) clients.emplace_back(client, i);
  for (std::thread& thread : clients) thread.join();
  EXPECT_TRUE(Eventually([&] { return app_->http_counts().connections_now == 0; }));
  EXPECT_TRUE(EverythingEnded());
  EXPECT_TRUE(Eventually([&] { return OpenDescriptors() == descriptors; }));
  EXPECT_EQ(JsonOf(Post(*app_, "/v1/completions", Ask(kOpening, 20).dump()))["choices"][0]["text"], AnswerAlone(kOpening, 20).text);
}

TEST_F(ServeAppTest, ShuttingDownLetsAnswersEnd) {
  Start();
  HttpTestClient client(app_->port());
  json ask = Ask(kOpening, 400);
  ask["n"] = 8;
  client.Send(PostBytes("/v1/completions", ask.dump()));
  ASSERT_TRUE(Eventually([&] { return app_->rack().All()[0]->engine->load().scheduler.running >= 1; }));
  EXPECT_TRUE(app_->Shutdown(RealClock().Now() + Duration::Seconds(20)));
  const HttpTestAnswer answer = client.ReadAnswer();
  EXPECT_EQ(answer.status, 200);
  const std::string alone = AnswerAlone(kOpening, 400).text;
  for (const json& choice : JsonOf(answer)["choices"]) EXPECT_EQ(choice["text"], alone);
}

TEST_F(ServeAppTest, WhatDoesNotEndInTimeIsToldSo) {
  Start();
  HttpTestClient client(app_->port());
  BeginLongStream(client);
  (void)app_->Shutdown(RealClock().Now());  // nothing may go on
  const HttpTestAnswer answer = client.ReadAnswer();
  if (answer.whole) {  // else its connection was cut: the deadline had passed before the end could be told
    EXPECT_THAT(answer.body, testing::AnyOf(HasSubstr("\"finish_reason\":\"cancelled\""), HasSubstr("\"finish_reason\":\"length\"")));
  }
  EXPECT_TRUE(EverythingEnded());
}

TEST_F(ServeAppTest, ACancelledStreamEndsWithItsReason) {
  Start();
  HttpTestClient client(app_->port());
  BeginLongStream(client);
  app_->rack().CancelAll();
  const HttpTestAnswer answer = client.ReadAnswer();
  EXPECT_TRUE(answer.whole);
  EXPECT_THAT(answer.body, HasSubstr("\"finish_reason\":\"cancelled\""));
  EXPECT_TRUE(EverythingEnded());
}

TEST_F(ServeAppTest, WhoLeavesEndsTheAnswer) {
  Start();
  HttpTestClient client(app_->port());
  BeginLongStream(client);
  client.Reset();
  const auto cancelled = [&] { return Get(*app_, "/metrics").body.find("finished_reason=\"cancelled\"") != std::string::npos; };
  EXPECT_TRUE(EverythingEnded());
  EXPECT_TRUE(Eventually(cancelled)) << "the answers went on to their own end";
}

TEST_F(ServeAppTest, TokensComeBackAsText) {
  Start();
  const json tokens = JsonOf(Post(*app_, "/tokenize", json{{"content", kOpening}}.dump()))["tokens"];
  ASSERT_GT(tokens.size(), 3u);
  const json text = JsonOf(Post(*app_, "/detokenize", json{{"tokens", tokens}}.dump()));
  EXPECT_THAT(text["content"].get<std::string>(), HasSubstr("upon a time"));
}

TEST_F(ServeAppTest, VectorsHaveLengthOneAndLikeTextsAreNear) {
  Start();
  const json data = JsonOf(Post(*app_, "/v1/embeddings", R"({"input":["the cat sat","the cat sat","a big red ball"]})"))["data"];
  ASSERT_EQ(data.size(), 3u);
  const auto dot = [&](size_t a, size_t b) {
    double sum = 0;
    for (size_t i = 0; i < data[a]["embedding"].size(); ++i) {
      sum += data[a]["embedding"][i].get<double>() * data[b]["embedding"][i].get<double>();
    }
    return sum;
  };
  EXPECT_NEAR(dot(0, 0), 1, 1e-5);
  EXPECT_NEAR(dot(0, 1), 1, 1e-5);
  EXPECT_LT(dot(0, 2), 0.999);
  const json ranked = JsonOf(Post(*app_, "/v1/rerank", R"({"query":"cat","documents":["a","b"],"top_n":1})"));
  EXPECT_EQ(ranked["results"].size(), 1u) << ranked;
  EXPECT_EQ(ranked["tradewind"]["method"], "log_odds");
}

TEST_F(ServeAppTest, MetricsAndDecisionsCountWhatCame) {
  ServeOptions options;
  options.metric_aliases = true;
  Start(std::move(options));
  for (int i = 0; i < 3; ++i) (void)Post(*app_, "/v1/completions", Ask(kOpening, 5).dump());
  const std::string text = Get(*app_, "/metrics").body;
  EXPECT_THAT(text, HasSubstr("tradewind:generation_tokens_total{model_name=\"stories\"} 15\n"));
  EXPECT_THAT(text, HasSubstr("vllm:time_to_first_token_seconds_count{model_name=\"stories\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("llamacpp:tokens_predicted_total{model_name=\"stories\"} 15\n"));
  const json decisions = JsonOf(Get(*app_, "/decisions?after=1"));
  EXPECT_EQ(decisions["next"], 3);
  EXPECT_EQ(decisions["decisions"].size(), 2u);
  EXPECT_EQ(decisions["decisions"][0]["output_tokens"], 5);
}

// No times are asserted: that each term is a number, and that the passes it ran are what the engine counted.
TEST_F(ServeAppTest, ProbingRunsPassesAndLeavesNothing) {
  Start();
  BatchEngine& engine = *app_->rack().All()[0]->engine;
  const auto cost = ProbeCost(engine, Duration{1});
  ASSERT_TRUE(cost) << cost.error().ToString();
  for (const double term : {cost->pass_ms, cost->prefill_token_ms, cost->prefill_depth_ms, cost->decode_ms, cost->decode_depth_ms}) {
    EXPECT_TRUE(std::isfinite(term) && term >= 0) << term;
  }
  EXPECT_GT(engine.load().passes, 20);
  EXPECT_TRUE(engine.cost().known());
  EXPECT_TRUE(EverythingEnded());
  EXPECT_EQ(engine.load().scheduler.pages_kept, 0) << "drawn prompts are not kept";
}

TEST(ServeRealModel, ChatsInOpenAisWordsAndAnthropics) {
  TW_REQUIRE_DATA(path, ModelPath("smollm2-135m"));
  const auto app = StartApp({}, path, "smollm2");
  const json openai =
      JsonOf(Post(*app, "/v1/chat/completions", R"({"messages":[{"role":"user","content":"Say hello."}],"temperature":0,"max_tokens":8})"));
  const json anthropic = JsonOf(Post(
      *app, "/v1/messages", R"({"model":"smollm2","messages":[{"role":"user","content":"Say hello."}],"temperature":0,"max_tokens":8})"));
  EXPECT_EQ(openai["choices"][0]["message"]["content"], anthropic["content"][0]["text"]);
  EXPECT_EQ(anthropic["stop_reason"], openai["choices"][0]["finish_reason"] == "length" ? "max_tokens" : "end_turn");
  const json shaped = JsonOf(Post(*app, "/v1/chat/completions", R"({"messages":[{"role":"user","content":"A person?"}],"max_tokens":80,
      "seed":5,"response_format":{"type":"json_schema","json_schema":{"name":"p","schema":{"type":"object","properties":{"age":
      {"type":"integer","minimum":1,"maximum":99}},"required":["age"],"additionalProperties":false}}}})"));
  const json person = json::parse(shaped["choices"][0]["message"]["content"].get<std::string>(), nullptr, false);
  ASSERT_TRUE(person.is_object()) << shaped;
  EXPECT_GE(person["age"], 1);
  EXPECT_LE(person["age"], 99);
}

TEST(ServeRealModel, ACallThatIsRequiredComes) {
  TW_REQUIRE_DATA(path, ModelPath("smollm2-135m"));
  const auto app = StartApp({}, path, "smollm2");
  const std::string body = R"({"messages":[{"role":"user","content":"weather in Paris?"}],"max_tokens":60,"temperature":0,"tools":[{"type":
      "function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}],
      "parallel_tool_calls":false,"tool_choice":{"type":"function","function":{"name":"get_weather"}}})";
  const json message = JsonOf(Post(*app, "/v1/chat/completions", body))["choices"][0]["message"];
  ASSERT_EQ(message["tool_calls"].size(), 1u) << message;
  EXPECT_EQ(message["tool_calls"][0]["function"]["name"], "get_weather");
  const json arguments = json::parse(message["tool_calls"][0]["function"]["arguments"].get<std::string>(), nullptr, false);
  EXPECT_TRUE(arguments["city"].is_string());
}

}  // namespace
}  // namespace tradewind
