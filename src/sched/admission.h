// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Admission: whether a request is taken, before its text is tokenised. Limits of what waits, in all and a tenant, and of a tenant's rate;
// and whether the times that it asks for can be kept, by what passes cost, what is before it, and how wrong such predictions were of late.
// Whoever is refused hears why, and when a like request would be taken. Takes the time as an argument. Not thread-safe: its owner locks.
//
//   AdmissionAnswer answer = admission.Ask({.bytes = body.size(), .max_output = 256, .tenant = key}, load, cost, now);
//   if (answer.refused) return Refuse(*answer.refused, answer.retry_after);
//   admission.Tokenised(answer.ticket, tokens);  // then it is submitted
//   admission.Began(answer.ticket, now);         // its first token
//   admission.Ended(answer.ticket, drawn, now);  // in any case, once
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "sched/error_margin.h"
#include "sched/forecast.h"
#include "sched/rate_limit.h"
#include "sched/scheduler.h"

namespace tradewind {

struct AdmissionOptions {
  int64_t queued = 512;               // requests without a first token
  int64_t queued_tokens = 1'000'000;  // of their prompts
  int64_t tenant_queued = 128;        // of one tenant
  int64_t tenant_queued_tokens = 500'000;
  double tenant_requests_a_minute = 6'000;
  double tenant_tokens_a_minute = 3'000'000;  // of prompts and outputs
  int64_t tenants = 4'096;                    // that are remembered
  double bytes_a_token = 3;                   // until tokenised requests say better
  double kept_share = 0.98;                   // of promises: what the margin on predictions is set for
  Duration margin_window = Duration::Seconds(60);
  Duration drain_retry = Duration::Seconds(10);  // when one that was refused for draining may try again
};

struct AdmissionRequest {
  int64_t bytes = 0;              // of its text
  std::optional<int64_t> tokens;  // where they are known
  int64_t max_output = 0;
  std::string tenant;
  int priority = 0;
  std::optional<TimePoint> first_token;  // wanted by then
  std::optional<TimePoint> deadline;     // of the last token
};

enum class AdmissionRefusal : uint8_t {
  kDraining,            // nothing is taken any more
  kTenantLimit,         // the tenant's own rate or queue
  kQueueFull,           // everybody's
  kCannotMeetTtft,      // the first token would come too late
  kCannotMeetDeadline,  // the last one
};

struct AdmissionAnswer {
  std::optional<AdmissionRefusal> refused;  // none: taken
  uint64_t ticket = 0;
  Duration retry_after;  // if refused: until a like request would be taken if nobody else came, as predicted
  bool ever = true;      // if refused: whether it could be taken at all, however idle the machine
  Duration first_token;  // as predicted, without the margin; 0 while nothing is known of what passes cost
  Duration last_token;
};

class Admission {
 public:
  Admission(const AdmissionOptions& options, const SchedulerOptions& scheduler);

  AdmissionAnswer Ask(const AdmissionRequest& request, const SchedulerLoad& load, const StepCost& cost, TimePoint now);
  // So many tokens it has indeed. These calls ignore unknown tickets.
  void Tokenised(uint64_t ticket, int64_t tokens);
  // Its first token is there; or its prompt was read, where nothing is drawn.
  void Began(uint64_t ticket, TimePoint now);
  // `finished`: of itself, not cancelled or cut off: how long it took then tells of predictions.
  void Ended(uint64_t ticket, int64_t drawn, bool finished, TimePoint now);
  void Drain() { draining_ = true; }

  int64_t queued() const { return queued_.sequences; }
  int64_t queued_tokens() const { return queued_.tokens; }
  // By which predictions are lengthened.
  double first_token_margin(TimePoint now) const;
  double last_token_margin(TimePoint now) const;

 private:
  struct Queued {
    int64_t sequences = 0;
    int64_t tokens = 0;
  };
  struct Tenant {
    Queued queued;
    RateLimit requests;
    RateLimit tokens;
  };
  struct Ticket {
    std::string tenant;
    int priority = 0;
    int64_t bytes = 0;
    int64_t tokens = 0;
    int64_t max_output = 0;
    TimePoint asked;
    bool began = false;
    Duration first_token;  // as predicted
    Duration last_token;
  };
  Tenant* TenantOf(const std::string& name, TimePoint now);
  int64_t TokensOf(const AdmissionRequest& request) const;
  std::optional<AdmissionAnswer> OverTenantLimit(const Tenant& tenant, int64_t tokens, int64_t output, const Forecast& forecast,
                                                 TimePoint now) const;
  std::optional<AdmissionAnswer> OverQueue(int64_t tokens, const Forecast& forecast) const;
  std::optional<AdmissionAnswer> TooLate(const AdmissionRequest& request, const Forecast& forecast, const Forecast& idle,
                                         TimePoint now) const;
  ForecastQuestion Ahead(const AdmissionRequest& request, int64_t tokens, const SchedulerLoad& load) const;
  void Leave(const Ticket& ticket);

  AdmissionOptions options_;
  SchedulerOptions scheduler_;
  bool draining_ = false;
  uint64_t next_ticket_ = 1;
  std::map<uint64_t, Ticket> tickets_;
  std::map<std::string, Tenant> tenants_;
  Queued queued_;
  double bytes_a_token_;
  double output_share_ = 1;  // of max_output, that answers draw
  double usual_output_ = 0;
  ErrorMargin first_margin_;
  ErrorMargin last_margin_;
};

}  // namespace tradewind
