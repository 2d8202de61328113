// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/mlp.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <type_traits>

#include "base/random.h"
#include "base/shuffle.h"
#include "learn/sigmoid.h"
#include "learn/table.h"

namespace tradewind {
namespace {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Eigen::Index;

std::vector<size_t> Widths(const MlpShape& shape) {
  std::vector<size_t> widths = {shape.inputs};
  widths.insert(widths.end(), shape.hidden.begin(), shape.hidden.end());
  widths.push_back(shape.outputs);
  return widths;
}

// The weights (out x in) and biases of each layer within a flat vector.
template <typename T>
struct Layer {
  Eigen::Map<T> weights;
  Eigen::Map<std::conditional_t<std::is_const_v<T>, const Eigen::RowVectorXd, Eigen::RowVectorXd>> biases;
};

template <typename T, typename Scalar>
std::vector<Layer<T>> Layers(const MlpShape& shape, std::span<Scalar> flat) {
  assert(flat.size() == shape.Parameters());
  const std::vector<size_t> widths = Widths(shape);
  std::vector<Layer<T>> layers;
  Scalar* at = flat.data();
  for (size_t l = 0; l + 1 < widths.size(); ++l) {
    const auto in = static_cast<Index>(widths[l]), out = static_cast<Index>(widths[l + 1]);
    layers.push_back({{at, out, in}, {at + in * out, out}});
    at += in * out + out;
  }
  return layers;
}

// The input and what each layer gives, a row for each row; the last before the head.
std::vector<RowMatrix> Forward(const MlpShape& shape, std::span<const double> parameters, std::span<const double> rows) {
  assert(shape.inputs > 0 && rows.size() % shape.inputs == 0);
  const auto layers = Layers<const RowMatrix>(shape, parameters);
  const auto n = static_cast<Index>(rows.size() / shape.inputs);
  std::vector<RowMatrix> values = {Eigen::Map<const RowMatrix>(rows.data(), n, static_cast<Index>(shape.inputs))};
  for (size_t l = 0; l < layers.size(); ++l) {
    RowMatrix next = values.back() * layers[l].weights.transpose();
    next.rowwise() += layers[l].biases;
    if (l + 1 < layers.size()) next = next.cwiseMax(0.0);
    values.push_back(std::move(next));
  }
  return values;
}

void ApplyHead(MlpHead head, RowMatrix& z) {
  if (head == MlpHead::kSigmoid) {
    z = z.unaryExpr([](double s) { return Sigmoid(s); });
  } else if (head == MlpHead::kSoftmax) {
    for (Index i = 0; i < z.rows(); ++i) {
      z.row(i) = (z.row(i).array() - z.row(i).maxCoeff()).exp().matrix().eval();
      z.row(i) /= z.row(i).sum();
    }
  }
}

// Of the pairs of rows in their order of y; `slope` by the output of each.
double Ranking(const RowMatrix& z, const RowMatrix& y, double margin, RowMatrix& slope) {
  slope.setZero(z.rows(), 1);
  double loss = 0, pairs = 0;
  for (Index i = 0; i < z.rows(); ++i) {
    for (Index j = 0; j < z.rows(); ++j) {
      if (!(y(i, 0) > y(j, 0))) continue;
      ++pairs;
      const double short_of = margin - (z(i, 0) - z(j, 0));
      if (short_of <= 0) continue;
      loss += short_of;
      slope(i, 0) -= 1;
      slope(j, 0) += 1;
    }
  }
  if (pairs == 0) return 0;
  slope /= pairs;
  return loss / pairs;
}

double CrossEntropy(MlpHead head, const RowMatrix& z, const RowMatrix& y, const RowMatrix& output, RowMatrix& slope) {
  const auto n = static_cast<double>(z.rows());
  double loss = 0;
  for (Index i = 0; i < z.rows(); ++i) {
    if (head == MlpHead::kSoftmax) {
      const double top = z.row(i).maxCoeff();
      const double log_sum = top + std::log((z.row(i).array() - top).exp().sum());
      loss += (y.row(i).array() * (log_sum - z.row(i).array())).sum();
      slope.row(i) = (output.row(i) * y.row(i).sum() - y.row(i)) / n;
    } else {
      for (Index k = 0; k < z.cols(); ++k) loss += LogisticLoss(z(i, k), y(i, k));
      slope.row(i) = (output.row(i) - y.row(i)) / n;
    }
  }
  return loss / n;
}

double Squares(MlpHead head, const RowMatrix& y, const RowMatrix& output, RowMatrix& slope) {
  const auto n = static_cast<double>(y.rows());
  slope = (output - y) * (2 / n);
  const double loss = (output - y).squaredNorm() / n;
  if (head == MlpHead::kSigmoid) {
    slope = slope.cwiseProduct(output.cwiseProduct((1 - output.array()).matrix()));
  } else if (head == MlpHead::kSoftmax) {
    for (Index i = 0; i < y.rows(); ++i) {
      const double mean = slope.row(i).dot(output.row(i));
      slope.row(i) = output.row(i).cwiseProduct((slope.row(i).array() - mean).matrix());
    }
  }
  return loss;
}

bool Suits(const MlpShape& shape, MlpLoss loss) {
  if (loss == MlpLoss::kCrossEntropy) return shape.head != MlpHead::kLinear;
  return loss != MlpLoss::kRanking || (shape.head == MlpHead::kLinear && shape.outputs == 1);
}

constexpr size_t kLossRows = 4096;

Result<void> Check(const MlpShape& shape, std::span<const double> rows, std::span<const double> y, const MlpTraining& training,
                   size_t parameters) {
  constexpr size_t kMostWidth = 65'536, kMostLayers = 64, kMostParameters = size_t{1} << 24;
  const auto bad = [](const char* message) { return Fail(StatusCode::kInvalidInput, message); };
  if (shape.hidden.size() > kMostLayers) return bad("a perceptron has at most 64 hidden layers");
  size_t count = 0;
  const std::vector<size_t> widths = Widths(shape);
  for (size_t l = 0; l < widths.size(); ++l) {
    if (widths[l] == 0 || widths[l] > kMostWidth) return bad("the layers of a perceptron are 1 to 65536 wide");
    if (l > 0) count += widths[l] * (widths[l - 1] + 1);
    if (count > kMostParameters) return bad("a perceptron has at most 16777216 parameters");
  }
  if (parameters != count) return bad("the parameters are not as many as the perceptron's shape asks: begin with InitialMlp");
  TW_RETURN_IF_ERROR(CheckRows("a perceptron", rows, shape.inputs));
  TW_RETURN_IF_ERROR(CheckRows("a perceptron's outputs", y, shape.outputs));
  if (rows.size() / shape.inputs != y.size() / shape.outputs) return bad("a perceptron has rows and outputs in different numbers");
  if (!Suits(shape, training.loss.loss)) return bad("the perceptron's head does not suit its loss");
  const bool outside = std::any_of(y.begin(), y.end(), [](double v) { return v < 0 || v > 1; });
  if (training.loss.loss == MlpLoss::kCrossEntropy && outside) return bad("the outcomes of a cross entropy lie in [0, 1]");
  if (training.epochs < 0 || training.batch < 1 || !(training.adam.rate > 0)) return bad("epochs, batch and rate of training are positive");
  return {};
}

}  // namespace

size_t MlpShape::Parameters() const {
  const std::vector<size_t> widths = Widths(*this);
  size_t count = 0;
  for (size_t l = 1; l < widths.size(); ++l) count += widths[l] * (widths[l - 1] + 1);
  return count;
}

std::vector<double> InitialMlp(const MlpShape& shape, uint64_t seed) {
  Random random(seed);
  std::vector<double> parameters(shape.Parameters(), 0);
  for (auto& layer : Layers<RowMatrix>(shape, std::span<double>(parameters))) {
    const double deviation = std::sqrt(2 / static_cast<double>(layer.weights.cols()));
    for (Index i = 0; i < layer.weights.size(); ++i) layer.weights.data()[i] = deviation * random.Normal();
  }
  return parameters;
}

std::vector<double> MlpOutput(const MlpShape& shape, std::span<const double> parameters, std::span<const double> rows) {
  RowMatrix z = std::move(Forward(shape, parameters, rows).back());
  ApplyHead(shape.head, z);
  return {z.data(), z.data() + z.size()};
}

double MlpGradient(const MlpShape& shape, std::span<const double> parameters, std::span<const double> rows, std::span<const double> y,
                   const MlpLossOptions& options, std::span<double> gradient) {
  assert(Suits(shape, options.loss) && !rows.empty());
  const std::vector<RowMatrix> values = Forward(shape, parameters, rows);
  const RowMatrix& z = values.back();
  assert(y.size() == static_cast<size_t>(z.size()));
  const Eigen::Map<const RowMatrix> target(y.data(), z.rows(), z.cols());
  RowMatrix output = z, slope(z.rows(), z.cols());
  ApplyHead(shape.head, output);
  double loss = 0;
  switch (options.loss) {
    case MlpLoss::kSquares: loss = Squares(shape.head, target, output, slope); break;
    case MlpLoss::kCrossEntropy: loss = CrossEntropy(shape.head, z, target, output, slope); break;
    case MlpLoss::kRanking: loss = Ranking(z, target, options.margin, slope); break;
  }
  const auto layers = Layers<const RowMatrix>(shape, parameters);
  auto slopes = Layers<RowMatrix>(shape, gradient);
  for (size_t l = layers.size(); l-- > 0;) {
    slopes[l].weights.noalias() = slope.transpose() * values[l];
    slopes[l].biases = slope.colwise().sum();
    if (l == 0) break;
    RowMatrix before = slope * layers[l].weights;
    slope = (values[l].array() > 0).select(before, 0.0);
  }
  return loss;
}

Result<double> TrainMlp(const MlpShape& shape, std::span<const double> rows, std::span<const double> y, const MlpTraining& training,
                        std::vector<double>& parameters) {
  TW_RETURN_IF_ERROR(Check(shape, rows, y, training, parameters.size()));
  const size_t n = rows.size() / shape.inputs;
  Random random(training.seed);
  Adam adam(parameters.size(), training.adam);
  std::vector<double> gradient(parameters.size());
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  std::vector<double> batch_rows, batch_y;
  for (int epoch = 0; epoch < training.epochs; ++epoch) {
    Shuffle(order, random);
    for (size_t begin = 0; begin < n; begin += training.batch) {
      batch_rows.clear();
      batch_y.clear();
      for (size_t i = begin; i < std::min(n, begin + training.batch); ++i) {
        const auto row = rows.subspan(order[i] * shape.inputs, shape.inputs);
        const auto target = y.subspan(order[i] * shape.outputs, shape.outputs);
        batch_rows.insert(batch_rows.end(), row.begin(), row.end());
        batch_y.insert(batch_y.end(), target.begin(), target.end());
      }
      MlpGradient(shape, parameters, batch_rows, batch_y, training.loss, gradient);
      adam.Step(gradient, parameters);
    }
  }
  // In pieces, as all activations of a piece are held.
  double loss = 0;
  for (size_t begin = 0; begin < n; begin += kLossRows) {
    const size_t count = std::min(kLossRows, n - begin);
    const auto piece = rows.subspan(begin * shape.inputs, count * shape.inputs);
    const auto targets = y.subspan(begin * shape.outputs, count * shape.outputs);
    loss += MlpGradient(shape, parameters, piece, targets, training.loss, gradient) * static_cast<double>(count) / static_cast<double>(n);
  }
  if (!std::isfinite(loss))
    return Fail(StatusCode::kUnsupported, "the training of a perceptron diverged: lower its rate, or scale its columns");
  return loss;
}

}  // namespace tradewind
