// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "api/api.h"
#include "api/model.h"
#include "api/sampling.h"

// `model` outlives `session`: members go in the reverse order.
struct tw_session {
  std::shared_ptr<tradewind::LanguageModelInstance> model;
  std::unique_ptr<tradewind::Session> session;
  tradewind::TimePoint pushed_at;
  std::string text;  // of the last token
};

namespace tradewind::api {
namespace {

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

Result<std::unique_ptr<tw_session>> Start(const tw_model& model, const char* setting_text, const char* budget_text) {
  TW_ASSIGN(const Setting setting, Setting::Parse(TextOf(setting_text), model.instance->knobs()));
  auto out = std::make_unique<tw_session>();
  SessionOptions options{.setting = model.request.With(setting)};
  TW_ASSIGN(options.budget, Budget::Parse(TextOf(budget_text)));
  out->model = model.instance;
  TW_ASSIGN(out->session, model.instance->Start(options));
  return out;
}

Result<void> PushPrompt(tw_session& session, Prompt prompt, const char* sampling) {
  TW_RETURN_IF_ERROR(SetSampling(TextOf(sampling), prompt));
  session.pushed_at = RealClock().Now();
  return session.session->Push({session.pushed_at, std::move(prompt)});
}

tw_finish FinishOf(FinishReason reason) {
  switch (reason) {
    case FinishReason::kStop: return TW_FINISH_STOP;
    case FinishReason::kLength: return TW_FINISH_LENGTH;
    case FinishReason::kDeadline: return TW_FINISH_DEADLINE;
    case FinishReason::kContext: return TW_FINISH_CONTEXT;
    case FinishReason::kCancelled: return TW_FINISH_CANCELLED;
    case FinishReason::kError: return TW_FINISH_ERROR;
  }
  return TW_FINISH_ERROR;
}

Result<tw_event> NextOf(tw_session& session) {
  TW_ASSIGN(OutputEvent event, session.session->Next());
  tw_event out{};
  out.time_ms = (event.time - session.pushed_at).ms();
  session.text.clear();
  if (const End* end = std::get_if<End>(&event.body)) {
    out.kind = TW_END;
    out.finish = FinishOf(end->reason);
  } else if (Token* token = std::get_if<Token>(&event.body)) {
    out.kind = TW_TOKEN;
    out.token = token->id;
    out.logprob = token->logprob ? *token->logprob : std::numeric_limits<float>::quiet_NaN();
    session.text = std::move(token->bytes);
  } else {
    return Fail(StatusCode::kInternal, "a language model gave an event that is neither a token nor an end");
  }
  out.text = session.text.c_str();
  out.text_length = session.text.size();
  return out;
}

double MillisOf(const std::optional<Duration>& time) {
  return time ? time->ms() : kAbsent;
}

}  // namespace
}  // namespace tradewind::api

using tradewind::Prompt;
using tradewind::Result;
using tradewind::api::Given;
using tradewind::api::Guarded;

tw_error* tw_start(tw_model* model, const char* setting, const char* budget, tw_session** out) {
  return Guarded([&]() -> Result<void> {
    TW_RETURN_IF_ERROR(Given(model, "model"));
    TW_RETURN_IF_ERROR(Given(out, "out"));
    TW_ASSIGN(auto started, tradewind::api::Start(*model, setting, budget));
    *out = started.release();
    return {};
  });
}

void tw_session_free(tw_session* session) {
  delete session;
}

tw_error* tw_push(tw_session* session, const tw_message* messages, size_t count, const char* sampling) {
  return Guarded([&]() -> Result<void> {
    TW_RETURN_IF_ERROR(Given(session, "session"));
    TW_RETURN_IF_ERROR(Given(count > 0 ? messages : nullptr, "messages"));
    Prompt prompt;
    for (size_t i = 0; i < count; ++i) {
      TW_RETURN_IF_ERROR(Given(messages[i].role, "role"));
      TW_RETURN_IF_ERROR(Given(messages[i].content, "content"));
      prompt.messages.push_back({messages[i].role, messages[i].content});
    }
    return tradewind::api::PushPrompt(*session, std::move(prompt), sampling);
  });
}

tw_error* tw_push_text(tw_session* session, const char* text, size_t length, const char* sampling) {
  return Guarded([&]() -> Result<void> {
    TW_RETURN_IF_ERROR(Given(session, "session"));
    TW_RETURN_IF_ERROR(Given(text, "text"));
    Prompt prompt;
    prompt.raw = std::string(text, length);
    return tradewind::api::PushPrompt(*session, std::move(prompt), sampling);
  });
}

tw_error* tw_next(tw_session* session, tw_event* out) {
  return Guarded([&]() -> Result<void> {
    TW_RETURN_IF_ERROR(Given(session, "session"));
    TW_RETURN_IF_ERROR(Given(out, "out"));
    TW_ASSIGN(*out, tradewind::api::NextOf(*session));
    return {};
  });
}

void tw_cancel(tw_session* session) {
  if (session != nullptr) session->session->Cancel();
}

void tw_session_outcome(const tw_session* session, tw_outcome* out) {
  if (session == nullptr || out == nullptr) return;
  const tradewind::Outcome& o = session->session->outcome();
  using tradewind::api::MillisOf;
  *out = {o.prompt_tokens, o.output_tokens, o.prefill.ms(), o.decode.ms(), MillisOf(o.ttft), MillisOf(o.tpot)};
}
