// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "store/schema.h"

#include <array>
#include <chrono>
#include <thread>

namespace tradewind::store {
namespace {

// Columns of type ANY keep a double bit for bit; REAL would turn -0.0 into 0.0.
constexpr const char* kVersion1 = R"(
CREATE TABLE device(
  id TEXT PRIMARY KEY, cpu_model TEXT NOT NULL, cpus INTEGER NOT NULL, isa TEXT NOT NULL, memory_bytes INTEGER NOT NULL,
  origin TEXT NOT NULL) STRICT;
CREATE TABLE workload(id TEXT PRIMARY KEY, name TEXT NOT NULL, primary_metric TEXT NOT NULL) STRICT;
CREATE TABLE default_workload(
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1), workload_id TEXT NOT NULL REFERENCES workload(id)) STRICT;
CREATE TABLE trial(
  id INTEGER PRIMARY KEY AUTOINCREMENT, tunable TEXT NOT NULL, workload_id TEXT NOT NULL REFERENCES workload(id),
  device_id TEXT NOT NULL REFERENCES device(id), setting TEXT NOT NULL, build TEXT NOT NULL, started_at TEXT NOT NULL,
  seconds ANY NOT NULL, notes_json TEXT NOT NULL) STRICT;
CREATE INDEX trial_by_key ON trial(tunable, workload_id, device_id, setting, id);
CREATE TABLE measurement(
  trial_id INTEGER NOT NULL REFERENCES trial(id) ON DELETE CASCADE, position INTEGER NOT NULL, metric TEXT NOT NULL,
  value ANY NOT NULL, low ANY NOT NULL, high ANY NOT NULL, confidence ANY NOT NULL, count INTEGER NOT NULL, origin TEXT NOT NULL,
  PRIMARY KEY (trial_id, position), UNIQUE (trial_id, metric)) STRICT;
CREATE TABLE observation(
  trial_id INTEGER NOT NULL REFERENCES trial(id) ON DELETE CASCADE, position INTEGER NOT NULL, kind TEXT NOT NULL,
  features_json TEXT NOT NULL, value ANY NOT NULL, PRIMARY KEY (trial_id, position)) STRICT;
CREATE TABLE device_profile(
  device_id TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (device_id, key)) STRICT;
)";

// Step N brings version N to N + 1. Never change one that was released: add the next.
constexpr std::array<const char*, kSchemaVersion> kSteps = {kVersion1};

struct Identity {
  int64_t application = 0;
  int64_t version = 0;
  int64_t tables = 0;
  bool New() const { return application == 0 && version == 0 && tables == 0; }
};

// Inside a transaction: the three readings must be of one moment, as another process may just be making the tables.
Result<Identity> Identify(const Database& db) {
  Identity identity;
  TW_ASSIGN(identity.application, db.ReadInteger("PRAGMA application_id"));
  TW_ASSIGN(identity.version, db.ReadInteger("PRAGMA user_version"));
  TW_ASSIGN(identity.tables, db.ReadInteger("SELECT count(*) FROM sqlite_schema"));
  return identity;
}

Result<void> CheckIdentity(const Database& db, const Identity& identity) {
  const std::string thing = "profile store " + db.path() + ": ";
  if (identity.application != kApplicationId || identity.version < 0) {
    return Fail(StatusCode::kInvalidInput,
                thing + "is another program's database; it was left as it is. Name another store with TRADEWIND_STORE");
  }
  if (identity.version > kSchemaVersion) {
    return Fail(StatusCode::kUnsupported, thing + "was written by a newer Tradewind (schema " + std::to_string(identity.version) +
                                              "; this one knows up to " + std::to_string(kSchemaVersion) +
                                              "); update Tradewind, or name another store with TRADEWIND_STORE");
  }
  if (identity.version == 0) {
    return Fail(StatusCode::kInvalidInput,
                thing +
                    "is damaged (it has no version); it was left as it is. Move it away and measure again, or name "
                    "another store with TRADEWIND_STORE");
  }
  return {};
}

// SQLite does not wait for other processes when it changes the journal's mode, so waiting is done here.
Result<void> TurnWalOn(Database& db) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::nanoseconds(db.options().busy_timeout.ns);
  while (true) {
    const auto done = db.Execute("PRAGMA journal_mode=WAL");
    if (done || done.error().code() != StatusCode::kUnavailable || std::chrono::steady_clock::now() >= end) return done;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

// Whole or not at all. Looks again under the write lock: another process may have done it meanwhile.
Result<void> Migrate(Database& db) {
  TW_ASSIGN(Transaction transaction, Transaction::Begin(db, Transaction::Kind::kWrite));
  TW_ASSIGN(const Identity identity, Identify(db));
  if (!identity.New()) TW_RETURN_IF_ERROR(CheckIdentity(db, identity));
  for (int64_t version = identity.version; version < kSchemaVersion; ++version) {
    TW_RETURN_IF_ERROR(db.Execute(kSteps[static_cast<size_t>(version)]));
  }
  TW_RETURN_IF_ERROR(db.Execute("PRAGMA application_id=" + std::to_string(kApplicationId)));
  TW_RETURN_IF_ERROR(db.Execute("PRAGMA user_version=" + std::to_string(kSchemaVersion)));
  return transaction.Commit();
}

}  // namespace

Result<std::unique_ptr<Database>> OpenStore(const std::string& path, const StoreOptions& options) {
  TW_ASSIGN(std::unique_ptr<Database> db, Database::Open(path, options));
  TW_RETURN_IF_ERROR(db->Execute("PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON"));
  if (options.max_pages > 0) TW_RETURN_IF_ERROR(db->Execute("PRAGMA max_page_count=" + std::to_string(options.max_pages)));
  Identity identity;
  {
    TW_ASSIGN(Transaction look, Transaction::Begin(*db, Transaction::Kind::kRead));
    TW_ASSIGN(identity, Identify(*db));
  }
  if (!identity.New()) TW_RETURN_IF_ERROR(CheckIdentity(*db, identity));
  if (identity.version == kSchemaVersion) return db;
  if (options.read_only) {
    return Fail(StatusCode::kUnsupported,
                "profile store " + db->path() + ": is " + (identity.New() ? "empty" : "of an older version") +
                    " and was opened for reading only; run a command that writes it first, such as `tradewind measure`");
  }
  TW_RETURN_IF_ERROR(TurnWalOn(*db));
  TW_RETURN_IF_ERROR(Migrate(*db));
  return db;
}

}  // namespace tradewind::store
