// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What file.cc and atomic_file.cc share of the operating system's files: a descriptor that closes itself, and errors that name the path.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"

namespace tradewind {

// Closes its descriptor; -1 is none.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ > STDERR_FILENO) close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// What the system's refusal to `verb` a path means for the caller.
Status SystemError(std::string_view verb, const std::string& path, int error);

// open(2), tried again where a signal interrupts it; -1 and errno on failure.
int OpenRetrying(const char* path, int flags, mode_t mode = 0);

}  // namespace tradewind
