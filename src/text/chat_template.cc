// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/chat_template.h"

#include <new>
#include <utility>

#include "text/jinja_eval.h"
#include "text/jinja_json.h"
#include "text/jinja_parser.h"

namespace tradewind {

struct ChatTemplate::Program {
  std::unique_ptr<jinja::Program> parsed;
  TemplateLimits limits;
};

namespace {

Status OutOfMemory() {
  return Status(StatusCode::kResourceExhausted, "chat template: the machine has no memory left for it");
}

uint64_t InputBytes(const std::vector<ChatMessage>& messages, const TemplateOptions& options) {
  uint64_t bytes = options.bos_token.size() + options.eos_token.size();
  for (const ChatMessage& message : messages) bytes += message.role.size() + message.content.size();
  for (const auto& [name, json] : options.json_variables) bytes += name.size() + json.size();
  return bytes;
}

// The variables that transformers gives to a template. The messages' text is used in place.
void SetVariables(jinja::Runtime& rt, const std::vector<ChatMessage>& messages, const TemplateOptions& options, jinja::Namespace* out) {
  using jinja::Value;
  std::vector<Value> list;
  for (const ChatMessage& message : messages) {
    const jinja::Entry entries[] = {{Value::Text("role"), Value::Text(message.role)},
                                    {Value::Text("content"), Value::Text(message.content)}};
    list.push_back(jinja::MakeDict(rt, entries));
  }
  out->Set(rt, "messages", jinja::MakeList(rt, list));
  out->Set(rt, "tools", Value::None());
  out->Set(rt, "documents", Value::None());
  out->Set(rt, "add_generation_prompt", Value::Bool(options.add_generation_prompt));
  out->Set(rt, "bos_token", Value::Text(options.bos_token));
  out->Set(rt, "eos_token", Value::Text(options.eos_token));
  for (const auto& [name, json] : options.json_variables) out->Set(rt, name, jinja::ParseJson(rt, name, json, options.json_text_filter));
}

std::string RenderOrThrow(const jinja::Program& program, const TemplateLimits& limits, const std::vector<ChatMessage>& messages,
                          const TemplateOptions& options) {
  jinja::Runtime rt(limits, program.source);
  rt.CheckRoom(InputBytes(messages, options));
  jinja::Scope* globals = rt.Make<jinja::Scope>();
  SetVariables(rt, messages, options, &globals->variables);
  std::string out;
  jinja::Evaluator(rt, program, globals, options.now_unix_s).Run(&out);
  return out;
}

}  // namespace

ChatTemplate::ChatTemplate(std::unique_ptr<Program> program) : program_(std::move(program)) {}
ChatTemplate::ChatTemplate(ChatTemplate&&) noexcept = default;
ChatTemplate& ChatTemplate::operator=(ChatTemplate&&) noexcept = default;
ChatTemplate::~ChatTemplate() = default;

Result<ChatTemplate> ChatTemplate::Parse(std::string_view source, const TemplateLimits& limits) {
  try {
    auto program = std::make_unique<Program>();
    program->limits = limits;
    // Sizes of values are 32-bit numbers.
    program->limits.memory_bytes = std::min<uint64_t>(limits.memory_bytes, 1u << 31);
    program->limits.source_bytes = std::min<uint64_t>(limits.source_bytes, 1u << 30);
    program->parsed = jinja::ParseProgram(source, program->limits);
    return ChatTemplate(std::move(program));
  } catch (jinja::Failure& failure) {
    return Fail(std::move(failure.status));
  } catch (const std::bad_alloc&) {
    return Fail(OutOfMemory());
  }
}

Result<std::string> ChatTemplate::Render(const std::vector<ChatMessage>& messages, const TemplateOptions& options) const {
  try {
    return RenderOrThrow(*program_->parsed, program_->limits, messages, options);
  } catch (jinja::Failure& failure) {
    return Fail(std::move(failure.status));
  } catch (const std::bad_alloc&) {
    return Fail(OutOfMemory());
  }
}

}  // namespace tradewind
