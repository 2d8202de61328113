// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// delta(M, q) = w2 . (v_M * (W1 x_q + b)): a vector for each arm, one map for the requests; the arm of greater delta is likelier to win
// (arXiv:2406.18665, section 4.1, "matrix factorization"). Trained by the Bradley-Terry loss on every pair of arms that answered a request.
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
template <typename F, typename T>
using ViewOf = Eigen::Map<std::conditional_t<std::is_const_v<F>, const T, T>>;

// The four parts of one flat vector of parameters.
template <typename F>
struct Parts {
  Parts(F* p, Index columns, Index rank, Index arms)
      : w1(p, columns, rank), bias(p + columns * rank, rank), arm(bias.data() + rank, arms, rank), w2(arm.data() + arms * rank, rank) {}
  ViewOf<F, Matrix> w1;
  ViewOf<F, Vector> bias;
  ViewOf<F, Matrix> arm;
  ViewOf<F, Vector> w2;
};

class MatrixFactorisationRouter final : public Router {
 public:
  std::string_view name() const override { return "matrix_factorisation"; }
  std::string_view source() const override { return "arXiv:2406.18665, section 4.1 (matrix factorization)"; }
  std::vector<RouterParameter> parameters() const override {
    return {{"rank", 16, 1, 512, "length of the arms' vectors"},
            {"epochs", 20, 1, 1000, "passes over the table"},
            {"rate", 0.003, 1e-6, 1, "Adam's step"},
            {"decay", 0.1, 0, 10, "weight decay"}};
  }

 private:
  template <typename F>
  Parts<F> View(F* p) const {
    return Parts<F>(p, columns_, rank_, static_cast<Index>(arms_.size()));
  }

  Result<void> FitTo(const RoutingTable& table, const FeatureMatrix& features, uint64_t seed) override {
    columns_ = static_cast<Index>(features.columns);
    rank_ = static_cast<Index>(Parameter("rank"));
    const auto arms = static_cast<Index>(table.arms.size());
    theta_.resize(static_cast<size_t>((columns_ + 1 + arms + 1) * rank_));
    Random random(seed);
    const auto scale = static_cast<float>(0.5 / std::sqrt(static_cast<double>(rank_)));
    for (float& t : theta_) t = scale * static_cast<float>(random.Normal());
    double sum = 0, n = 0;
    for (const RoutingSample& sample : table.samples) {
      for (const float s : sample.score) {
        if (!std::isnan(s)) sum += s, n += 1;
      }
    }
    level_ = n > 0 ? sum / n : 0;
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
    const auto n = static_cast<Index>(rows.size()), arms = static_cast<Index>(arms_.size());
    const Parts<const float> now = View(theta_.data());
    Parts<float> out = View(gradient.data());
    Matrix x(n, columns_);
    for (Index i = 0; i < n; ++i) x.row(i) = Eigen::Map<const Vector>(features.Row(rows[static_cast<size_t>(i)]).data(), columns_);
    const Matrix h = (x * now.w1).rowwise() + now.bias;
    const Matrix hw = h.array().rowwise() * now.w2.array();
    const Matrix delta = hw * now.arm.transpose();
    Matrix error = Matrix::Zero(n, arms);
    for (Index i = 0; i < n; ++i) {
      const std::vector<float>& score = table.samples[rows[static_cast<size_t>(i)]].score;
      for (Index a = 0; a < arms; ++a) {
        for (Index b = a + 1; b < arms; ++b) {
          const float sa = score[static_cast<size_t>(a)], sb = score[static_cast<size_t>(b)];
          if (std::isnan(sa) || std::isnan(sb)) continue;
          const double e = Sigmoid(delta(i, a) - delta(i, b)) - (0.5 + (sa - sb) / 2);
          error(i, a) += static_cast<float>(e) / static_cast<float>(n);
          error(i, b) -= static_cast<float>(e) / static_cast<float>(n);
        }
      }
    }
    const Matrix through = error * now.arm;
    out.arm = error.transpose() * hw;
    out.w2 = (through.array() * h.array()).colwise().sum();
    const Matrix back = through.array().rowwise() * now.w2.array();
    out.w1 = x.transpose() * back;
    out.bias = back.colwise().sum();
  }

  std::vector<ArmUtility> UtilityOf(std::span<const float> features) const override {
    const Parts<const float> now = View(theta_.data());
    const Vector h = Eigen::Map<const Vector>(features.data(), columns_) * now.w1 + now.bias;
    const Vector delta = (h.array() * now.w2.array()).matrix() * now.arm.transpose();
    const size_t arms = arms_.size();
    std::vector<double> win(arms * arms, 0.5);
    for (size_t a = 0; a < arms; ++a) {
      for (size_t b = 0; b < arms; ++b) win[a * arms + b] = Sigmoid(delta(static_cast<Index>(a)) - delta(static_cast<Index>(b)));
    }
    return UtilityFromWins(win, arms, level_);
  }

  Index columns_ = 0, rank_ = 0;
  std::vector<float> theta_;
  double level_ = 0;
};

}  // namespace

void RegisterMatrixFactorisationRouter(Registry<RouterFactory>& registry) {
  registry.Add("matrix_factorisation", [] { return std::make_unique<MatrixFactorisationRouter>(); });
}

}  // namespace tradewind
