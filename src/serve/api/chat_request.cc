// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/chat_request.h"

#include <algorithm>
#include <array>

#include "serve/api/answer_shape.h"

namespace tradewind {
namespace {

// Set by the server, or by the template's own caller.
constexpr std::array<std::string_view, 6> kReservedVariables = {"messages",  "tools",     "add_generation_prompt",
                                                                "bos_token", "eos_token", "strftime_now"};

void ReadChatLogprobs(ApiFields& fields, const ApiLimits& limits, AnswerOptions* options) {
  fields.Bool("logprobs", &options->logprobs);
  int64_t top = 0;
  if (!fields.Integer("top_logprobs", &top, 0, limits.top_logprobs)) return;
  if (top > 0 && !options->logprobs) fields.Check(BadField(fields.Where("top_logprobs"), "is only for `logprobs`: true"));
  options->top_logprobs = static_cast<int>(top);
}

void ReadTemplateVariables(ApiFields& fields, const ApiLimits& limits, ChatRequest* request) {
  const auto node = fields.Object("chat_template_kwargs");
  if (!node) return;
  const std::string where = fields.Where("chat_template_kwargs");
  if (node->size() > limits.template_variables) {
    return void(fields.Check(BadField(where, "has over " + std::to_string(limits.template_variables) + " variables")));
  }
  for (const JsonNode member : node->children()) {
    const std::string name(member.key());
    const bool reserved = std::find(kReservedVariables.begin(), kReservedVariables.end(), name) != kReservedVariables.end();
    if (name.empty() || reserved) return void(fields.Check(BadField(where, "may not set the variable \"" + name + "\"")));
    request->template_variables.emplace_back(name, ToJsonText(member));
  }
}

void ReadModalities(ApiFields& fields) {
  const auto list = fields.List("modalities", 16);
  if (!list) return;
  const bool text =
      list->size() == 1 && (*list->children().begin()).kind() == JsonKind::kText && (*list->children().begin()).text() == "text";
  if (!text) fields.Check(UnsupportedField(fields.Where("modalities"), "answers are text; send [\"text\"] or leave it out"));
}

void ReadMessages(ApiFields& fields, const ApiLimits& limits, ChatRequest* request) {
  fields.Require("messages");
  const auto list = fields.Any("messages");
  if (!list) return;
  auto messages = MessagesAt(*list, fields.Where("messages"), limits);
  if (!messages) return void(fields.Check(messages.error()));
  request->messages = *std::move(messages);
}

}  // namespace

Result<ChatRequest> ParseChatRequest(std::string_view body, const ApiLimits& limits) {
  TW_ASSIGN(const JsonDocument document, JsonDocument::Parse(body, limits.json));
  ApiFields fields(document.root(), "");
  ChatRequest request;
  AnswerOptions& options = request.options;
  fields.Name("model", &request.model, limits.name_bytes);
  ReadMessages(fields, limits, &request);
  ReadMaxTokens(fields, {"max_completion_tokens", "max_tokens", "n_predict"}, 1, limits, &options);
  ReadChatLogprobs(fields, limits, &options);
  ReadAnswerOptions(fields, limits, &options);
  ReadTools(fields, limits, &request.tool_use);
  ReadAnswerShape(fields, &options);
  ReadTemplateVariables(fields, limits, &request);
  ReadTerms(fields, limits, &request.terms);
  ReadModalities(fields);
  fields.RefuseUnless("verbosity", {"medium"}, "leave it out");
  RefuseForeignFields(fields);
  if (fields.ok() && request.tool_use.Offered() && !options.grammar.empty()) {
    fields.Check(UnsupportedField(options.grammar_place, "not beside tools that may be called; send `tool_choice`: \"none\" or no tools"));
  }
  TW_RETURN_IF_ERROR(fields.Finish());
  return request;
}

std::vector<std::pair<std::string, std::string>> TemplateVariables(const ChatRequest& request) {
  std::vector<std::pair<std::string, std::string>> variables = request.template_variables;
  variables.emplace_back("messages", TemplateMessagesJson(request.messages));
  if (request.tool_use.Offered()) variables.emplace_back("tools", TemplateToolsJson(request.tool_use.tools));
  return variables;
}

}  // namespace tradewind
