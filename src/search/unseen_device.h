// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The frontier of a device that nobody searched: what a store knows of other devices, a few measurements here, and predictors meta-trained
// on the former and adapted to the latter (few_shot.h). Not thread-safe: it measures.
//
//   TW_ASSIGN(ProfileStore others, ProfileStore::Open(path, {.read_only = true}));
//   TW_ASSIGN(UnseenDevice found, SearchUnseenDevice(*tunable, workload, others, store, {.samples = 10}));
//   for (const FrontierEntry& e : found.frontier) if (e.OnFrontier()) Use(found.points[e.point]);
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "search/predictors/few_shot.h"
#include "search/search.h"

namespace tradewind {

inline constexpr size_t kFewestSamples = 4;  // measurements of the new device: three references, and one to judge by
inline constexpr size_t kFewestOthers = 3;   // other devices: two to train on, one to say how wrong predictions are

struct UnseenDeviceOptions {
  size_t samples = 10;     // settings measured here, kFewestSamples at least
  SearchOptions search{};  // goal (without axes: the workload's), truest, parallel, progress and time, as of RunSearch
  FewShotOptions few_shot{};
  double confidence = 0.9;                       // of the predicted intervals
  uint64_t seed = 1;                             // chooses what is measured, and where training starts
  std::function<bool(const Setting&)> wanted{};  // which settings compete, told with their defaults; null: all
};

struct UnseenDevice {
  SearchResult measured;                        // the samples alone, as RunSearch tells of them
  std::vector<Point> points;                    // every setting that the store has of another device, and that exists here
  std::vector<FrontierEntry> frontier;          // of the points
  std::vector<Axis> axes;                       // of the frontier
  std::vector<std::string> carried, predicted;  // axes that are alike on all devices, and those that are not
  std::vector<std::string> trained, validated;  // devices
  size_t shared_settings = 0;                   // that all these devices have: what was learnt from
};

// A carried axis has the other devices' measurement; a predicted one is measured for the samples, and modelled for the rest, with the
// few-shot predictor's interval. Samples go into `store`, and those that it has are not measured again. An axis is carried if its values
// differ between devices by less than 1 % in the median over settings. kNotFound: `from` has too few other devices, or they share too few
// settings; kInvalidInput: too few samples; kUnsupported: an axis that differs is not positive. Each says how to go on.
Result<UnseenDevice> SearchUnseenDevice(Tunable& tunable, const Workload& workload, const ProfileStore& from, ProfileStore& store,
                                        const UnseenDeviceOptions& options);

}  // namespace tradewind
