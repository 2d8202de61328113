// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/stop_signals.h"

#include <atomic>

namespace tradewind {
namespace {

std::atomic<int> noted_signal{0};
std::atomic<bool> stop_wanted{false};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

void OnStopSignal(int signal) {
  NoteStopSignal(signal);
  stop_wanted = true;
}

}  // namespace

StopSignals::StopSignals() {
  stop_wanted = false;
  struct sigaction action = {};
  action.sa_handler = OnStopSignal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, &old_int_);
  sigaction(SIGTERM, &action, &old_term_);
}

StopSignals::~StopSignals() {
  sigaction(SIGINT, &old_int_, nullptr);
  sigaction(SIGTERM, &old_term_, nullptr);
}

bool StopSignals::stopped() const {
  return stop_wanted;
}

void NoteStopSignal(int signal) {
  noted_signal = signal;
}

int CancelledExitCode() {
  const int signal = noted_signal;
  return 128 + (signal != 0 ? signal : SIGINT);
}

}  // namespace tradewind
