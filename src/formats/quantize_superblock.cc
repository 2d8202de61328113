// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/quantize_superblock.h"

#include <algorithm>
#include <cmath>

#include "formats/tensor_type.h"

namespace tradewind {
namespace {

constexpr int kMostBatches = 16 / kLanes;

Lanes ClampLanes(Lanes v, float low, float high) {
  return MinLanes(MaxLanes(v, Broadcast(low)), Broadcast(high));
}

// The groups of a block, four a batch, with the integers chosen for them so far.
struct Batches {
  int count = 0;
  LaneGroups groups[kMostBatches];
  Lanes scale[kMostBatches];  // integers
  Lanes min[kMostBatches];

  Batches(const float* values, const float* weights, int group) : count(kSuperblock / (group * kLanes)) {
    for (int b = 0; b < count; ++b) LoadGroups(values + b * group * kLanes, weights + b * group * kLanes, group, &groups[b]);
  }
};

// The two shared numbers of a block as they will be read back.
struct Shared {
  float d = 0;
  float dmin = 0;
};
float AsHalf(float v) {
  return HalfToFloat(FloatToHalf(v));
}

// Values so small that their shared scale would round to 0 get the least half: their integers are then coarse, but not all 0.
float AsScale(float v) {
  constexpr float kLeastHalf = 0x1p-24f;
  const float half = AsHalf(v);
  return half == 0 && v != 0 ? std::copysign(kLeastHalf, v) : half;
}

LaneFit FitOf(Shared shared, Lanes scale, Lanes min) {
  return {shared.d * scale, -(shared.dmin * min)};
}

float SumLanes(Lanes v) {
  return (v[0] + v[1]) + (v[2] + v[3]);
}

// Chooses the integers of one batch: the scale among the nearest and its two neighbours, for each the minimum that its codes ask for.
void ChooseMinIntegers(const LaneGroups& groups, MinShape shape, Shared shared, LaneFit wanted, Lanes* scale, Lanes* min) {
  const Codebook codes{0, shape.highest_code};
  const Lanes near_scale = ClampLanes(RoundLanes(wanted.scale * InverseOrZero(Broadcast(shared.d))), 0, shape.highest_scale);
  const Lanes inverse_dmin = InverseOrZero(Broadcast(shared.dmin));
  const Lanes near_min = ClampLanes(RoundLanes(-wanted.offset * inverse_dmin), 0, shape.highest_scale);
  const Lanes inverse_w = InverseOrZero(groups.sum_w);
  Lanes best_error = Broadcast(0);
  bool first = true;
  const auto consider = [&](Lanes s, Lanes m) {
    const LaneFit fit = FitOf(shared, s, m);
    const LaneSums sums = SumsOf(groups, fit, codes);
    const Lanes error = ErrorOf(groups, fit, sums);
    const LaneMask better = error < best_error;
    *scale = first ? s : (better ? s : *scale);
    *min = first ? m : (better ? m : *min);
    best_error = first ? error : (better ? error : best_error);
    first = false;
    return (fit.scale * sums.q - groups.sum_wx) * inverse_w;  // the minimum that leaves these codes the least error
  };
  for (const float step : {0.0f, -1.0f, 1.0f}) {
    const Lanes s = ClampLanes(near_scale + step, 0, shape.highest_scale);
    const Lanes asked = consider(s, near_min);
    consider(s, ClampLanes(RoundLanes(asked * inverse_dmin), 0, shape.highest_scale));
  }
}

// What the block's error is with the chosen integers, and which halves would make it least.
float MinBlockError(const Batches& batches, MinShape shape, Shared shared, Shared* solved) {
  float error = 0;
  double a = 0, b = 0, c = 0, p = 0, r = 0;  // of the normal equations d a - dmin b = p, -d b + dmin c = -r
  for (int i = 0; i < batches.count; ++i) {
    const LaneGroups& groups = batches.groups[i];
    const LaneFit fit = FitOf(shared, batches.scale[i], batches.min[i]);
    const LaneSums s = SumsOf(groups, fit, {0, shape.highest_code});
    error += SumLanes(ErrorOf(groups, fit, s));
    a += SumLanes(batches.scale[i] * batches.scale[i] * s.qq);
    b += SumLanes(batches.scale[i] * batches.min[i] * s.q);
    c += SumLanes(batches.min[i] * batches.min[i] * groups.sum_w);
    p += SumLanes(batches.scale[i] * s.xq);
    r += SumLanes(batches.min[i] * groups.sum_wx);
  }
  const double determinant = a * c - b * b;
  *solved = shared;
  if (determinant > 1e-6 * a * c) {
    *solved = {AsHalf(static_cast<float>((p * c - b * r) / determinant)), AsHalf(static_cast<float>((b * p - a * r) / determinant))};
  } else if (a > 0) {
    *solved = {AsHalf(static_cast<float>((p + shared.dmin * b) / a)), shared.dmin};
  }
  if (solved->d <= 0 || solved->dmin < 0) *solved = shared;
  return error;
}

float SignedBlockError(const Batches& batches, SignedShape shape, float d, float* solved) {
  float error = 0;
  double a = 0, p = 0;
  for (int i = 0; i < batches.count; ++i) {
    const LaneFit fit{d * batches.scale[i], Broadcast(0)};
    const LaneSums s = SumsOf(batches.groups[i], fit, shape.codes);
    error += SumLanes(ErrorOf(batches.groups[i], fit, s));
    a += SumLanes(batches.scale[i] * batches.scale[i] * s.qq);
    p += SumLanes(batches.scale[i] * s.xq);
  }
  *solved = a > 0 && p != 0 ? AsHalf(static_cast<float>(p / a)) : d;
  return error;
}

void ChooseSignedIntegers(const LaneGroups& groups, SignedShape shape, float d, Lanes wanted, Lanes* scale) {
  const float highest = -shape.lowest_scale - 1;
  const Lanes near_scale = ClampLanes(RoundLanes(wanted * InverseOrZero(Broadcast(d))), shape.lowest_scale, highest);
  Lanes best_error = Broadcast(0);
  for (const float step : {0.0f, -1.0f, 1.0f}) {
    const Lanes s = ClampLanes(near_scale + step, shape.lowest_scale, highest);
    const LaneFit fit{d * s, Broadcast(0)};
    const Lanes error = ErrorOf(groups, fit, SumsOf(groups, fit, shape.codes));
    const LaneMask better = error < best_error;
    *scale = step == 0 ? s : (better ? s : *scale);
    best_error = step == 0 ? error : (better ? error : best_error);
  }
}

}  // namespace

void FitMinBlock(const float* values, const float* weights, MinShape shape, MinBlock* block) {
  Batches batches(values, weights, shape.group);
  const Codebook codes{0, shape.highest_code};
  LaneFit wanted[kMostBatches];
  float most_scale = 0, most_min = 0;
  for (int b = 0; b < batches.count; ++b) {
    wanted[b] = FitScaleAndOffset(batches.groups[b], codes, true);
    for (int g = 0; g < kLanes; ++g) {
      most_scale = std::max(most_scale, wanted[b].scale[g]);
      most_min = std::max(most_min, -wanted[b].offset[g]);
    }
  }
  Shared shared{AsScale(most_scale / shape.highest_scale), AsScale(most_min / shape.highest_scale)};
  for (int b = 0; b < batches.count; ++b) {
    ChooseMinIntegers(batches.groups[b], shape, shared, wanted[b], &batches.scale[b], &batches.min[b]);
  }
  Shared solved, unused;
  const float error = MinBlockError(batches, shape, shared, &solved);
  if (MinBlockError(batches, shape, solved, &unused) < error) shared = solved;
  block->d = FloatToHalf(shared.d);
  block->dmin = FloatToHalf(shared.dmin);
  for (int b = 0; b < batches.count; ++b) {
    NearestCodes(batches.groups[b], FitOf(shared, batches.scale[b], batches.min[b]), codes, block->codes + b * kLanes * shape.group);
    for (int g = 0; g < kLanes; ++g) {
      block->scale[b * kLanes + g] = static_cast<uint8_t>(batches.scale[b][g]);
      block->min[b * kLanes + g] = static_cast<uint8_t>(batches.min[b][g]);
    }
  }
}

void FitSignedBlock(const float* values, const float* weights, SignedShape shape, SignedBlock* block) {
  constexpr int kGroup = 16;
  Batches batches(values, weights, kGroup);
  Lanes wanted[kMostBatches];
  float extreme = 0;
  for (int b = 0; b < batches.count; ++b) {
    wanted[b] = FitScale(batches.groups[b], shape.codes);
    for (int g = 0; g < kLanes; ++g) {
      if (std::fabs(wanted[b][g]) > std::fabs(extreme)) extreme = wanted[b][g];
    }
  }
  float d = AsScale(extreme / shape.lowest_scale);
  for (int b = 0; b < batches.count; ++b) ChooseSignedIntegers(batches.groups[b], shape, d, wanted[b], &batches.scale[b]);
  float solved, unused;
  const float error = SignedBlockError(batches, shape, d, &solved);
  if (SignedBlockError(batches, shape, solved, &unused) < error) d = solved;
  block->d = FloatToHalf(d);
  for (int b = 0; b < batches.count; ++b) {
    NearestCodes(batches.groups[b], {d * batches.scale[b], Broadcast(0)}, shape.codes, block->codes + b * kLanes * kGroup);
    for (int g = 0; g < kLanes; ++g) block->scale[b * kLanes + g] = static_cast<int8_t>(batches.scale[b][g]);
  }
}

}  // namespace tradewind
