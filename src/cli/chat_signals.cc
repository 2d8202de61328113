// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat_signals.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace tradewind {
namespace {

constexpr int kCaught[] = {SIGINT, SIGTERM, SIGWINCH};

std::atomic<bool> interrupt_pending{false};
std::atomic<bool> terminate_pending{false};
std::atomic<bool> resize_pending{false};
int wake_pipe[2] = {-1, -1};  // a byte for each signal, so that a wait that is about to begin does not miss it

void OnChatSignal(int signal) {
  const int saved = errno;
  (signal == SIGINT ? interrupt_pending : signal == SIGTERM ? terminate_pending : resize_pending) = true;
  if (write(wake_pipe[1], "", 1) < 0) errno = saved;  // a full pipe wakes, too
  errno = saved;
}

}  // namespace

ChatSignals::ChatSignals() {
  interrupt_pending = terminate_pending = resize_pending = false;
  if (wake_pipe[0] < 0 && pipe2(wake_pipe, O_CLOEXEC | O_NONBLOCK) != 0) wake_pipe[0] = wake_pipe[1] = -1;
  struct sigaction action = {};
  action.sa_handler = OnChatSignal;
  action.sa_flags = SA_RESTART;
  for (int i = 0; i < 3; ++i) sigaction(kCaught[i], &action, &old_[i]);
}

ChatSignals::~ChatSignals() {
  for (int i = 0; i < 3; ++i) sigaction(kCaught[i], &old_[i], nullptr);
}

bool ChatSignals::interrupted() const {
  return interrupt_pending;
}
void ChatSignals::ForgetInterrupt() {
  interrupt_pending = false;
}
bool ChatSignals::terminated() const {
  return terminate_pending;
}
bool ChatSignals::TakeResize() {
  return resize_pending.exchange(false);
}

ChatSignals::Wake ChatSignals::Wait(int fd) {
  while (true) {
    char drained[64];
    while (wake_pipe[0] >= 0 && read(wake_pipe[0], drained, sizeof drained) > 0) continue;
    if (interrupt_pending || terminate_pending || resize_pending) return Wake::kSignal;
    pollfd waited[] = {{fd, POLLIN, 0}, {wake_pipe[0], POLLIN, 0}};
    if (poll(waited, 2, -1) > 0 && waited[0].revents != 0) return Wake::kInput;
  }
}

}  // namespace tradewind
