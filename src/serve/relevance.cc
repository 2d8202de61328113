// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/relevance.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <numeric>

namespace tradewind {
namespace {

constexpr int kAlternatives = 64;

Status NobodyWaits() {
  return Status(StatusCode::kCancelled, "the client has gone");
}

Result<std::vector<float>> VectorOf(LoadedModel& model, const std::string& text, int64_t* tokens) {
  Prompt prompt;
  prompt.raw = text;
  TW_ASSIGN(const std::vector<int32_t> ids, model.instance->Tokenize(prompt));
  TW_ASSIGN(Embedding embedding, model.Embed(ids));
  *tokens += embedding.tokens;
  return std::move(embedding.vectors.front());
}

Result<Relevance> ByVectors(LoadedModel& model, const std::string& query, const std::vector<std::string>& documents,
                            const std::function<bool()>& gone) {
  Relevance relevance{.scores = {}, .method = "embedding"};
  TW_ASSIGN(const std::vector<float> asked, VectorOf(model, query, &relevance.tokens));
  for (size_t i = 0; i < documents.size(); ++i) {
    if (gone()) return Fail(NobodyWaits());
    auto vector = VectorOf(model, documents[i], &relevance.tokens);
    if (!vector) return Fail(Status(vector.error()).At("documents[" + std::to_string(i) + "]"));
    relevance.scores.push_back(std::inner_product(asked.begin(), asked.end(), vector->begin(), 0.0));  // both have length 1
  }
  return relevance;
}

// The answers' first tokens, waited for together.
class FirstTokens {
 public:
  explicit FirstTokens(size_t count) : tokens_(count), left_(count) {}

  BatchListener Listener(size_t index) {
    return [this, index](BatchEvents events) {
      const std::lock_guard lock(mutex_);
      for (OutputEvent& event : events.events) {
        if (auto* token = std::get_if<Token>(&event.body)) tokens_[index] = std::move(*token);
      }
      if (events.error) error_ = std::move(events.error);
      if (events.last() && --left_ == 0) changed_.notify_all();
    };
  }
  Result<std::vector<Token>> Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return left_ == 0; });
    if (error_) return Fail(*error_);
    return std::move(tokens_);
  }
  void Less(size_t count) {
    const std::lock_guard lock(mutex_);
    left_ -= count;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Token> tokens_;
  std::optional<Status> error_;
  size_t left_;
};

Prompt Question(const LoadedModel& model, const std::string& query, const std::string& document) {
  const std::string text =
      "Document: " + document + "\n\nQuery: " + query + "\n\nDoes the document answer the query? Answer with yes or no only.";
  Prompt prompt;
  if (model.instance->has_template()) {
    prompt.messages = {{"user", text}};
  } else {
    prompt.raw = text + "\nAnswer:";
  }
  prompt.sampling.temperature = 0;
  prompt.top_logprobs = kAlternatives;
  return prompt;
}

Result<Relevance> ByOdds(LoadedModel& model, const std::string& query, const std::vector<std::string>& documents) {
  Relevance relevance{.scores = {}, .method = "log_odds"};
  Setting setting;
  setting.Set("max_tokens", int64_t{1});
  std::vector<BatchRequest> requests;
  for (size_t i = 0; i < documents.size(); ++i) {
    auto request = model.engine->Prepare(Question(model, query, documents[i]), setting);
    if (!request) return Fail(Status(request.error()).At("documents[" + std::to_string(i) + "]"));
    relevance.tokens += static_cast<int64_t>(request->answer.tokens().size());
    requests.push_back(std::move(*request));
  }
  FirstTokens first(requests.size());
  std::optional<Status> refused;
  for (size_t i = 0; i < requests.size(); ++i) {
    const auto id = model.engine->Submit(std::move(requests[i]), first.Listener(i));
    if (id) continue;
    refused = id.error();
    first.Less(requests.size() - i);
    break;
  }
  TW_ASSIGN(const std::vector<Token> tokens, first.Wait());
  if (refused) return Fail(*refused);
  for (const Token& token : tokens) {
    std::vector<std::pair<std::string, double>> alternatives;
    for (const TopLogprob& top : token.top) {
      alternatives.emplace_back(model.instance->tokenizer().Decode(top.id, false), top.logprob);
    }
    relevance.scores.push_back(YesLogOdds(alternatives));
  }
  return relevance;
}

}  // namespace

double YesLogOdds(const std::vector<std::pair<std::string, double>>& alternatives) {
  double yes = 0, no = 0, least = 0;
  for (const auto& [text, logprob] : alternatives) {
    std::string word;
    for (const char c : text) {
      if (c != ' ') word.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    if (word == "yes") yes += std::exp(logprob);
    if (word == "no") no += std::exp(logprob);
    least = std::min(least, logprob);
  }
  return (yes > 0 ? std::log(yes) : least) - (no > 0 ? std::log(no) : least);
}

Result<Relevance> JudgeRelevance(LoadedModel& model, const std::string& query, const std::vector<std::string>& documents,
                                 const std::function<bool()>& gone) {
  if (model.engine) return ByOdds(model, query, documents);
  return ByVectors(model, query, documents, gone);
}

}  // namespace tradewind
