// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/version.h"

#include "gen/version.gen.h"

namespace tradewind {

std::string BuildId() {
  return std::string(kVersion) + " " + kCommit;
}

std::string BuildPlatform() {
  return std::string(kArchitecture) + ", " + kCompiler;
}

}  // namespace tradewind
