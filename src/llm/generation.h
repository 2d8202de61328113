// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Generation: one answer from its prompt's tokens to its end: what is drawn from logits, what of it is shown, and when it ends. It knows
// neither caches nor passes: whoever runs the model (LlmSession, BatchEngine) hands it the logits. One thread at a time; the instance must
// outlive it.
//
//   TW_ASSIGN(Generation answer, Generation::Begin(instance, std::move(prompt), std::move(ids), max_tokens));
//   while (!answer.ended()) { ... logits after answer.tokens().back() ...; TW_RETURN_IF_ERROR(answer.Draw(logits, now)); }
//   while (std::optional<OutputEvent> event = answer.Pop()) ...
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/event.h"
#include "core/outcome.h"
#include "llm/constraint.h"
#include "llm/dry.h"
#include "llm/sampler.h"
#include "llm/stop_matcher.h"

namespace tradewind {

class LanguageModelInstance;

class Generation {
 public:
  // Checks the prompt's options and makes its grammar. `ids`: the prompt's tokens, at least one. kInvalidInput, kUnsupported.
  static Result<Generation> Begin(const LanguageModelInstance& instance, Prompt prompt, std::vector<int32_t> ids, int64_t max_tokens);

  const Prompt& prompt() const { return prompt_; }
  // Prompt and answer so far.
  std::span<const int32_t> tokens() const { return tokens_; }
  int64_t output_tokens() const { return output_tokens_; }
  bool ended() const { return finish_.has_value(); }
  FinishReason finish() const { return finish_.value_or(FinishReason::kError); }

  // Of an echoed prompt: its first token; then, by the logits after prompt token `index`, the one that follows it.
  void EchoFirst(TimePoint now);
  void Echo(size_t index, std::span<const float> logits, TimePoint now);
  // Draws the token that follows tokens().back(), by the logits after that one; the answer may end with it.
  Result<void> Draw(std::span<const float> logits, TimePoint now);
  // Ends the answer; what was held back is shown.
  void End(FinishReason reason, TimePoint now);
  // Forgets `count` tokens from place `from` on: they are no longer part of what the model reads.
  void Drop(size_t from, size_t count);

  // The next event; none until more is drawn.
  std::optional<OutputEvent> Pop();
  bool HasEvents() const { return !events_.empty(); }
  void ClearEvents() { events_.clear(); }
  // The drawn tokens' part of an outcome: how many, when, how it ended.
  void FillOutcome(TimePoint pushed_at, Outcome& outcome) const;
  // The id and log-probability of the token that Draw took last.
  const Token& last() const { return last_; }

 private:
  Generation(const LanguageModelInstance& instance, Prompt prompt, std::vector<int32_t> ids, int64_t max_tokens);
  Result<int32_t> DrawId(std::span<const float> logits);
  Token MakeToken(int32_t id, std::span<const float> logits, bool from_prompt) const;
  void MarkBreaks(size_t from);
  void Emit(Token token, TimePoint now) { events_.push_back({now, std::move(token)}); }

  const LanguageModelInstance* instance_;
  Prompt prompt_;
  std::vector<int32_t> tokens_;
  int64_t max_tokens_;
  int64_t output_tokens_ = 0;
  std::optional<FinishReason> finish_;
  Sampler sampler_;
  std::unique_ptr<GrammarConstraint> constraint_;  // null: any text
  DryBreaks breaks_{{}};                           // of tokens_, where DRY is on
  StopMatcher stop_;
  std::deque<OutputEvent> events_;
  Token last_;
  std::optional<TimePoint> first_token_at_;
  TimePoint last_token_at_;
};

}  // namespace tradewind
