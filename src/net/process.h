// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs a program without a shell and keeps the tail of what it prints. The child has a process group of its own, no input, and
// the environment of this process with a few changes.
//
//   TW_ASSIGN(ProcessResult result, RunProcess({.arguments = {"python3", "--version"}, .folder = "/tmp"}));
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct ProcessRequest {
  std::vector<std::string> arguments;                            // the program first, looked up in PATH
  std::string folder;                                            // where it runs
  std::vector<std::pair<std::string, std::string>> environment;  // set in addition
  size_t output_limit_bytes = 1 << 16;                           // of output and errors together; the last ones are kept
  // Called about five times a second; true ends the program (SIGTERM to its group, SIGKILL two seconds later) with kCancelled.
  std::function<bool()> should_stop;
};

struct ProcessResult {
  int exit_code = 0;  // 128 + signal if one ended it
  std::string output;
};

// kNotFound if there is no such program; an exit code other than 0 is a result, not an error.
Result<ProcessResult> RunProcess(const ProcessRequest& request);

}  // namespace tradewind
