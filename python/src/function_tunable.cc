// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "function_tunable.h"

#include <atomic>
#include <memory>

namespace tradewind::python {
namespace {

class FunctionSession final : public Session {
 public:
  FunctionSession(const Reading& reading, Setting setting) : reading_(reading) { outcome_.setting = std::move(setting); }

  Result<void> Push(InputEvent event) override {
    if (!std::holds_alternative<SampleRef>(event.body)) {
      return Fail(StatusCode::kUnsupported, "a function answers samples by their ids, not prompts");
    }
    time_ = event.time;
    told_ = false;
    return {};
  }
  Result<OutputEvent> Next() override {
    if (!std::exchange(told_, true)) return OutputEvent{time_, reading_};
    outcome_.finish = cancelled_ ? FinishReason::kCancelled : FinishReason::kStop;
    return OutputEvent{time_, End{outcome_.finish}};
  }
  void Cancel() override { cancelled_ = true; }
  const Outcome& outcome() const override { return outcome_; }

 private:
  const Reading& reading_;
  Outcome outcome_;
  TimePoint time_;
  bool told_ = true;
  std::atomic<bool> cancelled_ = false;
};

class FunctionInstance final : public Instance {
 public:
  FunctionInstance(std::span<const Knob> knobs, Setting setting, Reading reading)
      : knobs_(knobs), setting_(std::move(setting)), reading_(std::move(reading)) {}
  const Setting& setting() const override { return setting_; }
  std::span<const Knob> knobs() const override { return knobs_; }
  uint64_t memory_bytes() const override { return 0; }
  Result<std::vector<int32_t>> Tokenize(const Prompt& /*prompt*/) const override {
    return Fail(StatusCode::kUnsupported, "a function has no tokens");
  }
  Result<std::unique_ptr<Session>> Start(const SessionOptions& /*options*/) override {
    return std::make_unique<FunctionSession>(reading_, setting_);
  }

 private:
  std::span<const Knob> knobs_;
  Setting setting_;
  Reading reading_;
};

}  // namespace

Result<Setting> FunctionTunable::Resolve(const Setting& setting) {
  for (const auto& [name, value] : setting.values()) {
    TW_ASSIGN(const Knob* knob, FindKnob(knobs_, name));
    TW_RETURN_IF_ERROR(knob->Check(value));
  }
  return setting.Canonical(knobs_);
}

Result<std::unique_ptr<Instance>> FunctionTunable::Open(const Setting& setting, const Budget& /*budget*/) {
  if (!ask_) return Fail(StatusCode::kInternal, "the function of " + name_ + " is not at hand; please report it");
  TW_ASSIGN(std::vector<Measurement> measurements, ask_(setting));
  return std::make_unique<FunctionInstance>(knobs_, setting, Reading{std::move(measurements)});
}

}  // namespace tradewind::python
