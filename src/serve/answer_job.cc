// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/answer_job.h"

#include <cstdio>
#include <utility>

#include "policy/recent_answers.h"
#include "serve/api/answer_parts.h"
#include "text/utf8.h"

namespace tradewind {
namespace {

constexpr const char* kNoTokenInTime =
    "the deadline passed before the first token; allow more time, or a cheaper setting (budget.allow_cheaper)";

std::string ShortMillis(double ms) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f", ms);
  return text;
}

AnswerTimings TimingsOf(const Outcome& o) {
  return {.prompt_n = o.prompt_tokens - o.held_tokens,
          .cache_n = o.held_tokens,
          .prompt_ms = o.prefill.ms(),
          .predicted_n = o.output_tokens,
          .predicted_ms = o.decode.ms()};
}

}  // namespace

AnswerJob::AnswerJob(std::shared_ptr<HttpExchange> exchange, std::unique_ptr<AnswerWriter> writer, JobOptions options, JobHooks hooks)
    : exchange_(std::move(exchange)), writer_(std::move(writer)), options_(std::move(options)), hooks_(std::move(hooks)) {}

void AnswerJob::Start(const std::shared_ptr<LoadedModel>& model, std::vector<BatchRequest> requests) {
  choices_.resize(requests.size());
  for (size_t i = 0; i < choices_.size(); ++i) {
    choices_[i].whole.index = static_cast<int64_t>(i);
    if (options_.tool_notation) choices_[i].reader.emplace(*options_.tool_notation, options_.tool_names);
  }
  {
    const std::lock_guard lock(mutex_);
    model_ = model;
  }
  exchange_->OnClose([job = weak_from_this()] {
    if (const auto alive = job.lock()) alive->CancelAll();
  });
  for (size_t i = 0; i < requests.size(); ++i) {
    const auto id = model->engine->Submit(std::move(requests[i]), [job = shared_from_this(), i](BatchEvents events) {
      auto shared = std::make_shared<BatchEvents>(std::move(events));
      job->hooks_.delivery->Post([job, i, shared] { job->Take(i, std::move(*shared)); });
    });
    if (!id) {
      hooks_.delivery->Post([job = shared_from_this(), error = ApiErrorOf(id.error())] { job->Refuse(error); });
      return;
    }
    bool gone = false;
    {
      const std::lock_guard lock(mutex_);
      sequences_.push_back(*id);
      gone = cancelled_;
    }
    if (gone) model->engine->Cancel(*id);
  }
}

void AnswerJob::CancelAll() {
  std::vector<SequenceId> sequences;
  std::shared_ptr<LoadedModel> model;
  {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    sequences = sequences_;
    model = model_.lock();
  }
  if (!model) return;
  for (const SequenceId id : sequences) model->engine->Cancel(id);
}

void AnswerJob::Refuse(const ApiError& error) {
  if (over_) return;
  over_ = true;
  if (hooks_.metrics) hooks_.metrics->CountRefused(error.http_status, error.code);
  if (begun_) {
    exchange_->Write(writer_->StreamError(error));
    exchange_->End();
  } else {
    HttpResponse response{error.http_status, Headers("application/json"), writer_->WholeError(error)};
    (void)exchange_->Send(std::move(response));
  }
  CancelAll();
}

