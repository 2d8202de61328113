// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/serve_app.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <future>
#include <thread>

namespace tradewind {
namespace {

constexpr size_t kDeliveryQueue = size_t{1} << 20;  // of small tasks: the engines' own limits keep it short
// Of the time that running answers have, for telling their clients that they end.
constexpr Duration kTimeToTell = Duration::Millis(500);
constexpr const char* kDraining = "the server is shutting down; try another, or later";
constexpr const char* kOverloaded = "as many requests wait as may; try again later, or allow fewer tokens";

// What the head hook found out, for the handler.
struct HeadTicket {
  const Route* route = nullptr;
  std::string tenant;
};

// The route of a request; none: `other_methods` says whether the path has some.
const Route* FindRoute(const std::string& method, const std::string& path, bool* other_methods) {
  const Route* found = nullptr;
  for (const auto& [name, route] : Routes().All()) {
    const size_t space = name.find(' ');
    const std::string_view of = std::string_view(name).substr(space + 1);
    const bool open_end = of.size() > 2 && of.ends_with("/*");
    const bool here = open_end ? path.starts_with(of.substr(0, of.size() - 1)) && path.size() > of.size() - 1 : path == of;
    if (!here) continue;
    const std::string_view its = std::string_view(name).substr(0, space);
    if (its == method || (method == "HEAD" && its == "GET")) {
      found = &route;
    } else {
      *other_methods = true;
    }
  }
  return found;
}

std::string RequestIdOf(const HttpRequest& request, uint64_t number) {
  const std::string* given = request.Find("X-Request-Id");
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  };
  if (given != nullptr && !given->empty() && given->size() <= 64 && std::ranges::all_of(*given, plain)) return *given;
  char text[40];
  std::snprintf(text, sizeof(text), "tw%llx-%llx", static_cast<unsigned long long>(RealClock().Now().ns),
                static_cast<unsigned long long>(number));
  return text;
}

}  // namespace

ServeApp::ServeApp(ServeOptions options)
    : options_(std::move(options)), rack_(options_.rack), steering_(ServeSteering::FromStore(options_.workload)) {
  delivery_ = std::make_unique<WorkThreads>(1, kDeliveryQueue);
  work_ = std::make_unique<WorkThreads>(1, options_.limits.work_queue);
  blocking_ = std::make_unique<WorkThreads>(1, options_.limits.blocking_queue);
}

Result<std::unique_ptr<ServeApp>> ServeApp::Start(ServeOptions options) {
  std::unique_ptr<ServeApp> app(new ServeApp(std::move(options)));
  for (const auto& [name, setting] : app->options_.models) TW_RETURN_IF_ERROR(app->rack_.Load(name, setting));
  ServeApp* raw = app.get();
  TW_ASSIGN(app->http_, HttpServer::Start(
                            app->options_.http, [raw](HttpRequest& request) { return raw->Head(request); },
                            [raw](HttpRequest request, std::shared_ptr<HttpExchange> exchange) {
                              raw->Handle(std::move(request), std::move(exchange));
                            }));
  return app;
}

// The door first, then those who work; what engines still say goes to a delivery that is there.
ServeApp::~ServeApp() {
  http_ = nullptr;
  work_ = nullptr;
  blocking_ = nullptr;
  for (const std::shared_ptr<LoadedModel>& model : rack_.All()) (void)rack_.Unload(model->name);
  delivery_ = nullptr;
}

bool ServeApp::Shutdown(TimePoint deadline) {
  draining_ = true;  // heads are refused; who was let in before is answered
  http_->StopAccepting();
  std::promise<void> answered;
  std::atomic<bool> cut{false};
  std::thread reminder([&] {
    const Duration left = deadline - RealClock().Now() - kTimeToTell;
    if (answered.get_future().wait_for(std::chrono::nanoseconds(std::max<int64_t>(0, left.ns))) == std::future_status::ready) return;
    cut = !rack_.Idle();
    rack_.CancelAll();
  });
  const bool all = http_->Shutdown(deadline);
  answered.set_value();
  reminder.join();
  rack_.Drain();
  return all && !cut;
}

