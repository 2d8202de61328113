// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON text to values. Nesting is refused while the text is read, before anything deep is built. The writer, with
// json.dumps' spelling, is declared in jinja_print.h.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "text/jinja_value.h"

namespace tradewind::jinja {

// `name` is the variable, for messages. Each string and key goes through `filter`, if there is one. Throws Failure.
Value ParseJson(Runtime& rt, std::string_view name, std::string_view text,
                const std::function<std::string(std::string_view)>& filter = nullptr);

}  // namespace tradewind::jinja
