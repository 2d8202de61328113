// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/serve_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tradewind {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using Buckets = Histogram::BucketBoundaries;

const Buckets kTtftBuckets = {0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80};
const Buckets kTpotBuckets = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5};
const Buckets kWholeBuckets = {0.05, 0.1, 0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480};
const Buckets kOutsideBuckets = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5};
const Buckets kTokenBuckets = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000};

void RaiseTo(Counter& counter, double value) {
  counter.Increment(std::max(0.0, value - counter.Value()));
}

// "tradewind:x" again as "vllm:x".
void AddAliases(const std::string& text, std::string_view from, std::string_view to, std::string* out) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    const size_t name = line.find(from);
    if (name == std::string::npos) continue;
    line.replace(name, from.size(), to);
    *out += line + "\n";
  }
}

}  // namespace

struct ServeMetrics::State {
  prometheus::Registry registry;

  Family<Counter>& CounterOf(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(std::string("tradewind:") + name).Help(help).Register(registry);
  }
  Family<Gauge>& GaugeOf(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(std::string("tradewind:") + name).Help(help).Register(registry);
  }
  Family<Histogram>& HistogramOf(const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(std::string("tradewind:") + name).Help(help).Register(registry);
  }

  Family<Counter>& prompt_tokens = CounterOf("prompt_tokens_total", "Tokens of prompts.");
  Family<Counter>& generation_tokens = CounterOf("generation_tokens_total", "Tokens generated.");
  Family<Counter>& queries = CounterOf("prefix_cache_queries_total", "Tokens of prompts that were looked up among what is kept.");
  Family<Counter>& hits = CounterOf("prefix_cache_hits_total", "Tokens of prompts that were not read again.");
  Family<Counter>& success = CounterOf("request_success_total", "Answers by what ended them.");
  Family<Counter>& refused = CounterOf("request_refused_total", "Requests without an answer, by status and reason.");
  Family<Histogram>& ttft = HistogramOf("time_to_first_token_seconds", "From the acceptance of a request to its first token.");
  Family<Histogram>& tpot = HistogramOf("time_per_output_token_seconds", "Per token after the first.");
  Family<Histogram>& whole = HistogramOf("e2e_request_latency_seconds", "From the acceptance of a request to its end.");
  Family<Histogram>& queue = HistogramOf("request_queue_time_seconds", "From the acceptance of a request to its first pass.");
  Family<Histogram>& prefill = HistogramOf("request_prefill_time_seconds", "From the first pass of a request to its prompt's end.");
  Family<Histogram>& decode = HistogramOf("request_decode_time_seconds", "From the first token of a request to its last.");
  Family<Histogram>& outside = HistogramOf("request_outside_time_seconds", "Of a request: neither in a queue nor in passes.");
  Family<Histogram>& prompt_length = HistogramOf("request_prompt_tokens", "Tokens of a request's prompt.");
  Family<Histogram>& output_length = HistogramOf("request_generation_tokens", "Tokens of a request's answer.");

  Family<Gauge>& running = GaugeOf("num_requests_running", "Sequences that run.");
  Family<Gauge>& waiting = GaugeOf("num_requests_waiting", "Sequences that wait for their first or next pass.");
  Family<Gauge>& kv_usage = GaugeOf("kv_cache_usage_perc", "Share of the pages of keys and values that sequences hold; 1 is all.");
  Family<Gauge>& kv_kept = GaugeOf("kv_cache_kept_perc", "Share of the pages that is kept for later; given up when there is need.");
  Family<Counter>& preemptions = CounterOf("num_preemptions_total", "Sequences that gave their pages to others for a while.");
  Family<Counter>& passes = CounterOf("passes_total", "Passes of the model.");
  Family<Counter>& busy = CounterOf("busy_seconds_total", "Time in passes.");
  Family<Gauge>& connections = GaugeOf("http_connections", "Open connections.");
  Family<Counter>& http_requests = CounterOf("http_requests_total", "Requests whose head was sound.");
  Family<Counter>& http_refused = CounterOf("http_connections_refused_total", "Connections that were not let in.");
  Family<Counter>& http_malformed = CounterOf("http_malformed_total", "Requests that were malformed or too slow.");
  Family<Gauge>& http_held = GaugeOf("http_held_bytes", "Bytes of requests and answers that are held.");
};

