// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/completion_request.h"

#include "serve/api/answer_shape.h"

namespace tradewind {
namespace {

void ReadPrompts(ApiFields& fields, const ApiLimits& limits, CompletionRequest* request) {
  fields.Require("prompt");
  const auto node = fields.Any("prompt");
  if (!node) return;
  auto prompts = TextInputsAt(*node, fields.Where("prompt"), limits);
  if (!prompts) return void(fields.Check(prompts.error()));
  request->prompts = *std::move(prompts);
}

constexpr int64_t kCompletionTokens = 16;  // OpenAI's default

// A number here, where chat has true or false.
void ReadCompletionLogprobs(ApiFields& fields, const ApiLimits& limits, AnswerOptions* options) {
  int64_t count = 0;
  if (!fields.Integer("logprobs", &count, 0, limits.top_logprobs)) return;
  options->logprobs = true;
  options->top_logprobs = static_cast<int>(count);
}

void ReadBestOf(ApiFields& fields, const AnswerOptions& options) {
  int64_t best_of = options.answers;
  if (!fields.Integer("best_of", &best_of, 1, 1000)) return;
  if (best_of < options.answers) fields.Check(BadField(fields.Where("best_of"), "must not be below `n`"));
  if (best_of > options.answers)
    fields.Check(UnsupportedField(fields.Where("best_of"), "answers are not drawn to be thrown away; send `n`"));
}

}  // namespace

Result<CompletionRequest> ParseCompletionRequest(std::string_view body, const ApiLimits& limits) {
  TW_ASSIGN(const JsonDocument document, JsonDocument::Parse(body, limits.json));
  ApiFields fields(document.root(), "");
  CompletionRequest request;
  AnswerOptions& options = request.options;
  fields.Name("model", &request.model, limits.name_bytes);
  ReadPrompts(fields, limits, &request);
  fields.Bool("echo", &request.echo);
  ReadMaxTokens(fields, {"max_tokens", "n_predict"}, 0, limits, &options);
  if (!options.max_tokens) options.max_tokens = kCompletionTokens;
  ReadCompletionLogprobs(fields, limits, &options);
  ReadAnswerOptions(fields, limits, &options);
  ReadBestOf(fields, options);
  ReadAnswerShape(fields, &options);
  ReadTerms(fields, limits, &request.terms);
  fields.Refuse({"suffix"}, "texts are continued, not filled in");
  RefuseForeignFields(fields);
  if (fields.ok() && request.prompts.size() * static_cast<size_t>(options.answers) > limits.all_answers) {
    fields.Check(BadField("n", "times the prompts is over " + std::to_string(limits.all_answers) + " answers"));
  }
  TW_RETURN_IF_ERROR(fields.Finish());
  return request;
}

}  // namespace tradewind
