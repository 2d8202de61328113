// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a model or a file says, as a terminal may be shown it: no byte of it moves the cursor, changes colours, sets titles or reaches the
// keyboard's input. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace tradewind {

// Line feeds and tabs stay, carriage returns before a line feed go; other control characters become ^[ or <U+009B>, bytes that are no UTF-8
// <E2>, and so do marks that reorder text. Text cut between whole characters gives the same in pieces, but for a cut between CR and LF.
std::string VisibleText(std::string_view text);

}  // namespace tradewind
