// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The fields of the API as a list, and from it values that each must take and values that each must refuse. Written from the public
// descriptions of OpenAI's, Anthropic's and llama-server's APIs, not from the readers.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/status.h"

namespace tradewind {

using Json = nlohmann::json;

enum class FieldKind {
  kInteger,     // low to high
  kReal,        // low to high
  kBool,        //
  kText,        // any
  kName,        // not empty, no control characters, bounded
  kWord,        // one of `words`
  kList,        // of anything; its items have cases of their own
  kObject,      // likewise
  kIgnored,     // anything
  kUnsupported  // what asks for something is refused as not built
};

struct FieldCase {
  std::string pointer;  // "/stream_options/include_usage"
  FieldKind kind;
  double low = 0;
  double high = 0;
  std::vector<std::string> words{};
  bool required = false;
};

// "/messages/0/role" as errors name it: "messages[0].role".
std::string PlaceOf(const std::string& pointer);

// JSON texts, as some are no values that a JSON library can hold.
std::vector<std::string> BadValues(const FieldCase& field);
std::vector<std::string> GoodValues(const FieldCase& field);

// The body with the JSON text in the place of the field; "" takes the field away.
std::string BodyWith(Json body, const std::string& pointer, const std::string& value);

// Tries each field of the list: every bad value is refused at the field's place, with the status that its kind asks for, and every good one
// is taken. Returns the number of cases.
using BodyReader = std::function<Result<void>(std::string_view)>;
size_t TryFields(const Json& sound, const std::vector<FieldCase>& fields, const BodyReader& read);

}  // namespace tradewind
