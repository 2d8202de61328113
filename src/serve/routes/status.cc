// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What the server says of itself: /health, /ready, /metrics, /props, /slots, /decisions, /v1/models.
#include <cstdlib>

#include "base/version.h"
#include "serve/api/answer_parts.h"
#include "serve/api/json_text.h"
#include "serve/api/list_answers.h"
#include "serve/serve_app.h"

namespace tradewind {
namespace {

// Alive; 503 once it drains, so that balancers look elsewhere.
void Health(std::shared_ptr<RouteCall> call) {
  if (call->app.draining()) return call->SendError(ApiErrorOf(503, "draining", "the server is shutting down"));
  call->SendJson(R"({"status":"ok"})");
}

ServedGauges GaugesOf(const LoadedModel& model) {
  const BatchLoad load = model.engine->load();
  const SchedulerLoad& s = load.scheduler;
  const auto share = [&](int64_t pages) { return load.pages > 0 ? static_cast<double>(pages) / static_cast<double>(load.pages) : 0.0; };
  return {.model = model.name,
          .running = s.running,
          .waiting = s.waiting + load.arriving,
          .kv_usage = share(s.pages_used),
          .kv_kept = share(s.pages_kept),
          .preemptions = s.preemptions,
          .passes = load.passes,
          .busy_seconds = load.busy.seconds()};
}

void Metrics(std::shared_ptr<RouteCall> call) {
  std::vector<ServedGauges> gauges;
  for (const std::shared_ptr<LoadedModel>& model : call->app.rack().All()) {
    if (model->engine) gauges.push_back(GaugesOf(*model));
  }
  const HttpCounts counts = call->app.http_counts();
  const HttpGauges http{counts.connections_now, counts.requests, counts.refused, counts.malformed, counts.held_bytes_now};
  const std::string text = call->app.metrics().Text(gauges, http, call->app.options().metric_aliases);
  (void)call->exchange->Send({200, {{"Content-Type", ServeMetrics::kContentType}}, text});
}

ServedModel ToServed(const LoadedModel& model) {
  const ModelSpec& spec = model.instance->model().spec();
  return {.id = model.name,
          .created_unix_s = model.loaded_unix_s,
          .meta = {{"n_vocab", spec.vocab},
                   {"n_ctx", model.instance->options().context},
                   {"n_ctx_train", spec.context},
                   {"n_embd", spec.width},
                   {"size", model.instance->memory_bytes()},
                   {"generates", spec.generates}}};
}

void Models(std::shared_ptr<RouteCall> call) {
  std::vector<ServedModel> models;
  for (const std::shared_ptr<LoadedModel>& model : call->app.rack().All()) models.push_back(ToServed(*model));
  if (call->app.steering().known()) {
    for (const char* name : {"auto", "auto-fast", "auto-best"}) models.push_back({.id = name, .meta = {{"steered", true}}});
  }
  call->SendJson(ModelListJson(models));
}

void OneModel(std::shared_ptr<RouteCall> call) {
  constexpr std::string_view kPath = "/v1/models/";
  const auto model = call->app.rack().Find(call->request.path.substr(kPath.size()));
  if (!model) return call->SendError(model.error());
  call->SendJson(ModelJson(ToServed(**model)));
}

// Of the default model, as llama-server has it.
void Props(std::shared_ptr<RouteCall> call) {
  const auto model = call->app.rack().Find("");
  if (!model) return call->SendError(model.error());
  const LanguageModelInstance& instance = *(*model)->instance;
  const auto source = instance.model().file().metadata().StringOr("tokenizer.chat_template", "");
  call->SendJson(JsonLine({{"model_alias", (*model)->name},
                           {"build_info", BuildId()},
                           {"total_slots", call->app.options().rack.running},
                           {"default_generation_settings", {{"n_ctx", instance.options().context}}},
                           {"chat_template", source ? std::string(*source) : std::string()}}));
}

void Slots(std::shared_ptr<RouteCall> call) {
  OrderedJson list = OrderedJson::array();
  for (const std::shared_ptr<LoadedModel>& model : call->app.rack().All()) {
    if (!model->engine) continue;
    const BatchLoad load = model->engine->load();
    list.push_back({{"model", model->name},
                    {"running", load.scheduler.running},
                    {"waiting", load.scheduler.waiting + load.arriving},
                    {"slots", call->app.options().rack.running},
                    {"pages", load.pages},
                    {"pages_used", load.scheduler.pages_used},
                    {"pages_kept", load.scheduler.pages_kept},
                    {"page_bytes", load.page_bytes},
                    {"preemptions", load.scheduler.preemptions}});
  }
  call->SendJson(JsonLine(list));
}

void Decisions(std::shared_ptr<RouteCall> call) {
  constexpr std::string_view kAfter = "after=";
  uint64_t after = 0;
  const size_t at = call->request.query.find(kAfter);
  if (at != std::string::npos) after = std::strtoull(call->request.query.c_str() + at + kAfter.size(), nullptr, 10);
  const auto [reports, next] = call->app.DecisionsAfter(after);
  OrderedJson list = OrderedJson::array();
  for (const JobReport& report : reports) {
    OrderedJson item = report.steering ? SteeringJson(*report.steering) : OrderedJson::object();
    item["id"] = report.id;
    item["model"] = report.model;
    item["time_ms"] = report.unix_ms;
    item["finish_reason"] = report.finish;
    item["prompt_tokens"] = report.usage.prompt_tokens;
    item["output_tokens"] = report.usage.completion_tokens;
    list.push_back(std::move(item));
  }
  call->SendJson(JsonLine({{"next", next}, {"decisions", std::move(list)}}));
}

}  // namespace

void RegisterStatusRoute(Registry<Route>& registry) {
  registry.Add("GET /health", {.run = Health, .open = true});
  registry.Add("GET /v1/health", {.run = Health, .open = true});
  registry.Add("GET /metrics", {.run = Metrics});
  registry.Add("GET /v1/models", {.run = Models});
  registry.Add("GET /v1/models/*", {.run = OneModel});
  registry.Add("GET /models", {.run = Models});
  registry.Add("GET /props", {.run = Props});
  registry.Add("GET /slots", {.run = Slots});
  registry.Add("GET /decisions", {.run = Decisions});
}

}  // namespace tradewind
