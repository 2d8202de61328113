// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/worker_process.h"

#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>

extern char** environ;

namespace tradewind {
namespace {

constexpr Duration kGraceOfWorker = Duration::Seconds(1);
constexpr auto kLook = std::chrono::milliseconds(2);

}  // namespace

std::string WorkerProcess::HowItEnded(Duration patience) {
  const TimePoint until = RealClock().Now() + patience;
  while (pid_ > 0) {
    int status = 0;
    const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
    if (ended == pid_) {
      pid_ = 0;
      ended_ = WIFEXITED(status) ? "ended with exit code " + std::to_string(WEXITSTATUS(status))
                                 : "was ended by signal " + std::to_string(WTERMSIG(status));
    } else if (ended < 0 && errno != EINTR) {
      pid_ = 0;
    } else if (RealClock().Now() >= until) {
      break;
    } else {
      std::this_thread::sleep_for(kLook);
    }
  }
  return ended_;
}

WorkerProcess::~WorkerProcess() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  HowItEnded(kGraceOfWorker);
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result<StartedWorker> StartWorker(const std::vector<std::string>& arguments) {
  TW_ASSIGN(auto ends, Socket::Pair());
  // The other program reads and writes in its own way.
  const int flags = ::fcntl(ends.second.descriptor(), F_GETFL);
  (void)::fcntl(ends.second.descriptor(), F_SETFL, flags & ~O_NONBLOCK);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends.second.descriptor(), STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);  // an interrupt of ours is told by the socket's end
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  std::vector<std::string> texts = arguments;
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, texts.front().c_str(), &actions, &attributes, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0)
    return Fail(error == ENOENT ? StatusCode::kNotFound : StatusCode::kIo, "cannot start the worker " + arguments.front() + ": " +
                                                                               std::strerror(error) +
                                                                               "; TRADEWIND_PROGRAM may name the program tradewind");
  ends.first.Name("the worker (process " + std::to_string(pid) + ")");
  return StartedWorker{std::move(ends.first), WorkerProcess(pid)};
}

std::string TradewindProgram() {
  if (const char* named = std::getenv("TRADEWIND_PROGRAM"); named != nullptr && *named != '\0') return named;
  std::error_code error;
  const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) {
    const std::filesystem::path beside = own.parent_path() / "tradewind";
    if (std::filesystem::is_regular_file(beside, error)) return beside.string();
  }
  return "tradewind";
}

}  // namespace tradewind
