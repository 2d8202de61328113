// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ProfileStore: what has been measured, on which device, on what, with which setting: one SQLite file (WAL, synchronous=FULL). What a call
// reported as done survives kill -9 and loss of power; a call that fails changes nothing. A damaged file is never repaired, replaced
// or deleted: the error says what to do. Several processes may use one file. Thread-safe: calls take turns.
//
//   TW_ASSIGN(ProfileStore store, ProfileStore::Open(StorePath()));
//   TW_RETURN_IF_ERROR(store.SaveDevice(ThisDevice()));
//   TW_RETURN_IF_ERROR(store.SaveWorkload({workload.id, workload.name, workload.primary_metric}));
//   TW_ASSIGN(int64_t id, store.AddTrial({.key = {"smollm2-135m", workload.id, ThisDevice().id, setting.Text()}, ...}));
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "core/device.h"
#include "core/metric.h"
#include "store/store_options.h"

namespace tradewind {

// What was tried: all trials of one key answer the same question.
struct TrialKey {
  std::string tunable;
  std::string workload_id;
  std::string device_id;
  std::string setting;  // canonical text

  bool operator==(const TrialKey&) const = default;
};

// One raw observation, from which predictors are fitted.
struct NamedObservation {
  std::string kind;  // "ttft", "tpot"
  std::vector<double> features{};
  double value = 0;
};

struct TrialRecord {
  int64_t id = 0;  // given by the store; a later trial has a greater one
  TrialKey key{};
  std::vector<Measurement> measurements{};  // each metric at most once; finite values; interval ends may be infinite
  std::vector<NamedObservation> observations{};
  std::string build{};       // version and commit of the program that measured
  std::string started_at{};  // ISO 8601, UTC: UtcTimestamp()
  double seconds = 0;        // it took
  std::string notes_json{};  // trial_notes.h writes and reads it; empty or one JSON value
};

// Absent fields match everything.
struct TrialFilter {
  std::optional<std::string> tunable{};
  std::optional<std::string> workload_id{};
  std::optional<std::string> device_id{};
  std::optional<std::string> setting{};
  bool history = false;  // all trials of a key instead of its newest
};

struct StoredWorkload {
  std::string id;
  std::string name;
  std::string primary_metric;

  bool operator==(const StoredWorkload&) const = default;
};

class ProfileStore {
 public:
  // Opens `path`, making folders and file where there are none. kNotFound (read_only and absent), kUnsupported (written by a newer
  // version), kInvalidInput (not a store, or damaged), kUnavailable (locked), kIo or kResourceExhausted (permissions, disk).
  static Result<ProfileStore> Open(const std::string& path, const StoreOptions& options = {});
  ProfileStore(ProfileStore&&) noexcept;
  ProfileStore& operator=(ProfileStore&&) noexcept;
  ~ProfileStore();

  const std::string& path() const;

  // Stores a trial whole and returns its id; earlier ones of its key are kept. Its device and workload must have been saved (kNotFound).
  Result<int64_t> AddTrial(const TrialRecord& trial);
  // The newest trial of that key.
  Result<std::optional<TrialRecord>> FindTrial(const TrialKey& key) const;
  // The newest trial of each key that the filter lets through, oldest first.
  Result<std::vector<TrialRecord>> Trials(const TrialFilter& filter = {}) const;
  // Removes these trials, all or none; returns how many there were. Ids are never given again.
  Result<int64_t> Remove(std::span<const int64_t> ids);

  // Stores or replaces.
  Result<void> SaveDevice(const Device& device);
  Result<std::vector<Device>> Devices() const;
  Result<void> SaveWorkload(const StoredWorkload& workload);
  Result<std::vector<StoredWorkload>> Workloads() const;
  // What `auto` stands for. The workload must have been saved (kNotFound).
  Result<void> SetDefaultWorkload(const std::string& id);
  Result<std::optional<StoredWorkload>> DefaultWorkload() const;

  // Reads the whole file and checks its structure; kInvalidInput says what is wrong. Takes time: for `doctor` and tests.
  Result<void> Check() const;

 private:
  struct Impl;
  explicit ProfileStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Now, as stored: "2026-01-31T23:59:59Z".
std::string UtcTimestamp();

}  // namespace tradewind
