// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/batch_engine.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "llm/forward.h"
#include "llm/kv_pages.h"

namespace tradewind {
namespace {

constexpr const char* kStillRunning = "the server is shutting down and takes no more requests; try another, or later";

int64_t PagesFor(const BatchOptions& options, int64_t page_bytes, int64_t context) {
  const int64_t a_context = (context + kKvPage - 1) / kKvPage;
  if (options.kv_bytes == 0 || page_bytes == 0) return options.running * a_context;
  return static_cast<int64_t>(options.kv_bytes) / page_bytes;
}

SchedulerOptions ToScheduler(const BatchOptions& options, int64_t pages, int64_t context) {
  return {.page_positions = kKvPage, .pages = pages, .running = options.running, .step_tokens = options.step_tokens, .context = context};
}

bool HasConvolutions(const ModelSpec& spec) {
  return std::ranges::any_of(spec.blocks, [](const BlockSpec& b) { return b.mixer != Mixer::kAttention; });
}

}  // namespace

struct BatchEngine::Sequence {
  SequenceId id;
  BatchRequest request;
  BatchListener listener;
  KvCache cache;
  TimePoint pushed_at;
  TimePoint submitted;
  size_t prompt_tokens;
  size_t echoed = 0;  // prompt tokens whose logits were reported
  std::optional<TimePoint> first_pass_at{};
  Duration prefill{};
  int64_t held_tokens = 0;
  std::optional<Status> failed{};  // while drawing

  Generation& answer() { return request.answer; }
  bool last_of_prompt(const StepChunk& chunk) const { return static_cast<size_t>(chunk.begin + chunk.count) == prompt_tokens; }
};

struct BatchEngine::State {
  State(const LanguageModelInstance& instance, const BatchOptions& options, int64_t there_are)
      : pages(instance.model().spec(), instance.options().key_type, instance.options().value_type),
        pass(instance.model(), instance.kernels(), options.step_tokens),
        scheduler(ToScheduler(options, there_are, instance.options().context)),
        page_count(there_are) {
    pass.SetConcurrentSink(true);
  }
  // The engine's thread alone.
  KvPages pages;
  ForwardPass pass;
  Scheduler scheduler;
  std::unordered_map<SequenceId, std::unique_ptr<Sequence>> sequences;
  std::vector<SequencePart> parts;       // of the step at hand, as are
  std::vector<Sequence*> part_sequence;  // those that they belong to
  int64_t page_count;
  int64_t passes = 0;
  Duration busy{};

  std::mutex mutex;  // of what follows
  std::condition_variable arrived;
  std::vector<std::unique_ptr<Sequence>> inbox;
  std::vector<SequenceId> cancelled;
  SequenceId next_id = 1;
  bool draining = false;
  bool stopping = false;
  bool cancel_all = false;
  BatchLoad load;
  StepCost cost;

  std::thread thread;
};

Result<std::unique_ptr<BatchEngine>> BatchEngine::Start(LanguageModelInstance& instance, const BatchOptions& options) {
  if (!instance.model().spec().generates) {
    return Fail(Status(StatusCode::kUnsupported, "this model is an encoder and generates no text; it serves embeddings alone").At("model"));
  }
  const KvPages shape(instance.model().spec(), instance.options().key_type, instance.options().value_type);
  const int64_t context = instance.options().context;
  const int64_t pages = PagesFor(options, shape.page_bytes(), context);
  if (pages * kKvPage < context) {
    return Fail(Status(StatusCode::kInvalidInput, std::to_string(options.kv_bytes) + " bytes hold " + std::to_string(pages * kKvPage) +
                                                      " positions and one context has " + std::to_string(context) +
                                                      "; allow more bytes, or a smaller context (-c)")
                    .At("--kv-memory"));
  }
  std::unique_ptr<BatchEngine> engine(new BatchEngine(instance, options, pages));
  engine->state_->thread = std::thread([raw = engine.get()] { raw->Loop(); });
  return engine;
}

BatchEngine::BatchEngine(LanguageModelInstance& instance, const BatchOptions& options, int64_t pages)
    : instance_(instance), options_(options), state_(std::make_unique<State>(instance, options, pages)) {
  Publish();
}

BatchEngine::~BatchEngine() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->draining = state_->stopping = true;
  }
  state_->arrived.notify_all();
  if (state_->thread.joinable()) state_->thread.join();
}

