// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "store/store_error.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>

namespace tradewind::store {
namespace {

constexpr const char* kElsewhere = "or name another store with TRADEWIND_STORE";

bool OutOfSpace(int system_error) {
  return system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
}

Status Full(const std::string& thing) {
  return {StatusCode::kResourceExhausted,
          thing + "no space left to write; free some space and try again, " + kElsewhere + ". What was stored before is intact"};
}

}  // namespace

Status StoreError(const std::string& path, int code, int system_error, const std::string& detail) {
  const std::string thing = "profile store " + path + ": ";
  const std::string reason = system_error != 0 ? std::string(std::strerror(system_error)) : detail;
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {StatusCode::kUnavailable, thing + "another process holds its lock; let it finish and try again, " + kElsewhere};
    case SQLITE_FULL: return Full(thing);
    case SQLITE_IOERR:
      if (OutOfSpace(system_error)) return Full(thing);
      return {StatusCode::kIo, thing + "reading or writing failed (" + reason + "); check the disk, " + kElsewhere};
    case SQLITE_READONLY:
      return {StatusCode::kIo, thing + "it may not be written; give yourself write permission on it and on its folder, " + kElsewhere};
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return {StatusCode::kIo, thing + "cannot be opened (" + reason + "); check the permissions of it and its folder, " + kElsewhere};
    case SQLITE_NOTADB:
      return {StatusCode::kInvalidInput, thing + "is not a profile store; it was left as it is. Move it away, " + kElsewhere};
    case SQLITE_CORRUPT:
      return {StatusCode::kInvalidInput, thing + "is damaged (" + detail +
                                             "); it was left as it is. Save what can be read with `sqlite3 '" + path +
                                             "' .recover`, then move it away and measure again, " + kElsewhere};
    case SQLITE_NOMEM: return {StatusCode::kResourceExhausted, thing + "out of memory"};
    case SQLITE_TOOBIG: return {StatusCode::kInvalidInput, thing + "a value is larger than 16 MiB"};
    case SQLITE_ERROR:
      return {StatusCode::kInvalidInput,
              thing + "its tables are not those of a profile store (" + detail + "). Move it away, " + kElsewhere};
    default: return {StatusCode::kInternal, thing + detail + " (SQLite code " + std::to_string(code) + ")"};
  }
}

}  // namespace tradewind::store
