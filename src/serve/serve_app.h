// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ServeApp: the server, from its port to its models. Requests come in on the HTTP server's thread, are let in or not by their heads, are
// parsed and tokenised on a work thread, answered by the engines' threads and written by a delivery thread. Owns all of them. Start and
// Shutdown are for one thread.
//
//   TW_ASSIGN(auto app, ServeApp::Start(options));
//   ... app->port() ...
//   app->Shutdown(RealClock().Now() + Duration::Seconds(30));
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/http_server.h"
#include "serve/answer_job.h"
#include "serve/api_keys.h"
#include "serve/model_rack.h"
#include "serve/route.h"
#include "serve/serve_metrics.h"
#include "serve/serve_steering.h"
#include "serve/work_threads.h"

namespace tradewind {

struct ServeLimits {
  size_t queued_requests = 256;                // parsed and not answered, all together; more are told 503
  size_t work_queue = 256;                     // bodies that wait to be parsed
  size_t blocking_queue = 64;                  // requests for vectors that wait
  uint64_t queued_bytes = uint64_t{64} << 20;  // of bodies that wait for a thread
  size_t decisions = 1000;                     // remembered for /decisions
};

struct ServeOptions {
  HttpServerOptions http;
  RackOptions rack;
  ServeLimits limits;
  ApiKeys keys;
  std::vector<std::pair<std::string, Setting>> models;  // name and setting, the first is the default
  std::string workload;                                 // whose measurements steer; empty: the default one
  bool metric_aliases = false;
  bool model_control = false;  // models may be loaded and unloaded over HTTP
};

class ServeApp {
 public:
  // Loads the models, then listens. Errors as of loading and of HttpServer.
  static Result<std::unique_ptr<ServeApp>> Start(ServeOptions options);
  ~ServeApp();

  uint16_t port() const { return http_->port(); }
  // Not ready from now on. Answers that run may end until shortly before the deadline; then they end as cancelled, which their clients are
  // told. Whether all ended by themselves.
  bool Shutdown(TimePoint deadline);

  const ServeOptions& options() const { return options_; }
  ModelRack& rack() { return rack_; }
  ServeMetrics& metrics() { return metrics_; }
  const ServeSteering& steering() const { return steering_; }
  // Whether the last answer ran with this setting, but for its length.
  bool IsCurrent(const Setting& setting) const;
  HttpCounts http_counts() const { return http_->Counts(); }
  bool draining() const { return draining_.load(); }
  JobHooks Hooks();
  // The last decisions after number `after`, and the number to ask with next.
  std::pair<std::vector<JobReport>, uint64_t> DecisionsAfter(uint64_t after) const;

 private:
  explicit ServeApp(ServeOptions options);
  std::optional<HttpResponse> Head(HttpRequest& request);
  void Handle(HttpRequest request, std::shared_ptr<HttpExchange> exchange);
  std::optional<HttpResponse> RefuseForLoad(const std::string& path);

  const ServeOptions options_;
  ModelRack rack_;
  ServeMetrics metrics_;
  const ServeSteering steering_;
  std::atomic<bool> draining_{false};
  std::atomic<uint64_t> next_request_{1};
  std::atomic<uint64_t> queued_bytes_{0};
  mutable std::mutex mutex_;
  std::deque<JobReport> decisions_;
  uint64_t decided_ = 0;
  std::unique_ptr<WorkThreads> delivery_;
  std::unique_ptr<WorkThreads> work_;
  std::unique_ptr<WorkThreads> blocking_;
  std::unique_ptr<HttpServer> http_;
};

}  // namespace tradewind
