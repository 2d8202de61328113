// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the tests of chat templates share: rendering in one line, and the cases of make_template_golden.py.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "shared_data.h"
#include "text/chat_template.h"

namespace tradewind {

inline std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline nlohmann::json ReadTestJson(const std::string& name) {
  return nlohmann::json::parse(ReadText(SourcePath("tests/text/data/" + name)));
}

struct TemplateCase {
  std::string name;
  std::vector<ChatMessage> messages;
  TemplateOptions options;
};

inline std::vector<TemplateCase> ReadTemplateCases() {
  std::vector<TemplateCase> cases;
  for (const auto& json : ReadTestJson("template_cases.json")) {
    TemplateCase& c = cases.emplace_back();
    c.name = json["name"];
    for (const auto& m : json["messages"]) c.messages.push_back({m["role"], m["content"]});
    c.options.add_generation_prompt = json["add_generation_prompt"];
    c.options.bos_token = json["bos_token"];
    c.options.eos_token = json["eos_token"];
    c.options.now_unix_s = 1735689600;  // as in make_template_golden.py
    for (const auto& [name, value] : json["variables"].items()) c.options.json_variables.emplace_back(name, value.get<std::string>());
  }
  return cases;
}

// The text, or "!" and the status.
inline std::string RenderOrError(const Result<ChatTemplate>& parsed, const std::vector<ChatMessage>& messages,
                                 const TemplateOptions& options) {
  if (!parsed) return "!" + parsed.error().ToString();
  const Result<std::string> text = parsed->Render(messages, options);
  return text ? *text : "!" + text.error().ToString();
}

// A template without a conversation; `json_variables` as in TemplateOptions.
inline std::string Rendered(std::string_view source, std::vector<std::pair<std::string, std::string>> json_variables = {}) {
  TemplateOptions options;
  options.json_variables = std::move(json_variables);
  return RenderOrError(ChatTemplate::Parse(source), {}, options);
}

// FNV-1a, 64 bits, as make_template_golden.py writes it.
inline std::string Fnv(std::string_view text) {
  uint64_t value = 0xCBF29CE484222325;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  char buffer[20];
  std::snprintf(buffer, sizeof(buffer), "%016llx", static_cast<unsigned long long>(value));
  return buffer;
}

}  // namespace tradewind
