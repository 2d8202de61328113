// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any text as an answer that may call functions: the first byte picks the notation, the second how it is cut. However it is cut, the same
// must come out; without a call nothing may be lost; a call has a known name and arguments that are an object.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "serve/api/tool_call_reader.h"

namespace tradewind {
namespace {

const std::vector<std::string> kFuzzNames = {"f", "get_weather"};

std::string ReadInPieces(ToolNotation notation, std::string_view answer, size_t piece, size_t* calls) {
  ToolCallReader reader(notation, kFuzzNames, {.call_bytes = 2000, .nesting = 16, .calls = 8, .blanks = 50});
  std::string shown;
  const auto show = [&](const std::vector<ToolEvent>& events) {
    for (const ToolEvent& event : events) {
      if (const auto* text = std::get_if<std::string>(&event)) {
        if (text->empty()) std::abort();
        shown += *text;
        continue;
      }
      const ToolCall& call = std::get<ToolCall>(event);
      if (call.name != kFuzzNames[0] && call.name != kFuzzNames[1]) std::abort();
      if (!nlohmann::json::parse(call.arguments).is_object()) std::abort();
      shown += std::string(1, '\0') + call.name + call.arguments;
    }
  };
  for (; !answer.empty(); answer.remove_prefix(std::min(piece, answer.size()))) show(reader.Add(answer.substr(0, piece)));
  show(reader.Finish());
  *calls = reader.calls();
  if (*calls > 8) std::abort();
  return shown;
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tradewind;
  if (size < 2 || size > (1 << 14)) return 0;
  const auto notation = static_cast<ToolNotation>(data[0] % 3);
  const std::string_view answer(reinterpret_cast<const char*>(data + 2), size - 2);
  size_t calls = 0, calls_cut = 0;
  const std::string whole = ReadInPieces(notation, answer, answer.size() + 1, &calls);
  const std::string cut = ReadInPieces(notation, answer, 1 + data[1] % 40, &calls_cut);
  if (whole != cut || calls != calls_cut) std::abort();
  if (calls == 0 && whole != answer) std::abort();
  return 0;
}
