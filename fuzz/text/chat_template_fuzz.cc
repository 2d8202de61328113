// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Fuzzes the chat templates: any bytes as the template, with small limits, over a conversation that has every kind of
// value. An input may end with a line "#json " and a JSON text, which becomes the variable `tools`.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "text/chat_template.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tradewind;
  std::string_view source(reinterpret_cast<const char*>(data), size);
  std::string json = R"([{"type": "function", "n": [1, 2.5, null, true, "é"], "o": {"a": {"b": []}}}])";
  if (const size_t mark = source.rfind("\n#json "); mark != std::string_view::npos) {
    json = source.substr(mark + 7);
    source = source.substr(0, mark);
  }
  TemplateLimits limits;
  limits.steps = 50'000;
  limits.output_bytes = 1 << 20;
  limits.memory_bytes = 4 << 20;
  const Result<ChatTemplate> parsed = ChatTemplate::Parse(source, limits);
  if (!parsed) return 0;
  TemplateOptions options;
  options.bos_token = "<s>";
  options.eos_token = "</s>";
  options.now_unix_s = 1735689600;
  options.json_variables = {{"tools", json}};
  const auto text =
      parsed->Render({{"system", "Sys"}, {"user", " Hello\n"}, {"assistant", "<think>a</think>b"}, {"user", "\xC3\xA9\xFF"}}, options);
  if (text && text->size() > limits.output_bytes) std::abort();
  if (!text && text.error().code() == StatusCode::kInternal) std::abort();
  return 0;
}
