// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// NetBuilder: a net while it is being put together. Operators are kept as specs, so that what follows a convolution (a batch norm, bounds,
// a residual sum) can still go into it; weights are packed when the net is done.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "graph/native/net.h"
#include "graph/native/ops/convolution.h"
#include "graph/native/ops/elementwise.h"
#include "graph/native/ops/integrate_fire.h"
#include "graph/native/ops/pool.h"
#include "graph/native/ops/rearrange.h"

namespace tradewind {

struct DepthwiseSpec : FloatConvolutionSpec {};
struct SoftmaxSpec {
  int input;
  int output;
};

class NetBuilder {
 public:
  using Spec = std::variant<FloatConvolutionSpec, DepthwiseSpec, PoolSpec, BinarySpec, UnarySpec, GridSpec, SoftmaxSpec, RearrangeSpec,
                            IntegrateFireSpec>;

  int AddValue(NativeValue value);
  const NativeValue& value(int number) const { return values_[static_cast<size_t>(number)]; }
  NativeValue& value(int number) { return values_[static_cast<size_t>(number)]; }
  // `spec`'s output becomes this operator's.
  void AddOp(Spec spec, int output);

  // Into what made the value, if that can take it and nobody else has seen it (the caller knows): whether it did.
  bool TakeBounds(int value, float low, float high);
  bool TakeScaleAndShift(int value, const std::vector<float>& scale, const std::vector<float>& shift);
  // The sum of two values, by a convolution that makes one of them after the other is there: the number of the sum.
  std::optional<int> TakeSum(int a, bool a_is_free, int b, bool b_is_free);

  NativeNet Finish(std::string source) &&;

 private:
  Spec* MakerOf(int value);
  std::vector<NativeValue> values_;
  std::vector<Spec> ops_;
  std::vector<int> makers_;  // of each value: the operator, or -1
};

}  // namespace tradewind
