// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

namespace tradewind {

Result<std::optional<FileLock>> FileLock::Attempt(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return Fail(StatusCode::kIo, "cannot open the lock " + path + ": " + std::strerror(errno));
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return FileLock(fd);
  const int error = errno;
  ::close(fd);
  if (error == EWOULDBLOCK || error == EINTR) return std::optional<FileLock>();
  return Fail(StatusCode::kIo, "cannot lock " + path + ": " + std::strerror(error));
}

Result<FileLock> FileLock::Try(const std::string& path, const std::string& what) {
  TW_ASSIGN(std::optional<FileLock> lock, Attempt(path));
  if (!lock) return Fail(StatusCode::kUnavailable, what + " is in use by another tradewind; try again when it has ended");
  return std::move(*lock);
}

Result<FileLock> FileLock::Acquire(const std::string& path, const std::string& what, const TransferControl& control) {
  ProgressMeter meter(control, "wait", 0);
  for (;;) {
    TW_ASSIGN(std::optional<FileLock> lock, Attempt(path));
    if (lock) return std::move(*lock);
    if (control.Cancelled()) return Fail(StatusCode::kCancelled, "stopped while waiting for another tradewind that is at work on " + what);
    meter.Report(0);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace tradewind
