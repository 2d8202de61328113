// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// PictureLanes: a net for many callers at once: lanes, each a copy of the net that looks at up to its batch of pictures in one run. It has
// no threads of its own: a caller whose picture is the next one takes a free lane, waits a moment for others to fill its batch, and runs it
// for all of them. Thread-safe.
//
//   PictureLanes lanes(std::move(nets));
//   TW_ASSIGN(const VisionResult seen, lanes.Look(photo));
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "vision/vision_net.h"

namespace tradewind {

class PictureLanes {
 public:
  // At least one net, all of the same batch.
  explicit PictureLanes(std::vector<VisionNet> nets);
  // Blocks until a lane has looked. What fails a run fails all pictures of its batch.
  Result<VisionResult> Look(const Image& image);
  // How many callers keep all lanes busy.
  int64_t callers() const;
  int64_t memory_bytes();
  // For what only one caller at a time does, with no Look under way.
  VisionNet& alone() { return nets_[0]; }

 private:
  struct Waiting {
    const Image* image;
    bool taken = false;
    std::optional<Result<VisionResult>> result{};
  };
  void Lead(std::unique_lock<std::mutex>& lock);

  std::vector<VisionNet> nets_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting*> queue_;
  std::vector<size_t> idle_;
  Duration last_run_{};  // what a lane took last: how long it pays to wait for others
};

}  // namespace tradewind
