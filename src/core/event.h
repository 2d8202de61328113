// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What goes into a session and what comes out of it, each with its time. A one-shot request is one Prompt pushed.
// New modalities add alternatives here (audio chunk, frame); consumers visit what they know.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "core/metric.h"

namespace tradewind {

struct Message {
  std::string role;
  std::string content;
};

struct LogitBias {
  int32_t id = 0;
  double bias = 0;  // minus infinity: never
};

// How the next token is drawn, in this order: bias, grammar, penalties, DRY, top-n-sigma, top-k, typical, top-p, min-p, temperature (as
// llama.cpp orders them). Temperature 0 takes the likeliest of what the first four leave. llm/sampler.h says what each does.
struct Sampling {
  double temperature = 0.8;
  int64_t top_k = 40;   // 0: all
  double top_p = 0.95;  // 1: all
  double min_p = 0.05;  // of the likeliest token's probability; 0: all
  uint64_t seed = 0;    // the same seed gives the same text

  double typical = 1;       // 1: all
  double top_n_sigma = -1;  // not above 0: all
  double repeat_penalty = 1;
  double presence_penalty = 0;
  double frequency_penalty = 0;
  int64_t repeat_last_n = 64;  // tokens that the three look back; -1: all
  double dry_multiplier = 0;   // 0: no DRY
  double dry_base = 1.75;
  int64_t dry_allowed_length = 2;
  int64_t dry_last_n = -1;  // tokens that DRY looks back; -1: all
  std::vector<std::string> dry_breakers = {"\n", ":", "\"", "*"};
  std::vector<LogitBias> logit_bias{};
};

// Text to continue or a conversation to answer; exactly one of messages, raw and ids is filled.
struct Prompt {
  std::vector<Message> messages{};                               // rendered by the model's template
  std::vector<std::pair<std::string, std::string>> variables{};  // further ones for the template, name and JSON: `tools`, `messages` ...
  std::string beginning{};                                       // of the answer, which goes on behind it
  std::optional<std::string> raw{};                              // taken as it is (BOS as the model asks)
  std::optional<std::vector<int32_t>> ids{};                     // token ids, taken as they are
  Sampling sampling;
  std::string grammar{};          // GBNF that the answer keeps (text/grammar.h); empty: none
  std::vector<std::string> stop;  // end before any of these would be shown
  bool shift = false;             // a full context drops its older half instead of ending the answer
  bool echo = false;              // report the prompt's tokens with their log-probabilities
  int top_logprobs = 0;           // alternatives reported with each token
};

// A sample of a workload whose answers are recorded or follow from a formula: asked by its id.
struct SampleRef {
  std::string id{};
};

struct InputEvent {
  TimePoint time;
  std::variant<Prompt, SampleRef> body;
};

struct TopLogprob {
  int32_t id = 0;
  float logprob = 0;
};

struct Token {
  int32_t id = 0;
  std::string bytes;             // what it adds to the text; may be part of a character
  std::optional<float> logprob;  // natural log, of the model's own distribution; absent for a first token
  std::vector<TopLogprob> top;
  bool from_prompt = false;  // an echoed prompt token
};

enum class FinishReason : uint8_t { kStop, kLength, kDeadline, kContext, kCancelled, kError };
std::string_view FinishReasonName(FinishReason reason);

struct End {
  FinishReason reason = FinishReason::kStop;
};

// What a recorded or closed-form tunable says of one sample: what the answer gave and cost.
struct Reading {
  std::vector<Measurement> measurements{};
};

struct OutputEvent {
  TimePoint time;
  std::variant<Token, End, Reading> body;
};

}  // namespace tradewind
