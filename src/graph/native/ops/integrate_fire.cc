// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/ops/integrate_fire.h"

#include <algorithm>

namespace tradewind {
namespace {

constexpr int64_t kNeuronRows = 4;

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

  void Run(const NativeFrame& frame) const override {
    const NativeValue& in = frame.value(spec_.input);
    const NativeValue& out = frame.value(spec_.output);
    const NativeValue& kept = frame.value(spec_.potential);
    const float* thresholds = spec_.thresholds.data();
    ForRuns(frame, out.batch * out.height, kNeuronRows, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const int64_t n = row / out.height, y = row % out.height;
        const float* current = frame.floats(spec_.input) + in.At(n, y, 0);
        float* potential = frame.floats(spec_.potential) + kept.At(n, y, 0);
        float* to = frame.floats(spec_.output) + out.At(n, y, 0);
        int32_t fired = 0;
        for (int64_t x = 0; x < out.width; ++x, current += out.channels, potential += out.channels, to += out.channels) {
          for (int64_t c = 0; c < out.channels; ++c) {
            const float reached = potential[c] + current[c];
            const bool fires = reached >= thresholds[c];
            to[c] = fires ? thresholds[c] : 0.0f;
            potential[c] = reached - to[c];
            fired += fires ? 1 : 0;
          }
        }
        frame.floats(spec_.spikes)[row] += static_cast<float>(fired);
      }
    });
  }

 private:
  IntegrateFireSpec spec_;
};

}  // namespace

std::unique_ptr<NativeOp> MakeIntegrateFire(IntegrateFireSpec spec) {
  return std::make_unique<IntegrateFireOp>(std::move(spec));
}

}  // namespace tradewind
