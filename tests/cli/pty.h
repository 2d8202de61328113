// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Pty: a program behind a terminal of its own, typed to and read from as a person would, with a time limit on every wait.
//
//   Pty pty({program, "chat", model}, 120);
//   pty.Await("> ");
//   pty.Type("Hello\r");
//   EXPECT_EQ(pty.Wait(), 0);
#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

#include "cli/line_editor.h"
#include "cli/screen.h"

namespace tradewind {

class Pty {
 public:
  static constexpr int kRows = 40;

  Pty(std::vector<std::string> words, int columns) : screen_(static_cast<size_t>(columns), kRows) {
    struct winsize size = {};
    size.ws_row = kRows;
    size.ws_col = static_cast<unsigned short>(columns);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    child_ = forkpty(&fd_, nullptr, nullptr, &size);
    if (child_ == 0) {
      setenv("TERM", "xterm", 1);
      setenv("LC_ALL", "C.UTF-8", 1);
      execv(argv[0], argv.data());
      _exit(127);
    }
    EXPECT_GT(child_, 0);
  }
  ~Pty() {
    Close();
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
  }

  void Type(std::string_view keys) {
    while (!keys.empty()) {
      const ssize_t wrote = write(fd_, keys.data(), std::min<size_t>(keys.size(), 512));
      if (wrote <= 0) break;
      keys.remove_prefix(static_cast<size_t>(wrote));
      if (!keys.empty()) Read(1);  // the terminal's queues are small
    }
  }
  // Reads until the bytes since the last success hold the text.
  bool Await(const std::string& text, int seconds = 60) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (true) {
      const size_t at = bytes_.find(text, awaited_);
      if (at != std::string::npos) {
        awaited_ = at + text.size();
        return true;
      }
      if (std::chrono::steady_clock::now() > deadline || !Read(200)) {
        ADD_FAILURE() << "never came: " << text << "\nthe screen:\n" << screen_.Text();
        return false;
      }
    }
  }
  // A prompt, and the editor's hold of the terminal: libedit draws the one before it takes the other, and keys that come between are the
  // terminal's own.
  bool AwaitPrompt(const std::string& prompt = "> ", int seconds = 60) {
    if (!Await(prompt, seconds)) return false;
    if (!DescribeLineEditing().available) return true;
    for (int tries = 0; tries < seconds * 1000; ++tries) {
      struct termios state = {};
      if (tcgetattr(fd_, &state) == 0 && (state.c_lflag & ICANON) == 0) return true;
      usleep(1000);
    }
    ADD_FAILURE() << "the editor never took the terminal\nthe screen:\n" << screen_.Text();
    return false;
  }
  // Reads until so many more bytes came.
  bool AwaitBytes(size_t count, int seconds = 60) {
    const size_t wanted = bytes_.size() + count;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (bytes_.size() < wanted && std::chrono::steady_clock::now() < deadline && Read(200)) continue;
    return bytes_.size() >= wanted;
  }
  void Resize(int columns) {
    struct winsize size = {};
    size.ws_row = kRows;
    size.ws_col = static_cast<unsigned short>(columns);
    ioctl(fd_, TIOCSWINSZ, &size);
    screen_.Resize(static_cast<size_t>(columns));
  }
  void Kill(int signal) const { kill(child_, signal); }
  // The terminal goes away.
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }
  // The exit code, or 128 and the signal; -1 if it does not end in time, and then it is killed.
  int Wait(int seconds = 60) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    int status = 0;
    while (true) {
      const pid_t ended = waitpid(child_, &status, WNOHANG);
      if (ended == child_) break;
      if (std::chrono::steady_clock::now() > deadline) return -1;
      if (fd_ < 0 || !Read(20)) usleep(5000);
    }
    child_ = -1;
    while (fd_ >= 0 && Read(20)) continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  std::string Shown() const { return screen_.Text(); }
  const Screen& screen() const { return screen_; }
  const std::string& bytes() const { return bytes_; }
  pid_t child() const { return child_; }

 private:
  // Takes what there is, or waits for it; false once the other end is closed.
  bool Read(int timeout_ms) {
    pollfd waited = {fd_, POLLIN, 0};
    if (poll(&waited, 1, timeout_ms) <= 0) return true;
    char buffer[4096];
    const ssize_t got = read(fd_, buffer, sizeof buffer);
    if (got <= 0) return false;
    bytes_.append(buffer, static_cast<size_t>(got));
    screen_.Write({buffer, static_cast<size_t>(got)});
    return true;
  }

  Screen screen_;
  std::string bytes_;
  size_t awaited_ = 0;
  int fd_ = -1;
  pid_t child_ = -1;
};

}  // namespace tradewind
