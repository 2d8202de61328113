// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/net.h"

#include <algorithm>
#include <numeric>

#include "base/checked.h"

namespace tradewind {
namespace {

constexpr int64_t kAlignment = 64;
constexpr uint64_t kMostBytes = uint64_t{1} << 36;

// From the operator that makes a value to the last that takes it; inputs are there before the first, outputs after the last.
struct Lifetime {
  int64_t begin = -1;
  int64_t end = -1;
  bool Meets(const Lifetime& other) const { return begin <= other.end && other.begin <= end; }
};

std::vector<Lifetime> LifetimesOf(const NativeNet& net) {
  std::vector<Lifetime> lifetimes(net.values.size());
  const auto count = static_cast<int64_t>(net.ops.size());
  for (int64_t i = 0; i < count; ++i) {
    const NativeOp& op = *net.ops[static_cast<size_t>(i)];
    lifetimes[static_cast<size_t>(op.output())] = {i, i};
    for (const int input : op.inputs()) lifetimes[static_cast<size_t>(input)].end = i;
  }
  for (const NativeEdge& edge : net.outputs) lifetimes[static_cast<size_t>(edge.value)].end = count;
  for (size_t v = 0; v < net.values.size(); ++v) {
    if (net.values[v].kept) lifetimes[v] = {-1, count};
  }
  return lifetimes;
}

MemoryPlan Place(const std::vector<NativeValue>& values, const std::vector<Lifetime>& lifetimes) {
  MemoryPlan plan{.offsets = std::vector<int64_t>(values.size())};
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a].bytes() > values[b].bytes(); });
  std::vector<size_t> placed;  // by offset
  for (const size_t v : order) {
    const int64_t bytes = (values[v].bytes() + kAlignment - 1) / kAlignment * kAlignment;
    int64_t at = 0;
    for (const size_t other : placed) {
      if (!lifetimes[v].Meets(lifetimes[other])) continue;
      if (plan.offsets[other] >= at + bytes) break;
      at = std::max(at, plan.offsets[other] + (values[other].bytes() + kAlignment - 1) / kAlignment * kAlignment);
    }
    plan.offsets[v] = at;
    plan.bytes = std::max(plan.bytes, at + bytes);
    placed.insert(std::upper_bound(placed.begin(), placed.end(), v, [&](size_t a, size_t b) { return plan.offsets[a] < plan.offsets[b]; }),
                  v);
  }
  return plan;
}

}  // namespace

double NativeNet::multiply_adds() const {
  double sum = 0;
  for (const auto& op : ops) sum += op->multiply_adds(values);
  return sum;
}

int64_t NativeNet::weight_bytes() const {
  int64_t sum = 0;
  for (const auto& op : ops) sum += op->weight_bytes();
  return sum;
}

Result<void> NativeNet::CheckIntegerOnly(int value) const {
  std::vector<bool> needed(values.size());
  needed[static_cast<size_t>(value)] = true;
  for (size_t i = ops.size(); i-- > 0;) {
    const NativeOp& op = *ops[i];
    if (!needed[static_cast<size_t>(op.output())]) continue;
    if (!op.integer_only()) {
      return Fail(StatusCode::kUnsupported, source + ": operator " + std::to_string(i) + " (" + std::string(op.kind()) + ") before '" +
                                                values[static_cast<size_t>(value)].name + "' computes with floats");
    }
    for (const int input : op.inputs()) needed[static_cast<size_t>(input)] = true;
  }
  return {};
}

namespace {

// Whether a value's size is one that can be counted with.
bool Sound(const NativeValue& v) {
  const auto side = [](int64_t a, int64_t b, int64_t c) {
    return CheckedAdd(CheckedAdd(static_cast<uint64_t>(a), static_cast<uint64_t>(b)), static_cast<uint64_t>(c));
  };
  const CheckedU64 pixels = CheckedMul(side(v.border.top, v.height, v.border.bottom), side(v.border.left, v.width, v.border.right));
  const CheckedU64 bytes = CheckedMul(CheckedMul(CheckedMul(pixels, static_cast<uint64_t>(v.channels)), static_cast<uint64_t>(v.batch)), 4);
  return bytes && *bytes <= kMostBytes;
}

}  // namespace

Result<MemoryPlan> PlanNet(NativeNet& net) {
  for (const auto& op : net.ops) {
    const std::vector<int> inputs = op->inputs();
    for (size_t i = 0; i < inputs.size(); ++i)
      net.values[static_cast<size_t>(inputs[i])].border.Cover(op->NeedsBorder(static_cast<int>(i)));
  }
  const auto refuse = [&](const std::string& what) {
    return Fail(StatusCode::kResourceExhausted,
                net.source + ": " + what + " takes more than " + std::to_string(kMostBytes) + " bytes; take a smaller batch or resolution");
  };
  for (const NativeValue& v : net.values) {
    if (!Sound(v)) return refuse("value '" + v.name + "'");
  }
  for (const auto& op : net.ops) op->Prepare(net.values);
  MemoryPlan plan = Place(net.values, LifetimesOf(net));
  if (static_cast<uint64_t>(plan.bytes) > kMostBytes) return refuse("a run");
  return plan;
}

}  // namespace tradewind
