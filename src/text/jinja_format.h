// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Python's two ways to format: 'a %s' % value and 'a {}'.format(value), for strings and numbers. Widths and precisions are
// limited by the memory that is left.
#pragma once

#include <string_view>

#include "text/jinja_eval.h"

namespace tradewind::jinja {

// `value` is a tuple of arguments, a mapping for %(name)s, or the only argument.
Value PercentFormat(Runtime& rt, std::string_view format, const Value& value);
Value BraceFormat(Evaluator& eval, std::string_view format, const Arguments& arguments);

}  // namespace tradewind::jinja
