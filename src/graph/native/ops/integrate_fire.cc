// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/ops/integrate_fire.h"

#include <algorithm>

namespace tradewind {
namespace {

constexpr int64_t kNeuronRows = 4;
constexpr int64_t kRunNeurons = 1024;

// How many fired. Nothing overlaps, and a run has no branch, so that the compiler takes several neurons at once.
int32_t FireRun(const float* __restrict current, const float* __restrict thresholds, int64_t count, float* __restrict potential,
                float* __restrict out) {
  int32_t fired = 0;
  for (int64_t i = 0; i < count; ++i) {
    const float reached = potential[i] + current[i];
    const int32_t fires = reached >= thresholds[i] ? 1 : 0;
    const float given = thresholds[i] * static_cast<float>(fires);
    out[i] = given;
    potential[i] = reached - given;
    fired += fires;
  }
  return fired;
}

class IntegrateFireOp : public NativeOp {
 public:
  explicit IntegrateFireOp(IntegrateFireSpec spec) : spec_(std::move(spec)) {}
  std::string_view kind() const override { return "integrate and fire"; }
  std::vector<int> inputs() const override { return {spec_.input}; }
  int output() const override { return spec_.output; }
  int counter() const override { return spec_.spikes; }

  void Reset(const NativeFrame& frame) const override {
    const NativeValue& potential = frame.value(spec_.potential);
    float* numbers = frame.floats(spec_.potential);
    for (int64_t pixel = 0; pixel < potential.batch * potential.pixels(); ++pixel, numbers += potential.channels) {
      for (int64_t c = 0; c < potential.channels; ++c) numbers[c] = spec_.start * spec_.thresholds[static_cast<size_t>(c)];
    }
    std::fill_n(frame.floats(spec_.spikes), potential.batch * potential.height, 0.0f);
  }

  void Prepare(std::span<const NativeValue> values) override {
    const NativeValue& out = values[static_cast<size_t>(spec_.output)];
    const int64_t pixels = std::clamp<int64_t>(kRunNeurons / std::max<int64_t>(out.channels, 1), 1, std::max<int64_t>(out.width, 1));
    run_.clear();
    for (int64_t x = 0; x < pixels; ++x) run_.insert(run_.end(), spec_.thresholds.begin(), spec_.thresholds.end());
  }

  void Run(const NativeFrame& frame) const override {
    const NativeValue& in = frame.value(spec_.input);
    const NativeValue& out = frame.value(spec_.output);
    const NativeValue& kept = frame.value(spec_.potential);
    ForRuns(frame, out.batch * out.height, kNeuronRows, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const int64_t n = row / out.height, y = row % out.height;
        const float* current = frame.floats(spec_.input) + in.At(n, y, 0);
        float* potential = frame.floats(spec_.potential) + kept.At(n, y, 0);
        float* to = frame.floats(spec_.output) + out.At(n, y, 0);
        int32_t fired = 0;
        const auto run = static_cast<int64_t>(run_.size());
        for (int64_t left = out.width * out.channels; left > 0; left -= run, current += run, potential += run, to += run)
          fired += FireRun(current, run_.data(), std::min(run, left), potential, to);
        frame.floats(spec_.spikes)[row] += static_cast<float>(fired);
      }
    });
  }

 private:
  IntegrateFireSpec spec_;
  std::vector<float> run_;  // the thresholds of some pixels of a row, one after the other
};

}  // namespace

std::unique_ptr<NativeOp> MakeIntegrateFire(IntegrateFireSpec spec) {
  return std::make_unique<IntegrateFireOp>(std::move(spec));
}

}  // namespace tradewind
