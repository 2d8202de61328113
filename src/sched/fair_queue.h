// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// FairQueue: who is next. The greater priority first, where each `patience` of waiting counts as one more, so that everybody's turn comes;
// among equals the tenant that was served least (a virtual token counter, arXiv:2401.00588: one that comes back is lifted to the least of
// those who wait, so that nobody hoards by being away); of one tenant the sequence that must start soonest to be in time, if it still can
// be; then the one that came first. A look at all that wait: queues are bounded. Not thread-safe.
//
//   queue.Push({.id = 7, .tenant = "key", .arrived = now});
//   std::optional<SequenceId> next = queue.Pick(now, {});
//   queue.Remove(*next);
//   queue.Charge("key", 1 * read + 2 * drawn);
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "sched/request.h"

namespace tradewind {

struct QueuedSequence {
  SequenceId id = 0;
  std::string tenant;
  int priority = 0;
  TimePoint arrived;
  std::optional<TimePoint> latest_start;  // to be in time, by what is predicted
};

class FairQueue {
 public:
  explicit FairQueue(Duration patience) : patience_(patience) {}

  void Push(QueuedSequence sequence);
  // Of one that is not there: nothing.
  void Remove(SequenceId id);
  // The next one, these left out; none if no other waits.
  std::optional<SequenceId> Pick(TimePoint now, const std::unordered_set<SequenceId>& passed_over) const;
  // With the patience of its waiting; of one that is there.
  int Rank(SequenceId id, TimePoint now) const;
  // The tenant was served so much: 1 a token read, 2 a token drawn.
  void Charge(const std::string& tenant, double tokens);

  int64_t size() const { return static_cast<int64_t>(waiting_.size()); }
  // 0 for one that is not known.
  double Served(const std::string& tenant) const;
  // Those whose service is remembered: who waits, and at most kTenants others.
  int64_t tenants() const { return static_cast<int64_t>(tenants_.size()); }
  static constexpr size_t kTenants = 4096;

 private:
  struct Tenant {
    double served = 0;
    int64_t waiting = 0;
  };
  struct Entry {
    QueuedSequence sequence;
    const Tenant* tenant = nullptr;
    uint64_t order = 0;
  };
  int RankOf(const Entry& entry, TimePoint now) const;
  bool Before(const Entry& a, const Entry& b, TimePoint now) const;
  std::optional<double> LeastServedWaiting() const;
  void ForgetTenants();

  Duration patience_;
  std::map<SequenceId, Entry> waiting_;
  std::map<std::string, Tenant> tenants_;
  double last_left_ = 0;  // service of the tenant whose last sequence left last
  uint64_t pushed_ = 0;
};

}  // namespace tradewind
