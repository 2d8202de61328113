// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Chat templates: the Jinja program in a model file that turns a conversation into one prompt. Interpreted by our own bounded
// evaluator (docs/decisions/ says why): steps, depth and output are limited, and nothing outside the conversation can be reached.
// Immutable after parsing; Render is thread-safe.
//
//   TW_ASSIGN(ChatTemplate t, ChatTemplate::Parse(source));
//   TW_ASSIGN(std::string prompt, t.Render(messages, {.add_generation_prompt = true, .bos_token = "<s>"}));
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct ChatMessage {
  std::string role;     // "system", "user", "assistant", ...
  std::string content;  // UTF-8
};

struct TemplateOptions {
  bool add_generation_prompt = true;
  std::string bos_token;
  std::string eos_token;
  // Further variables, as JSON text: {"tools", "[...]"}; also `messages` with more than role and content, in place of those.
  std::vector<std::pair<std::string, std::string>> json_variables;
  // What each text within that JSON goes through before the template sees it.
  std::function<std::string(std::string_view)> json_text_filter;
  // What strftime_now shows, as seconds since 1970 in UTC; the machine's local time without it.
  std::optional<int64_t> now_unix_s;
};

struct TemplateLimits {
  uint64_t source_bytes = 256 * 1024;
  uint64_t steps = 2'000'000;  // evaluated nodes and loop turns
  int depth = 64;              // nesting of the source, of macro calls and of values
  uint64_t output_bytes = 16u << 20;
  uint64_t memory_bytes = 64u << 20;  // of all values made while rendering
};

class ChatTemplate {
 public:
  // kInvalidInput names line and column of a syntax error; kUnsupported a construct that is not implemented.
  static Result<ChatTemplate> Parse(std::string_view source, const TemplateLimits& limits = {});
  ChatTemplate(ChatTemplate&&) noexcept;
  ChatTemplate& operator=(ChatTemplate&&) noexcept;
  ~ChatTemplate();

  // The prompt. kInvalidInput carries the template's own raise_exception text, or names line and column of what went wrong,
  // or the limit that was reached.
  Result<std::string> Render(const std::vector<ChatMessage>& messages, const TemplateOptions& options) const;

 private:
  struct Program;
  explicit ChatTemplate(std::unique_ptr<Program> program);
  std::unique_ptr<Program> program_;
};

}  // namespace tradewind
