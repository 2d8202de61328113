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

#include "base/random.h"
#include "policy/router.h"
#include "policy/training.h"

namespace tradewind {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::RowVectorXf;
using Index = Eigen::Index;

// Scores that a fingerprint's cell starts from: as many requests at the arm's mean.
constexpr double kPriorScores = 10;
constexpr float kRight = 0.5f;

Eigen::Map<const Vector> View(std::span<const float> x) {
  return {x.data(), static_cast<Index>(x.size())};
}

// dL/dx of z = x / |x|, from dL/dz.
Matrix ThroughNorm(const Matrix& dz, const Matrix& z, const Eigen::VectorXf& norm) {
  const Eigen::VectorXf along = (dz.array() * z.array()).rowwise().sum();
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
    for (const Vector& f : fingerprints_) usual_ += f / static_cast<float>(fingerprints_.size());
    theta_.resize(static_cast<size_t>((columns_ + 1 + usual_.size()) * width_));
    for (float& t : theta_) t = static_cast<float>(random.Normal() / std::sqrt(static_cast<double>(width_)));
    Adam adam(theta_.size(), Parameter("rate"), Parameter("decay"));
    std::vector<float> gradient(theta_.size());
    const Matrix targets = Targets(table);
    const BatchOptions batches = {.epochs = static_cast<int>(Parameter("epochs")), .batch = 128, .seed = random.Next()};
    ForEachBatch(features.rows(), batches, [&](std::span<const uint32_t> rows) {
      Gradient(features, targets, rows, gradient);
      adam.Step(theta_, gradient);
    });
    PlaceArms();
    return Calibrate(table, features);
  }

  // k-means++ seeding (Arthur and Vassilvitskii, SODA 2007) without the steps after it: anchors need to be spread, not central.
  void PlaceAnchors(const FeatureMatrix& features, Random& random) {
    const size_t wanted = std::min(features.rows(), static_cast<size_t>(Parameter("anchors")));
    FeatureMatrix chosen{.embedder = features.embedder, .columns = features.columns, .values = {}};
    std::vector<double> distance(features.rows(), 1);
    const CosineIndex all(features);
    std::vector<float> similarity;
    for (size_t k = 0; k < wanted; ++k) {
      double total = 0;
      for (const double x : distance) total += x;
      double drawn = random.Uniform() * total;
      size_t at = 0;
      while (at + 1 < distance.size() && (drawn -= distance[at]) > 0) ++at;
      const auto row = features.Row(at);
      chosen.values.insert(chosen.values.end(), row.begin(), row.end());
      all.Similarities(row, similarity);
      for (size_t i = 0; i < distance.size(); ++i) distance[i] = std::min(distance[i], std::max(0.0, 1.0 - similarity[i]));
    }
    anchors_ = CosineIndex(chosen);
  }

