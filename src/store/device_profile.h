// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// DeviceProfile: what was found out about a device once and is worth keeping (bandwidth readings, kernel choices), as JSON text by key. It
// lies in the profile store's file, under the same promises. Thread-safe.
//
//   TW_ASSIGN(DeviceProfile profile, DeviceProfile::Open(StorePath()));
//   TW_RETURN_IF_ERROR(profile.Put(ThisDevice().id, "bandwidth", R"({"read_gb_per_s": 21.5})"));
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/status.h"
#include "store/store_options.h"

namespace tradewind {

class DeviceProfile {
 public:
  // Errors as ProfileStore::Open.
  static Result<DeviceProfile> Open(const std::string& path, const StoreOptions& options = {});
  DeviceProfile(DeviceProfile&&) noexcept;
  DeviceProfile& operator=(DeviceProfile&&) noexcept;
  ~DeviceProfile();

  // Stores or replaces. kInvalidInput if `json` is not one JSON value of at most 1 MiB.
  Result<void> Put(const std::string& device_id, const std::string& key, const std::string& json);
  Result<std::optional<std::string>> Get(const std::string& device_id, const std::string& key) const;

 private:
  struct Impl;
  explicit DeviceProfile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tradewind
