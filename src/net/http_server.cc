// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/http_server.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "net/http_answer.h"
#include "net/http_connection.h"
#include "net/http_loop.h"

namespace tradewind {
namespace {

constexpr int64_t kToldAtMost = 64;  // connections beyond the limit that get a 503; further ones are closed without a word
constexpr int kMostThreads = 64;

// A quarter of the shortest limit: so late a deadline may be noticed.
Duration TickInterval(const HttpLimits& limits) {
  const int64_t shortest =
      std::min({limits.header_time.ns, limits.body_time.ns, limits.idle_time.ns, limits.write_time.ns, limits.linger_time.ns});
  return {std::clamp<int64_t>(shortest / 4, 5'000'000, 250'000'000)};
}

HttpResponse NoRoomResponse() {
  HttpResponse response =
      HttpErrorResponse(503, "the server has as many connections as it may; try again", "server_error", "too_many_connections");
  response.headers.push_back({"Retry-After", "1"});
  return response;
}

class AsioHttpServer final : public HttpServer {
 public:
  AsioHttpServer(HttpServerOptions options, HttpHeadHook hook, HttpHandler handler) : options_(std::move(options)) {
    shared_ = std::make_shared<HttpShared>();
    shared_->limits = options_.limits;
    shared_->hook = std::move(hook);
    shared_->handler = std::move(handler);
  }
  ~AsioHttpServer() override;
  AsioHttpServer(const AsioHttpServer&) = delete;
  AsioHttpServer& operator=(const AsioHttpServer&) = delete;

  Result<void> Open();
  uint16_t port() const override { return port_; }
  HttpCounts Counts() const override;
  void StopAccepting() override;
  bool Shutdown(TimePoint deadline) override;

 private:
  // A loop and its share of the connections, which its thread alone touches.
  struct Worker {
    std::shared_ptr<HttpLoop> loop;
    std::unordered_map<HttpConnection*, std::shared_ptr<HttpConnection>> connections;
    std::thread thread;
  };

  HttpLoop* NextLoop();
  void Accepted(HttpLoop* loop, const std::shared_ptr<HttpStream>& stream);
  void Add(Worker& worker, const std::shared_ptr<HttpStream>& stream, bool refused);
  void Left(const std::string& peer);
  // Of that worker, one after the other: they may leave the list meanwhile.
  template <typename Visit>
  static void Each(Worker& worker, const Visit& visit);

  HttpServerOptions options_;
  std::shared_ptr<HttpShared> shared_;
  std::vector<std::unique_ptr<Worker>> workers_;
  size_t next_worker_ = 0;  // of the accepting thread
  uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};

