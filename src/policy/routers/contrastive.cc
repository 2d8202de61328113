// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Requests and arms in one space, where a request lies near the cheapest arms that answer it well (after arXiv:2508.12491). An arm enters
// by its fingerprint: what it scores, beside the other arms, on the requests near each of a few anchors (there: logits or perplexities,
// which tables of outcomes do not have). One map for requests and one for fingerprints are trained by a contrastive loss, whose targets
// are, in each band of cost, the cheapest arm that was right. So a new arm needs its fingerprint alone, and a decision is a search for the
// nearest among the arms.
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.h"
#include "base/shuffle.h"
#include "learn/adam.h"
#include "learn/byte_rows.h"
#include "learn/linear.h"
#include "learn/nearest.h"
#include "learn/sigmoid.h"
#include "policy/router.h"

namespace tradewind {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::RowVectorXd;
using Index = Eigen::Index;

// Scores that a fingerprint's cell starts from: as many requests at the arm's mean.
constexpr double kPriorScores = 10;
constexpr float kRight = 0.5f;

constexpr size_t kBatch = 128;

Vector ToVector(std::span<const float> x) {
  return Eigen::Map<const Eigen::RowVectorXf>(x.data(), static_cast<Index>(x.size())).cast<double>();
}

// dL/dx of z = x / |x|, from dL/dz.
Matrix ThroughNorm(const Matrix& dz, const Matrix& z, const Eigen::VectorXd& norm) {
  const Eigen::VectorXd along = (dz.array() * z.array()).rowwise().sum();
  return (dz - (z.array().colwise() * along.array()).matrix()).array().colwise() / norm.array();
}

class ContrastiveRouter final : public Router {
 public:
  std::string_view name() const override { return "contrastive"; }
  std::string_view source() const override {
    return "after arXiv:2508.12491 (cost-spectrum contrastive routing), fingerprints from scores";
  }
  std::vector<RouterParameter> parameters() const override {
    return {{"anchors", 16, 1, 256, "cells of a fingerprint"},
            {"width", 32, 2, 512, "of the common space"},
            {"bands", 4, 1, 64, "of cost, each with a target of its own"},
            {"temperature", 0.2, 0.01, 10, "of the cheapest band"},
            {"spread", 0.5, 0, 10, "by which the dearest band's temperature is larger"},
            {"cost_weight", 1, 0, 20, "how fast a target's weight falls with its cost"},
            {"epochs", 20, 1, 1000, "passes over the table"},
            {"rate", 0.003, 1e-6, 1, "Adam's step"},
            {"decay", 0.1, 0, 10, "weight decay"}};
  }

  Result<void> AddArm(const std::string& arm, double cost, const FeatureMatrix& features, std::span<const float> scores) override {
    if (features.columns != static_cast<size_t>(columns_) || features.rows() != scores.size() || scores.empty() || !(cost >= 0) ||
        std::find(arms_.begin(), arms_.end(), arm) != arms_.end()) {
      return Fail(StatusCode::kInvalidInput, "a new arm needs a new name, a cost, and a score for each row of features of this router");
    }
    arms_.push_back(arm);
    arm_cost_.push_back(cost);
    fingerprints_.push_back(Fingerprint(features, scores));
    PlaceArms();
    return {};
  }

 private:
  Result<void> FitTo(const RoutingTable& table, const FeatureMatrix& features, uint64_t seed) override {
    columns_ = static_cast<Index>(features.columns);
    width_ = static_cast<Index>(Parameter("width"));
    Random random(seed);
    PlaceAnchors(features, random);
    fingerprints_.clear();
    std::vector<float> scores(table.samples.size());
    for (size_t a = 0; a < table.arms.size(); ++a) {
      for (size_t i = 0; i < scores.size(); ++i) scores[i] = table.samples[i].score[a];
      fingerprints_.push_back(Fingerprint(features, scores));
    }
    usual_ = Vector::Zero(fingerprints_[0].size());
    for (const Vector& f : fingerprints_) usual_ += f / static_cast<double>(fingerprints_.size());
    theta_.resize(static_cast<size_t>((columns_ + 1 + usual_.size()) * width_));
    for (double& t : theta_) t = random.Normal() / std::sqrt(static_cast<double>(width_));
    Train(features, Targets(table), random);
    PlaceArms();
    return Calibrate(table, features);
  }

