// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/recalled_crossovers.h"

#include <optional>

#include "base/file.h"
#include "core/device.h"
#include "llm/crossover.h"
#include "store/device_profile.h"
#include "store/profile_store.h"

namespace tradewind {
namespace {

constexpr const char* kKey = "crossovers";
// Nobody waits for another process because of these.
constexpr Duration kPatience = Duration::Millis(100);

Crossovers Recall() {
  const Result<DeviceProfile> profile = DeviceProfile::Open(StorePath(), {.read_only = true, .busy_timeout = kPatience});
  if (!profile) return {};
  const Result<std::optional<std::string>> text = profile->Get(ThisDevice().id, kKey);
  return text && *text ? Crossovers::FromJson(**text) : Crossovers();
}

}  // namespace

RecalledCrossovers::RecalledCrossovers() {
  Crossovers recalled = Recall();
  before_ = recalled.ToJson();
  SetKnownCrossovers(std::move(recalled));
}

RecalledCrossovers::~RecalledCrossovers() {
  try {
    const std::string now = KnownCrossovers().ToJson();
    if (now == before_) return;
    Result<DeviceProfile> profile = DeviceProfile::Open(StorePath(), {.busy_timeout = kPatience});
    if (profile) (void)profile->Put(ThisDevice().id, kKey, now);
  } catch (const std::exception&) {  // no memory: as without a store
  }
}

}  // namespace tradewind