  Vector Fingerprint(const FeatureMatrix& features, std::span<const float> scores) const {
    std::vector<double> sum(anchors_.rows()), n(anchors_.rows());
    double all = 0, count = 0;
    std::vector<float> similarity;
    for (size_t i = 0; i < scores.size(); ++i) {
      if (std::isnan(scores[i])) continue;
      anchors_.Similarities(features.Row(i), similarity);
      const auto cell = static_cast<size_t>(std::max_element(similarity.begin(), similarity.end()) - similarity.begin());
      sum[cell] += scores[i], n[cell] += 1;
      all += scores[i], count += 1;
    }
    const double mean = count > 0 ? all / count : 0.5;
    Vector out(static_cast<Index>(sum.size()) + 1);
    for (size_t c = 0; c < sum.size(); ++c) {
      out(static_cast<Index>(c)) = static_cast<float>((sum[c] + kPriorScores * mean) / (n[c] + kPriorScores) - mean);
    }
    out(out.size() - 1) = static_cast<float>(mean);
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
        out(static_cast<Index>(i), static_cast<Index>(arm)) = std::exp(-static_cast<float>(Parameter("cost_weight")) * ShareOfDearest(arm));
      }
      const float total = out.row(static_cast<Index>(i)).sum();
      if (total > 0) out.row(static_cast<Index>(i)) /= total;
    }
    return out;
  }

  float ShareOfDearest(size_t arm) const {
    const double dearest = *std::max_element(arm_cost_.begin(), arm_cost_.end());
    return dearest > 0 ? static_cast<float>(arm_cost_[arm] / dearest) : 0;
  }
  // Adaptive bands: dear arms are told apart less sharply.
  float Temperature(size_t arm) const {
    return static_cast<float>(Parameter("temperature") * (1 + Parameter("spread") * ShareOfDearest(arm)));
  }

  Eigen::Map<const Matrix> RequestMap(const float* p) const { return {p, columns_ + 1, width_}; }
  Eigen::Map<const Matrix> ArmMap(const float* p) const { return {p + (columns_ + 1) * width_, usual_.size(), width_}; }

  // Fingerprints as rows: how each arm differs from the usual one, with a row's length kept within reach of the maps.
  Matrix Fingerprints() const {
    Matrix out(static_cast<Index>(fingerprints_.size()), usual_.size());
    for (size_t a = 0; a < fingerprints_.size(); ++a) out.row(static_cast<Index>(a)) = 10 * (fingerprints_[a] - usual_);
    return out;
  }

  void Gradient(const FeatureMatrix& features, const Matrix& targets, std::span<const uint32_t> rows, std::vector<float>& gradient) const {
    const auto n = static_cast<Index>(rows.size());
    Matrix x(n, columns_ + 1), target(n, targets.cols());
    for (Index i = 0; i < n; ++i) {
      x.row(i).head(columns_) = View(features.Row(rows[static_cast<size_t>(i)]));
      x(i, columns_) = 1;
      target.row(i) = targets.row(rows[static_cast<size_t>(i)]);
    }
    const Matrix f = Fingerprints();
    Matrix z = x * RequestMap(theta_.data()), e = f * ArmMap(theta_.data());
    const Eigen::VectorXf z_norm = z.rowwise().norm().cwiseMax(1e-6f), e_norm = e.rowwise().norm().cwiseMax(1e-6f);
    z.array().colwise() /= z_norm.array();
    e.array().colwise() /= e_norm.array();
    Matrix error = z * e.transpose();
    for (Index a = 0; a < error.cols(); ++a) error.col(a) /= Temperature(static_cast<size_t>(a));
    for (Index i = 0; i < n; ++i) {
      error.row(i) = (error.row(i).array() - error.row(i).maxCoeff()).exp();
      error.row(i) *= target.row(i).sum() / error.row(i).sum();  // nothing to learn where no arm was right
      error.row(i) = (error.row(i) - target.row(i)) / static_cast<float>(n);
    }
    for (Index a = 0; a < error.cols(); ++a) error.col(a) /= Temperature(static_cast<size_t>(a));
    Eigen::Map<Matrix>(gradient.data(), columns_ + 1, width_) = x.transpose() * ThroughNorm(error * e, z, z_norm);
    Eigen::Map<Matrix>(gradient.data() + (columns_ + 1) * width_, usual_.size(), width_) =
        f.transpose() * ThroughNorm(error.transpose() * z, e, e_norm);
  }

  void PlaceArms() {
    places_ = Fingerprints() * ArmMap(theta_.data());
    const Eigen::VectorXf norm = places_.rowwise().norm().cwiseMax(1e-6f);
    places_.array().colwise() /= norm.array();
  }

  Vector Nearness(std::span<const float> features) const {
    const auto map = RequestMap(theta_.data());
    Vector z = View(features) * map.topRows(columns_) + map.row(columns_);
    z /= std::max(z.norm(), 1e-6f);
    return z * places_.transpose();
  }

  // score ~ sigmoid(slope * nearness + constant), one for all arms so that it holds for new ones.
  Result<void> Calibrate(const RoutingTable& table, const FeatureMatrix& features) {
    std::vector<float> line = {1, 0}, gradient(2);
    Adam adam(2, 0.05);
    std::vector<Vector> near;
    for (size_t i = 0; i < features.rows(); ++i) near.push_back(Nearness(features.Row(i)));
    for (int step = 0; step < 200; ++step) {
      gradient = {0, 0};
      double n = 0;
      for (size_t i = 0; i < near.size(); ++i) {
        for (size_t a = 0; a < arms_.size(); ++a) {
          const float score = table.samples[i].score[a], x = near[i](static_cast<Index>(a));
          if (std::isnan(score)) continue;
          const auto error = static_cast<float>(Sigmoid(line[0] * x + line[1]) - score);
          gradient[0] += error * x, gradient[1] += error;
          n += 1;
        }
      }
      for (float& g : gradient) g = static_cast<float>(g / std::max(n, 1.0));
      adam.Step(line, gradient);
    }
    // Nearer is better by construction; where scores deny it, nearness says nothing about their level.
    slope_ = std::max(line[0], 0.1f);
    constant_ = line[1];
    return {};
  }

  std::vector<ArmUtility> UtilityOf(std::span<const float> features) const override {
    const Vector near = Nearness(features);
    std::vector<ArmUtility> out(arms_.size());
    for (size_t a = 0; a < out.size(); ++a) out[a].score = Sigmoid(slope_ * near(static_cast<Index>(a)) + constant_);
    return out;
  }

  Index columns_ = 0, width_ = 0;
  CosineIndex anchors_;
  std::vector<Vector> fingerprints_;
  Vector usual_;              // the mean of the trained arms' fingerprints
  std::vector<float> theta_;  // the requests' map with its constants, then the arms'
  Matrix places_;             // of the arms in the common space
  float slope_ = 1, constant_ = 0;
};

}  // namespace

void RegisterContrastiveRouter(Registry<RouterFactory>& registry) {
  registry.Add("contrastive", [] { return std::make_unique<ContrastiveRouter>(); });
}

}  // namespace tradewind