  std::mutex mutex_;
  std::condition_variable left_;
  std::map<std::string, size_t> of_address_;  // connections; under the mutex
};

template <typename Visit>
void AsioHttpServer::Each(Worker& worker, const Visit& visit) {
  std::vector<std::shared_ptr<HttpConnection>> all;
  all.reserve(worker.connections.size());
  for (const auto& [raw, connection] : worker.connections) all.push_back(connection);
  for (const auto& connection : all) visit(*connection);
}

Result<void> AsioHttpServer::Open() {
  HttpLoop::Door door;
  door.host = options_.host;
  door.port = options_.port;
  door.send_buffer_bytes = options_.limits.send_buffer_bytes;
  if (options_.tls_certificate_file.empty() != options_.tls_key_file.empty())
    return Fail(StatusCode::kInvalidInput, "TLS needs a file with the certificate and one with its key: give both, or none");
  if (!options_.tls_certificate_file.empty()) {
    TW_ASSIGN(door.tls, HttpTls::Load(options_.tls_certificate_file, options_.tls_key_file));
  }
  if (options_.threads < 1 || options_.threads > kMostThreads)
    return Fail(StatusCode::kInvalidInput, "an HTTP server has 1 to " + std::to_string(kMostThreads) + " threads");
  for (int i = 0; i < options_.threads; ++i) {
    auto worker = std::make_unique<Worker>();
    worker->loop = HttpLoop::Make(TickInterval(options_.limits), [w = worker.get()] {
      const TimePoint now = RealClock().Now();
      Each(*w, [now](HttpConnection& connection) { connection.Tick(now); });
    });
    workers_.push_back(std::move(worker));
  }
  TW_ASSIGN(port_, workers_[0]->loop->Listen(
                       door, [this] { return NextLoop(); },
                       [this](HttpLoop* loop, const std::shared_ptr<HttpStream>& stream) { Accepted(loop, stream); }));
  for (const auto& worker : workers_) worker->thread = std::thread([loop = worker->loop] { loop->Run(); });
  return {};
}

HttpLoop* AsioHttpServer::NextLoop() {
  return workers_[next_worker_++ % workers_.size()]->loop.get();
}

void AsioHttpServer::Accepted(HttpLoop* loop, const std::shared_ptr<HttpStream>& stream) {
  const HttpLimits& limits = options_.limits;
  ++shared_->accepted;
  bool refused = shared_->connections >= static_cast<int64_t>(limits.connections);
  bool told = options_.tls_certificate_file.empty() && shared_->connections < static_cast<int64_t>(limits.connections) + kToldAtMost;
  {
    const std::lock_guard lock(mutex_);
    size_t& of_address = of_address_[stream->peer()];
    if (limits.connections_per_address > 0 && of_address >= limits.connections_per_address) {
      refused = true;
      told = told && of_address < limits.connections_per_address * 2;
    }
    ++of_address;
    ++shared_->connections;
  }
  if (refused) ++shared_->refused;
  if (refused && !told) {
    stream->Close();
    return Left(stream->peer());
  }
  for (const auto& worker : workers_) {
    if (worker->loop.get() == loop) loop->Post([this, w = worker.get(), stream, refused] { Add(*w, stream, refused); });
  }
}

void AsioHttpServer::Add(Worker& worker, const std::shared_ptr<HttpStream>& stream, bool refused) {
  if (stopping_) {
    stream->Close();
    return Left(stream->peer());
  }
  auto connection = std::make_shared<HttpConnection>(shared_, worker.loop, stream, [this, w = &worker](HttpConnection& gone) {
    w->connections.erase(&gone);
    if (w->connections.empty()) w->loop->StopTicking();
    Left(gone.peer());
  });
  worker.connections.emplace(connection.get(), connection);
  worker.loop->KeepTicking();
  if (refused) return connection->StartRefused(NoRoomResponse());
  connection->Start();
}

void AsioHttpServer::Left(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  const auto at = of_address_.find(peer);
  if (at != of_address_.end() && --at->second == 0) of_address_.erase(at);
  --shared_->connections;
  left_.notify_all();
}

HttpCounts AsioHttpServer::Counts() const {
  HttpCounts counts;
  counts.connections_now = static_cast<uint64_t>(std::max<int64_t>(0, shared_->connections));
  counts.accepted = shared_->accepted;
  counts.refused = shared_->refused;
  counts.requests = shared_->requests;
  counts.malformed = shared_->malformed;
  counts.cancelled = shared_->cancelled;
  counts.bytes_in = shared_->bytes_in;
  counts.bytes_out = shared_->bytes_out;
  counts.held_bytes_now = static_cast<uint64_t>(std::max<int64_t>(0, shared_->held));
  return counts;
}

void AsioHttpServer::StopAccepting() {
  workers_[0]->loop->Post([loop = workers_[0]->loop.get()] { loop->StopListening(); });
}

bool AsioHttpServer::Shutdown(TimePoint deadline) {
  StopAccepting();
  shared_->draining = true;
  for (const auto& worker : workers_) {
    worker->loop->Post([w = worker.get()] { Each(*w, [](HttpConnection& connection) { connection.Drain(); }); });
  }
  std::unique_lock lock(mutex_);
  left_.wait_for(lock, std::chrono::nanoseconds(std::max<int64_t>(0, (deadline - RealClock().Now()).ns)),
                 [&] { return shared_->connections <= 0; });
  const bool answered = shared_->answering <= 0;
  lock.unlock();
  for (const auto& worker : workers_) {
    worker->loop->Post([w = worker.get()] { Each(*w, [](HttpConnection& connection) { connection.Close(); }); });
  }
  return answered;
}

AsioHttpServer::~AsioHttpServer() {
  stopping_ = true;
  for (const auto& worker : workers_) {
    if (!worker->thread.joinable()) continue;
    worker->loop->Post([w = worker.get()] {
      Each(*w, [](HttpConnection& connection) { connection.Close(); });
      w->loop->Finish();
    });
  }
  for (const auto& worker : workers_) {
    if (worker->thread.joinable()) worker->thread.join();
  }
  // Exchanges may be kept longer, and the handler may hold who keeps them.
  shared_->hook = nullptr;
  shared_->handler = nullptr;
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::Start(HttpServerOptions options, HttpHeadHook head_hook, HttpHandler handler) {
  auto server = std::make_unique<AsioHttpServer>(std::move(options), std::move(head_hook), std::move(handler));
  TW_RETURN_IF_ERROR(server->Open());
  return server;
}

}  // namespace tradewind
