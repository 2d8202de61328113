// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// AnswerJob: one request on its way from the engine to its client. Gathers what each of its answers says, writes it as it comes or when all
// is there, and ends the answers when the client goes. Shared: the engine's listeners and the exchange hold it until it ends. Events are
// worked on by one thread (`delivery`), so that the engine never waits for JSON or a socket.
//
//   auto job = std::make_shared<AnswerJob>(exchange, MakeChatWriter(...), options, hooks);
//   job->Start(model, std::move(requests));
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "net/http_exchange.h"
#include "serve/answer_writer.h"
#include "serve/api/tool_call_reader.h"
#include "serve/model_rack.h"
#include "serve/serve_metrics.h"
#include "serve/work_threads.h"

namespace tradewind {

struct JobOptions {
  std::string model;
  std::string request_id;
  TimePoint accepted_at;
  bool stream = false;
  bool logprobs = false;  // tokens are reported
  bool timings_per_token = false;
  std::shared_ptr<AdmittedRequest> admitted{};  // given back when the job ends
  size_t answers_per_prompt = 1;                // answers follow each other by prompt
  std::optional<ToolNotation> tool_notation{};  // calls are looked for
  std::vector<std::string> tool_names{};
  std::optional<AnswerSteering> steering{};  // what was decided; what came of it is added
};

// What one request came to, for /decisions and the log.
struct JobReport {
  std::string id, model, finish;
  int64_t unix_ms = 0;  // when it ended
  AnswerUsage usage;
  std::optional<AnswerSteering> steering;
};

struct JobHooks {
  WorkThreads* delivery = nullptr;
  ServeMetrics* metrics = nullptr;
  std::function<void(const JobReport&)> ended{};  // once, before the last bytes go out: who has its answer finds it told
};

class AnswerJob : public std::enable_shared_from_this<AnswerJob> {
 public:
  AnswerJob(std::shared_ptr<HttpExchange> exchange, std::unique_ptr<AnswerWriter> writer, JobOptions options, JobHooks hooks);

  // One request for each answer. An error is told to the client.
  void Start(const std::shared_ptr<LoadedModel>& model, std::vector<BatchRequest> requests);
  // Tells the client, unless it was told something already; ends the answers.
  void Refuse(const ApiError& error);

 private:
  struct Choice {
    AnswerChoice whole;
    std::string partial;               // bytes of a character that is yet to end
    std::vector<AnswerToken> waiting;  // tokens whose text has not gone out
    std::optional<ToolCallReader> reader;
    std::optional<Outcome> outcome;
    BatchTrace trace{};
    bool begun = false;  // in the stream
  };
  void Take(size_t index, BatchEvents events);
  void TakeToken(const Token& token, Choice& choice, AnswerChoice& piece);
  void TakeText(std::string_view text, Choice& choice, AnswerChoice& piece);
  void Flush(Choice& choice, AnswerChoice& piece);
  void WritePiece(Choice& choice, AnswerChoice piece, bool last);
  bool BeginStream();
  void EndAll();
  void CancelAll();
  void Count(const Choice& choice);
  AnswerUsage UsageOf(const Choice& choice) const;
  AnswerTail Tail() const;
  std::vector<HttpHeader> Headers(const char* type) const;

  const std::shared_ptr<HttpExchange> exchange_;
  const std::unique_ptr<AnswerWriter> writer_;
  const JobOptions options_;
  const JobHooks hooks_;
  // The delivery thread's, once started.
  std::vector<Choice> choices_;
  size_t ended_ = 0;
  bool begun_ = false;  // the stream
  bool token_came_ = false;
  int64_t drawn_ = 0;
  bool over_ = false;  // the client was told all that it will be

  std::mutex mutex_;  // of what follows
  std::weak_ptr<LoadedModel> model_;
  std::vector<SequenceId> sequences_;
  bool cancelled_ = false;
};

}  // namespace tradewind