std::optional<HttpResponse> ServeApp::Head(HttpRequest& request) {
  bool other_methods = false;
  const Route* route = FindRoute(request.method, request.path, &other_methods);
  const auto refuse = [&](int status, const char* code, const std::string& message) {
    metrics_.CountRefused(status, code);
    return ErrorResponseFor(request.path, ApiErrorOf(status, code, message));
  };
  if (route == nullptr && other_methods) return refuse(405, "method_not_allowed", request.path + " does not take " + request.method);
  if (route == nullptr) return refuse(404, "not_found", "there is no " + request.path + " here; docs/api-http.md lists what there is");
  HeadTicket ticket{.route = route, .tenant = {}};
  if (!route->open && options_.keys.needed()) {
    const std::string* credential = request.Find("Authorization");
    if (credential == nullptr) credential = request.Find("X-Api-Key");
    if (credential == nullptr) return refuse(401, "missing_api_key", "a key is needed: send \"Authorization: Bearer KEY\"");
    std::optional<std::string> tenant = options_.keys.TenantOf(*credential);
    if (!tenant) return refuse(401, "invalid_api_key", "this key is not known here");
    ticket.tenant = std::move(*tenant);
  }
  if (route->answers) {
    if (std::optional<HttpResponse> refusal = RefuseForLoad(request.path)) return refusal;
  }
  request.ticket = std::make_shared<HeadTicket>(std::move(ticket));
  return std::nullopt;
}

std::optional<HttpResponse> ServeApp::RefuseForLoad(const std::string& path) {
  const auto refuse = [&](const char* code, const char* message) {
    metrics_.CountRefused(503, code);
    HttpResponse response = ErrorResponseFor(path, ApiErrorOf(503, code, message));
    response.headers.push_back({"Retry-After", "1"});
    return response;
  };
  if (draining()) return refuse("draining", kDraining);
  size_t waiting = work_->queued();
  for (const std::shared_ptr<LoadedModel>& model : rack_.All()) {
    if (!model->engine) continue;
    const BatchLoad load = model->engine->load();
    waiting += static_cast<size_t>(load.arriving + load.scheduler.waiting);
  }
  if (waiting >= options_.limits.queued_requests) return refuse("queue_full", kOverloaded);
  return std::nullopt;
}

void ServeApp::Handle(HttpRequest request, std::shared_ptr<HttpExchange> exchange) {
  const auto ticket = std::static_pointer_cast<HeadTicket>(request.ticket);
  std::string id = RequestIdOf(request, next_request_.fetch_add(1));
  auto call = std::make_shared<RouteCall>(RouteCall{*this, std::move(request), std::move(exchange), ticket->tenant, std::move(id)});
  const Route* route = ticket->route;
  if (route->where == Route::Where::kInline) return route->run(std::move(call));
  WorkThreads& threads = route->where == Route::Where::kWork ? *work_ : *blocking_;
  const uint64_t bytes = call->request.body.size();
  const auto run = [this, route, call, bytes] {
    route->run(call);
    queued_bytes_ -= bytes;
  };
  if (queued_bytes_.fetch_add(bytes) + bytes <= options_.limits.queued_bytes && threads.Post(run)) return;
  queued_bytes_ -= bytes;
  metrics_.CountRefused(503, "queue_full");
  HttpResponse response = ErrorResponseFor(call->request.path, ApiErrorOf(503, "queue_full", kOverloaded));
  response.headers.push_back({"Retry-After", "1"});
  (void)call->exchange->Send(std::move(response));
}

JobHooks ServeApp::Hooks() {
  return {.delivery = delivery_.get(), .metrics = &metrics_, .ended = [this](const JobReport& report) {
            const std::lock_guard lock(mutex_);
            decisions_.push_back(report);
            ++decided_;
            if (decisions_.size() > options_.limits.decisions) decisions_.pop_front();
          }};
}

bool ServeApp::IsCurrent(const Setting& setting) const {
  const std::lock_guard lock(mutex_);
  if (decisions_.empty() || !decisions_.back().steering) return false;
  Setting last = decisions_.back().steering->setting;
  Setting asked = setting;
  last.Erase("max_tokens");
  asked.Erase("max_tokens");
  return last == asked;
}

std::pair<std::vector<JobReport>, uint64_t> ServeApp::DecisionsAfter(uint64_t after) const {
  const std::lock_guard lock(mutex_);
  const uint64_t first = decided_ - decisions_.size();
  const size_t skip = after > first ? static_cast<size_t>(std::min<uint64_t>(after - first, decisions_.size())) : 0;
  return {{decisions_.begin() + static_cast<std::ptrdiff_t>(skip), decisions_.end()}, decided_};
}

}  // namespace tradewind
