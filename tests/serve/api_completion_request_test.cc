// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Requests beside chat: completions, embeddings, rerank, tokenize, detokenize (text_input.cc, embedding_request.cc, rerank_request.cc,
// token_requests.cc).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "serve/api/completion_request.h"
#include "serve/api/embedding_request.h"
#include "serve/api/rerank_request.h"
#include "serve/api/token_requests.h"

namespace tradewind {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using Ids = std::vector<int32_t>;

CompletionRequest Completion(const std::string& body) {
  auto request = ParseCompletionRequest(body);
  EXPECT_TRUE(request) << request.error().ToString();
  return request ? *std::move(request) : CompletionRequest{};
}

Status CompletionRefusal(const std::string& body) {
  const auto request = ParseCompletionRequest(body);
  EXPECT_FALSE(request) << body;
  return request ? Status(StatusCode::kInternal, "taken") : request.error();
}

TEST(CompletionRequest, FourShapesOfPrompts) {
  EXPECT_THAT(Completion(R"({"prompt": "a"})").prompts, ElementsAre(TextInput("a")));
  EXPECT_THAT(Completion(R"({"prompt": ""})").prompts, ElementsAre(TextInput("")));
  EXPECT_THAT(Completion(R"({"prompt": ["a", ""]})").prompts, ElementsAre(TextInput("a"), TextInput("")));
  EXPECT_THAT(Completion(R"({"prompt": [1, 2, 0]})").prompts, ElementsAre(TextInput(Ids{1, 2, 0})));
  EXPECT_THAT(Completion(R"({"prompt": [[1], [2147483647]]})").prompts, ElementsAre(TextInput(Ids{1}), TextInput(Ids{2147483647})));
}

TEST(CompletionRequest, PromptsThatAreNone) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({})", "prompt"},
      {R"({"prompt": null})", "prompt"},
      {R"({"prompt": 5})", "prompt"},
      {R"({"prompt": {}})", "prompt"},
      {R"({"prompt": []})", "prompt"},
      {R"({"prompt": [[]]})", "prompt[0]"},
      {R"({"prompt": [true]})", "prompt[0]"},
      {R"({"prompt": [1.0]})", "prompt[0]"},
      {R"({"prompt": [1, "a"]})", "prompt[1]"},
      {R"({"prompt": ["a", 1]})", "prompt[1]"},
      {R"({"prompt": ["a", [1]]})", "prompt[1]"},
      {R"({"prompt": [1, -1]})", "prompt[1]"},
      {R"({"prompt": [1, 2147483648]})", "prompt[1]"},
      {R"({"prompt": [[1], [2, "x"]]})", "prompt[1][1]"},
      {R"({"prompt": [[1], [[2]]]})", "prompt[1][0]"},
  };
  for (const auto& [body, place] : cases) EXPECT_EQ(CompletionRefusal(body).where(), place) << body;
  EXPECT_EQ(CompletionRefusal(json({{"prompt", std::vector<std::string>(2049, "x")}}).dump()).where(), "prompt");
  EXPECT_EQ(CompletionRefusal(json({{"prompt", std::vector<std::string>(200, "x")}, {"n", 16}}).dump()).where(), "n");
}

TEST(CompletionRequest, AsLmEvaluationHarnessAsks) {
  // local-completions: log-likelihoods of ids, and generation.
  const CompletionRequest scored =
      Completion(R"({"model": "m", "prompt": [[1, 2, 3]], "temperature": 0, "max_tokens": 1, "logprobs": 1, "seed": 1234, "echo": true})");
  EXPECT_TRUE(scored.echo && scored.options.logprobs && scored.options.seeded);
  EXPECT_EQ(scored.options.top_logprobs, 1);
  EXPECT_EQ(scored.options.sampling.temperature, 0);
  EXPECT_EQ(*scored.options.max_tokens, 1);
  const CompletionRequest drawn =
      Completion(R"({"prompt": ["Q: 1+1"], "model": "m", "max_tokens": 256, "temperature": 0.0, "stop": ["Q:", "</s>"], "seed": 1234})");
  EXPECT_THAT(drawn.options.stop, ElementsAre("Q:", "</s>"));
  EXPECT_EQ(*Completion(R"({"prompt": "x", "max_tokens": 0, "echo": true, "logprobs": 0})").options.max_tokens, 0);
}

TEST(CompletionRequest, AsVllmsLoadGeneratorAsks) {
  const CompletionRequest request = Completion(
      R"({"model": "m", "prompt": "x", "repetition_penalty": 1.0, "max_tokens": 9, "logprobs": null, "stream": true,
          "stream_options": {"include_usage": true}, "ignore_eos": true, "temperature": 0.0})");
  EXPECT_TRUE(request.options.stream && request.options.include_usage && request.options.ignore_end && !request.options.logprobs);
}

