// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <utility>

#include "serve/api/anthropic_request.h"

namespace tradewind {
namespace {

// One message of theirs, as those that it is of ours: its tools' answers, then its text and calls.
struct SplitMessage {
  std::vector<ApiMessage> answers;
  ApiMessage rest;
  bool has_text = false;

  void AddText(std::string_view text) {
    if (has_text) rest.content += '\n';
    rest.content += text;
    has_text = true;
  }
};

Result<void> ReadTextBlock(ApiFields& fields, SplitMessage* message) {
  std::string text;
  fields.Require("text");
  fields.Text("text", &text);
  fields.Ignore({"citations"});
  TW_RETURN_IF_ERROR(fields.Finish());
  message->AddText(text);
  return {};
}

Result<void> ReadToolUseBlock(ApiFields& fields, const ApiLimits& limits, SplitMessage* message) {
  ToolCall call;
  fields.Require("id");
  fields.Name("id", &call.id, limits.name_bytes);
  fields.Require("name");
  fields.Identifier("name", &call.name, limits.tool_name_bytes);
  fields.Require("input");
  if (const auto input = fields.Object("input")) call.arguments = ToJsonText(*input);
  TW_RETURN_IF_ERROR(fields.Finish());
  message->rest.tool_calls.push_back(std::move(call));
  return {};
}

Result<void> ReadToolResultBlock(ApiFields& fields, const ApiLimits& limits, SplitMessage* message) {
  ApiMessage answer{.role = "tool"};
  fields.Require("tool_use_id");
  fields.Name("tool_use_id", &answer.tool_call_id, limits.name_bytes);
  if (const auto content = fields.Any("content")) {
    auto text = ContentAt(*content, fields.Where("content"), limits);
    if (!text) return Fail(text.error());
    answer.content = *std::move(text);
  }
  bool error = false;
  if (fields.Bool("is_error", &error) && error) answer.content = "Error: " + answer.content;
  TW_RETURN_IF_ERROR(fields.Finish());
  message->answers.push_back(std::move(answer));
  return {};
}

Result<void> ReadBlock(JsonNode node, const std::string& where, const ApiLimits& limits, SplitMessage* message) {
  ApiFields fields(node, where);
  std::string type;
  fields.Require("type");
  fields.Text("type", &type);
  fields.Ignore({"cache_control"});
  if (!fields.ok()) return fields.Finish();
  const bool assistant = message->rest.role == "assistant";
  if (type == "text") return ReadTextBlock(fields, message);
  if (type == "tool_use" && assistant) return ReadToolUseBlock(fields, limits, message);
  if (type == "tool_result" && !assistant) return ReadToolResultBlock(fields, limits, message);
  if (type == "tool_use" || type == "tool_result") {
    return Fail(BadField(fields.Where("type"), "\"" + type + "\" does not belong into a message of the " + message->rest.role));
  }
  return Fail(UnsupportedPart(fields.Where("type"), type));
}

Result<SplitMessage> ReadAnthropicMessage(JsonNode node, const std::string& where, const ApiLimits& limits) {
  ApiFields fields(node, where);
  SplitMessage message;
  fields.Require("role");
  if (const auto role = fields.Word("role", {"user", "assistant"})) message.rest.role = *role;
  fields.Require("content");
  if (const auto content = fields.Any("content")) {
    const std::string place = fields.Where("content");
    if (content->kind() == JsonKind::kText) {
      message.AddText(content->text());
    } else if (fields.Check(ListAt(*content, place, limits.content_parts))) {
      if (content->size() == 0) fields.Check(BadField(place, "must not be an empty list"));
      size_t index = 0;
      for (const JsonNode block : content->children()) {
        if (!fields.Check(ReadBlock(block, ItemPlace(place, index++), limits, &message))) break;
      }
    }
  }
  TW_RETURN_IF_ERROR(fields.Finish());
  return message;
}

}  // namespace

Result<void> AddAnthropicMessages(JsonNode list, const std::string& where, const ApiLimits& limits, std::vector<ApiMessage>* messages) {
  TW_RETURN_IF_ERROR(ListAt(list, where, limits.messages));
  if (list.size() == 0) return Fail(BadField(where, "must not be an empty list"));
  std::set<std::string, std::less<>> called;
  size_t index = 0;
  for (const JsonNode item : list.children()) {
    const std::string place = ItemPlace(where, index++);
    TW_ASSIGN(SplitMessage message, ReadAnthropicMessage(item, place, limits));
    for (ApiMessage& answer : message.answers) {
      if (!called.contains(answer.tool_call_id)) {
        return Fail(BadField(place + ".content", "answers \"" + answer.tool_call_id.substr(0, 64) + "\", which is no tool_use before it"));
      }
      messages->push_back(std::move(answer));
    }
    for (const ToolCall& call : message.rest.tool_calls) called.insert(call.id);
    if (message.has_text || !message.rest.tool_calls.empty()) messages->push_back(std::move(message.rest));
  }
  return {};
}

}  // namespace tradewind
