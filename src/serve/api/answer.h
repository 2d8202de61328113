// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What is known of an answer when it is written, in whole or as one piece of a stream; the writers (chat_answer.h, completion_answer.h,
// anthropic_answer.h) turn it into each API's JSON. Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/event.h"
#include "core/setting.h"
#include "serve/api/tools.h"

namespace tradewind {

// A token with the probability that it had. Bytes may be part of a character.
struct AnswerToken {
  std::string bytes;
  std::optional<double> logprob;                    // absent for a first token of a prompt
  std::vector<std::pair<std::string, double>> top;  // likeliest first
};

struct AnswerChoice {
  int64_t index = 0;
  std::string text;                    // whole, or what is new
  std::vector<AnswerToken> tokens;     // of `text`, where log-probabilities were asked for
  int64_t text_offset = 0;             // characters of the whole text before `text`
  std::vector<ToolCall> tool_calls;    // whole, or those that are new
  int64_t first_tool_call = 0;         // how many calls came before these in a stream
  std::optional<FinishReason> finish;  // absent: not yet
  std::optional<std::string> stop{};   // the stop text that ended it
};

struct AnswerUsage {
  int64_t prompt_tokens = 0;
  int64_t cached_tokens = 0;  // of them: taken from what was kept
  int64_t completion_tokens = 0;
};

// As llama-server reports them.
struct AnswerTimings {
  int64_t prompt_n = 0;  // read, without what was kept
  int64_t cache_n = 0;
  double prompt_ms = 0;
  int64_t predicted_n = 0;
  double predicted_ms = 0;
};

// An estimate with its interval.
struct QualityEstimate {
  std::string metric;
  double value = 0;
  std::optional<std::pair<double, double>> interval{};
};

// What was decided, expected and got. Maps hold ttft_ms, tpot_ms, total_ms, memory_bytes, ... as far as they are known.
struct AnswerSteering {
  Setting setting;
  std::map<std::string, double> predicted{};
  std::map<std::string, double> got{};
  std::string reason{};
  std::optional<QualityEstimate> quality{};
};

// What every object and chunk of one answer says alike.
struct AnswerHead {
  std::string id;  // "chatcmpl-..."
  int64_t created_unix_s = 0;
  std::string model;
};

struct AnswerTail {
  AnswerUsage usage{};
  std::optional<AnswerTimings> timings{};
  std::optional<AnswerSteering> steering{};
};

}  // namespace tradewind
