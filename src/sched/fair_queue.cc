// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/fair_queue.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace tradewind {

void FairQueue::Push(QueuedSequence sequence) {
  assert(!waiting_.contains(sequence.id));
  const std::optional<double> least = LeastServedWaiting();
  Tenant& tenant = tenants_[sequence.tenant];
  if (tenant.waiting == 0) tenant.served = std::max(tenant.served, least.value_or(last_left_));
  ++tenant.waiting;
  const SequenceId id = sequence.id;
  waiting_.emplace(id, Entry{std::move(sequence), &tenant, pushed_++});
  if (tenants_.size() > kTenants) ForgetTenants();
}

void FairQueue::Remove(SequenceId id) {
  const auto at = waiting_.find(id);
  if (at == waiting_.end()) return;
  Tenant& tenant = tenants_.find(at->second.sequence.tenant)->second;
  if (--tenant.waiting == 0) last_left_ = tenant.served;
  waiting_.erase(at);
}

int FairQueue::RankOf(const Entry& entry, TimePoint now) const {
  const Duration waited = now - entry.sequence.arrived;
  const int64_t gained = patience_.ns > 0 && waited.ns > 0 ? waited.ns / patience_.ns : 0;
  constexpr int64_t kMost = std::numeric_limits<int>::max();
  return static_cast<int>(std::min(kMost, int64_t{entry.sequence.priority} + gained));
}

int FairQueue::Rank(SequenceId id, TimePoint now) const {
  const auto at = waiting_.find(id);
  assert(at != waiting_.end());
  return RankOf(at->second, now);
}

bool FairQueue::Before(const Entry& a, const Entry& b, TimePoint now) const {
  const int rank_a = RankOf(a, now), rank_b = RankOf(b, now);
  if (rank_a != rank_b) return rank_a > rank_b;
  if (a.tenant != b.tenant && a.tenant->served != b.tenant->served) return a.tenant->served < b.tenant->served;
  // One that will be late anyway does not make others late as well.
  const auto start = [&](const Entry& entry) {
    const std::optional<TimePoint>& latest = entry.sequence.latest_start;
    return latest && *latest >= now ? *latest : TimePoint{std::numeric_limits<int64_t>::max()};
  };
  if (start(a) != start(b)) return start(a) < start(b);
  if (a.sequence.arrived != b.sequence.arrived) return a.sequence.arrived < b.sequence.arrived;
  return a.order < b.order;
}

std::optional<SequenceId> FairQueue::Pick(TimePoint now, const std::unordered_set<SequenceId>& passed_over) const {
  const Entry* best = nullptr;
  for (const auto& [id, entry] : waiting_) {
    if (passed_over.contains(id)) continue;
    if (best == nullptr || Before(entry, *best, now)) best = &entry;
  }
  if (best == nullptr) return std::nullopt;
  return best->sequence.id;
}

void FairQueue::Charge(const std::string& tenant, double tokens) {
  tenants_[tenant].served += tokens;
  if (tenants_.size() > kTenants) ForgetTenants();
}

double FairQueue::Served(const std::string& tenant) const {
  const auto at = tenants_.find(tenant);
  return at == tenants_.end() ? 0 : at->second.served;
}

std::optional<double> FairQueue::LeastServedWaiting() const {
  std::optional<double> least;
  for (const auto& [id, entry] : waiting_) {
    if (!least || entry.tenant->served < *least) least = entry.tenant->served;
  }
  return least;
}

// Those who do not wait and were served least: they would be lifted when they come back, so that forgetting them changes least. A quarter
// at once, for the search to be rare.
void FairQueue::ForgetTenants() {
  std::vector<std::pair<double, std::string>> idle;
  for (const auto& [name, tenant] : tenants_) {
    if (tenant.waiting == 0) idle.emplace_back(tenant.served, name);
  }
  std::sort(idle.begin(), idle.end());
  idle.resize(std::min(idle.size(), kTenants / 4));
  for (const auto& [served, name] : idle) tenants_.erase(name);
}

}  // namespace tradewind