  void Train(const FeatureMatrix& features, const Matrix& targets, Random& random) {
    Adam adam(theta_.size(), {.rate = Parameter("rate"), .weight_decay = Parameter("decay")});
    std::vector<double> gradient(theta_.size());
    std::vector<uint32_t> order(features.rows());
    std::iota(order.begin(), order.end(), 0u);
    for (int epoch = 0; epoch < static_cast<int>(Parameter("epochs")); ++epoch) {
      Shuffle(order, random);
      for (size_t at = 0; at < order.size(); at += kBatch) {
        Gradient(features, targets, std::span(order).subspan(at, std::min(kBatch, order.size() - at)), gradient);
        adam.Step(gradient, theta_);
      }
    }
  }

  // k-means++ seeding (Arthur and Vassilvitskii, SODA 2007) without the steps after it: anchors need to be spread, not central.
  void PlaceAnchors(const FeatureMatrix& features, Random& random) {
    const size_t wanted = std::min(features.rows(), static_cast<size_t>(Parameter("anchors")));
    anchors_ = NearestNeighbours(features.columns, Similarity::kCosine);
    ByteRows all(features.columns);
    for (size_t i = 0; i < features.rows(); ++i) all.Add(features.Row(i));
    std::vector<double> distance(features.rows(), 1);
    for (size_t k = 0; k < wanted; ++k) {
      const double total = std::accumulate(distance.begin(), distance.end(), 0.0);
      double drawn = random.Uniform() * total;
      size_t at = 0;
      while (at + 1 < distance.size() && (drawn -= distance[at]) > 0) ++at;
      anchors_.Add(features.Row(at));
      const std::vector<float> similarity = all.Cosines(features.Row(at));
      for (size_t i = 0; i < distance.size(); ++i) distance[i] = std::min(distance[i], std::max(0.0, 1.0 - similarity[i]));
    }
  }

  Vector Fingerprint(const FeatureMatrix& features, std::span<const float> scores) const {
    std::vector<double> sum(anchors_.size()), n(anchors_.size());
    double all = 0, count = 0;
    for (size_t i = 0; i < scores.size(); ++i) {
      if (std::isnan(scores[i])) continue;
      const size_t cell = anchors_.Find(features.Row(i), 1)[0].index;
      sum[cell] += scores[i], n[cell] += 1;
      all += scores[i], count += 1;
    }
    const double mean = count > 0 ? all / count : 0.5;
    Vector out(static_cast<Index>(sum.size()) + 1);
    for (size_t c = 0; c < sum.size(); ++c) {
      out(static_cast<Index>(c)) = (sum[c] + kPriorScores * mean) / (n[c] + kPriorScores) - mean;
    }
    out(out.size() - 1) = mean;
    return out;
  }

  // Row i: what the softmax over arms should be; all 0 where no arm was right.
  Matrix Targets(const RoutingTable& table) const {
    const std::vector<size_t> order = ArmsByCost(arm_cost_);
    const size_t bands = std::min(order.size(), static_cast<size_t>(Parameter("bands")));
    Matrix out = Matrix::Zero(static_cast<Index>(table.samples.size()), static_cast<Index>(order.size()));
    for (size_t i = 0; i < table.samples.size(); ++i) {
      std::vector<bool> found(bands, false);
      for (size_t place = 0; place < order.size(); ++place) {
        const size_t band = place * bands / order.size(), arm = order[place];
        if (found[band] || !(table.samples[i].score[arm] > kRight)) continue;
        found[band] = true;
        out(static_cast<Index>(i), static_cast<Index>(arm)) = std::exp(-Parameter("cost_weight") * ShareOfDearest(arm));
      }
      const double total = out.row(static_cast<Index>(i)).sum();
      if (total > 0) out.row(static_cast<Index>(i)) /= total;
    }
    return out;
  }

  double ShareOfDearest(size_t arm) const {
    const double dearest = *std::max_element(arm_cost_.begin(), arm_cost_.end());
    return dearest > 0 ? arm_cost_[arm] / dearest : 0;
  }
  // Adaptive bands: dear arms are told apart less sharply.
  double Temperature(size_t arm) const { return Parameter("temperature") * (1 + Parameter("spread") * ShareOfDearest(arm)); }

  Eigen::Map<const Matrix> RequestMap(const double* p) const { return {p, columns_ + 1, width_}; }
  Eigen::Map<const Matrix> ArmMap(const double* p) const { return {p + (columns_ + 1) * width_, usual_.size(), width_}; }

  // Fingerprints as rows: how each arm differs from the usual one, with a row's length kept within reach of the maps.
  Matrix Fingerprints() const {
    Matrix out(static_cast<Index>(fingerprints_.size()), usual_.size());
    for (size_t a = 0; a < fingerprints_.size(); ++a) out.row(static_cast<Index>(a)) = 10 * (fingerprints_[a] - usual_);
    return out;
  }

