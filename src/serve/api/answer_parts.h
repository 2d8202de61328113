// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Parts of answers as JSON that several APIs have alike. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "serve/api/answer.h"
#include "serve/api/json_text.h"

namespace tradewind {

// OpenAI's word: stop, length (also of a full context), tool_calls; and ours, which it has none for: deadline, cancelled, error.
std::string_view OpenAiFinish(const AnswerChoice& choice);

// {prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details: {cached_tokens}}
OrderedJson UsageJson(const AnswerUsage& usage);
// llama-server's; a rate of nothing in no time is null.
OrderedJson TimingsJson(const AnswerTimings& timings);
// {setting, setting_text, predicted, got, reason, quality: {metric, value, interval}}
OrderedJson SteeringJson(const AnswerSteering& steering);
// Adds `timings` and `tradewind`, as far as they are there.
void AddReports(const AnswerTail& tail, OrderedJson* json);

// {id, object, created, model, system_fingerprint}
OrderedJson HeadJson(const AnswerHead& head, std::string_view object);

// [{id, type, function: {name, arguments}}], numbered from `first_tool_call` in a chunk.
OrderedJson ToolCallsJson(const AnswerChoice& choice, bool chunk);

// A token's text where it must be text: whole characters as they are, else "bytes:\xe2\x80", as OpenAI wrote them.
std::string TokenText(std::string_view bytes);
// Characters that begin in these bytes.
int64_t CountCharacters(std::string_view bytes);

}  // namespace tradewind
