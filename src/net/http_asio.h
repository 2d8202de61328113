// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What http_loop.cc and http_tls.cc share of Boost.Asio. For these two alone: the header is large, and no other file sees its types.
//
//   std::shared_ptr<HttpStream> stream = MakeTlsStream(std::move(socket), peer, tls);
#pragma once

#include <poll.h>

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <utility>

#include "net/http_loop.h"

namespace tradewind {

// What streams with and without TLS have in common.
class HttpAsioStream : public HttpStream {
 public:
  explicit HttpAsioStream(std::string peer) : peer_(std::move(peer)) {}
  const std::string& peer() const override { return peer_; }
  void Close() override {
    boost::system::error_code ignored;
    ignored = socket().close(ignored);
  }
  bool PeerClosed() override {
    if (!socket().is_open()) return true;
    pollfd polled{socket().native_handle(), POLLRDHUP, 0};
    return ::poll(&polled, 1, 0) > 0 && (polled.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
  }

 protected:
  using TcpSocket = boost::asio::ip::tcp::socket;
  virtual TcpSocket& socket() = 0;

 private:
  std::string peer_;
};

std::shared_ptr<HttpStream> MakeTlsStream(boost::asio::ip::tcp::socket socket, std::string peer, const std::shared_ptr<HttpTls>& tls);

}  // namespace tradewind
