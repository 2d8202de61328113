// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace tradewind {
namespace {

constexpr int kWaiting = 8;  // connections that nobody has taken yet
constexpr int64_t kLongestWait_ms = 1'000'000;

tl::unexpected<Status> Gone(const std::string& peer, const std::string& how) {
  return Fail(StatusCode::kUnavailable, peer + " " + how);
}

// Waits until the descriptor is ready for `events`, or its other end is gone.
Result<void> WaitFor(int fd, short events, TimePoint deadline, const std::string& peer) {
  while (true) {
    const double left_ms = (deadline - RealClock().Now()).ms();
    if (left_ms <= 0) return Gone(peer, "did not answer in time");
    pollfd waiting{fd, events, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<int64_t>(static_cast<int64_t>(left_ms) + 1, kLongestWait_ms)));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return Fail(StatusCode::kIo, "cannot wait for " + peer + ": " + std::strerror(errno));
  }
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Result<Addresses> Lookup(const std::string& address, int flags) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == address.size())
    return Fail(StatusCode::kInvalidInput, "\"" + address + "\" is no address: HOST:PORT");
  std::string host = address.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), address.substr(colon + 1).c_str(), &hints, &found);
  if (error != 0) return Fail(StatusCode::kInvalidInput, "the address " + address + " is not known: " + gai_strerror(error));
  return Addresses(found);
}

std::string AddressOf(int fd) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length) != 0 ||
      getnameinfo(reinterpret_cast<sockaddr*>(&storage), length, host.data(), host.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return "?";
  const std::string name = host.data();
  return (name.find(':') == std::string::npos ? name : "[" + name + "]") + ":" + port.data();
}

}  // namespace

Result<Socket> Socket::Own(Descriptor descriptor, std::string peer) {
  const int flags = ::fcntl(descriptor.get(), F_GETFL);
  int type = 0;
  socklen_t length = sizeof type;
  if (flags < 0 || ::getsockopt(descriptor.get(), SOL_SOCKET, SO_TYPE, &type, &length) != 0 || type != SOCK_STREAM)
    return Fail(StatusCode::kInvalidInput, peer + ": this is no stream socket");
  if (::fcntl(descriptor.get(), F_SETFL, flags | O_NONBLOCK) != 0)
    return Fail(StatusCode::kIo, peer + ": the socket cannot be set up: " + std::strerror(errno));
  const int on = 1;
  (void)::setsockopt(descriptor.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // fails on sockets that are not TCP, which have no delay
  return Socket(std::move(descriptor), std::move(peer));
}

Result<std::pair<Socket, Socket>> Socket::Pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return Fail(StatusCode::kIo, std::string("cannot make a pair of sockets: ") + std::strerror(errno));
  Descriptor first(ends[0]), second(ends[1]);
  TW_ASSIGN(Socket here, Own(std::move(first), "the other process"));
  TW_ASSIGN(Socket there, Own(std::move(second), "the other process"));
  return std::pair(std::move(here), std::move(there));
}

Result<Socket> Socket::Connect(const std::string& address, TimePoint deadline) {
  TW_ASSIGN(const Addresses addresses, Lookup(address, 0));
  int last_error = ECONNREFUSED;
  for (const addrinfo* a = addresses.get(); a != nullptr; a = a->ai_next) {
    Descriptor fd(::socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol));
    if (fd.get() < 0) continue;
    if (::connect(fd.get(), a->ai_addr, a->ai_addrlen) != 0) {
      if (errno != EINPROGRESS) {
        last_error = errno;
        continue;
      }
      TW_RETURN_IF_ERROR(WaitFor(fd.get(), POLLOUT, deadline, address));
      socklen_t length = sizeof last_error;
      (void)::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &last_error, &length);
      if (last_error != 0) continue;
    }
    return Own(std::move(fd), address);
  }
  return Gone(address, std::string("cannot be reached: ") + std::strerror(last_error));
}

Result<void> Socket::Send(std::span<const std::byte> bytes, TimePoint deadline) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(descriptor_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n >= 0) {
      bytes = bytes.subspan(static_cast<size_t>(n));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      TW_RETURN_IF_ERROR(WaitFor(descriptor_.get(), POLLOUT, deadline, peer_));
    } else if (errno != EINTR) {
      return Gone(peer_, std::string("takes no more bytes: ") + std::strerror(errno));
    }
  }
  return {};
}

Result<void> Socket::Receive(std::span<std::byte> bytes, TimePoint deadline) {
  while (!bytes.empty()) {
    const ssize_t n = ::recv(descriptor_.get(), bytes.data(), bytes.size(), 0);
    if (n > 0) {
      bytes = bytes.subspan(static_cast<size_t>(n));
    } else if (n == 0) {
      return Gone(peer_, "closed the connection");
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      TW_RETURN_IF_ERROR(WaitFor(descriptor_.get(), POLLIN, deadline, peer_));
    } else if (errno != EINTR) {
      return Gone(peer_, std::string("sends no more bytes: ") + std::strerror(errno));
    }
  }
  return {};
}

Result<bool> Socket::WaitForMore(TimePoint deadline) {
  while (true) {
    std::byte first{};
    const ssize_t n = ::recv(descriptor_.get(), &first, 1, MSG_PEEK);
    if (n >= 0) return n > 0;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      TW_RETURN_IF_ERROR(WaitFor(descriptor_.get(), POLLIN, deadline, peer_));
    } else if (errno != EINTR) {
      return false;
    }
  }
}

void Socket::Shutdown() {
  (void)::shutdown(descriptor_.get(), SHUT_RDWR);
}

Result<Listener> Listener::Open(const std::string& address) {
  TW_ASSIGN(const Addresses addresses, Lookup(address, AI_PASSIVE));
  const addrinfo& a = *addresses;
  Descriptor fd(::socket(a.ai_family, a.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a.ai_protocol));
  const int on = 1;
  if (fd.get() < 0 || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(fd.get(), a.ai_addr, a.ai_addrlen) != 0 || ::listen(fd.get(), kWaiting) != 0)
    return Fail(StatusCode::kIo, "cannot listen on " + address + ": " + std::strerror(errno));
  std::string bound = AddressOf(fd.get());
  return Listener(std::move(fd), std::move(bound));
}

Result<Socket> Listener::Accept(TimePoint deadline) {
  while (true) {
    Descriptor fd(::accept4(descriptor_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (fd.get() >= 0) return Socket::Own(std::move(fd), "who connected to " + address_);
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      TW_RETURN_IF_ERROR(WaitFor(descriptor_.get(), POLLIN, deadline, "a connection to " + address_));
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return Fail(StatusCode::kIo, "cannot take a connection to " + address_ + ": " + std::strerror(errno));
    }
  }
}

}  // namespace tradewind
