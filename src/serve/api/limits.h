// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a request may ask for at most. Over one of these is kInvalidInput that names the field and the limit. Plain data.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tradewind {

// Of a body as JSON, before any field is looked at.
struct JsonDocumentLimits {
  size_t bytes = size_t{8} << 20;
  size_t nesting = 64;
  size_t values = 500'000;  // lists, objects and what is in them
  size_t members = 10'000;  // of one object
};

struct ApiLimits {
  JsonDocumentLimits json;
  size_t name_bytes = 256;    // a model's name, a tool call's id
  int64_t answers = 16;       // n; for several prompts: of each
  size_t all_answers = 2048;  // prompts times n
  int64_t max_tokens = INT32_MAX;
  size_t stops = 16;
  size_t stop_bytes = 1024;  // each
  int64_t top_logprobs = 20;
  size_t logit_biases = 1024;
  size_t dry_breakers = 64;
  size_t messages = 4096;
  size_t content_parts = 1024;  // of one message
  size_t tools = 128;
  size_t tool_calls = 128;  // of one message
  size_t tool_name_bytes = 64;
  size_t knobs = 64;  // in `setting`
  size_t template_variables = 16;
  size_t inputs = 2048;       // prompts, texts to embed
  size_t documents = 1000;    // to rank
  double greatest_ms = 1e10;  // of a budget: some hundred days
};

}  // namespace tradewind
