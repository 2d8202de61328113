// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/json_text.h"

#include <charconv>

#include "serve/api/json_document.h"

namespace tradewind {

std::string_view JsonKindName(JsonKind kind) {
  switch (kind) {
    case JsonKind::kNull: return "null";
    case JsonKind::kBool: return "true or false";
    case JsonKind::kInteger:
    case JsonKind::kHuge: return "a whole number";
    case JsonKind::kReal: return "a number with a point or an exponent";
    case JsonKind::kText: return "a text";
    case JsonKind::kArray: return "a list";
    case JsonKind::kObject: return "an object";
  }
  return "nothing";
}

namespace {

void AppendJsonString(std::string_view text, std::string* out) {
  constexpr char kHex[] = "0123456789abcdef";
  *out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      *out += '\\';
      *out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      *out += "\\u00";
      *out += kHex[static_cast<unsigned char>(c) >> 4];
      *out += kHex[static_cast<unsigned char>(c) & 15];
    } else {
      *out += c;
    }
  }
  *out += '"';
}

void AppendJsonReal(double value, std::string* out) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  const std::string_view digits(buffer, static_cast<size_t>(end - buffer));
  *out += digits;
  if (digits.find_first_of(".e") == std::string_view::npos) *out += ".0";  // stays what it was: not a whole number
}

void AppendJsonScalar(JsonNode node, std::string* out) {
  switch (node.kind()) {
    case JsonKind::kBool: *out += node.boolean() ? "true" : "false"; return;
    case JsonKind::kInteger: *out += std::to_string(node.integer()); return;
    case JsonKind::kHuge: *out += std::to_string(node.huge()); return;
    case JsonKind::kReal: AppendJsonReal(node.number(), out); return;
    case JsonKind::kText: AppendJsonString(node.text(), out); return;
    default: *out += "null"; return;
  }
}

}  // namespace

std::string JsonLine(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string ToJsonText(JsonNode node) {
  struct Open {
    const JsonRecord* end;
    char closing;
  };
  std::string out;
  std::vector<Open> open;
  const JsonRecord* at = node.record();
  const JsonRecord* const end = at + at->span;
  bool first = true;  // of its list
  while (at != end || !open.empty()) {
    if (!open.empty() && at == open.back().end) {
      out += open.back().closing;
      open.pop_back();
      first = false;
      continue;
    }
    if (!first) out += ',';
    first = false;
    const JsonNode value(at);
    if (!open.empty() && open.back().closing == '}') {
      AppendJsonString(value.key(), &out);
      out += ':';
    }
    const bool object = value.kind() == JsonKind::kObject;
    if (object || value.kind() == JsonKind::kArray) {
      out += object ? '{' : '[';
      open.push_back({at + at->span, object ? '}' : ']'});
      first = true;
    } else {
      AppendJsonScalar(value, &out);
    }
    ++at;
  }
  return out;
}

}  // namespace tradewind
