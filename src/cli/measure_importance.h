// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// measure --imatrix: writes the importance matrix of a language model, which `quantize --imatrix` takes.
#pragma once

#include <optional>
#include <string>

#include "cli/arguments.h"
#include "cli/measure_arguments.h"
#include "cli/subject.h"

namespace tradewind {

struct ImportanceArguments {
  std::optional<std::string> out;
  std::optional<int64_t> chunks;

  void Declare(Arguments& args);
  // What does not go together, or cannot be written, is said before anything is read.
  Result<void> Check(const Subject& subject, const MeasureArguments& measure) const;
};

// Measures and writes the file, which appears whole or not at all; gives the exit code.
Result<int> MeasureImportance(const ImportanceArguments& given, const Setting& setting, const Workload& workload, bool json);

}  // namespace tradewind
