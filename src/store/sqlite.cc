// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite.h"

#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "store/store_error.h"

namespace tradewind::store {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxValueBytes = 16 << 20;

bool NonEmpty(const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return !error && size > 0;
}

// SQLite takes some files of zeros for new databases.
bool StartsAsDatabase(const std::string& path) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  char start[16] = {};
  std::ifstream(path, std::ios::binary).read(start, sizeof start);
  return std::string_view(start, sizeof start) == kMagic;
}

// What SQLite would do by itself and the user would not want: wait on a pipe, take a folder for "cannot open", and, before an empty file,
// delete a write-ahead log that still holds trials.
Result<void> CheckPlace(const std::string& path, bool read_only) {
  const std::string thing = "profile store " + path + ": ";
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return Fail(StatusCode::kInvalidInput, thing + (fs::is_directory(status) ? "is a folder" : "is not a file") +
                                               "; move it away, or name another store with TRADEWIND_STORE");
  }
  if (!fs::exists(status) && error && error != std::errc::no_such_file_or_directory) {
    return Fail(StatusCode::kIo, thing + error.message() + "; check the path, or name another store with TRADEWIND_STORE");
  }
  // The log is looked at first: a process that creates both at this moment fills the file before it.
  if (NonEmpty(path + "-wal") && !NonEmpty(path)) {
    return Fail(StatusCode::kInvalidInput, thing + "the file is lost but its log " + path +
                                               "-wal is there; put the file back beside it, or move the log away to start anew");
  }
  // A first write that was cut short is in the journal, and SQLite takes it back. A file that may not be read is reported on opening.
  if (NonEmpty(path) && access(path.c_str(), R_OK) == 0 && !StartsAsDatabase(path) && !NonEmpty(path + "-journal")) {
    return Fail(StoreError(path, SQLITE_NOTADB, 0, ""));
  }
  if (fs::exists(status)) return {};
  if (read_only) return Fail(StatusCode::kNotFound, thing + "does not exist; `tradewind measure` makes it, or set TRADEWIND_STORE");
  const fs::path folder = fs::path(path).parent_path();
  fs::create_directories(folder, error);
  if (error)
    return Fail(StatusCode::kIo, thing + "its folder cannot be made (" + error.message() + "); name another store with TRADEWIND_STORE");
  return {};
}

// A URI that says that nobody writes the file.
std::string ImmutableUri(const std::string& path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != '%' && c != '?' && c != '#') {
      uri += c;
    } else {
      uri += '%';
      uri += kHex[byte >> 4];
      uri += kHex[byte & 15];
    }
  }
  return uri + "?immutable=1";
}

}  // namespace

void CloseDatabase::operator()(sqlite3* db) const {
  sqlite3_close_v2(db);
}
void FinishStatement::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Statement::Bind(int index, int64_t value) {
  Keep(sqlite3_bind_int64(statement_.get(), index, value));
}
void Statement::Bind(int index, double value) {
  Keep(sqlite3_bind_double(statement_.get(), index, value));
}
void Statement::Bind(int index, std::string_view value) {
  // A null pointer would bind NULL.
  const char* data = value.data() ? value.data() : "";
  Keep(sqlite3_bind_text64(statement_.get(), index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}
void Statement::BindNull(int index) {
  Keep(sqlite3_bind_null(statement_.get(), index));
}

Result<bool> Statement::Step() {
  if (failed_ != 0) return Fail(db_->Error(failed_));
  errno = 0;
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return Fail(db_->Error(code));
}

Result<void> Statement::Run() {
  bool row = true;
  while (row) {
    TW_ASSIGN(row, Step());
  }
  Reset();
  return {};
}

void Statement::Reset() {
  sqlite3_reset(statement_.get());
  failed_ = 0;
}

int64_t Statement::Integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}
double Statement::Real(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}
std::string Statement::Text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return data ? std::string(data, static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))) : std::string();
}

Result<std::unique_ptr<Database>> Database::Open(const std::string& path, const StoreOptions& options) {
  std::error_code error;
  // An absolute path is never one of SQLite's special names (":memory:", "file:...").
  const std::string place = fs::absolute(path, error).string();
  if (error || path.empty()) return Fail(StatusCode::kInvalidInput, "profile store: \"" + path + "\" is not a path");
  TW_RETURN_IF_ERROR(CheckPlace(place, options.read_only));

  // Not `new` by make_unique: the constructor is private.
  std::unique_ptr<Database> db(new Database(place, options));
  int flags = SQLITE_OPEN_NOMUTEX | (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  std::string name = place;
  // A WAL file wants to write beside itself even for reading; where that is forbidden and nothing is pending, it need not.
  const bool folder_closed = access(fs::path(place).parent_path().c_str(), W_OK) != 0;
  if (options.read_only && folder_closed && !NonEmpty(place + "-wal")) {
    name = ImmutableUri(place);
    flags |= SQLITE_OPEN_URI;
  }
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
  db->handle_.reset(handle);
  if (!handle) return Fail(StatusCode::kResourceExhausted, "profile store " + place + ": out of memory");
  if (code != SQLITE_OK) return Fail(db->Error(code));

  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, static_cast<int>(options.busy_timeout.ms()));
  // The file may come from anywhere: its schema may not call functions, and it may not grow beyond reason in memory.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, kMaxValueBytes);
  // SQLite quietly falls back to reading where it may not write.
  if (!options.read_only && sqlite3_db_readonly(handle, "main") == 1) return Fail(db->Error(SQLITE_READONLY));
  return db;
}

Result<void> Database::Execute(const std::string& sql) {
  errno = 0;
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return Fail(Error(code));
  return {};
}

Result<Statement> Database::Prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return Fail(Error(code));
  return Statement(this, statement);
}

Result<int64_t> Database::ReadInteger(const std::string& sql) const {
  TW_ASSIGN(Statement statement, Prepare(sql));
  TW_ASSIGN(const bool row, statement.Step());
  return row ? statement.Integer(0) : 0;
}

int64_t Database::LastRowId() const {
  return sqlite3_last_insert_rowid(handle_.get());
}
int64_t Database::Changes() const {
  return sqlite3_changes64(handle_.get());
}
bool Database::InTransaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

Status Database::Error(int code) const {
  // SQLite forgets the reason of a COMMIT that failed to write; then errno, cleared before the call, still has it.
  const int last = errno;
  const int system_error = sqlite3_system_errno(handle_.get());
  return StoreError(path_, code, system_error != 0 ? system_error : last, sqlite3_errmsg(handle_.get()));
}

Result<Transaction> Transaction::Begin(Database& db, Kind kind) {
  TW_RETURN_IF_ERROR(db.Execute(kind == Kind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN"));
  return Transaction(&db);
}

Transaction::~Transaction() {
  // After a full disk SQLite may have rolled back by itself; what fails here was never committed, so there is nothing to report.
  if (db_ && db_->InTransaction()) (void)db_->Execute("ROLLBACK");
}

Result<void> Transaction::Commit() {
  TW_RETURN_IF_ERROR(db_->Execute("COMMIT"));
  db_ = nullptr;
  return {};
}

}  // namespace tradewind::store
