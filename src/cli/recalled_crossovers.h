// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The crossovers of this machine's kernels (llm/crossover.h) between two runs of the program: in the device profile.
#pragma once

#include <string>

namespace tradewind {

// From construction on those of earlier runs are known; at the end, what was timed since is kept for later ones. Without a store that can
// be read or written nothing happens: they are timed again.
class RecalledCrossovers {
 public:
  RecalledCrossovers();
  ~RecalledCrossovers();
  RecalledCrossovers(const RecalledCrossovers&) = delete;
  RecalledCrossovers& operator=(const RecalledCrossovers&) = delete;

 private:
  std::string before_;  // as JSON
};

}  // namespace tradewind
