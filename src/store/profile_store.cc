// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "store/profile_store.h"

#include <ctime>
#include <mutex>

#include "store/schema.h"
#include "store/sqlite.h"
#include "store/trial_rows.h"

namespace tradewind {

using store::Database;
using store::Statement;
using store::Transaction;

struct ProfileStore::Impl {
  mutable std::mutex mutex;
  std::unique_ptr<Database> db;

  // Whether the table holds the id; `what` and `remedy` make the error.
  Result<void> Require(const char* table, const std::string& id, const char* remedy) const {
    TW_ASSIGN(Statement select, db->Prepare(std::string("SELECT 1 FROM ") + table + " WHERE id = ?1"));
    select.Bind(1, id);
    TW_ASSIGN(const bool known, select.Step());
    if (known) return {};
    return Fail(StatusCode::kNotFound, "profile store " + db->path() + ": no " + table + " \"" + id + "\"; " + remedy);
  }
};

ProfileStore::ProfileStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ProfileStore::ProfileStore(ProfileStore&&) noexcept = default;
ProfileStore& ProfileStore::operator=(ProfileStore&&) noexcept = default;
ProfileStore::~ProfileStore() = default;

Result<ProfileStore> ProfileStore::Open(const std::string& path, const StoreOptions& options) {
  auto impl = std::make_unique<Impl>();
  TW_ASSIGN(impl->db, store::OpenStore(path, options));
  return ProfileStore(std::move(impl));
}

const std::string& ProfileStore::path() const {
  return impl_->db->path();
}

Result<int64_t> ProfileStore::AddTrial(const TrialRecord& trial) {
  TW_RETURN_IF_ERROR(store::CheckTrial(trial));
  const std::scoped_lock lock(impl_->mutex);
  TW_ASSIGN(Transaction transaction, Transaction::Begin(*impl_->db, Transaction::Kind::kWrite));
  TW_RETURN_IF_ERROR(impl_->Require("workload", trial.key.workload_id, "SaveWorkload comes before AddTrial"));
  TW_RETURN_IF_ERROR(impl_->Require("device", trial.key.device_id, "SaveDevice comes before AddTrial"));
  TW_ASSIGN(const int64_t id, store::InsertTrial(*impl_->db, trial));
  TW_RETURN_IF_ERROR(transaction.Commit());
  return id;
}

Result<std::optional<TrialRecord>> ProfileStore::FindTrial(const TrialKey& key) const {
  const std::scoped_lock lock(impl_->mutex);
  TW_ASSIGN(Transaction transaction, Transaction::Begin(*impl_->db, Transaction::Kind::kRead));
  const TrialFilter filter{key.tunable, key.workload_id, key.device_id, key.setting, true};
  TW_ASSIGN(std::vector<TrialRecord> found, store::SelectTrials(*impl_->db, filter, true));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

Result<std::vector<TrialRecord>> ProfileStore::Trials(const TrialFilter& filter) const {
  const std::scoped_lock lock(impl_->mutex);
  TW_ASSIGN(Transaction transaction, Transaction::Begin(*impl_->db, Transaction::Kind::kRead));
  return store::SelectTrials(*impl_->db, filter, false);
}

Result<int64_t> ProfileStore::Remove(std::span<const int64_t> ids) {
  const std::scoped_lock lock(impl_->mutex);
  TW_ASSIGN(Transaction transaction, Transaction::Begin(*impl_->db, Transaction::Kind::kWrite));
  int64_t removed = 0;
  {
    TW_ASSIGN(Statement remove, impl_->db->Prepare("DELETE FROM trial WHERE id = ?1"));
    for (const int64_t id : ids) {
      remove.Bind(1, id);
      TW_RETURN_IF_ERROR(remove.Run());
      removed += impl_->db->Changes();
    }
  }
  TW_RETURN_IF_ERROR(transaction.Commit());
  return removed;
}

Result<void> ProfileStore::SaveDevice(const Device& device) {
  if (device.id.empty()) return Fail(StatusCode::kInvalidInput, "a device cannot be stored: its id is empty");
  const std::scoped_lock lock(impl_->mutex);
  TW_ASSIGN(Statement save,
            impl_->db->Prepare("INSERT INTO device(id, cpu_model, cpus, isa, memory_bytes, origin) VALUES(?1, ?2, ?3, ?4, ?5, ?6) "
                               "ON CONFLICT(id) DO UPDATE SET cpu_model = ?2, cpus = ?3, isa = ?4, memory_bytes = ?5, origin = ?6"));
  save.Bind(1, device.id);
  save.Bind(2, device.cpu_model);
  save.Bind(3, int64_t{device.cpus});
  save.Bind(4, device.isa);
  save.Bind(5, static_cast<int64_t>(device.memory_bytes));
  save.Bind(6, device.origin);
  return save.Run();
}

Result<std::vector<Device>> ProfileStore::Devices() const {
  const std::scoped_lock lock(impl_->mutex);
  TW_ASSIGN(Statement select, impl_->db->Prepare("SELECT id, cpu_model, cpus, isa, memory_bytes, origin FROM device ORDER BY id"));
  std::vector<Device> devices;
  while (true) {
    TW_ASSIGN(const bool row, select.Step());
    if (!row) return devices;
    devices.push_back({select.Text(0), select.Text(1), static_cast<int>(select.Integer(2)), select.Text(3),
                       static_cast<uint64_t>(select.Integer(4)), select.Text(5)});
  }
}

Result<void> ProfileStore::SaveWorkload(const StoredWorkload& workload) {
  if (workload.id.empty()) return Fail(StatusCode::kInvalidInput, "a workload cannot be stored: its id is empty");
  const std::scoped_lock lock(impl_->mutex);
  TW_ASSIGN(Statement save, impl_->db->Prepare("INSERT INTO workload(id, name, primary_metric) VALUES(?1, ?2, ?3) "
                                               "ON CONFLICT(id) DO UPDATE SET name = ?2, primary_metric = ?3"));
  save.Bind(1, workload.id);
  save.Bind(2, workload.name);
  save.Bind(3, workload.primary_metric);
  return save.Run();
}

Result<std::vector<StoredWorkload>> ProfileStore::Workloads() const {
  const std::scoped_lock lock(impl_->mutex);
  TW_ASSIGN(Statement select, impl_->db->Prepare("SELECT id, name, primary_metric FROM workload ORDER BY name, id"));
  std::vector<StoredWorkload> workloads;
  while (true) {
    TW_ASSIGN(const bool row, select.Step());
    if (!row) return workloads;
    workloads.push_back({select.Text(0), select.Text(1), select.Text(2)});
  }
}

Result<void> ProfileStore::SetDefaultWorkload(const std::string& id) {
  const std::scoped_lock lock(impl_->mutex);
  TW_ASSIGN(Transaction transaction, Transaction::Begin(*impl_->db, Transaction::Kind::kWrite));
  TW_RETURN_IF_ERROR(impl_->Require("workload", id, "SaveWorkload comes before SetDefaultWorkload"));
  {
    TW_ASSIGN(Statement save, impl_->db->Prepare("INSERT INTO default_workload(only_row, workload_id) VALUES(1, ?1) "
                                                 "ON CONFLICT(only_row) DO UPDATE SET workload_id = ?1"));
    save.Bind(1, id);
    TW_RETURN_IF_ERROR(save.Run());
  }
  return transaction.Commit();
}

Result<std::optional<StoredWorkload>> ProfileStore::DefaultWorkload() const {
  const std::scoped_lock lock(impl_->mutex);
  TW_ASSIGN(Statement select, impl_->db->Prepare("SELECT id, name, primary_metric FROM workload "
                                                 "JOIN default_workload ON workload.id = default_workload.workload_id"));
  TW_ASSIGN(const bool row, select.Step());
  if (!row) return std::nullopt;
  return StoredWorkload{select.Text(0), select.Text(1), select.Text(2)};
}

Result<void> ProfileStore::Check() const {
  const std::scoped_lock lock(impl_->mutex);
  TW_ASSIGN(Statement check, impl_->db->Prepare("PRAGMA integrity_check(3)"));
  std::string found;
  while (true) {
    TW_ASSIGN(const bool row, check.Step());
    if (!row) break;
    const std::string line = check.Text(0);
    if (line != "ok") found += (found.empty() ? "" : "; ") + line;
  }
  TW_ASSIGN(Statement keys, impl_->db->Prepare("PRAGMA foreign_key_check"));
  TW_ASSIGN(const bool orphan, keys.Step());
  if (orphan) found += (found.empty() ? "" : "; ") + ("rows of table " + keys.Text(0) + " belong to nothing");
  if (found.empty()) return {};
  return Fail(StatusCode::kInvalidInput, "profile store " + path() + ": is damaged (" + found + "). Save what can be read with `sqlite3 '" +
                                             path() + "' .recover`, then move it away and measure again");
}

std::string UtcTimestamp() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  const size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return std::string(text, size);
}

}  // namespace tradewind