Result<BatchRequest> BatchEngine::Prepare(Prompt prompt, const Setting& setting) const {
  TW_ASSIGN(ResolvedOptions resolved, instance_.Resolve(setting));
  TW_ASSIGN(std::vector<AdapterUse> adapters, instance_.Adapters(resolved.options.lora_scales));
  TW_ASSIGN(std::vector<int32_t> ids, instance_.Tokenize(prompt));
  if (ids.empty()) return Fail(Status(StatusCode::kInvalidInput, "the prompt is empty; give some text").At("prompt"));
  const int64_t room = context() - (resolved.options.max_tokens > 0 ? 1 : 0);
  if (static_cast<int64_t>(ids.size()) > room) {
    return Fail(Status(StatusCode::kInvalidInput, "the prompt has " + std::to_string(ids.size()) + " tokens and the context holds " +
                                                      std::to_string(context()) + ", the answer included; shorten it or raise -c")
                    .At("prompt"));
  }
  TW_ASSIGN(Generation answer, Generation::Begin(instance_, std::move(prompt), std::move(ids), resolved.options.max_tokens));
  return BatchRequest{.answer = std::move(answer), .resolved = std::move(resolved), .adapters = std::move(adapters)};
}

Result<SequenceId> BatchEngine::Submit(BatchRequest request, BatchListener listener) {
  const LlmOptions& load = instance_.options();
  const TimePoint now = Now();
  const size_t prompt_tokens = request.answer.tokens().size();
  if (request.budget.accepted_at.ns == 0) request.budget.accepted_at = now;
  const TimePoint pushed_at = request.budget.accepted_at;
  std::unique_ptr<Sequence> sequence(new Sequence{.id = 0,
                                                  .request = std::move(request),
                                                  .listener = std::move(listener),
                                                  .cache = KvCache(instance_.model().spec(), load.key_type, load.value_type, load.context),
                                                  .pushed_at = pushed_at,
                                                  .submitted = now,
                                                  .prompt_tokens = prompt_tokens});
  SequenceId id = 0;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->draining) return Fail(StatusCode::kUnavailable, kStillRunning);
    id = sequence->id = state_->next_id++;
    state_->inbox.push_back(std::move(sequence));
  }
  state_->arrived.notify_one();
  return id;
}

void BatchEngine::Cancel(SequenceId id) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->cancelled.push_back(id);
  }
  state_->arrived.notify_one();
}

void BatchEngine::CancelAll() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->cancel_all = true;
  }
  state_->arrived.notify_one();
}

void BatchEngine::Drain() {
  const std::lock_guard lock(state_->mutex);
  state_->draining = true;
}

BatchLoad BatchEngine::load() const {
  const std::lock_guard lock(state_->mutex);
  BatchLoad load = state_->load;
  load.arriving = static_cast<int64_t>(state_->inbox.size());
  return load;
}

StepCost BatchEngine::cost() const {
  const std::lock_guard lock(state_->mutex);
  return state_->cost;
}

SchedulerOptions BatchEngine::scheduler_options() const {
  return ToScheduler(options_, state_->page_count, context());
}

int64_t BatchEngine::context() const {
  return instance_.options().context;
}

void BatchEngine::Loop() {
  while (TakeInbox()) {
    const SchedulerStep step = state_->scheduler.Next(Now());
    for (const EndedSequence& ended : step.ended) EndByScheduler(ended);
    if (!step.chunks.empty()) RunStep(step);
    Publish();
    if (!step.chunks.empty() || !step.ended.empty()) continue;
    std::unique_lock lock(state_->mutex);
    const auto woken = [&] { return state_->stopping || state_->cancel_all || !state_->inbox.empty() || !state_->cancelled.empty(); };
    if (step.wake) {
      state_->arrived.wait_for(lock, std::chrono::nanoseconds(std::max<int64_t>(0, (*step.wake - Now()).ns)), woken);
    } else {
      state_->arrived.wait(lock, woken);
    }
  }
}

// False once the engine is to stop and everything has ended.
bool BatchEngine::TakeInbox() {
  std::vector<std::unique_ptr<Sequence>> inbox;
  std::vector<SequenceId> cancelled;
  bool stopping = false;
  bool all = false;
  {
    const std::lock_guard lock(state_->mutex);
    inbox.swap(state_->inbox);
    cancelled.swap(state_->cancelled);
    stopping = state_->stopping;
    all = std::exchange(state_->cancel_all, false) || stopping;
  }
  for (std::unique_ptr<Sequence>& sequence : inbox) Add(std::move(sequence));
  for (const SequenceId id : cancelled) state_->scheduler.Cancel(id);
  if (all) {
    for (const auto& [id, sequence] : state_->sequences) state_->scheduler.Cancel(id);
  }
  return !stopping || !state_->sequences.empty();
}

