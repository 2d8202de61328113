// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// LlmSession: one conversation with a loaded language model. A push tokenises and keeps what the cache already holds of the same beginning;
// Next() runs prefill chunks and decode steps until there is an event to give. Budget: the deadline is kept to within a step.
#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "core/tunable.h"
#include "llm/forward.h"
#include "llm/generation.h"
#include "llm/kv_cache.h"
#include "llm/language_model.h"
#include "llm/pace.h"

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
  Result<void> Evaluate(std::span<const int32_t> tokens, ThreadPool& pool, int64_t logits_begin, const ForwardPass::LogitsSink& sink);
  void Finish();
  void Finish(FinishReason reason);
  bool OutOfTime(Duration next_step) const;
  size_t HeldOf(std::span<const int32_t> ids) const;
  bool Answering() const { return phase_ != Phase::kIdle || (answer_ && answer_->HasEvents()); }
  TimePoint Now() const { return instance_.clock().Now(); }

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
  std::optional<Generation> answer_;  // the last push's, with the sequence so far; absent before the first
  int64_t evaluated_ = 0;             // how many of its tokens the cache holds
  std::vector<float> logits_;         // of the last evaluated token
  Outcome outcome_;
  TimePoint pushed_at_;
};

}  // namespace tradewind