void AnswerJob::Take(size_t index, BatchEvents events) {
  Choice& choice = choices_[index];
  AnswerChoice piece;
  piece.index = choice.whole.index;
  piece.text_offset = CountCharacters(choice.whole.text);
  piece.first_tool_call = static_cast<int64_t>(choice.whole.tool_calls.size());
  for (const OutputEvent& event : events.events) {
    if (const auto* token = std::get_if<Token>(&event.body)) TakeToken(*token, choice, piece);
  }
  if (events.error) {
    ++ended_;
    Refuse(ApiErrorOf(*events.error));
  }
  if (!events.events.empty() && !std::exchange(token_came_, true) && options_.admitted) options_.admitted->Began();
  if (events.outcome) {
    drawn_ += events.outcome->output_tokens;
    choice.outcome = std::move(events.outcome);
    choice.trace = events.trace;
    Flush(choice, piece);
    choice.whole.finish = piece.finish = choice.outcome->finish;
    ++ended_;
    Count(choice);
  }
  if (over_) return;
  const bool late = choice.outcome && choice.outcome->finish == FinishReason::kDeadline && choice.outcome->output_tokens == 0;
  if (late && !begun_) return Refuse(ApiErrorOf(Status(StatusCode::kBudgetMissed, kNoTokenInTime)));
  if (options_.stream) WritePiece(choice, std::move(piece), choice.outcome.has_value());
  if (ended_ == choices_.size() && !over_) EndAll();
}

void AnswerJob::TakeToken(const Token& token, Choice& choice, AnswerChoice& piece) {
  if (options_.logprobs) {
    AnswerToken reported{.bytes = token.bytes, .logprob = token.logprob, .top = {}};
    const std::shared_ptr<LoadedModel> model = token.top.empty() ? nullptr : model_.lock();
    for (const TopLogprob& top : token.top) {
      if (model) reported.top.emplace_back(model->instance->tokenizer().Decode(top.id, token.from_prompt), top.logprob);
    }
    choice.waiting.push_back(std::move(reported));
  }
  choice.partial += token.bytes;
  const size_t whole = WholeUtf8Bytes(choice.partial);
  if (whole == 0) return;
  TakeText(choice.partial.substr(0, whole), choice, piece);
  choice.partial.erase(0, whole);
}

// Whole characters: text for the client, but for calls of tools.
void AnswerJob::TakeText(std::string_view text, Choice& choice, AnswerChoice& piece) {
  const auto put = [&](std::string_view plain) {
    piece.text += plain;
    choice.whole.text += plain;
  };
  const auto call = [&](ToolCall made) {
    made.id =
        "call_" + options_.request_id + "_" + std::to_string(choice.whole.index) + "_" + std::to_string(choice.whole.tool_calls.size());
    piece.tool_calls.push_back(made);
    choice.whole.tool_calls.push_back(std::move(made));
  };
  if (choice.reader) {
    for (ToolEvent& event : choice.reader->Add(text)) {
      if (auto* made = std::get_if<ToolCall>(&event)) {
        call(std::move(*made));
      } else {
        put(std::get<std::string>(event));
      }
    }
  } else {
    put(text);
  }
  for (AnswerToken& token : choice.waiting) {
    piece.tokens.push_back(token);
    choice.whole.tokens.push_back(std::move(token));
  }
  choice.waiting.clear();
}

void AnswerJob::Flush(Choice& choice, AnswerChoice& piece) {
  const std::string rest = std::exchange(choice.partial, {});
  if (!rest.empty() || !choice.waiting.empty()) TakeText(rest, choice, piece);
  if (!choice.reader) return;
  for (ToolEvent& event : choice.reader->Finish()) {
    if (auto* text = std::get_if<std::string>(&event)) {
      piece.text += *text;
      choice.whole.text += *text;
    }
  }
}

std::vector<HttpHeader> AnswerJob::Headers(const char* type) const {
  std::vector<HttpHeader> headers = {{"Content-Type", type}, {"X-Request-Id", options_.request_id}};
  if (!options_.steering) return headers;
  headers.push_back({"X-Tradewind-Setting", options_.steering->setting.Text()});
  for (const auto& [name, value] : options_.steering->predicted) {
    std::string header = "X-Tradewind-Predicted-" + name;
    for (char& c : header) c = c == '_' ? '-' : c;
    headers.push_back({std::move(header), ShortMillis(value)});
  }
  return headers;
}

bool AnswerJob::BeginStream() {
  if (begun_) return true;
  begun_ = true;
  std::vector<HttpHeader> headers = Headers("text/event-stream; charset=utf-8");
  headers.push_back({"Cache-Control", "no-cache"});
  headers.push_back({"X-Accel-Buffering", "no"});
  return exchange_->Begin({200, std::move(headers), {}}).has_value();
}

