// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ChatSignals: SIGINT, SIGTERM and SIGWINCH as things to ask for, while one lives (one at a time). Waiting for input ends when one comes,
// whichever thread the system gave it to. RunPrompt hands on what it catches (cli/answer.h).
#pragma once

#include <csignal>

namespace tradewind {

class ChatSignals {
 public:
  ChatSignals();   // takes the handlers
  ~ChatSignals();  // puts them back
  ChatSignals(const ChatSignals&) = delete;
  ChatSignals& operator=(const ChatSignals&) = delete;

  bool interrupted() const;  // SIGINT since the last forgetting
  void ForgetInterrupt();
  bool terminated() const;  // SIGTERM: for good
  bool TakeResize();        // SIGWINCH since the last call

  enum class Wake { kInput, kSignal };
  // Blocks until `fd` can be read (or is at its end), or one of the three is pending.
  Wake Wait(int fd);

 private:
  struct sigaction old_[3];
};

}  // namespace tradewind
