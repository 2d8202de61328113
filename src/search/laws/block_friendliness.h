// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How friendly the blocks of a network family are to a device, from end-to-end measurements alone (after Profiling Neural Blocks and
// Design Spaces, arXiv:2109.12426), and the search space that is left without the unfriendly ones. A network is a row of choices: block
// `blocks[i * positions + j]` at position j. Pure functions over plain vectors; thread-safe.
//
//   TW_ASSIGN(BlockEffects accuracy, EstimateBlockEffects(nets, test_accuracy, 0.95));
//   TW_ASSIGN(BlockEffects latency, EstimateBlockEffects(nets, pixel3_ms, 0.95));
//   TW_ASSIGN(ReducedSpace space, ReduceSpace(accuracy, latency));    // space.Contains(row) says whether a network is left
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/interval.h"
#include "base/status.h"

namespace tradewind {

// At most 256 positions of 2 to 64 choices each, at most 1,000,000 networks.
struct BlockSamples {
  size_t positions = 0;
  size_t choices = 0;           // a block is 0 to choices - 1
  std::vector<uint8_t> blocks;  // row by row
};

struct BlockEffect {
  double value = 0;   // against the mean of the choices seen at its position, in the unit of what was measured; NaN if never seen
  Interval interval;  // Student's t; honest where effects add up and noise is even, too short where blocks interact
  int64_t count = 0;  // networks that have the block there
};

struct BlockEffects {
  size_t positions = 0;
  size_t choices = 0;
  double mean = 0;                   // of a network with the mean block everywhere
  double explained = 0;              // R squared: how far effects add up at all
  std::vector<BlockEffect> effects;  // position by position
  const BlockEffect& At(size_t position, size_t choice) const { return effects[position * choices + choice]; }
};

// Least squares of `values` (one a network) on the blocks at each position. kInvalidInput for shapes that do not fit, a block outside
// its range, values that are not finite, fewer networks than effects + 1, and for a sample in which two blocks cannot be told apart.
Result<BlockEffects> EstimateBlockEffects(const BlockSamples& nets, std::span<const double> values, double confidence);

// The mean over positions of each block's effect; NaN for one that is missing somewhere.
std::vector<double> MeanOfPositions(const BlockEffects& effects);

// How much accuracy a block gives beyond what its latency would buy elsewhere: accuracy effect - rate * latency effect, by position and
// choice. `rate` is accuracy per unit of latency at the point of the front that matters, such as the slope between its ends. Above 0 is
// friendly. The two must have the same shape (asserted).
std::vector<double> Friendliness(const BlockEffects& accuracy, const BlockEffects& latency, double rate);

// The slope between the fastest and the most accurate of the networks that no other dominates; 0 where they are one. Columns of one
// length (asserted).
double FrontSlope(std::span<const double> accuracy, std::span<const double> latency);

struct ReducedSpace {
  size_t positions = 0;
  size_t choices = 0;
  std::vector<bool> keep;  // position by position
  bool Contains(std::span<const uint8_t> row) const;
  // The share of all networks that is left.
  double Share() const;
};

// Leaves out, position by position, each block that another beats on both accuracy (higher) and latency (lower): were effects to add up
// exactly, every network on the Pareto front would be left. A block never seen is left out; a position always keeps one. kInvalidInput for
// effects of different shapes and for a position without any block seen.
Result<ReducedSpace> ReduceSpace(const BlockEffects& accuracy, const BlockEffects& latency);

}  // namespace tradewind
