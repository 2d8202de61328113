// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// BatchEngine: answers many prompts of one loaded model at a time. A thread of its own owns the keys and values, the passes and the
// scheduler (sched/scheduler.h), which says what each pass holds; what comes of a pass is handed to listeners on that thread. A greedy
// answer is the same whatever else runs beside it (docs/numerics.md). Owns all but the instance, which must outlive it. Submit, Cancel and
// what is asked of it are thread-safe.
//
//   TW_ASSIGN(auto engine, BatchEngine::Start(instance, {.running = 32}));
//   TW_ASSIGN(BatchRequest request, engine->Prepare(std::move(prompt), setting));
//   TW_ASSIGN(SequenceId id, engine->Submit(std::move(request), [](BatchEvents events) { ... }));
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/fair_turn.h"
#include "core/budget.h"
#include "core/event.h"
#include "core/outcome.h"
#include "llm/generation.h"
#include "llm/language_model.h"
#include "sched/scheduler.h"
#include "sched/step_cost.h"

namespace tradewind {

struct BatchOptions {
  int64_t running = 64;       // sequences at once
  int64_t step_tokens = 512;  // of one pass
  uint64_t kv_bytes = 0;      // of keys and values, all sequences and what is kept for later; 0: as many whole contexts as `running`
  FairTurn* turn = nullptr;   // shared by engines that share the cores: one pass at a time; borrowed, null for an engine alone
};

// An answer that is yet to be computed: Prepare made it, on any thread.
struct BatchRequest {
  Generation answer;
  ResolvedOptions resolved;
  std::vector<AdapterUse> adapters;
  Budget budget{};           // its clock starts at accepted_at
  std::string tenant{};      // who is served (sched/request.h)
  bool share_prefix = true;  // with the tenant's other requests
  int priority = 0;
};

// When an answer was where.
struct BatchTrace {
  TimePoint submitted;
  std::optional<TimePoint> first_pass;
  TimePoint ended;
};

// What came of a pass. With the last of an answer come its outcome and trace; or, where it failed, only the error.
struct BatchEvents {
  std::vector<OutputEvent> events{};
  std::optional<Outcome> outcome{};
  BatchTrace trace{};
  std::optional<Status> error{};
  bool last() const { return outcome || error; }
};
// Called by the engine's thread: must not block.
using BatchListener = std::function<void(BatchEvents)>;

struct BatchLoad {
  SchedulerLoad scheduler;
  int64_t arriving = 0;  // submitted, not seen by the engine yet
  int64_t pages = 0;
  int64_t page_bytes = 0;
  int64_t resident_pages = 0;
  int64_t passes = 0;  // ever
  Duration busy;       // in passes, ever
};

class BatchEngine {
 public:
  // kUnsupported for an encoder; kInvalidInput if kv_bytes are less than one context needs.
  static Result<std::unique_ptr<BatchEngine>> Start(LanguageModelInstance& instance, const BatchOptions& options);
  // What has not ended ends as cancelled.
  ~BatchEngine();

  // Checks, tokenises, compiles the grammar. `setting` holds request knobs. kInvalidInput: an empty prompt, one that fills the context.
  Result<BatchRequest> Prepare(Prompt prompt, const Setting& setting) const;
  // kUnavailable once the engine drains.
  Result<SequenceId> Submit(BatchRequest request, BatchListener listener);
  // The answer ends as cancelled within a pass, unless it has ended.
  void Cancel(SequenceId id);
  // All answers end as cancelled within a pass.
  void CancelAll();
  // Takes no more; what runs goes on.
  void Drain();

  BatchLoad load() const;
  StepCost cost() const;
  int64_t context() const;
  SchedulerOptions scheduler_options() const;
  LanguageModelInstance& instance() { return instance_; }

 private:
  struct Sequence;
  struct State;
  BatchEngine(LanguageModelInstance& instance, const BatchOptions& options, int64_t pages);
  void Loop();
  bool TakeInbox();
  void Add(std::unique_ptr<Sequence> sequence);
  void EndByScheduler(const EndedSequence& ended);
  void RunStep(const SchedulerStep& step);
  Result<void> Place(const SchedulerStep& step);
  void Evaluate(const SchedulerStep& step);
  void Draw(const StepChunk& chunk, Sequence& sequence, int64_t token, const float* logits);
  std::vector<DrawnToken> Collect(const SchedulerStep& step);
  void FailStep(const SchedulerStep& step, const Status& status);
  void Deliver(SequenceId id);
  void Publish();
  TimePoint Now() const { return instance_.clock().Now(); }

  LanguageModelInstance& instance_;
  BatchOptions options_;
  std::unique_ptr<State> state_;
};

}  // namespace tradewind
