// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

extern char** environ;

namespace tradewind {
namespace {

constexpr int kPoll_ms = 200;
constexpr int kGrace_ms = 2000;

std::vector<std::string> Environment(const ProcessRequest& request) {
  std::vector<std::string> result;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    bool replaced = false;
    for (const auto& [name, value] : request.environment) replaced |= text.starts_with(name + "=");
    if (!replaced) result.emplace_back(text);
  }
  for (const auto& [name, value] : request.environment) result.push_back(name + "=" + value);
  return result;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Starts the program with both outputs going to `output_fd`; its process id, or an errno as the error.
tl::expected<pid_t, int> Spawn(const ProcessRequest& request, int output_fd) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output_fd, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output_fd, STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&actions, request.folder.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  std::vector<std::string> arguments = request.arguments;
  std::vector<std::string> environment = Environment(request);
  pid_t pid = 0;
  const int error =
      posix_spawnp(&pid, arguments.front().c_str(), &actions, &attributes, Pointers(arguments).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return tl::unexpected<int>(error);
  return pid;
}

// Reads until the output is closed or the caller wants to stop; true if the latter.
bool Drain(int fd, const ProcessRequest& request, std::string& output) {
  std::array<char, 4096> buffer{};
  for (;;) {
    if (request.should_stop && request.should_stop()) return true;
    pollfd waiting{fd, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, kPoll_ms);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    output.append(buffer.data(), static_cast<size_t>(n));
    if (output.size() > 2 * request.output_limit_bytes) output.erase(0, output.size() - request.output_limit_bytes);
  }
}

int Wait(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void Stop(pid_t pid) {
  ::kill(-pid, SIGTERM);
  for (int waited_ms = 0; waited_ms < kGrace_ms; waited_ms += 50) {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  ::kill(-pid, SIGKILL);
  Wait(pid);
}

}  // namespace

Result<ProcessResult> RunProcess(const ProcessRequest& request) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return Fail(StatusCode::kIo, std::string("cannot make a pipe: ") + std::strerror(errno));
  const auto pid = Spawn(request, pipe[1]);
  ::close(pipe[1]);
  if (!pid) {
    ::close(pipe[0]);
    const std::string what = "cannot run " + request.arguments.front() + ": " + std::strerror(pid.error());
    return Fail(pid.error() == ENOENT ? StatusCode::kNotFound : StatusCode::kIo, what);
  }
  ProcessResult result;
  const bool stopped = Drain(pipe[0], request, result.output);
  ::close(pipe[0]);
  if (stopped) {
    Stop(*pid);
    return Fail(StatusCode::kCancelled, request.arguments.front() + " was stopped");
  }
  result.exit_code = Wait(*pid);
  if (result.output.size() > request.output_limit_bytes) result.output.erase(0, result.output.size() - request.output_limit_bytes);
  return result;
}

}  // namespace tradewind
