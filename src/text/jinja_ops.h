// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Python's operators on values. Integers have 64 bits and an overflow is an error; everything else that Python refuses is
// refused here too.
#pragma once

#include <string_view>

#include "text/jinja_ast.h"
#include "text/jinja_value.h"

namespace tradewind::jinja {

Value Arithmetic(Runtime& rt, Op op, const Value& a, const Value& b);
Value Signed(Runtime& rt, bool negative, const Value& value);
bool Compare(Runtime& rt, Op op, const Value& a, const Value& b);
// Markup-escapes & < > ' ", as the `escape` filter does.
Value Escape(Runtime& rt, const Value& value);

}  // namespace tradewind::jinja