  void Gradient(const FeatureMatrix& features, const Matrix& targets, std::span<const uint32_t> rows, std::vector<double>& gradient) const {
    const auto n = static_cast<Index>(rows.size());
    Matrix x(n, columns_ + 1), target(n, targets.cols());
    for (Index i = 0; i < n; ++i) {
      x.row(i).head(columns_) = ToVector(features.Row(rows[static_cast<size_t>(i)]));
      x(i, columns_) = 1;
      target.row(i) = targets.row(rows[static_cast<size_t>(i)]);
    }
    const Matrix f = Fingerprints();
    Matrix z = x * RequestMap(theta_.data()), e = f * ArmMap(theta_.data());
    const Eigen::VectorXd z_norm = z.rowwise().norm().cwiseMax(1e-6), e_norm = e.rowwise().norm().cwiseMax(1e-6);
    z.array().colwise() /= z_norm.array();
    e.array().colwise() /= e_norm.array();
    Matrix error = z * e.transpose();
    for (Index a = 0; a < error.cols(); ++a) error.col(a) /= Temperature(static_cast<size_t>(a));
    for (Index i = 0; i < n; ++i) {
      error.row(i) = (error.row(i).array() - error.row(i).maxCoeff()).exp();
      error.row(i) *= target.row(i).sum() / error.row(i).sum();  // nothing to learn where no arm was right
      error.row(i) = (error.row(i) - target.row(i)) / static_cast<double>(n);
    }
    for (Index a = 0; a < error.cols(); ++a) error.col(a) /= Temperature(static_cast<size_t>(a));
    Eigen::Map<Matrix>(gradient.data(), columns_ + 1, width_) = x.transpose() * ThroughNorm(error * e, z, z_norm);
    Eigen::Map<Matrix>(gradient.data() + (columns_ + 1) * width_, usual_.size(), width_) =
        f.transpose() * ThroughNorm(error.transpose() * z, e, e_norm);
  }

  void PlaceArms() {
    places_ = Fingerprints() * ArmMap(theta_.data());
    const Eigen::VectorXd norm = places_.rowwise().norm().cwiseMax(1e-6);
    places_.array().colwise() /= norm.array();
  }

  Vector Nearness(std::span<const float> features) const {
    const auto map = RequestMap(theta_.data());
    Vector z = ToVector(features) * map.topRows(columns_) + map.row(columns_);
    z /= std::max(z.norm(), 1e-6);
    return z * places_.transpose();
  }

  // score ~ sigmoid(slope * nearness + constant), one for all arms so that it holds for new ones.
  Result<void> Calibrate(const RoutingTable& table, const FeatureMatrix& features) {
    std::vector<double> near, scores;
    for (size_t i = 0; i < features.rows(); ++i) {
      const Vector nearness = Nearness(features.Row(i));
      for (size_t a = 0; a < arms_.size(); ++a) {
        if (std::isnan(table.samples[i].score[a])) continue;
        near.push_back(nearness(static_cast<Index>(a)));
        scores.push_back(table.samples[i].score[a]);
      }
    }
    if (scores.empty()) return {};
    TW_ASSIGN(const LinearModel line, FitLogistic(near, 1, scores, {.l2 = 1}));
    // Nearer is better by construction; where scores deny it, nearness says nothing about their level.
    slope_ = std::max(line.weights[0], 0.1);
    constant_ = line.intercept;
    return {};
  }

  std::vector<ArmUtility> UtilityOf(std::span<const float> features) const override {
    const Vector near = Nearness(features);
    std::vector<ArmUtility> out(arms_.size());
    for (size_t a = 0; a < out.size(); ++a) out[a].score = Sigmoid(slope_ * near(static_cast<Index>(a)) + constant_);
    return out;
  }

  Index columns_ = 0, width_ = 0;
  NearestNeighbours anchors_{1, Similarity::kCosine};
  std::vector<Vector> fingerprints_;
  Vector usual_;               // the mean of the trained arms' fingerprints
  std::vector<double> theta_;  // the requests' map with its constants, then the arms'
  Matrix places_;              // of the arms in the common space
  double slope_ = 1, constant_ = 0;
};

}  // namespace

void RegisterContrastiveRouter(Registry<RouterFactory>& registry) {
  registry.Add("contrastive", [] { return std::make_unique<ContrastiveRouter>(); });
}

}  // namespace tradewind
