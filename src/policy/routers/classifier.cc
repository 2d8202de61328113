// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Each arm's score by a logistic head on the features, without or with a hidden layer that the heads share (arXiv:2406.18665, section 4.1,
// "classifier"; there a BERT encoder stands where here the features are).
#include <Eigen/Dense>
#include <cmath>

#include "base/random.h"
#include "policy/router.h"
#include "policy/training.h"

namespace tradewind {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::RowVectorXf;
using Index = Eigen::Index;

// One flat vector of parameters, seen as matrices. hidden 0: heads sit on the features.
struct Net {
  Index columns, hidden, arms;
  Index InWidth() const { return hidden > 0 ? hidden : columns; }
  size_t Size() const { return static_cast<size_t>((hidden > 0 ? columns * hidden + hidden : 0) + InWidth() * arms + arms); }
  template <typename F>
  auto First(F* p) const {
    return Eigen::Map<std::conditional_t<std::is_const_v<F>, const Matrix, Matrix>>(p, columns, hidden);
  }
  template <typename F>
  auto FirstBias(F* p) const {
    return Eigen::Map<std::conditional_t<std::is_const_v<F>, const Vector, Vector>>(p + columns * hidden, hidden);
  }
  template <typename F>
  auto Head(F* p) const {
    return Eigen::Map<std::conditional_t<std::is_const_v<F>, const Matrix, Matrix>>(p + (hidden > 0 ? columns * hidden + hidden : 0),
                                                                                    InWidth(), arms);
  }
  template <typename F>
  auto HeadBias(F* p) const {
    return Eigen::Map<std::conditional_t<std::is_const_v<F>, const Vector, Vector>>(p + static_cast<Index>(Size()) - arms, arms);
  }
};

class ClassifierRouter final : public Router {
 public:
  std::string_view name() const override { return "classifier"; }
  std::string_view source() const override { return "arXiv:2406.18665, section 4.1 (classifier), on given features"; }
  std::vector<RouterParameter> parameters() const override {
    return {{"hidden", 0, 0, 1024, "width of the hidden layer; 0: none"},
            {"epochs", 30, 1, 1000, "passes over the table"},
            {"rate", 0.005, 1e-6, 1, "Adam's step"},
            {"decay", 0.05, 0, 10, "weight decay"}};
  }

 private:
  Result<void> FitTo(const RoutingTable& table, const FeatureMatrix& features, uint64_t seed) override {
    net_ = {static_cast<Index>(features.columns), static_cast<Index>(Parameter("hidden")), static_cast<Index>(table.arms.size())};
    theta_.assign(net_.Size(), 0);
    Random random(seed);
    if (net_.hidden > 0) {
      const auto scale = static_cast<float>(std::sqrt(2.0 / static_cast<double>(net_.columns)));
      for (float& t : theta_) t = scale * static_cast<float>(random.Normal());
      net_.FirstBias(theta_.data()).setZero();
      net_.Head(theta_.data()) *= 0.1f;
      net_.HeadBias(theta_.data()).setZero();
    }
    Adam adam(theta_.size(), Parameter("rate"), Parameter("decay"));
    std::vector<float> gradient(theta_.size());
    const BatchOptions batches = {.epochs = static_cast<int>(Parameter("epochs")), .batch = 128, .seed = random.Next()};
    ForEachBatch(features.rows(), batches, [&](std::span<const uint32_t> rows) {
      Gradient(table, features, rows, gradient);
      adam.Step(theta_, gradient);
    });
    return {};
  }

  void Gradient(const RoutingTable& table, const FeatureMatrix& features, std::span<const uint32_t> rows,
                std::vector<float>& gradient) const {
    const auto n = static_cast<Index>(rows.size());
    Matrix x(n, net_.columns);
    for (Index i = 0; i < n; ++i) x.row(i) = Eigen::Map<const Vector>(features.Row(rows[static_cast<size_t>(i)]).data(), net_.columns);
    Matrix hidden;
    if (net_.hidden > 0) hidden = ((x * net_.First(theta_.data())).rowwise() + net_.FirstBias(theta_.data())).cwiseMax(0.0f);
    const Matrix& in = net_.hidden > 0 ? hidden : x;
    Matrix error = (in * net_.Head(theta_.data())).rowwise() + net_.HeadBias(theta_.data());
    for (Index i = 0; i < n; ++i) {
      const std::vector<float>& score = table.samples[rows[static_cast<size_t>(i)]].score;
      for (Index a = 0; a < net_.arms; ++a) {
        const float s = score[static_cast<size_t>(a)];
        error(i, a) = std::isnan(s) ? 0 : (static_cast<float>(Sigmoid(error(i, a))) - s) / static_cast<float>(n);
      }
    }
    net_.Head(gradient.data()) = in.transpose() * error;
    net_.HeadBias(gradient.data()) = error.colwise().sum();
    if (net_.hidden == 0) return;
    const Matrix back = (error * net_.Head(theta_.data()).transpose()).array() * (hidden.array() > 0).cast<float>();
    net_.First(gradient.data()) = x.transpose() * back;
    net_.FirstBias(gradient.data()) = back.colwise().sum();
  }

  std::vector<ArmUtility> UtilityOf(std::span<const float> features) const override {
    Vector in = Eigen::Map<const Vector>(features.data(), net_.columns);
    if (net_.hidden > 0) in = (in * net_.First(theta_.data()) + net_.FirstBias(theta_.data())).cwiseMax(0.0f).eval();
    const Vector logits = in * net_.Head(theta_.data()) + net_.HeadBias(theta_.data());
    std::vector<ArmUtility> out(arms_.size());
    for (size_t a = 0; a < out.size(); ++a) out[a].score = Sigmoid(logits(static_cast<Index>(a)));
    return out;
  }

  Net net_{};
  std::vector<float> theta_;
};

}  // namespace

void RegisterClassifierRouter(Registry<RouterFactory>& registry) {
  registry.Add("classifier", [] { return std::make_unique<ClassifierRouter>(); });
}

}  // namespace tradewind
