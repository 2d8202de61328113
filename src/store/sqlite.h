// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The little of SQLite that the store needs, with Result for error codes and every error naming the file and the remedy. Internal to
// src/store: no other folder includes it. Not thread-safe.
//
//   TW_ASSIGN(Statement select, db.Prepare("SELECT name FROM workload WHERE id = ?1"));
//   select.Bind(1, id);
//   TW_ASSIGN(bool row, select.Step());
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "store/store_options.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tradewind::store {

struct CloseDatabase {
  void operator()(sqlite3* db) const;
};
struct FinishStatement {
  void operator()(sqlite3_stmt* statement) const;
};

class Database;

class Statement {
 public:
  // The first is 1. Text is copied. A failure is reported by Step.
  void Bind(int index, int64_t value);
  void Bind(int index, double value);
  void Bind(int index, std::string_view value);
  void BindNull(int index);
  // True: a row is there. False: done.
  Result<bool> Step();
  // For statements that give no rows.
  Result<void> Run();
  // Makes it ready for new values.
  void Reset();

  int64_t Integer(int column) const;
  double Real(int column) const;
  std::string Text(int column) const;

 private:
  friend class Database;
  Statement(const Database* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
  void Keep(int code) { failed_ = failed_ != 0 ? failed_ : code; }

  const Database* db_;
  std::unique_ptr<sqlite3_stmt, FinishStatement> statement_;
  int failed_ = 0;
};

// Stays where it is: statements and transactions point to it.
class Database {
 public:
  static Result<std::unique_ptr<Database>> Open(const std::string& path, const StoreOptions& options);
  Database(const Database&) = delete;

  // Runs one or more statements without values; rows are dropped.
  Result<void> Execute(const std::string& sql);
  Result<Statement> Prepare(std::string_view sql) const;
  // The one value that a pragma or an aggregate gives.
  Result<int64_t> ReadInteger(const std::string& sql) const;
  int64_t LastRowId() const;
  int64_t Changes() const;
  bool InTransaction() const;

  const std::string& path() const { return path_; }
  const StoreOptions& options() const { return options_; }
  Status Error(int code) const;

 private:
  Database(std::string path, const StoreOptions& options) : path_(std::move(path)), options_(options) {}
  std::string path_;
  StoreOptions options_;
  std::unique_ptr<sqlite3, CloseDatabase> handle_;
};

// Rolled back unless committed. A writing one takes the write lock at once, so that it cannot lose a race halfway.
class Transaction {
 public:
  enum class Kind { kRead, kWrite };
  static Result<Transaction> Begin(Database& db, Kind kind);
  Transaction(Transaction&& other) noexcept : db_(other.db_) { other.db_ = nullptr; }
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> Commit();

 private:
  explicit Transaction(Database* db) : db_(db) {}
  Database* db_;
};

}  // namespace tradewind::store
