// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Tunable, Instance, Session: what runs. A tunable has knobs; opened with build and load knobs it is an instance (loaded, its memory
// known); a session of an instance, with request knobs and a budget, takes timed events in and gives timed events out.
//
//   TW_ASSIGN(auto instance, tunable.Open(setting, budget));
//   TW_ASSIGN(auto session, instance->Start({.setting = setting, .budget = budget}));
//   TW_RETURN_IF_ERROR(session->Push({now, Prompt{.raw = "Once"}}));
//   while (true) { TW_ASSIGN(OutputEvent event, session->Next()); ... }
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "core/budget.h"
#include "core/device.h"
#include "core/event.h"
#include "core/knob.h"
#include "core/metric.h"
#include "core/outcome.h"
#include "core/setting.h"

namespace tradewind {

class StepController;
class Tap;

// How a session starts. Controllers and taps are borrowed and must outlive the session.
struct SessionOptions {
  Setting setting{};  // request knobs; load knobs in it must equal the instance's
  Budget budget{};
  StepController* controller = nullptr;
  Tap* tap = nullptr;
  // What one prompt token is expected to take, if known: under a deadline, the first chunk is cut by it.
  std::optional<Duration> prompt_token_time{};
};

// One conversation with one instance. Not thread-safe; Cancel alone may be called from another thread.
class Session {
 public:
  virtual ~Session() = default;
  // Takes an event; cheap. The work happens in Next. The budget's clock starts at the event's time. kInvalidInput if the event cannot be
  // taken (empty prompt, longer than the context).
  virtual Result<void> Push(InputEvent event) = 0;
  // Blocks until the next event. After an End, pushing again continues the session (a user's next turn).
  virtual Result<OutputEvent> Next() = 0;
  // Asks the running Next to end with FinishReason::kCancelled within one step.
  virtual void Cancel() = 0;
  // Before another push: its budget and request knobs. What was read stays read where the knobs leave it as it is. Without it, those of
  // the last push hold.
  virtual Result<void> Renew(const SessionOptions&) {
    return Fail(StatusCode::kUnsupported, "this session keeps its budget and knobs; start another");
  }
  // How many of these tokens, from the first on, a push of them would not read again.
  virtual int64_t HeldTokens(std::span<const int32_t>) const { return 0; }
  // Of the last push, complete once its End came.
  virtual const Outcome& outcome() const = 0;
};

// Thread-safe for Start; sessions of one instance may share threads and take turns.
class Instance {
 public:
  virtual ~Instance() = default;
  virtual const Setting& setting() const = 0;       // build and load knobs, resolved
  virtual std::span<const Knob> knobs() const = 0;  // the tunable's, narrowed to what this instance has (layers: 1 to its own)
  virtual uint64_t memory_bytes() const = 0;        // held when idle: weights and what every session shares
  // The prompt as this instance's token ids, all that the model would read. kUnsupported where there are no tokens.
  virtual Result<std::vector<int32_t>> Tokenize(const Prompt& prompt) const = 0;
  virtual Result<std::unique_ptr<Session>> Start(const SessionOptions& options) = 0;
  // Does at once what the first uses would do besides their work, so that all later ones are as fast as they get. kResourceExhausted.
  virtual Result<void> Warm() { return {}; }
  // How many sessions at once keep it busy; measuring asks that many.
  virtual int64_t sessions_at_once() const { return 1; }
  // The metric that is answers a second of all of them; empty where there is none.
  virtual std::string_view rate_metric() const { return {}; }
};

class Tunable {
 public:
  virtual ~Tunable() = default;
  virtual std::string_view name() const = 0;
  virtual std::span<const Knob> knobs() const = 0;
  // Where its instances run: this machine, or the one that its answers were recorded on.
  virtual const Device& device() const { return ThisDevice(); }
  // Metrics of its own, which its readings carry; empty for one that is measured by the registered metrics.
  virtual std::span<const MetricInfo> metrics() const { return {}; }
  // Whether trials may run side by side without changing each other's readings: not where this machine is timed.
  virtual bool side_by_side() const { return false; }
  // The setting with every resolved default written, in canonical form: what results are filed under. Reads no weights.
  virtual Result<Setting> Resolve(const Setting& setting) = 0;
  // Loads. kResourceExhausted names the bytes needed if the budget's memory or the machine's cannot hold it.
  virtual Result<std::unique_ptr<Instance>> Open(const Setting& setting, const Budget& budget) = 0;
};

}  // namespace tradewind
