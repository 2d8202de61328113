// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// RandomWorld: a scheduler with random options under random requests, cancels, deadlines, failing passes and too few pages, all of one
// seed, and an engine of hashes (ShadowPages) that checks every step. Its answers follow from the text alone, so that whatever was
// preempted, shared or copied on the way, a request's tokens are known beforehand.
//
//   const std::string wrong = RandomWorld(seed).Run();  // empty: all was well
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "sched/scheduler.h"
#include "sched/shadow_pages.h"

namespace tradewind {

class RandomWorld {
 public:
  explicit RandomWorld(uint64_t seed);
  // Until all have ended; the first thing that is wrong.
  std::string Run();

  int64_t steps() const { return steps_; }
  int64_t preemptions() const { return scheduler_->load().preemptions; }
  int64_t held() const { return scheduler_->load().prefix_tokens; }
  int64_t copies() const { return copies_; }
  const std::map<EndCause, int64_t>& causes() const { return causes_; }

 private:
  struct Live {
    SequenceRequest request;
    std::vector<int32_t> text;
    std::vector<uint64_t> hashes;  // of the text
    std::optional<int64_t> next;   // where its next chunk begins, if it goes on
    int64_t last_step = 0;
    int64_t preemptions_then = 0;  // of all, at its last step
    bool cancelled = false;
    bool decoding() const { return next && *next + 1 == static_cast<int64_t>(text.size()) && text.size() > request.prompt.size(); }
  };

  int64_t Below(int64_t n) { return static_cast<int64_t>(random_.Below(static_cast<uint64_t>(n))); }
  bool OneIn(int64_t n) { return Below(n) == 0; }
  void DrawOptions();
  void Arrive();
  void CancelSome();
  std::string CheckEnded(const SchedulerStep& step);
  std::string CheckStep(const SchedulerStep& step);
  std::string CheckChunk(const SchedulerStep& step, const StepChunk& chunk);
  std::string CheckPriorities(const SchedulerStep& step);
  std::string CheckNobodyStarves();
  std::string Evaluate(const SchedulerStep& step);
  std::string Finish(const SchedulerStep& step);
  std::string CheckAnswer(const Live& live) const;
  // The token that follows a text; none: the answer ends.
  static std::optional<int32_t> Follows(uint64_t hash);

  Random random_;
  SchedulerOptions options_;
  std::optional<Scheduler> scheduler_;
  std::optional<ShadowPages> pages_;
  std::map<SequenceId, Live> live_;
  std::set<SequenceId> gone_;
  std::map<EndCause, int64_t> causes_;
  SequenceId next_id_ = 1;
  int64_t to_come_ = 0;
  int64_t groups_ = 1, tenants_ = 1, spaces_ = 1, priorities_ = 1;
  TimePoint now_;
  int64_t steps_ = 0, copies_ = 0, restarts_ = 0, work_ = 0;
};

}  // namespace tradewind
