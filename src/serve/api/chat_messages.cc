// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/chat_messages.h"

#include <set>
#include <utility>

namespace tradewind {
namespace {

Result<std::string> TextPartAt(JsonNode node, const std::string& where) {
  ApiFields fields(node, where);
  std::string type, text;
  fields.Require("type");
  fields.Text("type", &type);
  if (fields.ok() && type != "text") return Fail(UnsupportedPart(fields.Where("type"), type));
  fields.Require("text");
  fields.Text("text", &text);
  fields.Ignore({"cache_control"});
  TW_RETURN_IF_ERROR(fields.Finish());
  return text;
}

Result<ToolCall> ReadToolCall(JsonNode node, const std::string& where, const ApiLimits& limits) {
  ApiFields fields(node, where);
  ToolCall call;
  fields.Require("id");
  fields.Name("id", &call.id, limits.name_bytes);
  std::string type = "function";
  fields.Text("type", &type);
  if (fields.ok() && type != "function") fields.Check(UnsupportedField(fields.Where("type"), "calls are of functions"));
  int64_t index = 0;  // what a client keeps of a stream
  fields.Integer("index", &index, 0, INT32_MAX);
  fields.Require("function");
  if (const auto inner = fields.Any("function")) {
    ApiFields function(*inner, fields.Where("function"));
    function.Require("name");
    function.Identifier("name", &call.name, limits.tool_name_bytes);
    std::string arguments;
    function.Require("arguments");
    if (function.Text("arguments", &arguments)) {
      auto read = ArgumentsAt(arguments, function.Where("arguments"), limits);
      if (!read) return Fail(read.error());
      call.arguments = *std::move(read);
    }
    fields.Check(function.Finish());
  }
  TW_RETURN_IF_ERROR(fields.Finish());
  return call;
}

void ReadToolCalls(ApiFields& fields, const ApiLimits& limits, ApiMessage* message) {
  const auto list = fields.List("tool_calls", limits.tool_calls);
  if (!list) return;
  for (const JsonNode item : list->children()) {
    auto call = ReadToolCall(item, ItemPlace(fields.Where("tool_calls"), message->tool_calls.size()), limits);
    if (!call) return void(fields.Check(call.error()));
    message->tool_calls.push_back(*std::move(call));
  }
}

Result<ApiMessage> ReadMessage(JsonNode node, const std::string& where, const ApiLimits& limits) {
  ApiFields fields(node, where);
  ApiMessage message;
  fields.Require("role");
  if (const auto role = fields.Word("role", {"system", "developer", "user", "assistant", "tool"})) {
    message.role = *role == "developer" ? "system" : *role;
  }
  const bool assistant = message.role == "assistant";
  if (assistant) {
    ReadToolCalls(fields, limits, &message);
    // What a client sends back of an earlier answer, as its SDK kept it.
    fields.Ignore({"annotations"});
    fields.Refuse({"refusal", "audio", "function_call", "reasoning_content"}, "leave it out");
  }
  if (message.role == "tool") {
    fields.Require("tool_call_id");
    fields.Name("tool_call_id", &message.tool_call_id, limits.name_bytes);
  }
  fields.Name("name", &message.name, limits.name_bytes);
  if (message.tool_calls.empty()) fields.Require("content");
  if (const auto content = fields.Any("content")) {
    auto text = ContentAt(*content, fields.Where("content"), limits);
    if (!text) return Fail(text.error());
    message.content = *std::move(text);
  }
  TW_RETURN_IF_ERROR(fields.Finish());
  return message;
}

}  // namespace

Status UnsupportedPart(const std::string& where, std::string_view type) {
  return UnsupportedField(where, "only parts of type \"text\" are read; \"" + std::string(type.substr(0, 32)) +
                                     "\" is none (pictures, sounds and files are not served)");
}

Result<std::string> ContentAt(JsonNode node, const std::string& where, const ApiLimits& limits) {
  if (node.kind() == JsonKind::kText) return std::string(node.text());
  if (node.kind() != JsonKind::kArray) return Fail(BadField(where, "must be a text or a list of parts"));
  TW_RETURN_IF_ERROR(ListAt(node, where, limits.content_parts));
  if (node.size() == 0) return Fail(BadField(where, "must not be an empty list"));
  std::string joined;
  size_t index = 0;
  for (const JsonNode part : node.children()) {
    TW_ASSIGN(const std::string text, TextPartAt(part, ItemPlace(where, index)));
    if (index++ > 0) joined += '\n';
    joined += text;
  }
  return joined;
}

Result<std::vector<ApiMessage>> MessagesAt(JsonNode list, const std::string& where, const ApiLimits& limits) {
  TW_RETURN_IF_ERROR(ListAt(list, where, limits.messages));
  if (list.size() == 0) return Fail(BadField(where, "must not be an empty list"));
  std::vector<ApiMessage> messages;
  std::set<std::string, std::less<>> called;
  for (const JsonNode item : list.children()) {
    const std::string place = ItemPlace(where, messages.size());
    TW_ASSIGN(ApiMessage message, ReadMessage(item, place, limits));
    if (message.role == "tool" && !called.contains(message.tool_call_id)) {
      return Fail(BadField(place + ".tool_call_id", "must be the id of a call in an assistant's message before it"));
    }
    for (const ToolCall& call : message.tool_calls) called.insert(call.id);
    messages.push_back(std::move(message));
  }
  return messages;
}

}  // namespace tradewind
