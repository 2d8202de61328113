// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/adaptive_net.h"

#include <Eigen/Dense>
#include <cassert>
#include <cmath>

namespace tradewind {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXf;
using Row = Eigen::RowVectorXf;

// The parameters as matrices that lie one after the other; T is float or const float.
template <typename T>
struct Layers {
  using M = Eigen::Map<std::conditional_t<std::is_const_v<T>, const Matrix, Matrix>>;
  using V = Eigen::Map<std::conditional_t<std::is_const_v<T>, const Vector, Vector>>;
  Layers(const NetShape& s, T* p)
      : w1(Take(p, s.features * s.hidden), s.features, s.hidden),
        b1(Take(p, s.hidden), s.hidden),
        w2(Take(p, s.hidden * s.hidden), s.hidden, s.hidden),
        b2(Take(p, s.hidden), s.hidden),
        w3(Take(p, s.hidden), s.hidden),
        b3(Take(p, 1), 1),
        embed(Take(p, s.modulation * s.embedding), s.modulation, s.embedding),
        embed_bias(Take(p, s.modulation), s.modulation),
        scale1(Take(p, s.hidden * s.modulation), s.hidden, s.modulation),
        scale2(Take(p, s.hidden * s.modulation), s.hidden, s.modulation),
        shift2(Take(p, s.hidden * s.modulation), s.hidden, s.modulation),
        slope(Take(p, s.linear ? s.features * s.modulation : 0), s.linear ? s.features : 0, s.modulation),
        slope_bias(Take(p, s.linear ? s.features : 0), s.linear ? s.features : 0),
        end(p) {}
  static T* Take(T*& p, size_t n) {
    T* const here = p;
    p += n;
    return here;
  }
  M w1;
  V b1;
  M w2;
  V b2, w3, b3;
  M embed;
  V embed_bias;
  M scale1, scale2, shift2, slope;
  V slope_bias;
  T* end;
};

// What the forward pass leaves for the backward one.
struct Trace {
  Vector modulation, slope;
  Row gain1, gain2;  // 1 + what the embedding adds
  Matrix hidden1, scaled1, hidden2, scaled2;
  Vector out;
};

Trace Run(const NetShape& s, const Layers<const float>& p, const Eigen::Map<const Matrix>& x, const Eigen::Map<const Vector>& h) {
  Trace t;
  t.modulation = (p.embed * h + p.embed_bias).cwiseMax(0.0F);
  t.gain1 = (p.scale1 * t.modulation).transpose().array() + 1;
  t.gain2 = (p.scale2 * t.modulation).transpose().array() + 1;
  t.hidden1 = ((x * p.w1).rowwise() + p.b1.transpose()).cwiseMax(0.0F);
  t.scaled1 = t.hidden1.array().rowwise() * t.gain1.array();
  const Row bias = p.b2.transpose() + (p.shift2 * t.modulation).transpose();
  t.hidden2 = ((t.scaled1 * p.w2).rowwise() + bias).cwiseMax(0.0F);
  t.scaled2 = t.hidden2.array().rowwise() * t.gain2.array();
  t.out = (t.scaled2 * p.w3).array() + p.b3(0);
  if (s.linear) {
    t.slope = p.slope * t.modulation + p.slope_bias;
    t.out += x * t.slope;
  }
  return t;
}

Matrix Positive(const Matrix& gradient, const Matrix& hidden) {
  return gradient.cwiseProduct((hidden.array() > 0).cast<float>().matrix());
}

void Backward(const NetShape& s, const Layers<const float>& p, const Trace& t, const Eigen::Map<const Matrix>& x,
              const Eigen::Map<const Vector>& h, const Vector& d_out, Layers<float>& g) {
  g.b3(0) = d_out.sum();
  g.w3 = t.scaled2.transpose() * d_out;
  const Matrix d_scaled2 = d_out * p.w3.transpose();
  const Vector d_gain2 = d_scaled2.cwiseProduct(t.hidden2).colwise().sum().transpose();
  const Matrix d_hidden2 = Positive((d_scaled2.array().rowwise() * t.gain2.array()).matrix(), t.hidden2);
  g.b2 = d_hidden2.colwise().sum().transpose();
  g.w2 = t.scaled1.transpose() * d_hidden2;
  const Matrix d_scaled1 = d_hidden2 * p.w2.transpose();
  const Vector d_gain1 = d_scaled1.cwiseProduct(t.hidden1).colwise().sum().transpose();
  const Matrix d_hidden1 = Positive((d_scaled1.array().rowwise() * t.gain1.array()).matrix(), t.hidden1);
  g.b1 = d_hidden1.colwise().sum().transpose();
  g.w1 = x.transpose() * d_hidden1;
  Vector d_modulation = p.shift2.transpose() * g.b2 + p.scale1.transpose() * d_gain1 + p.scale2.transpose() * d_gain2;
  g.shift2 = g.b2 * t.modulation.transpose();
  g.scale1 = d_gain1 * t.modulation.transpose();
  g.scale2 = d_gain2 * t.modulation.transpose();
  if (s.linear) {
    g.slope_bias = x.transpose() * d_out;
    g.slope = g.slope_bias * t.modulation.transpose();
    d_modulation += p.slope.transpose() * g.slope_bias;
  }
  g.embed_bias = d_modulation.cwiseProduct((t.modulation.array() > 0).cast<float>().matrix());
  g.embed = g.embed_bias * h.transpose();
}

void Fill(std::span<float> weights, float deviation, Random& random) {
  for (float& w : weights) w = deviation * static_cast<float>(random.Normal());
}

template <typename M>
std::span<float> Values(M& matrix) {
  return {matrix.data(), static_cast<size_t>(matrix.size())};
}

}  // namespace

