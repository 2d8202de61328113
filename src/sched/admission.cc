// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/admission.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace tradewind {
namespace {

constexpr double kLearn = 0.05;  // of running means
constexpr Duration kLeastRetry = Duration::Millis(1);
constexpr double kRetryCaution = 1.25;  // what is ahead goes away a little slower than foreseen as often as not

AdmissionAnswer Refused(AdmissionRefusal why, Duration retry_after, bool ever) {
  AdmissionAnswer answer;
  answer.refused = why;
  answer.retry_after = std::max(retry_after, kLeastRetry);
  answer.ever = ever;
  return answer;
}

Duration Times(Duration duration, double factor) {
  return Duration::Nearest(static_cast<double>(duration.ns) * factor);
}

}  // namespace

Admission::Admission(const AdmissionOptions& options, const SchedulerOptions& scheduler)
    : options_(options),
      scheduler_(scheduler),
      bytes_a_token_(options.bytes_a_token),
      first_margin_(options.kept_share, options.margin_window),
      last_margin_(options.kept_share, options.margin_window) {}

int64_t Admission::TokensOf(const AdmissionRequest& request) const {
  if (request.tokens) return std::max<int64_t>(1, *request.tokens);
  return 1 + static_cast<int64_t>(static_cast<double>(request.bytes) / bytes_a_token_);
}

// None: there are too many. One that has nothing queued and its full rate again is as good as a new one, and forgotten then.
Admission::Tenant* Admission::TenantOf(const std::string& name, TimePoint now) {
  const auto at = tenants_.find(name);
  if (at != tenants_.end()) return &at->second;
  if (static_cast<int64_t>(tenants_.size()) >= options_.tenants) {
    std::erase_if(tenants_, [&](const auto& entry) {
      const Tenant& tenant = entry.second;
      return tenant.queued.sequences == 0 && tenant.requests.Full(now) && tenant.tokens.Full(now);
    });
  }
  if (static_cast<int64_t>(tenants_.size()) >= options_.tenants) return nullptr;
  const Tenant tenant{{}, RateLimit(options_.tenant_requests_a_minute), RateLimit(options_.tenant_tokens_a_minute)};
  return &tenants_.emplace(name, tenant).first->second;
}

// What is read before it: what is being read; of its own tenant all that waits; of each other one as much as its own, as tenants are served
// alike, and a request more, as requests are not cut.
ForecastQuestion Admission::Ahead(const AdmissionRequest& request, int64_t tokens, const SchedulerLoad& load) const {
  std::map<std::string, Queued> by_tenant;
  for (const auto& [number, ticket] : tickets_) {
    if (ticket.began || ticket.priority < request.priority) continue;
    Queued& queued = by_tenant[ticket.tenant];
    queued.sequences += 1;
    queued.tokens += ticket.tokens;
  }
  const Queued own = by_tenant[request.tenant];
  double ahead = 0, sequences = 0;
  for (const auto& [name, queued] : by_tenant) {
    if (queued.sequences == 0) continue;
    const auto theirs = static_cast<double>(queued.tokens), count = static_cast<double>(queued.sequences);
    const double alike = static_cast<double>(own.tokens + tokens) + theirs / count;
    const double share = name == request.tenant ? 1 : std::min(1.0, alike / std::max(theirs, 1.0));
    ahead += share * theirs;
    sequences += share * count;
  }
  // Those that are being read are among the queued ones; whose they are is not known here.
  const auto read = static_cast<double>(load.running_read), unread = static_cast<double>(load.running_unread);
  const double waiting_share = std::clamp(1 - (read + unread) / static_cast<double>(std::max<int64_t>(1, queued_.tokens)), 0.0, 1.0);
  ForecastQuestion question;
  question.ahead_tokens = unread + waiting_share * ahead;
  question.ahead_sequences = std::llround(waiting_share * sequences);
  question.tokens = tokens;
  question.output = static_cast<double>(request.max_output) * output_share_;
  question.usual_output = usual_output_ > 0 ? usual_output_ : question.output;
  return question;
}

std::optional<AdmissionAnswer> Admission::OverTenantLimit(const Tenant& tenant, int64_t tokens, int64_t output, const Forecast& forecast,
                                                          TimePoint now) const {
  const std::optional<Duration> requests = tenant.requests.Wait(1, now);
  const std::optional<Duration> rate = tenant.tokens.Wait(static_cast<double>(tokens + output), now);
  if (!requests || !rate) return Refused(AdmissionRefusal::kTenantLimit, Duration::Seconds(60), false);
  const Duration wait = std::max(*requests, *rate);
  if (wait.ns > 0) return Refused(AdmissionRefusal::kTenantLimit, wait, true);
  if (tenant.queued.sequences >= options_.tenant_queued) return Refused(AdmissionRefusal::kTenantLimit, forecast.per_start, true);
  const int64_t over = tenant.queued.tokens + tokens - options_.tenant_queued_tokens;
  if (over <= 0) return std::nullopt;
  return Refused(AdmissionRefusal::kTenantLimit, Times(forecast.per_token, static_cast<double>(over)),
                 tokens <= options_.tenant_queued_tokens);
}

std::optional<AdmissionAnswer> Admission::OverQueue(int64_t tokens, const Forecast& forecast) const {
  if (queued_.sequences >= options_.queued) return Refused(AdmissionRefusal::kQueueFull, forecast.per_start, true);
  const int64_t over = queued_.tokens + tokens - options_.queued_tokens;
  if (over <= 0) return std::nullopt;
  return Refused(AdmissionRefusal::kQueueFull, Times(forecast.per_token, static_cast<double>(over)), tokens <= options_.queued_tokens);
}

