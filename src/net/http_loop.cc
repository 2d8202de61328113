// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/http_loop.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>

#include "base/log.h"
#include "net/http_asio.h"

namespace tradewind {
namespace {

using TcpAcceptor = boost::asio::ip::tcp::acceptor;
using TcpEndpoint = boost::asio::ip::tcp::endpoint;
using AsioError = boost::system::error_code;

constexpr auto kAcceptPause = std::chrono::milliseconds(50);  // where descriptors have run out: nothing else would end a busy loop

class PlainStream final : public HttpAsioStream {
 public:
  PlainStream(TcpSocket socket, std::string peer) : HttpAsioStream(std::move(peer)), socket_(std::move(socket)) {}

  void Handshake(Done done) override {
    boost::asio::post(socket_.get_executor(), [done = std::move(done)] { done(true, 0); });
  }
  void Read(std::span<char> buffer, Done done) override {
    socket_.async_read_some(boost::asio::buffer(buffer.data(), buffer.size()),
                            [done = std::move(done)](AsioError error, size_t bytes) { done(!error, bytes); });
  }
  void Write(std::string_view bytes, Done done) override {
    socket_.async_write_some(boost::asio::buffer(bytes.data(), bytes.size()),
                             [done = std::move(done)](AsioError error, size_t written) { done(!error, written); });
  }
  void EndWriting() override {
    AsioError ignored;
    ignored = socket_.shutdown(TcpSocket::shutdown_send, ignored);
  }

 private:
  TcpSocket& socket() override { return socket_; }
  TcpSocket socket_;
};

class AsioLoop final : public HttpLoop {
 public:
  AsioLoop(Duration interval, std::function<void()> tick)
      : context_(1),
        work_(context_.get_executor()),
        timer_(context_),
        interval_(interval),
        tick_(std::move(tick)),
        acceptor_(context_),
        pause_(context_) {}

  void Run() override {
    while (true) {
      try {
        context_.run();
        return;
      } catch (const std::exception& failure) {  // no memory, or a callback of the application's
        Log(LogLevel::kError, std::string("the HTTP server failed at a connection, which its deadline will end: ") + failure.what());
      }
    }
  }
  void Post(std::function<void()> task) override { boost::asio::post(context_, std::move(task)); }

  void KeepTicking() override {
    if (std::exchange(ticking_, true)) return;
    if (!std::exchange(tick_pending_, true)) NextTick();
  }
  void StopTicking() override { ticking_ = false; }

  void Finish() override {
    StopListening();
    ticking_ = false;
    timer_.cancel();
    work_.reset();
  }

  Result<uint16_t> Listen(const Door& door, std::function<HttpLoop*()> next_loop,
                          std::function<void(HttpLoop*, std::shared_ptr<HttpStream>)> accepted) override;
  void StopListening() override {
    AsioError ignored;
    ignored = acceptor_.close(ignored);
    pause_.cancel();
  }

 private:
  void NextTick() {
    timer_.expires_after(std::chrono::nanoseconds(interval_.ns));
    timer_.async_wait([this](AsioError error) {
      tick_pending_ = false;
      if (error || !ticking_) return;
      if (!std::exchange(tick_pending_, true)) NextTick();  // first, should a callback fail
      tick_();
    });
  }
  void Accept();
  void Take(HttpLoop* loop, boost::asio::ip::tcp::socket socket, const TcpEndpoint& endpoint);

  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  Duration interval_;
  std::function<void()> tick_;
  bool ticking_ = false, tick_pending_ = false;

  TcpAcceptor acceptor_;
  TcpEndpoint peer_;  // of the connection that is being accepted
  boost::asio::steady_timer pause_;
  Door door_;
  std::function<HttpLoop*()> next_loop_;
  std::function<void(HttpLoop*, std::shared_ptr<HttpStream>)> accepted_;
};

Result<uint16_t> AsioLoop::Listen(const Door& door, std::function<HttpLoop*()> next_loop,
                                  std::function<void(HttpLoop*, std::shared_ptr<HttpStream>)> accepted) {
  door_ = door;
  next_loop_ = std::move(next_loop);
  accepted_ = std::move(accepted);
  const std::string address = door.host + " port " + std::to_string(door.port);
  AsioError error;
  boost::asio::ip::tcp::resolver resolver(context_);
  const auto found = resolver.resolve(door.host, std::to_string(door.port), boost::asio::ip::tcp::resolver::passive, error);
  if (error || found.empty())
    return Fail(StatusCode::kInvalidInput,
                "the address " + door.host + " is not one of this machine's: " + error.message() + "; give another host");
  const TcpEndpoint endpoint = found.begin()->endpoint();
  error = acceptor_.open(endpoint.protocol(), error);
  if (!error) error = acceptor_.set_option(boost::asio::socket_base::reuse_address(true), error);
  if (!error) error = acceptor_.bind(endpoint, error);
  if (!error) error = acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) return Fail(StatusCode::kIo, "cannot listen on " + address + ": " + error.message() + "; give another host or port");
  const uint16_t port = acceptor_.local_endpoint(error).port();
  Accept();
  return port;
}

void AsioLoop::Accept() {
  auto* loop = static_cast<AsioLoop*>(next_loop_());
  acceptor_.async_accept(loop->context_, peer_, [this, loop](AsioError error, boost::asio::ip::tcp::socket socket) {
    if (!acceptor_.is_open()) return;
    if (!error) {
      const TcpEndpoint peer = peer_;
      Accept();
      return Take(loop, std::move(socket), peer);
    }
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](AsioError cancelled) {
      if (!cancelled && acceptor_.is_open()) Accept();
    });
  });
}

void AsioLoop::Take(HttpLoop* loop, boost::asio::ip::tcp::socket socket, const TcpEndpoint& endpoint) {
  AsioError error;
  const std::string peer = endpoint.address().to_string();  // as accept said it: the socket no longer knows when the peer has gone
  error = socket.non_blocking(true, error);
  error = socket.set_option(boost::asio::ip::tcp::no_delay(true), error);
  if (door_.send_buffer_bytes > 0) error = socket.set_option(boost::asio::socket_base::send_buffer_size(door_.send_buffer_bytes), error);
  if (door_.tls != nullptr) return accepted_(loop, MakeTlsStream(std::move(socket), peer, door_.tls));
  accepted_(loop, std::make_shared<PlainStream>(std::move(socket), peer));
}

}  // namespace

std::shared_ptr<HttpLoop> HttpLoop::Make(Duration interval, std::function<void()> tick) {
  return std::make_shared<AsioLoop>(interval, std::move(tick));
}

}  // namespace tradewind
