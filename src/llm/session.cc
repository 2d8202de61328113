// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/session.h"

#include <algorithm>
#include <cmath>

namespace tradewind {
namespace {

// Whether keys and values made under one of the settings are those of the other: how much may be generated changes none.
bool SameKeysAndValues(Setting a, Setting b) {
  a.Erase("max_tokens");
  b.Erase("max_tokens");
  return a == b;
}

Result<void> CheckBias(const Sampling& sampling, int64_t vocab) {
  for (const LogitBias& b : sampling.logit_bias) {
    if (b.id >= 0 && b.id < vocab) continue;
    return Fail(
        Status(StatusCode::kInvalidInput, "the token id " + std::to_string(b.id) + " is outside the vocabulary of " + std::to_string(vocab))
            .At("--logit-bias"));
  }
  return {};
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
  if (phase_ != Phase::kIdle || !events_.empty()) {
    return Fail(StatusCode::kInvalidInput, "the session is still answering; take its events up to the end before renewing it");
  }
  TW_ASSIGN(ResolvedOptions resolved, instance_.Resolve(options.setting));
  TW_ASSIGN(std::vector<AdapterUse> adapters, instance_.Adapters(resolved.options.lora_scales));
  if (!SameKeysAndValues(resolved.setting, resolved_.setting)) evaluated_ = 0;
  resolved_ = std::move(resolved);
  Apply(options, std::move(adapters));
  return {};
}

// At least one token is evaluated anew, for its logits.
int64_t LlmSession::HeldTokens(std::span<const int32_t> ids) const {
  if (ids.empty()) return 0;
  const size_t most = std::min(static_cast<size_t>(evaluated_), ids.size() - 1);
  size_t held = 0;
  while (held < most && tokens_[held] == ids[held]) ++held;
  return static_cast<int64_t>(held);
}

Result<void> LlmSession::Push(InputEvent event) {
  if (phase_ != Phase::kIdle || !events_.empty()) {
    return Fail(StatusCode::kInvalidInput, "the session is still answering; take its events up to the end before pushing again");
  }
  auto* prompt = std::get_if<Prompt>(&event.body);
  if (prompt == nullptr) return Fail(StatusCode::kUnsupported, "a language model answers prompts; this event is none");
  cancelled_ = false;
  prompt_ = std::move(*prompt);
  TW_ASSIGN(std::vector<int32_t> ids, instance_.Tokenize(prompt_));
  if (ids.empty()) return Fail(Status(StatusCode::kInvalidInput, "the prompt is empty; give some text").At("prompt"));
  if (static_cast<int64_t>(ids.size()) > resolved_.options.context) {
    return Fail(Status(StatusCode::kInvalidInput, "the prompt has " + std::to_string(ids.size()) + " tokens and the context holds " +
                                                      std::to_string(resolved_.options.context) + "; shorten it or raise -c")
                    .At("prompt"));
  }
  TW_RETURN_IF_ERROR(CheckBias(prompt_.sampling, instance_.model().spec().vocab));
  constraint_ = nullptr;
  if (!prompt_.grammar.empty()) {
    TW_ASSIGN(constraint_, GrammarConstraint::Make(prompt_.grammar, instance_.tokenizer(), instance_.token_trie()));
  }
  // What the cache holds of the same beginning stays; echo needs all logits.
  evaluated_ = cache_.Resume(prompt_.echo ? 0 : HeldTokens(ids));
  tokens_ = std::move(ids);
  sampler_ = Sampler(prompt_.sampling);
  stop_ = StopMatcher(prompt_.stop);
  MarkBreaks(0);
  outcome_ = Outcome();
  outcome_.setting = resolved_.setting;
  outcome_.prompt_tokens = static_cast<int64_t>(tokens_.size());
  outcome_.held_tokens = evaluated_;
  pushed_at_ = budget_.accepted_at = event.time;
  first_token_at_.reset();
  phase_ = Phase::kPrefill;
  if (prompt_.echo)
    Emit(Token{.id = tokens_[0], .bytes = instance_.tokenizer().Decode(tokens_[0], true), .logprob = {}, .top = {}, .from_prompt = true});
  return {};
}

Result<OutputEvent> LlmSession::Next() {
  while (events_.empty()) {
    if (phase_ == Phase::kIdle) return Fail(StatusCode::kInvalidInput, "the session has nothing to answer; push a prompt first");
    TW_RETURN_IF_ERROR(Step());
  }
  OutputEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

Result<void> LlmSession::Step() {
  if (cancelled_.load(std::memory_order_relaxed)) {
    Finish(FinishReason::kCancelled);
    return {};
  }
  const Result<void> done = phase_ == Phase::kPrefill ? PrefillChunk() : DecodeStep();
  if (!done) {
    phase_ = Phase::kIdle;
    events_.clear();  // of the step that failed
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
  const auto total = static_cast<int64_t>(tokens_.size());
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
  const int64_t wanted = prompt_.echo ? 0 : last ? count - 1 : count;
  const auto take = [&](size_t, int64_t token, const float* logits) {
    if (prompt_.echo) EchoRow(static_cast<size_t>(first + token), logits);
    if (first + token + 1 == total) std::copy_n(logits, logits_.size(), logits_.begin());
  };
  TW_RETURN_IF_ERROR(Evaluate({tokens_.data() + first, static_cast<size_t>(count)}, instance_.batch_pool(), wanted, take));
  const Duration took = Now() - start;
  pace_.ObserveChunk(count, took);
  outcome_.prefill = outcome_.prefill + took;
  if (last) {
    phase_ = Phase::kDecode;
    if (resolved_.options.max_tokens == 0) Finish(FinishReason::kLength);
  }
  return {};
}

// The logits after prompt token `index` judge the token that follows it.
void LlmSession::EchoRow(size_t index, const float* logits) {
  if (index + 1 < tokens_.size()) Emit(MakeToken(tokens_[index + 1], logits, true));
}

// One token: drawn from the logits at hand, which are first brought up to date with the token before it.
Result<void> LlmSession::DecodeStep() {
  const bool evaluate = evaluated_ < static_cast<int64_t>(tokens_.size());
  if (OutOfTime(evaluate ? pace_.StepTime() : Duration{})) {
    Finish(FinishReason::kDeadline);
    return {};
  }
  if (evaluate) {
    if (evaluated_ >= cache_.context()) {
      if (!prompt_.shift) {
        Finish(FinishReason::kContext);
        return {};
      }
      return Shift();
    }
    TW_RETURN_IF_ERROR(cache_.Reserve(evaluated_ + 1));
    const TimePoint start = Now();
    const auto take = [&](size_t, int64_t, const float* logits) { std::copy_n(logits, logits_.size(), logits_.begin()); };
    TW_RETURN_IF_ERROR(Evaluate({&tokens_.back(), 1}, instance_.decode_pool(), 0, take));
    pace_.ObserveStep(Now() - start);
  }
  TW_ASSIGN(const int32_t id, Draw());
  if (instance_.tokenizer().IsEndOfGeneration(id)) {
    Finish(FinishReason::kStop);
    return {};
  }
  last_token_at_ = Now();
  if (!first_token_at_) first_token_at_ = last_token_at_;
  Token token = MakeToken(id, logits_.data(), false);
  if (controller_ != nullptr)
    controller_->Observe({evaluated_ - 1, 0, static_cast<int>(instance_.model().spec().blocks.size())}, id, *token.logprob);
  tokens_.push_back(id);
  MarkBreaks(tokens_.size() - 1);
  bool must_end = false;
  if (constraint_ != nullptr) {
    TW_RETURN_IF_ERROR(constraint_->Accept(id));
    TW_ASSIGN(must_end, constraint_->MustEnd());
  }
  ++outcome_.output_tokens;
  stop_.Add(std::move(token));
  while (std::optional<Token> ready = stop_.Pop()) Emit(std::move(*ready));
  if (stop_.Matched() || must_end) {  // an end token would come next: no need to wait for it
    Finish(FinishReason::kStop);
  } else if (outcome_.output_tokens >= resolved_.options.max_tokens) {
    Finish(FinishReason::kLength);
  }
  return {};
}

Result<int32_t> LlmSession::Draw() {
  DrawContext context{.tokens = tokens_, .breaks = breaks_.marks()};
  if (constraint_ != nullptr) {
    TW_ASSIGN(context.allowed, constraint_->Allowed());
  }
  const int32_t id = sampler_.Draw(Logits(), context);
  if (id >= 0) return id;
  return Fail(Status(StatusCode::kInvalidInput, "no token may be drawn: the logit bias forbids all that are allowed").At("--logit-bias"));
}

void LlmSession::MarkBreaks(size_t from) {
  if (from == 0) breaks_ = DryBreaks(prompt_.sampling.dry_breakers);
  if (prompt_.sampling.dry_multiplier == 0) return;
  for (size_t i = from; i < tokens_.size(); ++i) breaks_.Add(instance_.tokenizer().Decode(tokens_[i], true));
}

// Drops the older half of a full context, but for a leading BOS, and reads what is left again.
Result<void> LlmSession::Shift() {
  const auto bos = instance_.tokenizer().bos();
  const size_t keep = bos && !tokens_.empty() && tokens_[0] == *bos ? 1 : 0;
  const size_t drop = std::max<size_t>(1, (tokens_.size() - keep) / 2);
  tokens_.erase(tokens_.begin() + static_cast<std::ptrdiff_t>(keep), tokens_.begin() + static_cast<std::ptrdiff_t>(keep + drop));
  evaluated_ = 0;
  MarkBreaks(0);
  while (static_cast<int64_t>(tokens_.size()) - evaluated_ > 1) {
    const int64_t count = std::min(static_cast<int64_t>(tokens_.size()) - 1 - evaluated_, pass_.max_chunk());
    TW_RETURN_IF_ERROR(Evaluate({tokens_.data() + evaluated_, static_cast<size_t>(count)}, instance_.batch_pool(), count, nullptr));
  }
  return {};
}

Token LlmSession::MakeToken(int32_t id, const float* logits, bool from_prompt) const {
  const KernelTable& k = instance_.kernels();
  const int64_t vocab = instance_.model().spec().vocab;
  const float max = k.max(logits, vocab);
  const double log_sum = static_cast<double>(max) + std::log(k.sum_exp(logits, max, vocab));
  auto logprob = [&](int32_t t) { return static_cast<float>(static_cast<double>(logits[t]) - log_sum); };
  Token token{
      .id = id, .bytes = instance_.tokenizer().Decode(id, from_prompt), .logprob = logprob(id), .top = {}, .from_prompt = from_prompt};
  if (prompt_.top_logprobs > 0) {
    for (const int32_t t : TopIds({logits, static_cast<size_t>(vocab)}, prompt_.top_logprobs)) token.top.push_back({t, logprob(t)});
  }
  return token;
}

void LlmSession::Emit(Token token) {
  events_.push_back({Now(), std::move(token)});
}

void LlmSession::Finish(FinishReason reason) {
  stop_.Finish();
  while (std::optional<Token> ready = stop_.Pop()) Emit(std::move(*ready));
  phase_ = Phase::kIdle;
  outcome_.finish = reason;
  if (first_token_at_) {
    outcome_.ttft = *first_token_at_ - pushed_at_;
    outcome_.decode = last_token_at_ - *first_token_at_;
    if (outcome_.output_tokens > 1) outcome_.tpot = Duration{outcome_.decode.ns / (outcome_.output_tokens - 1)};
  }
  events_.push_back({Now(), End{reason}});
}

}  // namespace tradewind