size_t NetShape::ParameterCount() const {
  const size_t f = features, e = embedding, h = hidden, m = modulation;
  return f * h + h + h * h + h + h + 1 + m * e + m + 3 * h * m + (linear ? f * m + f : 0);
}

std::vector<float> InitialParameters(const NetShape& shape, Random& random) {
  std::vector<float> parameters(shape.ParameterCount(), 0.0F);
  Layers<float> p(shape, parameters.data());
  assert(p.end == parameters.data() + parameters.size());
  Fill(Values(p.w1), std::sqrt(2.0F / static_cast<float>(shape.features)), random);
  Fill(Values(p.w2), std::sqrt(2.0F / static_cast<float>(shape.hidden)), random);
  Fill(Values(p.w3), std::sqrt(0.5F / static_cast<float>(shape.hidden)), random);
  if (shape.embedding > 0) {
    Fill(Values(p.embed), std::sqrt(2.0F / static_cast<float>(shape.embedding)), random);
    const float small = 0.3F / std::sqrt(static_cast<float>(shape.modulation));
    for (const std::span<float> part : {Values(p.scale1), Values(p.scale2), Values(p.shift2)}) Fill(part, small, random);
  }
  return parameters;
}

std::vector<float> Forward(const NetShape& shape, std::span<const float> parameters, std::span<const float> x,
                           std::span<const float> embedding) {
  assert(parameters.size() == shape.ParameterCount() && embedding.size() == shape.embedding && x.size() % shape.features == 0);
  const Layers<const float> p(shape, parameters.data());
  const Eigen::Map<const Matrix> rows(x.data(), static_cast<Eigen::Index>(x.size() / shape.features), shape.features);
  const Eigen::Map<const Vector> h(embedding.data(), shape.embedding);
  const Trace t = Run(shape, p, rows, h);
  return {t.out.data(), t.out.data() + t.out.size()};
}

float LossAndGradient(const NetShape& shape, std::span<const float> parameters, std::span<const float> x, std::span<const float> embedding,
                      std::span<const float> y, std::span<float> gradient) {
  assert(parameters.size() == shape.ParameterCount() && gradient.size() == parameters.size());
  assert(embedding.size() == shape.embedding && x.size() == y.size() * shape.features);
  const Layers<const float> p(shape, parameters.data());
  Layers<float> g(shape, gradient.data());
  const Eigen::Map<const Matrix> rows(x.data(), static_cast<Eigen::Index>(y.size()), shape.features);
  const Eigen::Map<const Vector> h(embedding.data(), shape.embedding);
  const Eigen::Map<const Vector> target(y.data(), static_cast<Eigen::Index>(y.size()));
  const Trace t = Run(shape, p, rows, h);
  const Vector error = t.out - target;
  Backward(shape, p, t, rows, h, error * (2.0F / static_cast<float>(y.size())), g);
  return error.squaredNorm() / static_cast<float>(y.size());
}

void FloatAdam::Step(std::span<const float> gradient, std::span<float> parameters) {
  constexpr float kMeanDecay = 0.9F;
  constexpr float kSquareDecay = 0.999F;
  ++steps_;
  const float mean_share = 1 - std::pow(kMeanDecay, static_cast<float>(steps_));
  const float square_share = 1 - std::pow(kSquareDecay, static_cast<float>(steps_));
  for (size_t i = 0; i < parameters.size(); ++i) {
    mean_[i] = kMeanDecay * mean_[i] + (1 - kMeanDecay) * gradient[i];
    square_[i] = kSquareDecay * square_[i] + (1 - kSquareDecay) * gradient[i] * gradient[i];
    parameters[i] -= rate_ * (mean_[i] / mean_share) / (std::sqrt(square_[i] / square_share) + 1e-8F);
  }
}

}  // namespace tradewind
