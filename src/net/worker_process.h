// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// WorkerProcess: a program that was started with one end of a socket as its standard input, and is ended when this goes. A move-only value.
//
//   TW_ASSIGN(StartedWorker worker, StartWorker({TradewindProgram(), "split-worker"}));
//   worker.socket ... worker.process
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "net/socket.h"

namespace tradewind {

class WorkerProcess {
 public:
  explicit WorkerProcess(pid_t pid) : pid_(pid) {}
  WorkerProcess(WorkerProcess&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}
  WorkerProcess& operator=(WorkerProcess&& other) noexcept {
    std::swap(pid_, other.pid_);
    return *this;
  }
  ~WorkerProcess();  // ends it: SIGTERM, and after a second SIGKILL
  pid_t pid() const { return pid_; }
  // How it ended, if it did by itself: "ended with exit code 1", "was ended by signal 9"; empty while it runs. Waits up to `patience`, as
  // its socket closes shortly before.
  std::string HowItEnded(Duration patience);

 private:
  pid_t pid_;
  std::string ended_{};
};

struct StartedWorker {
  Socket socket;
  WorkerProcess process;
};
// The program first, looked up in PATH where it names no folder. kNotFound if there is no such program.
Result<StartedWorker> StartWorker(const std::vector<std::string>& arguments);

// TRADEWIND_PROGRAM, or `tradewind` beside the running program, or in PATH.
std::string TradewindProgram();

}  // namespace tradewind
