// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ModelAdmission: the door of one model (sched/admission.h) for many threads, and AdmittedRequest, the place behind it, which is given back
// when the last of its owners lets it go. Thread-safe.
//
//   const ModelAdmission::Answer answer = door->Admit(request, load, cost);
//   if (!answer.admitted) return Refuse(RefusalError(answer.told));
//   answer.admitted->Tokenised(120); answer.admitted->Began(); answer.admitted->Finished(64);
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "sched/admission.h"
#include "serve/api/api_error.h"

namespace tradewind {

class ModelAdmission;

class AdmittedRequest {
 public:
  AdmittedRequest(std::shared_ptr<ModelAdmission> door, uint64_t ticket) : door_(std::move(door)), ticket_(ticket) {}
  ~AdmittedRequest();  // gives the place back
  AdmittedRequest(const AdmittedRequest&) = delete;
  AdmittedRequest& operator=(const AdmittedRequest&) = delete;

  void Tokenised(int64_t tokens);
  void Began();
  // It ended of itself after so many tokens; without this call, it was cut off.
  void Finished(int64_t drawn);

 private:
  const std::shared_ptr<ModelAdmission> door_;
  const uint64_t ticket_;
  int64_t drawn_ = 0;
  bool finished_ = false;
};

class ModelAdmission : public std::enable_shared_from_this<ModelAdmission> {
 public:
  ModelAdmission(const AdmissionOptions& options, const SchedulerOptions& scheduler) : admission_(options, scheduler) {}

  struct Answer {
    std::shared_ptr<AdmittedRequest> admitted;  // null: refused
    AdmissionAnswer told;
  };
  Answer Admit(const AdmissionRequest& request, const SchedulerLoad& load, const StepCost& cost);
  void Drain();

 private:
  friend class AdmittedRequest;
  std::mutex mutex_;
  Admission admission_;
};

// What a client is told of a refusal, and after how many whole seconds it may come again (at least one).
ApiError RefusalError(const AdmissionAnswer& answer);
int64_t RetryAfterSeconds(const AdmissionAnswer& answer);

}  // namespace tradewind
