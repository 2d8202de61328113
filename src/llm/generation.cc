// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/generation.h"

#include <cmath>
#include <string>

#include "llm/language_model.h"

namespace tradewind {
namespace {

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

Generation::Generation(const LanguageModelInstance& instance, Prompt prompt, std::vector<int32_t> ids, int64_t max_tokens)
    : instance_(&instance),
      prompt_(std::move(prompt)),
      tokens_(std::move(ids)),
      max_tokens_(max_tokens),
      sampler_(prompt_.sampling),
      stop_(prompt_.stop) {}

Result<Generation> Generation::Begin(const LanguageModelInstance& instance, Prompt prompt, std::vector<int32_t> ids, int64_t max_tokens) {
  TW_RETURN_IF_ERROR(CheckBias(prompt.sampling, instance.model().spec().vocab));
  Generation made(instance, std::move(prompt), std::move(ids), max_tokens);
  if (!made.prompt_.grammar.empty()) {
    TW_ASSIGN(made.constraint_, GrammarConstraint::Make(made.prompt_.grammar, instance.tokenizer(), instance.token_trie()));
  }
  made.MarkBreaks(0);
  return made;
}

void Generation::EchoFirst(TimePoint now) {
  Emit(Token{.id = tokens_[0], .bytes = instance_->tokenizer().Decode(tokens_[0], true), .logprob = {}, .top = {}, .from_prompt = true},
       now);
}

// The logits after prompt token `index` judge the token that follows it.
void Generation::Echo(size_t index, std::span<const float> logits, TimePoint now) {
  if (index + 1 < tokens_.size()) Emit(MakeToken(tokens_[index + 1], logits, true), now);
}

Result<void> Generation::Draw(std::span<const float> logits, TimePoint now) {
  TW_ASSIGN(const int32_t id, DrawId(logits));
  if (instance_->tokenizer().IsEndOfGeneration(id)) {
    End(FinishReason::kStop, now);
    return {};
  }
  last_token_at_ = now;
  if (!first_token_at_) first_token_at_ = now;
  last_ = MakeToken(id, logits, false);
  tokens_.push_back(id);
  MarkBreaks(tokens_.size() - 1);
  bool must_end = false;
  if (constraint_ != nullptr) {
    TW_RETURN_IF_ERROR(constraint_->Accept(id));
    TW_ASSIGN(must_end, constraint_->MustEnd());
  }
  ++output_tokens_;
  stop_.Add(last_);
  while (std::optional<Token> ready = stop_.Pop()) Emit(std::move(*ready), now);
  if (stop_.Matched() || must_end) {  // an end token would come next: no need to wait for it
    End(FinishReason::kStop, now);
  } else if (output_tokens_ >= max_tokens_) {
    End(FinishReason::kLength, now);
  }
  return {};
}

Result<int32_t> Generation::DrawId(std::span<const float> logits) {
  DrawContext context{.tokens = tokens_, .breaks = breaks_.marks()};
  if (constraint_ != nullptr) {
    TW_ASSIGN(context.allowed, constraint_->Allowed());
  }
  const int32_t id = sampler_.Draw(logits, context);
  if (id >= 0) return id;
  return Fail(Status(StatusCode::kInvalidInput, "no token may be drawn: the logit bias forbids all that are allowed").At("--logit-bias"));
}

void Generation::End(FinishReason reason, TimePoint now) {
  stop_.Finish();
  while (std::optional<Token> ready = stop_.Pop()) Emit(std::move(*ready), now);
  finish_ = reason;
  events_.push_back({now, tradewind::End{reason}});
}

void Generation::Drop(size_t from, size_t count) {
  const auto begin = tokens_.begin() + static_cast<std::ptrdiff_t>(from);
  tokens_.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
  MarkBreaks(0);
}

std::optional<OutputEvent> Generation::Pop() {
  if (events_.empty()) return std::nullopt;
  OutputEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void Generation::FillOutcome(TimePoint pushed_at, Outcome& outcome) const {
  outcome.output_tokens = output_tokens_;
  outcome.finish = finish();
  if (!first_token_at_) return;
  outcome.ttft = *first_token_at_ - pushed_at;
  outcome.decode = last_token_at_ - *first_token_at_;
  if (output_tokens_ > 1) outcome.tpot = Duration{outcome.decode.ns / (output_tokens_ - 1)};
}

void Generation::MarkBreaks(size_t from) {
  if (from == 0) breaks_ = DryBreaks(prompt_.sampling.dry_breakers);
  if (prompt_.sampling.dry_multiplier == 0) return;
  for (size_t i = from; i < tokens_.size(); ++i) breaks_.Add(instance_->tokenizer().Decode(tokens_[i], true));
}

Token Generation::MakeToken(int32_t id, std::span<const float> logits, bool from_prompt) const {
  const KernelTable& k = instance_->kernels();
  const auto vocab = static_cast<int64_t>(logits.size());
  const float max = k.max(logits.data(), vocab);
  const double log_sum = static_cast<double>(max) + std::log(k.sum_exp(logits.data(), max, vocab));
  auto logprob = [&](int32_t t) { return static_cast<float>(static_cast<double>(logits[static_cast<size_t>(t)]) - log_sum); };
  Token token{
      .id = id, .bytes = instance_->tokenizer().Decode(id, from_prompt), .logprob = logprob(id), .top = {}, .from_prompt = from_prompt};
  if (prompt_.top_logprobs > 0) {
    for (const int32_t t : TopIds(logits, prompt_.top_logprobs)) token.top.push_back({t, logprob(t)});
  }
  return token;
}

}  // namespace tradewind