ServeMetrics::ServeMetrics() : state_(std::make_unique<State>()) {}
ServeMetrics::~ServeMetrics() = default;

void ServeMetrics::Count(const ServedRecord& r) {
  State& s = *state_;
  const prometheus::Labels labels = {{"model_name", r.model}};
  const auto add = [&](Family<Counter>& family, int64_t count) { family.Add(labels).Increment(static_cast<double>(count)); };
  const auto observe = [&](Family<Histogram>& family, double value, const Buckets& buckets) { family.Add(labels, buckets).Observe(value); };
  add(s.prompt_tokens, r.prompt_tokens);
  add(s.generation_tokens, r.output_tokens);
  add(s.queries, r.prompt_tokens);
  add(s.hits, r.held_tokens);
  s.success.Add({{"model_name", r.model}, {"finished_reason", r.finish}}).Increment();
  if (r.ttft) observe(s.ttft, r.ttft->seconds(), kTtftBuckets);
  if (r.tpot) observe(s.tpot, r.tpot->seconds(), kTpotBuckets);
  observe(s.whole, r.whole.seconds(), kWholeBuckets);
  observe(s.queue, r.queued.seconds(), kWholeBuckets);
  observe(s.prefill, r.prefill.seconds(), kTtftBuckets);
  observe(s.decode, r.decode.seconds(), kWholeBuckets);
  observe(s.outside, r.outside.seconds(), kOutsideBuckets);
  observe(s.prompt_length, static_cast<double>(r.prompt_tokens), kTokenBuckets);
  observe(s.output_length, static_cast<double>(r.output_tokens), kTokenBuckets);
}

void ServeMetrics::CountRefused(int status, std::string_view reason) {
  state_->refused.Add({{"status", std::to_string(status)}, {"reason", std::string(reason)}}).Increment();
}

std::string ServeMetrics::Text(std::span<const ServedGauges> models, const HttpGauges& http, bool aliases) const {
  State& s = *state_;
  for (const ServedGauges& g : models) {
    const prometheus::Labels labels = {{"model_name", g.model}};
    const auto set = [&](Family<Gauge>& family, double value) { family.Add(labels).Set(value); };
    set(s.running, static_cast<double>(g.running));
    set(s.waiting, static_cast<double>(g.waiting));
    set(s.kv_usage, g.kv_usage);
    set(s.kv_kept, g.kv_kept);
    RaiseTo(s.preemptions.Add(labels), static_cast<double>(g.preemptions));
    RaiseTo(s.passes.Add(labels), static_cast<double>(g.passes));
    RaiseTo(s.busy.Add(labels), g.busy_seconds);
  }
  s.connections.Add({}).Set(static_cast<double>(http.connections));
  RaiseTo(s.http_requests.Add({}), static_cast<double>(http.requests));
  RaiseTo(s.http_refused.Add({}), static_cast<double>(http.refused));
  RaiseTo(s.http_malformed.Add({}), static_cast<double>(http.malformed));
  s.http_held.Add({}).Set(static_cast<double>(http.held_bytes));
  std::string text = prometheus::TextSerializer().Serialize(s.registry.Collect());
  if (!aliases) return text;
  std::string more;
  AddAliases(text, "tradewind:", "vllm:", &more);
  constexpr std::pair<std::string_view, std::string_view> kLlamaNames[] = {
      {"tradewind:prompt_tokens_total", "llamacpp:prompt_tokens_total"},
      {"tradewind:generation_tokens_total", "llamacpp:tokens_predicted_total"},
      {"tradewind:num_requests_running", "llamacpp:requests_processing"},
      {"tradewind:num_requests_waiting", "llamacpp:requests_deferred"},
      {"tradewind:passes_total", "llamacpp:n_decode_total"},
  };
  for (const auto& [ours, theirs] : kLlamaNames) AddAliases(text, ours, theirs, &more);
  return text + more;
}

}  // namespace tradewind
