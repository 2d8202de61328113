// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Any text as a JSON schema. Beyond crashes it looks for grammars that do not parse for another reason than a limit or a recursion that
// the schema itself has, and for texts of a grammar that are no JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "../../tests/text/grammar_draw.h"
#include "text/json_schema.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tradewind;
  if (size > (1 << 13)) return 0;
  const auto gbnf = JsonSchemaGrammar({reinterpret_cast<const char*>(data), size});
  if (!gbnf) return 0;
  GrammarLimits limits;
  limits.depth = 50;
  limits.steps = 200'000;
  const auto grammar = Grammar::Parse(*gbnf, limits);
  if (!grammar) {
    const std::string& message = grammar.error().message();
    const bool recursion = message.find("left-recursive") != std::string::npos;
    const bool pattern = std::string_view(reinterpret_cast<const char*>(data), size).find("pattern") != std::string_view::npos;
    if (grammar.error().code() == StatusCode::kInvalidInput && !recursion && !pattern) std::abort();
    return 0;
  }
  Random random(size);
  for (int i = 0; i < 3; ++i) {
    const auto text = DrawText(**grammar, random, 300);
    if (text && !nlohmann::json::accept(*text)) std::abort();
  }
  return 0;
}
