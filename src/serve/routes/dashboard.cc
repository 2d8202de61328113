// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// GET / and the files of the page, and the frontier that it draws.
#include <span>
#include <utility>

#include "serve/api/json_text.h"
#include "serve/serve_app.h"

namespace tradewind {

std::string_view DashboardPage();  // generated from web/
std::string_view DashboardStyle();
std::span<const std::pair<std::string_view, std::string_view>> DashboardScripts();

namespace {

constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

void SendFile(RouteCall& call, const char* type, std::string_view bytes) {
  (void)call.exchange->Send({200,
                             {{"Content-Type", type},
                              {"Content-Security-Policy", kPolicy},
                              {"X-Content-Type-Options", "nosniff"},
                              {"Referrer-Policy", "no-referrer"},
                              {"Cache-Control", "no-cache"}},
                             std::string(bytes)});
}

void Page(std::shared_ptr<RouteCall> call) {
  SendFile(*call, "text/html; charset=utf-8", DashboardPage());
}

void Style(std::shared_ptr<RouteCall> call) {
  SendFile(*call, "text/css; charset=utf-8", DashboardStyle());
}

void Script(std::shared_ptr<RouteCall> call) {
  for (const auto& [name, bytes] : DashboardScripts()) {
    if (call->request.path == "/" + std::string(name) + ".js") return SendFile(*call, "text/javascript; charset=utf-8", bytes);
  }
}

void PutMetric(const Point& point, const char* metric, const char* name, OrderedJson* json) {
  const Measurement* m = point.Find(metric);
  (*json)[name] = m != nullptr ? OrderedJson(m->value) : OrderedJson();
}

void Frontier(std::shared_ptr<RouteCall> call) {
  const ServeSteering& steering = call->app.steering();
  if (!steering.known()) return call->SendJson(R"({"workload":null,"points":[]})");
  const Known& known = *steering.known();
  OrderedJson points = OrderedJson::array();
  for (const FrontierPoint& p : steering.Points(call->app.rack())) {
    const Point& point = p.known->point;
    const Measurement* quality = point.Find(known.primary.metric);
    OrderedJson json = {{"setting", point.setting.Text()},
                        {"model", p.model},
                        {"quality", quality->value},
                        {"quality_low", quality->interval.low},
                        {"quality_high", quality->interval.high}};
    PutMetric(point, "ttft_ms", "ttft_ms", &json);
    PutMetric(point, "tpot_ms", "tpot_ms", &json);
    PutMetric(point, "peak_memory_bytes", "memory_bytes", &json);
    json["on_frontier"] = p.on_frontier;
    json["current"] = call->app.IsCurrent(point.setting);
    points.push_back(std::move(json));
  }
  const bool lower = known.primary.direction == Direction::kLowerIsBetter;
  call->SendJson(JsonLine({{"workload", known.workload.name},
                           {"metric", known.primary.metric},
                           {"direction", lower ? "lower" : "higher"},
                           {"points", std::move(points)}}));
}

}  // namespace

void RegisterDashboardRoute(Registry<Route>& registry) {
  registry.Add("GET /", {.run = Page, .open = true});
  registry.Add("GET /style.css", {.run = Style, .open = true});
  for (const auto& [name, bytes] : DashboardScripts()) registry.Add("GET /" + std::string(name) + ".js", {.run = Script, .open = true});
  registry.Add("GET /frontier", {.run = Frontier, .where = Route::Where::kWork});
}

}  // namespace tradewind
