// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The options that measure and search share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "core/workload.h"
#include "measure/runner.h"
#include "store/profile_store.h"

namespace tradewind {

struct MeasureArguments {
  std::string workload;
  std::optional<std::string> metrics, time;
  int64_t windows = 20;
  bool json = false;

  void Declare(Arguments& args);
  // The workload named, else the store's default one if its file is still there.
  Result<Workload> ToWorkload(const ProfileStore& store) const;
  // `with_perplexity`: whether the default metrics include perplexity.
  Result<MeasureOptions> ToOptions(bool with_perplexity) const;
};

}  // namespace tradewind