void BatchEngine::Add(std::unique_ptr<Sequence> sequence) {
  const LlmOptions& o = sequence->request.resolved.options;
  Generation& answer = sequence->answer();
  const auto prompt_tokens = static_cast<int64_t>(sequence->prompt_tokens);
  const std::string group = std::to_string(o.layers) + "/" + std::to_string(o.attention_window);
  SequenceRequest request{.id = sequence->id,
                          .prompt = {answer.tokens().begin(), answer.tokens().end()},
                          .max_output = std::min(o.max_tokens, context() - prompt_tokens),
                          .tenant = sequence->request.tenant,
                          .prefix_space = {},
                          .group = group,
                          .priority = sequence->request.priority,
                          .deadline = sequence->request.budget.DeadlineAt(),
                          .first_token = {},
                          .arrived = sequence->pushed_at,
                          .all_logits = answer.prompt().echo};
  // What a short convolution needs of the positions before does not lie in the pages.
  if (sequence->request.share_prefix && !HasConvolutions(instance_.model().spec())) {
    request.prefix_space = group + "/" + o.lora_scales + "/" + sequence->request.tenant;
  }
  request.tpot = sequence->request.budget.tpot;
  if (sequence->request.budget.ttft) request.first_token = sequence->pushed_at + *sequence->request.budget.ttft;
  const SequenceId id = sequence->id;
  if (answer.prompt().echo) answer.EchoFirst(Now());
  const Result<void> taken = state_->scheduler.Submit(std::move(request));
  if (!taken) return sequence->listener({.events = {}, .outcome = {}, .error = taken.error()});
  state_->sequences.emplace(id, std::move(sequence));
}

void BatchEngine::EndByScheduler(const EndedSequence& ended) {
  const auto found = state_->sequences.find(ended.id);
  if (found == state_->sequences.end()) return;
  Sequence& sequence = *found->second;
  if (ended.cause == EndCause::kNoMemory) {
    sequence.failed = Status(StatusCode::kResourceExhausted, "the keys and values of this request do not fit; shorten it, or allow more");
  } else {
    sequence.answer().End(ended.cause == EndCause::kDeadline ? FinishReason::kDeadline : FinishReason::kCancelled, Now());
  }
  Deliver(ended.id);
}

void BatchEngine::RunStep(const SchedulerStep& step) {
  TimePoint start{};
  Result<void> done = Place(step);
  if (done) {
    std::unique_lock<FairTurn> turn;
    if (options_.turn != nullptr) turn = std::unique_lock(*options_.turn);
    const std::lock_guard<std::mutex> alone(instance_.turn());
    start = Now();
    Evaluate(step);
    done = instance_.model().CheckWhole();
  }
  if (!done) return FailStep(step, done.error());
  const TimePoint end = Now();
  for (const StepChunk& chunk : step.chunks) {
    Sequence& sequence = *state_->sequences.at(chunk.id);
    if (!sequence.first_pass_at) {
      sequence.first_pass_at = start;
      sequence.held_tokens = state_->scheduler.HeldTokens(chunk.id);
    }
    if (sequence.last_of_prompt(chunk)) sequence.prefill = end - *sequence.first_pass_at;
  }
  state_->scheduler.Finish(step, Collect(step), end - start, end);
  ++state_->passes;
  state_->busy = state_->busy + (end - start);
  for (const StepChunk& chunk : step.chunks) Deliver(chunk.id);
}

// Copies what is written to, and lays each sequence's pages under its cache.
Result<void> BatchEngine::Place(const SchedulerStep& step) {
  for (const PageCopy& copy : step.copies) TW_RETURN_IF_ERROR(state_->pages.Copy(copy.from, copy.to, copy.positions));
  state_->parts.clear();
  state_->part_sequence.clear();
  for (const StepChunk& chunk : step.chunks) {
    Sequence& sequence = *state_->sequences.at(chunk.id);
    const auto first = static_cast<size_t>(chunk.begin / kKvPage);
    for (size_t i = 0; i < chunk.pages.size(); ++i) {
      TW_ASSIGN(std::byte * data, state_->pages.Get(chunk.pages[i]));
      sequence.cache.Borrow(i, data);
      if (i + 1 == first) state_->pages.Filled(chunk.pages[i]);
    }
    const auto tokens = sequence.answer().tokens().subspan(static_cast<size_t>(chunk.begin), static_cast<size_t>(chunk.count));
    const bool echo = sequence.answer().prompt().echo && sequence.echoed < sequence.prompt_tokens;
    state_->parts.push_back({.tokens = tokens,
                             .start = chunk.begin,
                             .cache = &sequence.cache,
                             .adapters = sequence.request.adapters,
                             .logits_begin = echo          ? 0
                                             : chunk.draws ? chunk.count - 1
                                                           : chunk.count});
    state_->part_sequence.push_back(&sequence);
  }
  return {};
}

