// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What an answer must look like, as a grammar: `response_format` (OpenAI's text, json_object and json_schema; llama.cpp's json_object with
// a `schema`), and llama.cpp's `grammar` (GBNF) and `json_schema`. Each is compiled here, so that what cannot be enforced is refused before
// anything runs. Thread-safe.
#pragma once

#include <string>

#include "serve/api/answer_options.h"

namespace tradewind {

// At most one of the three may ask for a shape.
void ReadAnswerShape(ApiFields& fields, AnswerOptions* options);

// The schema as GBNF that parses. kInvalidInput or kUnsupported at "WHERE#/json/pointer".
Result<std::string> SchemaGrammarAt(JsonNode schema, const std::string& where);
// The same of a schema's text.
Result<std::string> SchemaGrammarAt(std::string_view schema, const std::string& where);

}  // namespace tradewind
