// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ToolGrammar: what an answer may be, where tools are to be called or their arguments are to keep to a schema, as GBNF (text/grammar.h).
// Thread-safe.
//
//   TW_ASSIGN(const std::string gbnf, ToolGrammar(request.tool_use, notation));
//   if (!gbnf.empty()) prompt.grammar = gbnf;
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "serve/api/tool_notation.h"

namespace tradewind {

// A required choice: one call or more, of the tool that is named or of any, with arguments of its schema. An automatic choice with a strict
// tool: free text, then calls, those of strict tools with arguments of their schema. Else empty: nothing is enforced. kInvalidInput or
// kUnsupported at the schema's place in the request, for what no grammar can enforce.
Result<std::string> ToolGrammar(const ToolUse& use, ToolNotation notation);

// GBNF with each rule's name behind `prefix`, so that grammars can stand in one text.
std::string PrefixRules(std::string_view gbnf, std::string_view prefix);

}  // namespace tradewind
