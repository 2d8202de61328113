// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/session.h"

#include <algorithm>

namespace tradewind {
namespace {

// Whether keys and values made under one of the settings are those of the other: how much may be generated changes none.
bool SameKeysAndValues(Setting a, Setting b) {
  a.Erase("max_tokens");
  b.Erase("max_tokens");
  return a == b;
}

}  // namespace

LlmSession::LlmSession(LanguageModelInstance& instance, ResolvedOptions resolved, std::vector<AdapterUse> adapters,
                       const SessionOptions& options)
    : instance_(instance),
      resolved_(std::move(resolved)),
      pass_(instance.model(), instance.kernels(), std::min(resolved_.options.ubatch, resolved_.options.context)),
      cache_(instance.model().spec(), resolved_.options.key_type, resolved_.options.value_type, resolved_.options.context),
      logits_(static_cast<size_t>(instance.model().spec().vocab)) {
  Apply(options, std::move(adapters));
}

void LlmSession::Apply(const SessionOptions& options, std::vector<AdapterUse> adapters) {
  budget_ = options.budget;
  controller_ = options.controller;
  pass_.SetBlocks(BlocksToRun(static_cast<int64_t>(instance_.model().spec().blocks.size()), resolved_.options.layers));
  pass_.SetWindow(resolved_.options.attention_window);
  adapters_ = std::move(adapters);
  pass_.SetTap(options.tap);
  if (options.prompt_token_time) pace_.Expect(*options.prompt_token_time);
}

Result<void> LlmSession::Renew(const SessionOptions& options) {
  if (Answering()) {
    return Fail(StatusCode::kInvalidInput, "the session is still answering; take its events up to the end before renewing it");
  }
  TW_ASSIGN(ResolvedOptions resolved, instance_.Resolve(options.setting));
  TW_ASSIGN(std::vector<AdapterUse> adapters, instance_.Adapters(resolved.options.lora_scales));
  if (!SameKeysAndValues(resolved.setting, resolved_.setting)) evaluated_ = 0;
  resolved_ = std::move(resolved);
  Apply(options, std::move(adapters));
  return {};
}

int64_t LlmSession::HeldTokens(std::span<const int32_t> ids) const {
  return static_cast<int64_t>(HeldOf(ids));
}

// At least one token is evaluated anew, for its logits.
size_t LlmSession::HeldOf(std::span<const int32_t> ids) const {
  if (ids.empty() || !answer_) return 0;
  const size_t most = std::min(static_cast<size_t>(evaluated_), ids.size() - 1);
  size_t held = 0;
  while (held < most && answer_->tokens()[held] == ids[held]) ++held;
  return held;
}

Result<void> LlmSession::Push(InputEvent event) {
  if (Answering()) {
    return Fail(StatusCode::kInvalidInput, "the session is still answering; take its events up to the end before pushing again");
  }
  auto* prompt = std::get_if<Prompt>(&event.body);
  if (prompt == nullptr) return Fail(StatusCode::kUnsupported, "a language model answers prompts; this event is none");
  cancelled_ = false;
  TW_ASSIGN(std::vector<int32_t> ids, instance_.Tokenize(*prompt));
  if (ids.empty()) return Fail(Status(StatusCode::kInvalidInput, "the prompt is empty; give some text").At("prompt"));
  if (static_cast<int64_t>(ids.size()) > resolved_.options.context) {
    return Fail(Status(StatusCode::kInvalidInput, "the prompt has " + std::to_string(ids.size()) + " tokens and the context holds " +
                                                      std::to_string(resolved_.options.context) + "; shorten it or raise -c")
                    .At("prompt"));
  }
  // What the cache holds of the same beginning stays; echo needs all logits.
  const int64_t held = prompt->echo ? 0 : HeldTokens(ids);
  TW_ASSIGN(answer_, Generation::Begin(instance_, std::move(*prompt), std::move(ids), resolved_.options.max_tokens));
  evaluated_ = cache_.Resume(held);
  outcome_ = Outcome();
  outcome_.setting = resolved_.setting;
  outcome_.prompt_tokens = static_cast<int64_t>(answer_->tokens().size());
  outcome_.held_tokens = evaluated_;
  pushed_at_ = budget_.accepted_at = event.time;
  phase_ = Phase::kPrefill;
  if (answer_->prompt().echo) answer_->EchoFirst(Now());
  return {};
}

Result<OutputEvent> LlmSession::Next() {
  while (!answer_ || !answer_->HasEvents()) {
    if (phase_ == Phase::kIdle) return Fail(StatusCode::kInvalidInput, "the session has nothing to answer; push a prompt first");
    TW_RETURN_IF_ERROR(Step());
  }
  return *answer_->Pop();
}

Result<void> LlmSession::Step() {
  if (cancelled_.load(std::memory_order_relaxed)) {
    Finish(FinishReason::kCancelled);
    return {};
  }
  const Result<void> done = phase_ == Phase::kPrefill ? PrefillChunk() : DecodeStep();
  if (!done) {
    phase_ = Phase::kIdle;
    answer_->ClearEvents();  // of the step that failed
  }
  return done;
}

bool LlmSession::OutOfTime(Duration next_step) const {
  const std::optional<TimePoint> deadline = budget_.DeadlineAt();
  return deadline && Now() + next_step >= *deadline;
}

Result<void> LlmSession::Evaluate(std::span<const int32_t> tokens, ThreadPool& pool, int64_t logits_begin,
                                  const ForwardPass::LogitsSink& sink) {
  const std::lock_guard<std::mutex> turn(instance_.turn());
  pass_.Run({.tokens = tokens, .start = evaluated_, .cache = &cache_, .adapters = adapters_, .logits_begin = logits_begin}, pool, sink);
  TW_RETURN_IF_ERROR(instance_.model().CheckWhole());
  evaluated_ += static_cast<int64_t>(tokens.size());
  return {};
}

Result<void> LlmSession::PrefillChunk() {
  const std::span<const int32_t> tokens = answer_->tokens();
  const auto total = static_cast<int64_t>(tokens.size());
  const int64_t left = total - evaluated_;
  const int64_t most = std::min(left, pass_.max_chunk());
  const int64_t count = budget_.deadline ? pace_.ChunkTokens(most, *budget_.DeadlineAt() - Now()) : most;
  if (OutOfTime(pace_.ChunkTime(count))) {
    Finish(FinishReason::kDeadline);
    return {};
  }
  TW_RETURN_IF_ERROR(cache_.Reserve(evaluated_ + count));
  const TimePoint start = Now();
  const int64_t first = evaluated_;
  const bool last = count == left;
  const bool echo = answer_->prompt().echo;
  const int64_t wanted = echo ? 0 : last ? count - 1 : count;
  const auto take = [&](size_t, int64_t token, const float* logits) {
    if (echo) answer_->Echo(static_cast<size_t>(first + token), {logits, logits_.size()}, Now());
    if (first + token + 1 == total) std::copy_n(logits, logits_.size(), logits_.begin());
  };
  TW_RETURN_IF_ERROR(
      Evaluate(tokens.subspan(static_cast<size_t>(first), static_cast<size_t>(count)), instance_.batch_pool(), wanted, take));
  const Duration took = Now() - start;
  pace_.ObserveChunk(count, took);
  outcome_.prefill = outcome_.prefill + took;
  if (last) {
    phase_ = Phase::kDecode;
    if (resolved_.options.max_tokens == 0) Finish(FinishReason::kLength);
  }
  return {};
}

// One token: drawn from the logits at hand, which are first brought up to date with the token before it.
Result<void> LlmSession::DecodeStep() {
  const bool evaluate = evaluated_ < static_cast<int64_t>(answer_->tokens().size());
  if (OutOfTime(evaluate ? pace_.StepTime() : Duration{})) {
    Finish(FinishReason::kDeadline);
    return {};
  }
  if (evaluate) {
    if (evaluated_ >= cache_.context()) {
      if (!answer_->prompt().shift) {
        Finish(FinishReason::kContext);
        return {};
      }
      return Shift();
    }
    TW_RETURN_IF_ERROR(cache_.Reserve(evaluated_ + 1));
    const TimePoint start = Now();
    const auto take = [&](size_t, int64_t, const float* logits) { std::copy_n(logits, logits_.size(), logits_.begin()); };
    TW_RETURN_IF_ERROR(Evaluate(answer_->tokens().last(1), instance_.decode_pool(), 0, take));
    pace_.ObserveStep(Now() - start);
  }
  const int64_t before = answer_->output_tokens();
  TW_RETURN_IF_ERROR(answer_->Draw(logits_, Now()));
  if (controller_ != nullptr && answer_->output_tokens() > before) {
    const auto blocks = static_cast<int>(instance_.model().spec().blocks.size());
    controller_->Observe({evaluated_ - 1, 0, blocks}, answer_->last().id, *answer_->last().logprob);
  }
  if (answer_->ended()) Finish();
  return {};
}

// Drops the older half of a full context, but for a leading BOS, and reads what is left again.
Result<void> LlmSession::Shift() {
  const auto bos = instance_.tokenizer().bos();
  const size_t size = answer_->tokens().size();
  const size_t keep = bos && size > 0 && answer_->tokens()[0] == *bos ? 1 : 0;
  answer_->Drop(keep, std::max<size_t>(1, (size - keep) / 2));
  evaluated_ = 0;
  const std::span<const int32_t> tokens = answer_->tokens();
  while (static_cast<int64_t>(tokens.size()) - evaluated_ > 1) {
    const int64_t count = std::min(static_cast<int64_t>(tokens.size()) - 1 - evaluated_, pass_.max_chunk());
    TW_RETURN_IF_ERROR(
        Evaluate(tokens.subspan(static_cast<size_t>(evaluated_), static_cast<size_t>(count)), instance_.batch_pool(), count, nullptr));
  }
  return {};
}

void LlmSession::Finish(FinishReason reason) {
  answer_->End(reason, Now());
  Finish();
}

void LlmSession::Finish() {
  phase_ = Phase::kIdle;
  answer_->FillOutcome(pushed_at_, outcome_);
}

}  // namespace tradewind
