// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any text as a saved conversation. What is refused must name its field; what is taken has values that its knobs allow, and reads the same
// again after it was written.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "cli/chat_file.h"
#include "core/knob.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tradewind;
  static const std::vector<Knob> knobs = {{.name = "threads", .domain = IntegerDomain{-1, 256}, .default_value = int64_t{1}},
                                          {.name = "temperature", .domain = RealDomain{0, 2}, .default_value = 1.0},
                                          {.name = "kv_type_k", .domain = ChoiceDomain{{"f16", "q8_0"}}, .default_value = "f16"},
                                          {.name = "stop", .domain = TextDomain{"any text"}, .default_value = ""}};
  const Result<SavedChat> chat = ParseSavedChat({reinterpret_cast<const char*>(data), size}, knobs);
  if (!chat) {
    if (chat.error().message().empty() || chat.error().where().empty()) std::abort();
    return 0;
  }
  for (const auto& [name, value] : chat->set.values()) {
    const Result<const Knob*> knob = FindKnob(knobs, name);
    if (name != "model" && !(knob && (*knob)->Check(value))) std::abort();
  }
  const std::string text = ToText(*chat);
  const Result<SavedChat> again = ParseSavedChat(text, knobs);
  if (!again || ToText(*again) != text || again->set != chat->set || again->messages.size() != chat->messages.size()) std::abort();
  return 0;
}
