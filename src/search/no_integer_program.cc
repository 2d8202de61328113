// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/integer_program.h"

namespace tradewind {

bool HasIntegerPrograms() {
  return false;
}

Result<std::optional<std::vector<bool>>> SolveIntegerProgram(const IntegerProgram&) {
  return Fail(StatusCode::kUnsupported, "this build has no solver of integer programs: install coinor-libcbc-dev and build again");
}

}  // namespace tradewind
