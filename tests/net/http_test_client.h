// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A client that sends any bytes over TCP and reads what comes, for the tests of the HTTP server. For one thread. Waits end after 20 s,
// which a test then reports.
//
//   HttpTestClient client(server.port());
//   client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
//   EXPECT_EQ(client.ReadAnswer().status, 200);
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace tradewind {

// Until it holds, for at most 20 s; whether it did.
inline bool Eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 10'000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return holds();
}

inline size_t OpenDescriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

struct HttpTestAnswer {
  int status = 0;      // 0: the connection ended without an answer
  std::string head;    // as it came
  std::string body;    // without the framing of chunks
  bool whole = false;  // its end came as its head says

  bool Has(std::string_view line) const { return head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos; }
};

class HttpTestClient {
 public:
  explicit HttpTestClient(uint16_t port, int receive_buffer = 0) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~HttpTestClient() { Close(); }
  HttpTestClient(const HttpTestClient&) = delete;
  HttpTestClient& operator=(const HttpTestClient&) = delete;

  bool connected() const { return connected_; }
  // False when the server has gone.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  // The next answer. Of one without a length: until the connection ends.
  HttpTestAnswer ReadAnswer(bool head_only = false) {
    HttpTestAnswer answer;
    while (received_.find("\r\n\r\n") == std::string::npos) {
      if (!ReadMore()) return answer;
    }
    const size_t end = received_.find("\r\n\r\n") + 4;
    answer.head = received_.substr(0, end);
    received_.erase(0, end);
    answer.status = std::atoi(answer.head.c_str() + 9);
    const size_t length = answer.head.find("Content-Length: ");
    if (head_only || answer.status == 204 || answer.status == 304 || answer.status == 100) {
      answer.whole = true;
    } else if (length != std::string::npos) {
      answer.whole = TakeBytes(static_cast<size_t>(std::atoll(answer.head.c_str() + length + 16)), &answer.body);
    } else if (answer.Has("Transfer-Encoding: chunked")) {
      answer.whole = TakeChunks(&answer.body);
    } else {
      while (ReadMore()) {
      }
      answer.body = std::exchange(received_, "");
      answer.whole = true;
    }
    return answer;
  }
  // Whether the server has ended the connection, without more bytes.
  bool AtEnd() { return received_.empty() && !ReadMore() && !timed_out_; }
  // One byte, or none.
  void ReadByte() {
    char byte = 0;
    (void)!recv(fd_, &byte, 1, MSG_DONTWAIT);
  }
  void EndSending() { shutdown(fd_, SHUT_WR); }
  void Close() {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
  }
  // So that the server gets a reset.
  void Reset() {
    const linger now{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    Close();
  }
  bool ReadMore() {
    pollfd waiting{fd_, POLLIN, 0};
    if (poll(&waiting, 1, 20'000) <= 0) {
      timed_out_ = true;
      return false;
    }
    char bytes[65536];
    const ssize_t count = recv(fd_, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    received_.append(bytes, static_cast<size_t>(count));
    return true;
  }
  const std::string& received() const { return received_; }

 private:
  bool TakeBytes(size_t count, std::string* out) {
    while (received_.size() < count) {
      if (!ReadMore()) return false;
    }
    out->append(received_, 0, count);
    received_.erase(0, count);
    return true;
  }
  bool TakeChunks(std::string* out) {
    while (true) {
      while (received_.find("\r\n") == std::string::npos) {
        if (!ReadMore()) return false;
      }
      const size_t size = std::strtoull(received_.c_str(), nullptr, 16);
      received_.erase(0, received_.find("\r\n") + 2);
      std::string end;
      if (!TakeBytes(size, out) || !TakeBytes(2, &end) || end != "\r\n") return false;
      if (size == 0) return true;
    }
  }

  int fd_;
  bool connected_ = false, timed_out_ = false;
  std::string received_;
};

// The server's answer to these bytes, sent over a connection of their own.
inline HttpTestAnswer AnswerTo(uint16_t port, std::string_view bytes) {
  HttpTestClient client(port);
  client.Send(bytes);
  return client.ReadAnswer();
}

}  // namespace tradewind