TEST(CompletionRequest, DefaultsAndLimitsOfItsOwn) {
  EXPECT_EQ(*Completion(R"({"prompt": "x"})").options.max_tokens, 16) << "OpenAI's";
  EXPECT_EQ(*Completion(R"({"prompt": "x", "n_predict": 5})").options.max_tokens, 5) << "llama.cpp's name";
  EXPECT_EQ(Completion(R"({"prompt": "x", "n": 3, "best_of": 3})").options.answers, 3);
  EXPECT_EQ(CompletionRefusal(R"({"prompt": "x", "n": 2, "best_of": 3})").code(), StatusCode::kUnsupported);
  EXPECT_EQ(CompletionRefusal(R"({"prompt": "x", "n": 2, "best_of": 1})").code(), StatusCode::kInvalidInput);
  EXPECT_EQ(CompletionRefusal(R"({"prompt": "x", "suffix": "y"})").where(), "suffix");
  EXPECT_EQ(CompletionRefusal(R"({"prompt": "x", "logprobs": true})").where(), "logprobs");
}

TEST(EmbeddingRequest, AsTheSdksSendIt) {
  const auto request =
      ParseEmbeddingRequest(R"({"input": ["a", "b"], "model": "m", "encoding_format": "base64", "dimensions": 384, "user": "u"})");
  ASSERT_TRUE(request) << request.error().ToString();
  EXPECT_THAT(request->inputs, ElementsAre(TextInput("a"), TextInput("b")));
  EXPECT_TRUE(request->base64);
  EXPECT_EQ(request->dimensions, 384);
  EXPECT_FALSE(ParseEmbeddingRequest(R"({"input": "a"})")->base64) << "numbers where nothing is said";
  EXPECT_EQ(ParseEmbeddingRequest(R"({"input": ""})").error().where(), "input");
  EXPECT_EQ(ParseEmbeddingRequest(R"({"input": ["a", ""]})").error().where(), "input[1]");
  EXPECT_EQ(ParseEmbeddingRequest(R"({"input": [1, 2.5]})").error().where(), "input[1]");
  EXPECT_EQ(ParseEmbeddingRequest(R"({})").error().where(), "input");
}

TEST(RerankRequest, TextsAndObjects) {
  const auto request =
      ParseRerankRequest(R"({"model": "m", "query": "q", "documents": ["a", {"text": "b"}], "top_n": 9, "return_documents": true})");
  ASSERT_TRUE(request) << request.error().ToString();
  EXPECT_THAT(request->documents, ElementsAre("a", "b"));
  EXPECT_EQ(request->top_n, 2) << "no more than there are";
  EXPECT_TRUE(request->return_documents);
  EXPECT_EQ(ParseRerankRequest(R"({"query": "q", "documents": ["a", "b", "c"]})")->top_n, 3);
  EXPECT_EQ(ParseRerankRequest(R"({"query": "", "documents": ["a"]})").error().where(), "query");
  EXPECT_EQ(ParseRerankRequest(R"({"query": "q", "documents": []})").error().where(), "documents");
  EXPECT_EQ(ParseRerankRequest(R"({"query": "q", "documents": ["a", 1]})").error().where(), "documents[1]");
  EXPECT_EQ(ParseRerankRequest(R"({"query": "q", "documents": [{"title": "a"}]})").error().where(), "documents[0].text");
}

TEST(TokenizeRequest, BothServersForms) {
  const auto llama = ParseTokenizeRequest(R"({"content": "a<s>", "with_pieces": true})");
  ASSERT_TRUE(llama) << llama.error().ToString();
  EXPECT_TRUE(!llama->add_special && llama->parse_special && llama->with_pieces && llama->text == "a<s>");
  const auto vllm = ParseTokenizeRequest(R"({"model": "m", "prompt": "a"})");
  ASSERT_TRUE(vllm) << vllm.error().ToString();
  EXPECT_TRUE(vllm->add_special && vllm->parse_special && !vllm->with_pieces);
  EXPECT_FALSE(ParseTokenizeRequest(R"({"prompt": "a", "add_special_tokens": false})")->add_special);
  EXPECT_EQ(ParseTokenizeRequest(R"({"prompt": "a", "content": "a"})").error().where(), "prompt");
  EXPECT_EQ(ParseTokenizeRequest(R"({})").error().where(), "content");
  EXPECT_TRUE(ParseTokenizeRequest(R"({"content": ""})"));
  EXPECT_THAT(ParseDetokenizeRequest(R"({"tokens": [1, 2]})")->tokens, ElementsAre(1, 2));
  EXPECT_TRUE(ParseDetokenizeRequest(R"({"tokens": []})")->tokens.empty());
  EXPECT_EQ(ParseDetokenizeRequest(R"({"tokens": [1, "2"]})").error().where(), "tokens[1]");
}

}  // namespace
}  // namespace tradewind