// What is ahead goes away as time does: the wait is what is too much of it.
std::optional<AdmissionAnswer> Admission::TooLate(const AdmissionRequest& request, const Forecast& forecast, const Forecast& idle,
                                                  TimePoint now) const {
  const auto late = [&](TimePoint by, Duration predicted, Duration alone, double margin,
                        AdmissionRefusal why) -> std::optional<AdmissionAnswer> {
    const Duration allowed = by - now;
    if (Times(predicted, margin) <= allowed) return std::nullopt;
    return Refused(why, Times(predicted - Times(allowed, 1 / margin), kRetryCaution), alone <= allowed);
  };
  if (request.first_token) {
    auto answer =
        late(*request.first_token, forecast.first_token, idle.first_token, first_token_margin(now), AdmissionRefusal::kCannotMeetTtft);
    if (answer) return answer;
  }
  if (!request.deadline) return std::nullopt;
  return late(*request.deadline, forecast.last_token, idle.last_token, last_token_margin(now), AdmissionRefusal::kCannotMeetDeadline);
}

AdmissionAnswer Admission::Ask(const AdmissionRequest& request, const SchedulerLoad& load, const StepCost& cost, TimePoint now) {
  if (draining_) return Refused(AdmissionRefusal::kDraining, options_.drain_retry, false);
  const int64_t tokens = TokensOf(request);
  Forecast forecast, idle;
  if (cost.known()) {
    const ForecastQuestion question = Ahead(request, tokens, load);
    forecast = PredictTimes(question, scheduler_, load, cost);
    idle = PredictTimes({.tokens = tokens, .output = question.output}, scheduler_, {}, cost);
  }
  Tenant* known = TenantOf(request.tenant, now);
  if (known == nullptr) return Refused(AdmissionRefusal::kTenantLimit, Duration::Seconds(60), true);
  Tenant& tenant = *known;
  std::optional<AdmissionAnswer> refused = OverTenantLimit(tenant, tokens, request.max_output, forecast, now);
  if (!refused) refused = OverQueue(tokens, forecast);
  if (!refused && cost.known()) refused = TooLate(request, forecast, idle, now);
  AdmissionAnswer answer = refused.value_or(AdmissionAnswer{});
  answer.first_token = forecast.first_token;
  answer.last_token = forecast.last_token;
  if (refused) return answer;
  tenant.requests.Take(1, now);
  tenant.tokens.Take(static_cast<double>(tokens + request.max_output), now);
  answer.ticket = next_ticket_++;
  tickets_[answer.ticket] = {request.tenant, request.priority,     request.bytes,      tokens, request.max_output, now,
                             false,          forecast.first_token, forecast.last_token};
  for (Queued* queued : {&queued_, &tenant.queued}) {
    queued->sequences += 1;
    queued->tokens += tokens;
  }
  return answer;
}

void Admission::Tokenised(uint64_t ticket, int64_t tokens) {
  const auto at = tickets_.find(ticket);
  if (at == tickets_.end() || at->second.began) return;
  Ticket& t = at->second;
  if (t.bytes > 0 && tokens > 0)
    bytes_a_token_ += kLearn * (std::clamp(static_cast<double>(t.bytes) / static_cast<double>(tokens), 0.25, 16.0) - bytes_a_token_);
  const int64_t more = tokens - t.tokens;
  t.tokens = tokens;
  queued_.tokens += more;
  tenants_.at(t.tenant).queued.tokens += more;
}

void Admission::Leave(const Ticket& ticket) {
  for (Queued* queued : {&queued_, &tenants_.at(ticket.tenant).queued}) {
    queued->sequences -= 1;
    queued->tokens -= ticket.tokens;
  }
}

void Admission::Began(uint64_t ticket, TimePoint now) {
  const auto at = tickets_.find(ticket);
  if (at == tickets_.end() || at->second.began) return;
  at->second.began = true;
  Leave(at->second);
  if (at->second.first_token.ns > 0) first_margin_.Add((now - at->second.asked).seconds() / at->second.first_token.seconds(), now);
}

void Admission::Ended(uint64_t ticket, int64_t drawn, bool finished, TimePoint now) {
  const auto at = tickets_.find(ticket);
  if (at == tickets_.end()) return;
  const Ticket t = at->second;
  tickets_.erase(at);
  if (!t.began) Leave(t);
  // What it did not draw, it may draw another time.
  const auto tenant = tenants_.find(t.tenant);
  if (tenant != tenants_.end()) tenant->second.tokens.Take(-static_cast<double>(std::max<int64_t>(0, t.max_output - drawn)), now);
  if (!finished) return;
  usual_output_ += (usual_output_ > 0 ? kLearn : 1) * (static_cast<double>(drawn) - usual_output_);
  if (t.max_output > 0) output_share_ += kLearn * (static_cast<double>(drawn) / static_cast<double>(t.max_output) - output_share_);
  if (t.last_token.ns > 0) last_margin_.Add((now - t.asked).seconds() / t.last_token.seconds(), now);
}

double Admission::first_token_margin(TimePoint now) const {
  std::vector<double> open;
  for (const auto& [number, ticket] : tickets_) {
    if (!ticket.began && ticket.first_token.ns > 0 && now - ticket.asked > ticket.first_token)
      open.push_back((now - ticket.asked).seconds() / ticket.first_token.seconds());
  }
  return first_margin_.Factor(now, open);
}

double Admission::last_token_margin(TimePoint now) const {
  std::vector<double> open;
  for (const auto& [number, ticket] : tickets_) {
    if (ticket.last_token.ns > 0 && now - ticket.asked > ticket.last_token)
      open.push_back((now - ticket.asked).seconds() / ticket.last_token.seconds());
  }
  return last_margin_.Factor(now, open);
}

}  // namespace tradewind
