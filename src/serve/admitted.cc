// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/admitted.h"

#include <algorithm>

namespace tradewind {

AdmittedRequest::~AdmittedRequest() {
  const std::lock_guard lock(door_->mutex_);
  door_->admission_.Ended(ticket_, drawn_, finished_, RealClock().Now());
}

void AdmittedRequest::Tokenised(int64_t tokens) {
  const std::lock_guard lock(door_->mutex_);
  door_->admission_.Tokenised(ticket_, tokens);
}

void AdmittedRequest::Began() {
  const std::lock_guard lock(door_->mutex_);
  door_->admission_.Began(ticket_, RealClock().Now());
}

void AdmittedRequest::Finished(int64_t drawn) {
  drawn_ = drawn;
  finished_ = true;
}

ModelAdmission::Answer ModelAdmission::Admit(const AdmissionRequest& request, const SchedulerLoad& load, const StepCost& cost) {
  AdmissionAnswer told;
  {
    const std::lock_guard lock(mutex_);
    told = admission_.Ask(request, load, cost, RealClock().Now());
  }
  if (told.refused) return {nullptr, told};
  return {std::make_shared<AdmittedRequest>(shared_from_this(), told.ticket), told};
}

void ModelAdmission::Drain() {
  const std::lock_guard lock(mutex_);
  admission_.Drain();
}

ApiError RefusalError(const AdmissionAnswer& answer) {
  switch (answer.refused.value_or(AdmissionRefusal::kQueueFull)) {
    case AdmissionRefusal::kDraining: return ApiErrorOf(503, "draining", "the server is shutting down; try another, or later");
    case AdmissionRefusal::kTenantLimit:
      return ApiErrorOf(429, "rate_limit_exceeded", "this key asks for more than it may; send fewer or shorter requests");
    case AdmissionRefusal::kQueueFull: return ApiErrorOf(503, "queue_full", "as many requests wait as may; try again later");
    case AdmissionRefusal::kCannotMeetTtft:
    case AdmissionRefusal::kCannotMeetDeadline: break;
  }
  if (!answer.ever) {
    return ApiErrorOf(400, "budget_too_small", "this machine cannot keep the budget's times for this request; allow more, or ask for less");
  }
  return ApiErrorOf(503, "cannot_meet_budget", "at the present load the budget's times cannot be kept; try again later, or allow more");
}

int64_t RetryAfterSeconds(const AdmissionAnswer& answer) {
  return std::clamp<int64_t>((answer.retry_after.ns + 999'999'999) / 1'000'000'000, 1, 3600);
}

}  // namespace tradewind
