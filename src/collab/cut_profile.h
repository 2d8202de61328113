// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What cut_choice.h asks for, measured in place: what each cut costs on both sides, what the link and the loads are. Both take the net for
// themselves for that time.
//
//   TW_ASSIGN(const CutProfile profile, ProfileCuts(*net, pictures, Coding::kInt8Zlib, {}));
//   TW_ASSIGN(const PathState state, ProbePath(*net, profile));
//   const size_t best = PickCut(profile.costs, state);
#pragma once

#include <span>
#include <string>
#include <vector>

#include "collab/coding.h"
#include "collab/cut_choice.h"
#include "collab/split_net.h"

namespace tradewind {

struct CutProfile {
  Coding coding = Coding::kInt8Zlib;
  std::vector<CutCost> costs{};   // "none" first, "input", then edges in their order
  double whole_on_worker_ms = 0;  // on zeros: what a probe of the worker's load is held against
  double whole_on_device_ms = 0;  // of a picture
};

struct ProfileOptions {
  size_t most_edges = 10;
  int runs = 5;                         // of each; the median counts
  std::vector<std::string> edges = {};  // these and no others; empty: the worthwhile ones
};
// Under conditions without link and load, which are put back afterwards. `pictures` must not be empty: bytes are their mean.
Result<CutProfile> ProfileCuts(SplitNet& net, std::span<const Image> pictures, Coding coding, const ProfileOptions& options);

// Under the present conditions, by a few small exchanges, one that is large enough to tell the rate, a run of the whole net on zeros there
// and one on a picture here.
Result<PathState> ProbePath(SplitNet& net, const CutProfile& profile, const Image& picture);

// A picture with edges, gradients and texture, where there is no better one.
Image TestPicture(int64_t side);

}  // namespace tradewind
