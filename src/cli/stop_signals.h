// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// SIGINT and SIGTERM as a wish to stop, for work that ends by itself when it is asked to.
#pragma once

#include <csignal>

namespace tradewind {

// While one lives (one at a time), the two are kept instead of ending the program.
class StopSignals {
 public:
  StopSignals();   // takes the handlers
  ~StopSignals();  // puts them back
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  bool stopped() const;  // since this one was made

 private:
  struct sigaction old_int_, old_term_;
};

// For handlers of one's own: remembers which signal it was. May be called from a handler.
void NoteStopSignal(int signal);
// The exit code of work that was cancelled: 128 and the signal noted last, 130 without one.
int CancelledExitCode();

}  // namespace tradewind
