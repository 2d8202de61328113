// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/quantize_search.h"

namespace tradewind {
namespace {

// Inverse scales are tried at which the largest value falls on the last code, and up to kSteps * kStep of a code before and beyond it.
constexpr float kStep = 0.15f;
constexpr int kSteps = 6;  // to either side
constexpr int kRefinements = 2;

Lanes AbsLanes(Lanes v) {
  return MaxLanes(v, -v);
}

Lanes CodeOf(Lanes x, Lanes inverse, Lanes shift, Codebook codes) {
  return MinLanes(MaxLanes(RoundLanes(x * inverse + shift), Broadcast(codes.lowest)), Broadcast(codes.highest));
}

LaneSums SumCodes(const LaneGroups& groups, Lanes inverse, Lanes shift, Codebook codes) {
  LaneSums s{Broadcast(0), Broadcast(0), Broadcast(0)};
  for (int i = 0; i < groups.size; ++i) {
    const Lanes q = CodeOf(groups.x[i], inverse, shift, codes);
    const Lanes wq = groups.w[i] * q;
    s.q += wq;
    s.qq += wq * q;
    s.xq += groups.wx[i] * q;
  }
  return s;
}

// As SumCodes without shift and without the sum of codes, which a fit of the scale alone does not need.
LaneSums SumScaledCodes(const LaneGroups& groups, Lanes inverse, Codebook codes) {
  LaneSums s{Broadcast(0), Broadcast(0), Broadcast(0)};
  for (int i = 0; i < groups.size; ++i) {
    const Lanes q = CodeOf(groups.x[i], inverse, Broadcast(0), codes);
    s.qq += groups.w[i] * q * q;
    s.xq += groups.wx[i] * q;
  }
  return s;
}

// How much less than the sum of w x x the error is.
Lanes GainOf(const LaneGroups& groups, LaneFit fit, const LaneSums& s) {
  return fit.scale * (2.0f * s.xq - fit.scale * s.qq - 2.0f * fit.offset * s.q) +
         fit.offset * (2.0f * groups.sum_wx - fit.offset * groups.sum_w);
}

// The best scale and offset for given codes.
LaneFit SolveFit(const LaneGroups& groups, const LaneSums& s, bool offset_at_most_zero) {
  const Lanes determinant = groups.sum_w * s.qq - s.q * s.q;
  const Lanes inverse = determinant > 0.0f ? InverseOrZero(determinant) : Broadcast(0);
  LaneFit fit{(groups.sum_w * s.xq - groups.sum_wx * s.q) * inverse, (s.qq * groups.sum_wx - s.q * s.xq) * inverse};
  // All codes alike: the offset alone, or nothing, is left to fit.
  const LaneMask alike = inverse == 0.0f;
  fit.offset = alike ? groups.sum_wx * InverseOrZero(groups.sum_w) : fit.offset;
  if (offset_at_most_zero) {
    const LaneMask above = fit.offset > 0.0f;
    fit.scale = above ? s.xq * InverseOrZero(s.qq) : fit.scale;
    fit.offset = above ? Broadcast(0) : fit.offset;
  }
  fit.scale = MaxLanes(fit.scale, Broadcast(0));
  return fit;
}

}  // namespace

void LoadGroups(const float* values, const float* weights, int size, LaneGroups* groups) {
  groups->size = size;
  groups->sum_w = groups->sum_wx = groups->sum_wxx = Broadcast(0);
  for (int i = 0; i < size; ++i) {
    groups->x[i] = Lanes{values[i], values[size + i], values[2 * size + i], values[3 * size + i]};
    groups->w[i] = Lanes{weights[i], weights[size + i], weights[2 * size + i], weights[3 * size + i]};
    groups->sum_w += groups->w[i];
  }
  const LaneMask without = groups->sum_w == 0.0f;
  groups->sum_w = Broadcast(0);
  for (int i = 0; i < size; ++i) {
    groups->w[i] = without ? Broadcast(1) : groups->w[i];
    groups->wx[i] = groups->w[i] * groups->x[i];
    groups->sum_w += groups->w[i];
    groups->sum_wx += groups->wx[i];
    groups->sum_wxx += groups->wx[i] * groups->x[i];
  }
}

Lanes FitScale(const LaneGroups& groups, Codebook codes) {
  Lanes extreme = Broadcast(0);
  for (int i = 0; i < groups.size; ++i) extreme = AbsLanes(groups.x[i]) > AbsLanes(extreme) ? groups.x[i] : extreme;
  const Lanes unit = InverseOrZero(extreme);
  Lanes best_scale = Broadcast(0);
  Lanes best_gain = Broadcast(0);
  const auto consider = [&](Lanes inverse) {
    const LaneSums s = SumScaledCodes(groups, inverse, codes);
    const Lanes scale = s.xq * InverseOrZero(s.qq);
    const Lanes gain = s.xq * scale;
    const LaneMask better = gain > best_gain;
    best_scale = better ? scale : best_scale;
    best_gain = better ? gain : best_gain;
  };
  for (int k = -kSteps; k <= kSteps; ++k) consider(unit * (codes.lowest + kStep * static_cast<float>(k)));
  for (int k = 0; k < kRefinements; ++k) consider(InverseOrZero(best_scale));
  return best_scale;
}

LaneFit FitScaleAndOffset(const LaneGroups& groups, Codebook codes, bool offset_at_most_zero) {
  Lanes low = groups.x[0];
  Lanes high = groups.x[0];
  for (int i = 1; i < groups.size; ++i) {
    low = MinLanes(low, groups.x[i]);
    high = MaxLanes(high, groups.x[i]);
  }
  if (offset_at_most_zero) low = MinLanes(low, Broadcast(0));
  const Lanes unit = InverseOrZero(high - low);
  // Without any spread the offset alone does it.
  LaneFit best = SolveFit(groups, {Broadcast(0), Broadcast(0), Broadcast(0)}, offset_at_most_zero);
  Lanes best_gain = GainOf(groups, best, {Broadcast(0), Broadcast(0), Broadcast(0)});
  const auto consider = [&](Lanes inverse, Lanes offset) {
    const LaneSums s = SumCodes(groups, inverse, -offset * inverse, codes);
    const LaneFit fit = SolveFit(groups, s, offset_at_most_zero);
    const Lanes gain = GainOf(groups, fit, s);
    const LaneMask better = gain > best_gain;
    best.scale = better ? fit.scale : best.scale;
    best.offset = better ? fit.offset : best.offset;
    best_gain = better ? gain : best_gain;
  };
  for (int k = -kSteps; k <= kSteps; ++k) consider(unit * (codes.highest + kStep * static_cast<float>(k)), low);
  for (int k = 0; k < kRefinements; ++k) consider(InverseOrZero(best.scale), best.offset);
  return best;
}

LaneSums SumsOf(const LaneGroups& groups, LaneFit fit, Codebook codes) {
  const Lanes inverse = InverseOrZero(fit.scale);
  return SumCodes(groups, inverse, -fit.offset * inverse, codes);
}

Lanes ErrorOf(const LaneGroups& groups, LaneFit fit, const LaneSums& sums) {
  return groups.sum_wxx - GainOf(groups, fit, sums);
}

void NearestCodes(const LaneGroups& groups, LaneFit fit, Codebook codes, uint8_t* out) {
  const Lanes inverse = InverseOrZero(fit.scale);
  const Lanes shift = -fit.offset * inverse;
  for (int i = 0; i < groups.size; ++i) {
    const Lanes code = CodeOf(groups.x[i], inverse, shift, codes) - codes.lowest;
    for (int g = 0; g < kLanes; ++g) out[g * groups.size + i] = static_cast<uint8_t>(code[g]);
  }
}

}  // namespace tradewind