void BatchEngine::Evaluate(const SchedulerStep& step) {
  const LlmOptions& o = state_->part_sequence.front()->request.resolved.options;
  const bool single = std::ranges::all_of(step.chunks, [](const StepChunk& c) { return c.count == 1; });
  state_->pass.SetBlocks(BlocksToRun(static_cast<int64_t>(instance_.model().spec().blocks.size()), o.layers));
  state_->pass.SetWindow(o.attention_window);
  const auto sink = [&](size_t part, int64_t token, const float* logits) {
    Draw(step.chunks[part], *state_->part_sequence[part], token, logits);
  };
  state_->pass.Run(state_->parts, single ? instance_.decode_pool() : instance_.batch_pool(), sink);
}

// By any thread of the pool, one sequence at a time.
void BatchEngine::Draw(const StepChunk& chunk, Sequence& sequence, int64_t token, const float* logits) {
  const std::span<const float> values(logits, static_cast<size_t>(instance_.model().spec().vocab));
  Generation& answer = sequence.answer();
  const auto index = static_cast<size_t>(chunk.begin + token);
  if (answer.prompt().echo && index == sequence.echoed && index < sequence.prompt_tokens) {
    if (index + 1 < sequence.prompt_tokens) answer.Echo(index, values, Now());
    ++sequence.echoed;
  }
  if (!chunk.draws || token + 1 != chunk.count) return;
  const Result<void> drawn = answer.Draw(values, Now());
  if (!drawn) {
    sequence.failed = drawn.error();
  } else if (!answer.ended() && static_cast<int64_t>(answer.tokens().size()) >= context()) {
    answer.End(FinishReason::kContext, Now());
  }
}

std::vector<DrawnToken> BatchEngine::Collect(const SchedulerStep& step) {
  std::vector<DrawnToken> drawn;
  for (size_t i = 0; i < step.chunks.size(); ++i) {
    Sequence& sequence = *state_->part_sequence[i];
    Generation& answer = sequence.answer();
    if (step.chunks[i].draws) {
      const bool ended = sequence.failed || answer.ended();
      drawn.push_back({.id = sequence.id, .token = ended ? std::nullopt : std::optional(answer.tokens().back()), .ended = ended});
    } else if (sequence.request.resolved.options.max_tokens == 0 && sequence.last_of_prompt(step.chunks[i])) {
      answer.End(FinishReason::kLength, Now());
    }
  }
  return drawn;
}

// The model or the memory failed: everything in this pass ends.
void BatchEngine::FailStep(const SchedulerStep& step, const Status& status) {
  state_->scheduler.Abandon(step);
  for (const StepChunk& chunk : step.chunks) {
    state_->sequences.at(chunk.id)->failed = status;
    Deliver(chunk.id);
  }
}

// What there is to say of a sequence; one that has ended is forgotten.
void BatchEngine::Deliver(SequenceId id) {
  const auto found = state_->sequences.find(id);
  Sequence& sequence = *found->second;
  Generation& answer = sequence.answer();
  BatchEvents events;
  while (std::optional<OutputEvent> event = answer.Pop()) events.events.push_back(std::move(*event));
  if (sequence.failed) {
    events.error = std::move(sequence.failed);
  } else if (answer.ended()) {
    Outcome outcome{.setting = sequence.request.resolved.setting,
                    .prompt_tokens = static_cast<int64_t>(sequence.prompt_tokens),
                    .held_tokens = sequence.held_tokens,
                    .prefill = sequence.prefill};
    answer.FillOutcome(sequence.pushed_at, outcome);
    events.outcome = std::move(outcome);
    events.trace = {.submitted = sequence.submitted, .first_pass = sequence.first_pass_at, .ended = Now()};
  }
  const bool last = events.last();
  if (last || !events.events.empty()) sequence.listener(std::move(events));
  if (last) state_->sequences.erase(found);
}

void BatchEngine::Publish() {
  BatchLoad load{.scheduler = state_->scheduler.load(),
                 .pages = state_->page_count,
                 .page_bytes = state_->pages.page_bytes(),
                 .resident_pages = state_->pages.resident(),
                 .passes = state_->passes,
                 .busy = state_->busy};
  const std::lock_guard lock(state_->mutex);
  state_->load = load;
  state_->cost = state_->scheduler.cost();
}

}  // namespace tradewind
