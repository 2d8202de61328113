// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/net_builder.h"

#include <cmath>
#include <utility>

namespace tradewind {
namespace {

bool Unbounded(float low, float high) {
  return std::isinf(low) && std::isinf(high);
}

struct OpMaker {
  std::unique_ptr<NativeOp> operator()(FloatConvolutionSpec& s) const { return MakeConvolution(std::move(s)); }
  std::unique_ptr<NativeOp> operator()(DepthwiseSpec& s) const { return MakeDepthwise(std::move(static_cast<FloatConvolutionSpec&>(s))); }
  std::unique_ptr<NativeOp> operator()(PoolSpec& s) const { return MakePool(s); }
  std::unique_ptr<NativeOp> operator()(BinarySpec& s) const { return MakeBinary(s); }
  std::unique_ptr<NativeOp> operator()(UnarySpec& s) const { return MakeUnary(std::move(s)); }
  std::unique_ptr<NativeOp> operator()(GridSpec& s) const { return MakeGrid(s); }
  std::unique_ptr<NativeOp> operator()(SoftmaxSpec& s) const { return MakeSoftmax(s.input, s.output); }
  std::unique_ptr<NativeOp> operator()(RearrangeSpec& s) const { return MakeRearrange(std::move(s)); }
  std::unique_ptr<NativeOp> operator()(IntegrateFireSpec& s) const { return MakeIntegrateFire(std::move(s)); }
};

template <typename S>
bool BoundBy(S* spec, float low, float high) {
  if (spec == nullptr || !Unbounded(spec->low, spec->high)) return false;
  spec->low = low;
  spec->high = high;
  return true;
}

}  // namespace

int NetBuilder::AddValue(NativeValue value) {
  values_.push_back(std::move(value));
  makers_.push_back(-1);
  return static_cast<int>(values_.size()) - 1;
}

void NetBuilder::AddOp(Spec spec, int output) {
  std::visit([&](auto& s) { s.output = output; }, spec);
  makers_[static_cast<size_t>(output)] = static_cast<int>(ops_.size());
  ops_.push_back(std::move(spec));
}

NetBuilder::Spec* NetBuilder::MakerOf(int value) {
  const int maker = makers_[static_cast<size_t>(value)];
  return maker < 0 ? nullptr : &ops_[static_cast<size_t>(maker)];
}

bool NetBuilder::TakeBounds(int value, float low, float high) {
  Spec* maker = MakerOf(value);
  if (maker == nullptr) return false;
  return BoundBy(std::get_if<FloatConvolutionSpec>(maker), low, high) || BoundBy(std::get_if<DepthwiseSpec>(maker), low, high) ||
         BoundBy(std::get_if<BinarySpec>(maker), low, high) || BoundBy(std::get_if<UnarySpec>(maker), low, high);
}

bool NetBuilder::TakeScaleAndShift(int value, const std::vector<float>& scale, const std::vector<float>& shift) {
  Spec* maker = MakerOf(value);
  if (maker == nullptr) return false;
  auto* dense = std::get_if<FloatConvolutionSpec>(maker);
  auto* depthwise = std::get_if<DepthwiseSpec>(maker);
  FloatConvolutionSpec* spec = dense != nullptr ? dense : depthwise;
  if (spec == nullptr || spec->residual || !Unbounded(spec->low, spec->high)) return false;
  const size_t channels = scale.size();
  for (size_t i = 0; i < spec->weights.size(); ++i)
    spec->weights[i] *= scale[dense != nullptr ? i / (spec->weights.size() / channels) : i % channels];
  for (size_t n = 0; n < channels; ++n) spec->bias[n] = spec->bias[n] * scale[n] + shift[n];
  return true;
}

std::optional<int> NetBuilder::TakeSum(int a, bool a_is_free, int b, bool b_is_free) {
  const auto can = [&](int value, bool is_free) {
    Spec* maker = MakerOf(value);
    const auto* spec = maker == nullptr ? nullptr : std::get_if<FloatConvolutionSpec>(maker);
    return is_free && spec != nullptr && !spec->residual && Unbounded(spec->low, spec->high);
  };
  if (a == b) return std::nullopt;
  if (makers_[static_cast<size_t>(a)] < makers_[static_cast<size_t>(b)]) {
    std::swap(a, b);
    std::swap(a_is_free, b_is_free);
  }
  if (!can(a, a_is_free)) return std::nullopt;
  std::get<FloatConvolutionSpec>(*MakerOf(a)).residual = b;
  return a;
}

NativeNet NetBuilder::Finish(std::string source) && {
  NativeNet net{.source = std::move(source), .values = std::move(values_)};
  for (Spec& spec : ops_) net.ops.push_back(std::visit(OpMaker(), spec));
  return net;
}

}  // namespace tradewind
