// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// LlmSession: one conversation with a loaded language model. A push tokenises and keeps what the cache already holds of the same beginning;
// Next() runs prefill chunks and decode steps until there is an event to give. Budget: the deadline is kept to within a step.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "core/tunable.h"
#include "llm/constraint.h"
#include "llm/dry.h"
#include "llm/forward.h"
#include "llm/kv_cache.h"
#include "llm/language_model.h"
#include "llm/pace.h"
#include "llm/sampler.h"
#include "llm/stop_matcher.h"

namespace tradewind {

class LlmSession final : public Session {
 public:
  LlmSession(LanguageModelInstance& instance, ResolvedOptions resolved, std::vector<AdapterUse> adapters, const SessionOptions& options);
  Result<void> Push(InputEvent event) override;
  Result<OutputEvent> Next() override;
  Result<void> Renew(const SessionOptions& options) override;
  int64_t HeldTokens(std::span<const int32_t> ids) const override;
  void Cancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  const Outcome& outcome() const override { return outcome_; }

 private:
  enum class Phase { kIdle, kPrefill, kDecode };
  void Apply(const SessionOptions& options, std::vector<AdapterUse> adapters);
  Result<void> Step();
  Result<void> PrefillChunk();
  Result<void> DecodeStep();
  Result<void> Shift();
  Result<int32_t> Draw();
  // What DRY must know of the tokens from this one on.
  void MarkBreaks(size_t from);
  Result<void> Evaluate(std::span<const int32_t> tokens, ThreadPool& pool, int64_t logits_begin, const ForwardPass::LogitsSink& sink);
  void EchoRow(size_t prompt_index, const float* logits);
  void Emit(Token token);
  void Finish(FinishReason reason);
  bool OutOfTime(Duration next_step) const;
  Token MakeToken(int32_t id, const float* logits, bool from_prompt) const;
  TimePoint Now() const { return instance_.clock().Now(); }
  std::span<const float> Logits() const { return {logits_.data(), static_cast<size_t>(instance_.model().spec().vocab)}; }

  LanguageModelInstance& instance_;
  ResolvedOptions resolved_;
  Budget budget_;  // its clock starts with each push
  StepController* controller_ = nullptr;
  ForwardPass pass_;
  std::vector<AdapterUse> adapters_;
  KvCache cache_;
  Pace pace_;
  std::atomic<bool> cancelled_{false};

  Phase phase_ = Phase::kIdle;
  std::vector<int32_t> tokens_;  // the sequence so far, prompt and answer
  int64_t evaluated_ = 0;        // how many of them the cache holds
  size_t prompt_begin_ = 0;      // where the last push's tokens begin to be new
  Prompt prompt_;
  Sampler sampler_{Sampling{}};
  std::unique_ptr<GrammarConstraint> constraint_;  // null: any text
  DryBreaks breaks_{{}};                           // of tokens_, where DRY is on
  StopMatcher stop_{{}};
  std::vector<float> logits_;  // of the last evaluated token
  std::deque<OutputEvent> events_;
  Outcome outcome_;
  TimePoint pushed_at_;
  std::optional<TimePoint> first_token_at_;
  TimePoint last_token_at_;
};

}  // namespace tradewind
