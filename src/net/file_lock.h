// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A lock between processes on a file of its own (flock): held until it goes out of scope or its process ends, however it ends.
// The file stays; removing it would let two holders in.
#pragma once

#include <optional>
#include <string>

#include "base/status.h"
#include "net/transfer.h"

namespace tradewind {

class FileLock {
 public:
  // Waits for the lock, reporting progress as stage "wait"; kCancelled if the caller gives up.
  static Result<FileLock> Acquire(const std::string& path, const std::string& what, const TransferControl& control);
  // Does not wait: kUnavailable if another holds it.
  static Result<FileLock> Try(const std::string& path, const std::string& what);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  // Empty if another holds it.
  static Result<std::optional<FileLock>> Attempt(const std::string& path);
  int fd_ = -1;
};

}  // namespace tradewind
