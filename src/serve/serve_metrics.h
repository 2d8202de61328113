// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ServeMetrics: what a server counts, as Prometheus reads it. The names end as vLLM's do, behind "tradewind:"; with aliases the same
// values stand behind "vllm:", too, and llama-server's own names behind "llamacpp:". Times in seconds. Thread-safe.
//
//   metrics.Count({.model = "smollm2-135m", .finish = "stop", ...});
//   HttpResponse{200, {{"Content-Type", ServeMetrics::kContentType}}, metrics.Text(gauges, aliases)};
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace tradewind {

// One answer that ended.
struct ServedRecord {
  std::string model;
  std::string finish;  // stop, length, deadline, cancelled, error
  int64_t prompt_tokens = 0;
  int64_t held_tokens = 0;  // of them: not read again
  int64_t output_tokens = 0;
  Duration queued;  // from its acceptance to its first pass
  Duration prefill;
  Duration decode;
  Duration whole;    // from its acceptance to its end
  Duration outside;  // of that, neither in a queue nor in passes: HTTP, JSON, templates, tokens
  std::optional<Duration> ttft;
  std::optional<Duration> tpot;
};

// What is so now, of one model.
struct ServedGauges {
  std::string model;
  int64_t running = 0;
  int64_t waiting = 0;
  double kv_usage = 0;      // share of the pages that sequences hold
  double kv_kept = 0;       // share that is kept for later
  int64_t preemptions = 0;  // ever
  int64_t passes = 0;       // ever
  double busy_seconds = 0;  // in passes, ever
};

struct HttpGauges {
  uint64_t connections = 0;
  uint64_t requests = 0;   // ever
  uint64_t refused = 0;    // connections, ever
  uint64_t malformed = 0;  // ever
  uint64_t held_bytes = 0;
};

class ServeMetrics {
 public:
  static constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

  ServeMetrics();
  ~ServeMetrics();

  void Count(const ServedRecord& record);
  // A request that got no answer, by its status and why: queue_full, tenant_limit, deadline, ...
  void CountRefused(int status, std::string_view reason);
  std::string Text(std::span<const ServedGauges> models, const HttpGauges& http, bool aliases) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tradewind
