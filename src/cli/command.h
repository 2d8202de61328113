// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A subcommand: one file in cli/commands that registers one of these.
#pragma once

#include <string>

#include "base/status.h"
#include "core/registry.h"

namespace tradewind {

struct Command {
  std::string summary;  // one line for `tradewind --help`
  // argv[0] is the first word after the subcommand. Gives the exit code (0, or 3 for a missed budget); an error is printed by the caller.
  Result<int> (*run)(int argc, char** argv);
};

const Registry<Command>& Commands();

}  // namespace tradewind
