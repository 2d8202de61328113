// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A tunable whose answers are known in advance: every token is one byte of the text, and all of its 64 tokens are equally likely, so that
// its perplexity is 64 and its bits per byte are 6. A request knob `spoil` makes it surer of itself. Counts what is asked of it.
#pragma once

#include <cmath>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "core/tunable.h"

namespace tradewind {

struct FakeLog {
  int opened = 0;
  int started = 0;
  std::vector<std::vector<int32_t>> scored;  // the ids of echoed prompts
};

class FakeSession final : public Session {
 public:
  FakeSession(Setting setting, bool bos, FakeLog& log) : setting_(std::move(setting)), bos_(bos), log_(log) {}
  Result<void> Push(InputEvent event) override {
    const Prompt prompt = std::get<Prompt>(std::move(event.body));
    std::vector<int32_t> ids = prompt.ids ? *prompt.ids : std::vector<int32_t>(prompt.raw->begin(), prompt.raw->end());
    if (!prompt.ids && bos_) ids.insert(ids.begin(), -1);
    outcome_ = {};
    outcome_.setting = setting_;
    outcome_.prompt_tokens = static_cast<int64_t>(ids.size());
    if (prompt.echo) {
      log_.scored.push_back(ids);
      for (size_t i = 0; i < ids.size(); ++i) {
        Token token{.id = ids[i], .bytes = ids[i] < 0 ? "" : "x", .logprob = {}, .top = {}, .from_prompt = true};
        if (i > 0) token.logprob = -static_cast<float>(std::log(64.0)) / static_cast<float>(setting_.IntegerOr("spoil", 1));
        events_.push_back({{}, token});
      }
    }
    const int64_t tokens = setting_.IntegerOr("max_tokens", 4);
    for (int64_t i = 0; i < tokens; ++i) events_.push_back({{}, Token{.id = 7, .bytes = "y", .logprob = -1.0f, .top = {}}});
    // A first token after 1 ms a token, the others after 2 ms each.
    outcome_.output_tokens = tokens;
    outcome_.prefill = Duration::Millis(static_cast<double>(ids.size()));
    if (tokens > 0) outcome_.ttft = outcome_.prefill;
    if (tokens > 1) outcome_.tpot = Duration::Millis(2);
    events_.push_back({{}, End{FinishReason::kLength}});
    return {};
  }
  Result<OutputEvent> Next() override {
    OutputEvent event = std::move(events_.front());
    events_.pop_front();
    return event;
  }
  void Cancel() override {}
  const Outcome& outcome() const override { return outcome_; }

 private:
  Setting setting_;
  bool bos_;
  FakeLog& log_;
  std::deque<OutputEvent> events_;
  Outcome outcome_;
};

class FakeInstance final : public Instance {
 public:
  FakeInstance(Setting setting, std::span<const Knob> knobs, bool bos, FakeLog& log)
      : setting_(std::move(setting)), knobs_(knobs), bos_(bos), log_(log) {}
  const Setting& setting() const override { return setting_; }
  std::span<const Knob> knobs() const override { return knobs_; }
  uint64_t memory_bytes() const override { return 1000; }
  Result<std::vector<int32_t>> Tokenize(const Prompt& prompt) const override {
    std::vector<int32_t> ids(prompt.raw->begin(), prompt.raw->end());
    if (bos_) ids.insert(ids.begin(), -1);
    return ids;
  }
  Result<std::unique_ptr<Session>> Start(const SessionOptions& options) override {
    ++log_.started;
    return std::unique_ptr<Session>(std::make_unique<FakeSession>(setting_.With(options.setting), bos_, log_));
  }

 private:
  Setting setting_;
  std::span<const Knob> knobs_;
  bool bos_;
  FakeLog& log_;
};

class FakeTunable final : public Tunable {
 public:
  explicit FakeTunable(bool bos = false) : bos_(bos) {
    const auto knob = [](const char* name, Stage stage, int64_t max, int64_t value) {
      return Knob{.name = name, .stage = stage, .domain = IntegerDomain{0, max}, .default_value = value};
    };
    knobs_ = {knob("size", Stage::kLoad, 9, 1), knob("spoil", Stage::kRequest, 9, 1), knob("max_tokens", Stage::kRequest, 1000, 4)};
  }
  std::string_view name() const override { return "fake"; }
  std::span<const Knob> knobs() const override { return knobs_; }
  // Refuses what is out of range, as every tunable does.
  Result<Setting> Resolve(const Setting& setting) override { return Setting::Parse(setting.Canonical(knobs_).Text(), knobs_); }
  Result<std::unique_ptr<Instance>> Open(const Setting& setting, const Budget&) override {
    ++log.opened;
    if (setting.IntegerOr("size", 1) == 9) return Fail(StatusCode::kResourceExhausted, "a size of 9 does not fit");
    return std::unique_ptr<Instance>(std::make_unique<FakeInstance>(setting, knobs_, bos_, log));
  }
  FakeLog log;

 private:
  bool bos_;
  std::vector<Knob> knobs_;
};

}  // namespace tradewind
