// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/picture_lanes.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <new>

namespace tradewind {
namespace {

// Of a run: waiting longer for a fuller batch would cost those who wait more than it saves.
constexpr double kPatience = 0.25;

// An error even where there is no memory: others wait for the result.
Result<std::vector<VisionResult>> LookAtAll(VisionNet& net, const std::vector<const Image*>& images) {
  try {
    return net.LookAtAll(images);
  } catch (const std::bad_alloc&) {
    return Fail(StatusCode::kResourceExhausted, "there is no memory to look at " + std::to_string(images.size()) + " pictures");
  }
}

}  // namespace

PictureLanes::PictureLanes(std::vector<VisionNet> nets) : nets_(std::move(nets)) {
  assert(!nets_.empty());
  for (size_t i = 0; i < nets_.size(); ++i) idle_.push_back(i);
}

int64_t PictureLanes::callers() const {
  return static_cast<int64_t>(nets_.size()) * nets_[0].batch();
}

int64_t PictureLanes::memory_bytes() {
  int64_t sum = 0;
  for (VisionNet& net : nets_) sum += net.runner().memory_bytes();
  return sum;
}

Result<VisionResult> PictureLanes::Look(const Image& image) {
  Waiting mine{.image = &image};
  std::unique_lock lock(mutex_);
  queue_.push_back(&mine);
  changed_.notify_all();  // a lane may be waiting for its batch
  while (!mine.result) {
    if (!mine.taken && queue_.front() == &mine && !idle_.empty()) {
      Lead(lock);
    } else {
      changed_.wait(lock);
    }
  }
  return *std::move(mine.result);
}

// The first in the queue, for whom a lane is idle.
void PictureLanes::Lead(std::unique_lock<std::mutex>& lock) {
  const size_t lane = idle_.back();
  idle_.pop_back();
  const auto batch = static_cast<size_t>(nets_[lane].batch());
  changed_.wait_for(lock, std::chrono::duration<double>(kPatience * last_run_.seconds()), [&] { return queue_.size() >= batch; });
  std::vector<Waiting*> taken;
  std::vector<const Image*> images;
  while (!queue_.empty() && taken.size() < batch) {
    taken.push_back(queue_.front());
    images.push_back(queue_.front()->image);
    queue_.front()->taken = true;
    queue_.pop_front();
  }
  changed_.notify_all();  // who is first now may lead another lane
  lock.unlock();
  const TimePoint start = RealClock().Now();
  Result<std::vector<VisionResult>> results = LookAtAll(nets_[lane], images);
  const Duration spent = RealClock().Now() - start;
  lock.lock();
  last_run_ = spent;
  for (size_t i = 0; i < taken.size(); ++i) {
    taken[i]->result = results ? Result<VisionResult>(std::move((*results)[i])) : tl::unexpected<Status>(results.error());
  }
  idle_.push_back(lane);
  changed_.notify_all();
}

}  // namespace tradewind
