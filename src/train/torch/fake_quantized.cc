// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "train/torch/torch_graph.h"

namespace tradewind {
namespace {

constexpr float kLeastScale = 1e-8f;

// One pass each way: of LibTorch's own operators it would take a dozen, each through memory.
struct Rounding : torch::autograd::Function<Rounding> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& given, const torch::Tensor& scale,
                               double low, double high, bool per_channel) {
    // Rounded number by number, values may lie as they do; weights lie output by output.
    const torch::Tensor x = per_channel ? given.contiguous() : given.contiguous(given.suggest_memory_format());
    torch::Tensor y = torch::empty_like(x);
    const int64_t channels = per_channel ? x.size(0) : 1;
    const int64_t run = x.numel() / channels;
    const auto least = static_cast<float>(low), most = static_cast<float>(high);
    for (int64_t c = 0; c < channels; ++c) {
      const float s = std::max(kLeastScale, std::abs(scale.data_ptr<float>()[c]));
      const float* from = x.data_ptr<float>() + c * run;
      float* to = y.data_ptr<float>() + c * run;
      for (int64_t i = 0; i < run; ++i) to[i] = std::nearbyint(std::min(most, std::max(least, from[i] / s))) * s;
    }
    context->save_for_backward({x, scale});
    context->saved_data["low"] = low;
    context->saved_data["high"] = high;
    context->saved_data["channels"] = channels;
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor& x = saved[0];
    const torch::Tensor dy = gradients[0].contiguous(x.suggest_memory_format());
    torch::Tensor dx = torch::empty_like(x);
    torch::Tensor ds = torch::zeros_like(saved[1]);
    const auto low = static_cast<float>(context->saved_data["low"].toDouble());
    const auto high = static_cast<float>(context->saved_data["high"].toDouble());
    const int64_t channels = context->saved_data["channels"].toInt();
    const int64_t run = x.numel() / channels;
    // A scale's gradient sums over all that it scales; this brings it to the size of the weights' (section 2.2 there).
    const double damping = 1 / std::sqrt(static_cast<double>(run) * std::max(1.0f, high));
    for (int64_t c = 0; c < channels; ++c) {
      const float s = std::max(kLeastScale, std::abs(saved[1].data_ptr<float>()[c]));
      const float* from = x.data_ptr<float>() + c * run;
      const float* in = dy.data_ptr<float>() + c * run;
      float* out = dx.data_ptr<float>() + c * run;
      double sum = 0;
      for (int64_t i = 0; i < run; ++i) {
        const float v = from[i] / s;
        const bool inside = v > low && v < high;
        out[i] = inside ? in[i] : 0;
        sum += in[i] * (inside ? std::nearbyint(v) - v : v <= low ? low : high);
      }
      ds.data_ptr<float>()[c] = static_cast<float>(sum * damping);
    }
    return {dx, ds, torch::Tensor(), torch::Tensor(), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor FakeQuantized(const torch::Tensor& x, const torch::Tensor& scale, double low, double high, bool per_channel) {
  return Rounding::apply(x, scale, low, high, per_channel);
}

}  // namespace tradewind