void AnswerJob::WritePiece(Choice& choice, AnswerChoice piece, bool last) {
  if (!last && piece.text.empty() && piece.tokens.empty() && piece.tool_calls.empty()) return;
  bool there = BeginStream();
  std::string bytes;
  if (!choice.begun) bytes += writer_->Begin(piece.index, UsageOf(choice));
  choice.begun = true;
  std::optional<AnswerTail> tail;
  if (last) tail = Tail();
  bytes += writer_->Piece(piece, tail ? &*tail : nullptr);
  there = there && exchange_->Write(std::move(bytes));
  if (there) return;
  over_ = true;
  CancelAll();
}

void AnswerJob::EndAll() {
  over_ = true;
  if (options_.admitted) options_.admitted->Finished(drawn_);
  const AnswerTail tail = Tail();
  if (hooks_.ended) {
    const std::string finish(FinishReasonName(choices_.front().outcome->finish));
    hooks_.ended({options_.request_id, options_.model, finish, static_cast<int64_t>(UnixSeconds() * 1e3), tail.usage, tail.steering});
  }
  if (options_.stream) {
    exchange_->Write(writer_->End(tail));
    exchange_->End();
  } else {
    std::vector<AnswerChoice> whole;
    for (Choice& choice : choices_) whole.push_back(std::move(choice.whole));
    std::vector<HttpHeader> headers = Headers("application/json");
    if (tail.steering) {
      for (const auto& [name, value] : tail.steering->got) {
        std::string header = "X-Tradewind-Got-" + name;
        for (char& c : header) c = c == '_' ? '-' : c;
        headers.push_back({std::move(header), ShortMillis(value)});
      }
    }
    (void)exchange_->Send({200, std::move(headers), writer_->Whole(whole, tail)});
  }
}

void AnswerJob::Count(const Choice& choice) {
  const Outcome& o = *choice.outcome;
  const TimePoint first = choice.trace.first_pass.value_or(choice.trace.ended);
  const TimePoint now = RealClock().Now();
  if (hooks_.metrics == nullptr) return;
  hooks_.metrics->Count({.model = options_.model,
                         .finish = std::string(FinishReasonName(o.finish)),
                         .prompt_tokens = o.prompt_tokens,
                         .held_tokens = o.held_tokens,
                         .output_tokens = o.output_tokens,
                         .queued = first - choice.trace.submitted,
                         .prefill = o.prefill,
                         .decode = o.decode,
                         .whole = now - options_.accepted_at,
                         .outside = (choice.trace.submitted - options_.accepted_at) + (now - choice.trace.ended),
                         .ttft = o.ttft,
                         .tpot = o.tpot});
}

AnswerUsage AnswerJob::UsageOf(const Choice& choice) const {
  if (!choice.outcome) return {};
  return {choice.outcome->prompt_tokens, choice.outcome->held_tokens, choice.outcome->output_tokens};
}

AnswerTail AnswerJob::Tail() const {
  AnswerTail tail;
  for (size_t i = 0; i < choices_.size(); ++i) {
    const AnswerUsage usage = UsageOf(choices_[i]);
    tail.usage.completion_tokens += usage.completion_tokens;
    if (i % options_.answers_per_prompt != 0) continue;
    tail.usage.prompt_tokens += usage.prompt_tokens;
    tail.usage.cached_tokens += usage.cached_tokens;
  }
  const std::optional<Outcome>& first = choices_.front().outcome;
  if (!first) return tail;
  tail.timings = TimingsOf(*first);
  tail.steering = options_.steering;
  if (!tail.steering) return tail;
  if (first->ttft) tail.steering->got["ttft_ms"] = first->ttft->ms();
  if (first->tpot) tail.steering->got["tpot_ms"] = first->tpot->ms();
  tail.steering->got["total_ms"] = (RealClock().Now() - options_.accepted_at).ms();
  return tail;
}

}  // namespace tradewind
