// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the tests of net share: files and lines, and servers in Python.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "temp_folder.h"

namespace tradewind {

inline std::string Slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void Spill(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

inline bool HasProgram(const std::string& name) {
  return std::system((name + " >/dev/null 2>&1").c_str()) == 0;
}

// A Python script of this folder that prints one line when it is ready and ends when its input is closed.
class PythonServer {
 public:
  PythonServer(const std::string& script, const std::vector<std::string>& arguments) {
    std::array<int, 2> in{}, out{};
    if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) return;
    const std::string path = std::string(TRADEWIND_SOURCE_DIR) + "/tests/net/" + script;
    std::vector<const char*> argv = {"python3", path.c_str()};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    argv.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(in[0], 0);
      dup2(out[1], 1);
      execvp("python3", const_cast<char**>(argv.data()));
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    input_ = in[1];
    for (char c = 0; read(out[0], &c, 1) == 1 && c != '\n';) ready_ += c;
    close(out[0]);
  }
  ~PythonServer() {
    if (input_ >= 0) close(input_);
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
  }
  PythonServer(const PythonServer&) = delete;
  PythonServer& operator=(const PythonServer&) = delete;

  // The line it printed; empty if it did not start.
  const std::string& ready() const { return ready_; }

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  std::string ready_;
};

// https_server.py and what its requests looked like.
class HttpsServer {
 public:
  explicit HttpsServer(size_t size = 300'000) : size_(size), server_("https_server.py", {folder_.path(), std::to_string(size)}) {
    std::istringstream(server_.ready()) >> port_ >> sha256_ >> http_port_;
  }
  bool running() const { return port_ != 0; }
  std::string Url(const std::string& behaviour) const {
    return "https://127.0.0.1:" + std::to_string(port_) + "/" + behaviour + "/model.gguf";
  }
  std::string HttpUrl(const std::string& behaviour) const {
    return "http://127.0.0.1:" + std::to_string(http_port_) + "/" + behaviour + "/model.gguf";
  }
  std::string ca_file() const { return folder_ / "cert.pem"; }
  const std::string& sha256() const { return sha256_; }
  size_t size() const { return size_; }
  std::vector<std::string> Log() const { return Lines(Slurp(folder_ / "log")); }

 private:
  TempFolder folder_;
  size_t size_;
  PythonServer server_;
  int port_ = 0, http_port_ = 0;
  std::string sha256_;
};

}  // namespace tradewind

// Skips where there is no Python or no openssl to make the certificate.
#define TW_REQUIRE_HTTPS_SERVER(server)                                                           \
  if (!HasProgram("python3 --version")) GTEST_SKIP() << "absent: python3 (runs the test server)"; \
  if (!HasProgram("openssl version")) GTEST_SKIP() << "absent: openssl (makes its certificate)";  \
  HttpsServer server;                                                                             \
  ASSERT_TRUE(server.running()) << "tests/net/https_server.py did not start"
