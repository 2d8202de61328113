// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Arguments: what a subcommand takes, declared once and filled from the command line, TRADEWIND_* environment variables and a YAML file, in
// this order of precedence. A thin front of CLI11, which only arguments.cc includes. llama.cpp's short names of several letters work
// (-ctk).
//
//   Arguments args("run", "Answer a prompt.");
//   std::string prompt;
//   args.Option("-p,--prompt", &prompt, "The prompt.");
//   TW_RETURN_IF_ERROR(args.Parse(argc, argv));
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"

namespace tradewind {

class Arguments {
 public:
  Arguments(std::string command, std::string summary);
  ~Arguments();

  void Positional(const std::string& name, std::string* value, const std::string& help, bool required = false);
  void Positionals(const std::string& name, std::vector<std::string>* values, const std::string& help);
  void Option(const std::string& names, std::string* value, const std::string& help);
  void Option(const std::string& names, int64_t* value, const std::string& help);
  void Option(const std::string& names, double* value, const std::string& help);
  void Option(const std::string& names, std::optional<std::string>* value, const std::string& help);
  void Option(const std::string& names, std::optional<int64_t>* value, const std::string& help);
  // May be given several times.
  void Option(const std::string& names, std::vector<std::string>* values, const std::string& help);
  void Flag(const std::string& names, bool* value, const std::string& help);
  // A file that is written: named on the command line alone, for a word in the environment that meant another command must not overwrite
  // it.
  void Output(const std::string& names, std::optional<std::string>* value, const std::string& help);
  // Takes one or more values after its name, until the next option: --over threads=1,2 layers=28,30.
  void List(const std::string& names, std::vector<std::string>* values, const std::string& help);

  // kInvalidInput says what is wrong and how to see the help. After --help (already printed on stdout) the result is false.
  Result<bool> Parse(int argc, char** argv);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tradewind
