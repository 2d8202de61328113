// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "store/device_profile.h"

#include <mutex>

#include "store/schema.h"
#include "store/sqlite.h"
#include "store/trial_rows.h"

namespace tradewind {

using store::Statement;

struct DeviceProfile::Impl {
  mutable std::mutex mutex;
  std::unique_ptr<store::Database> db;
};

DeviceProfile::DeviceProfile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DeviceProfile::DeviceProfile(DeviceProfile&&) noexcept = default;
DeviceProfile& DeviceProfile::operator=(DeviceProfile&&) noexcept = default;
DeviceProfile::~DeviceProfile() = default;

Result<DeviceProfile> DeviceProfile::Open(const std::string& path, const StoreOptions& options) {
  auto impl = std::make_unique<Impl>();
  TW_ASSIGN(impl->db, store::OpenStore(path, options));
  return DeviceProfile(std::move(impl));
}

Result<void> DeviceProfile::Put(const std::string& device_id, const std::string& key, const std::string& json) {
  if (!store::IsJson(json)) {
    return Fail(
        Status(StatusCode::kInvalidInput, "device profile: the value of " + key + " is not one JSON value of at most 1 MiB").At(key));
  }
  const std::scoped_lock lock(impl_->mutex);
  TW_ASSIGN(Statement put, impl_->db->Prepare("INSERT INTO device_profile(device_id, key, json) VALUES(?1, ?2, ?3) "
                                              "ON CONFLICT(device_id, key) DO UPDATE SET json = ?3"));
  put.Bind(1, device_id);
  put.Bind(2, key);
  put.Bind(3, json);
  return put.Run();
}

Result<std::optional<std::string>> DeviceProfile::Get(const std::string& device_id, const std::string& key) const {
  const std::scoped_lock lock(impl_->mutex);
  TW_ASSIGN(Statement get, impl_->db->Prepare("SELECT json FROM device_profile WHERE device_id = ?1 AND key = ?2"));
  get.Bind(1, device_id);
  get.Bind(2, key);
  TW_ASSIGN(const bool row, get.Step());
  if (!row) return std::nullopt;
  return get.Text(0);
}

}  // namespace tradewind
