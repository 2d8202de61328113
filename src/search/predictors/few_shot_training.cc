// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "base/shuffle.h"
#include "search/predictors/few_shot.h"
#include "search/predictors/few_shot_internal.h"
#include "search/predictors/rank_correlation.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

constexpr double kDiverged = -2;  // below every rank correlation

// Devices as the network sees them: latencies on the scale that the references give.
class Trainer {
 public:
  Trainer(const LatencyTable& table, const FewShotData& data, const FewShotOptions& options, FewShotModel& model)
      : data_(data), options_(options), model_(model), random_(options.seed) {
    for (const size_t a : data.architectures) {
      if (std::find(data.references.begin(), data.references.end(), a) == data.references.end()) train_rows_.push_back(a);
    }
    Shuffle(train_rows_, random_);
    const size_t held = train_rows_.size() / 5;
    valid_rows_.assign(train_rows_.end() - static_cast<std::ptrdiff_t>(held), train_rows_.end());
    train_rows_.resize(train_rows_.size() - held);
    values_.resize(table.devices.size());
    for (const std::vector<size_t>* devices : {&data.train, &data.valid}) {
      for (const size_t d : *devices) values_[d] = Standardised(table, d);
    }
    for (const std::vector<double>& row : table.features) AppendStandardised(model, row, x_);
    reference_x_ = Gather(data.references);
  }

  // kUnsupported where the training diverged.
  Result<FewShotMember> TrainMember(uint64_t seed);
  std::vector<float> PredictValid(const FewShotMember& member, size_t device) const;
  const std::vector<size_t>& valid_rows() const { return valid_rows_; }
  float Truth(size_t device, size_t row) const { return values_[device][row]; }
  std::span<const size_t> ValidDevices() const { return data_.valid.empty() ? data_.train : data_.valid; }

 private:
  std::vector<float> Standardised(const LatencyTable& table, size_t device) const {
    std::vector<double> references;
    for (const size_t a : data_.references) references.push_back(table.latencies[device][a]);
    const LatencyScale scale = ScaleByReferences(references, options_.power);
    std::vector<float> out;
    for (const double y : table.latencies[device]) out.push_back(static_cast<float>(scale.Standardise(y)));
    return out;
  }
  std::vector<float> Gather(std::span<const size_t> rows) const {
    std::vector<float> x;
    for (const size_t r : rows) {
      const auto begin = x_.begin() + static_cast<std::ptrdiff_t>(r * model_.shape.features);
      x.insert(x.end(), begin, begin + model_.shape.features);
    }
    return x;
  }
  std::vector<float> Embedding(size_t device) const {
    std::vector<float> h;
    for (const size_t r : data_.references) h.push_back(values_[device][r]);
    return h;
  }
  struct Task {
    std::vector<float> embedding, x, y;
  };
  Task SampleTask(Random& random) const;
  double Score(const FewShotMember& member) const;

  const FewShotData& data_;
  const FewShotOptions& options_;
  FewShotModel& model_;
  Random random_;
  std::vector<size_t> train_rows_, valid_rows_;
  std::vector<std::vector<float>> values_;  // [device][architecture]
  std::vector<float> x_, reference_x_;
};

// A training device, or a blend of three of them with weights that sum to one and may leave the simplex a little.
Trainer::Task Trainer::SampleTask(Random& random) const {
  std::vector<std::pair<size_t, float>> parts = {{data_.train[random.Below(data_.train.size())], 1.0F}};
  if (random.Uniform() < options_.mixture_share) {
    constexpr size_t kParts = 3;
    constexpr double kBeyond = 0.15;
    parts.clear();
    double sum = 0;
    std::vector<double> weights;
    for (size_t i = 0; i < kParts; ++i) sum += weights.emplace_back(-std::log(1 - random.Uniform()) + 1e-9);
    for (const double w : weights) {
      const double share = w / sum * (1 + kBeyond * kParts) - kBeyond;
      parts.emplace_back(data_.train[random.Below(data_.train.size())], static_cast<float>(share));
    }
  }
  const auto value = [&](size_t row) {
    float y = 0;
    for (const auto& [device, share] : parts) y += share * values_[device][row];
    return y;
  };
  // A blend's references have a deviation of their own; noise stands for that of one measurement.
  std::vector<double> raw;
  for (const size_t r : data_.references) raw.push_back(value(r) + options_.noise * random.Normal());
  const double centre = Mean(raw);
  const double scale = std::max(0.1, std::sqrt(Variance(raw)));
  Task task;
  for (const double h : raw) task.embedding.push_back(static_cast<float>((h - centre) / scale));
  std::vector<size_t> rows;
  for (size_t i = 0; i < options_.queries; ++i) rows.push_back(train_rows_[random.Below(train_rows_.size())]);
  task.x = Gather(rows);
  for (const size_t r : rows) task.y.push_back(static_cast<float>((value(r) - centre) / scale));
  return task;
}

std::vector<float> Trainer::PredictValid(const FewShotMember& member, size_t device) const {
  const std::vector<float> h = Embedding(device);
  const std::vector<float> adapted = InnerAdapt(model_.shape, model_.inner_steps, member, reference_x_, h, {});
  return Forward(model_.shape, adapted, Gather(valid_rows_), h);
}

double Trainer::Score(const FewShotMember& member) const {
  double sum = 0;
  for (const size_t d : ValidDevices()) {
    const std::vector<float> predicted = PredictValid(member, d);
    if (!std::all_of(predicted.begin(), predicted.end(), [](float y) { return std::isfinite(y); })) return kDiverged;
    std::vector<double> truth;
    for (const size_t r : valid_rows_) truth.push_back(values_[d][r]);
    sum += SpearmanCorrelation(std::vector<double>(predicted.begin(), predicted.end()), truth);
  }
  return sum / static_cast<double>(ValidDevices().size());
}

Result<FewShotMember> Trainer::TrainMember(uint64_t seed) {
  Random random(seed);
  FewShotMember member;
  member.start = InitialParameters(model_.shape, random);
  const size_t size = member.start.size();
  member.rates.assign(size, options_.inner_rate);
  FewShotMember best = member;
  double best_score = kDiverged;
  FloatAdam start_adam(size, options_.meta_rate);
  FloatAdam rate_adam(size, 0);
  std::vector<float> gradient(size), steps(size), start_gradient(size), rate_gradient(size);
  for (size_t episode = 1; episode <= options_.episodes; ++episode) {
    std::fill(start_gradient.begin(), start_gradient.end(), 0.0F);
    std::fill(rate_gradient.begin(), rate_gradient.end(), 0.0F);
    for (size_t t = 0; t < options_.tasks; ++t) {
      const Task task = SampleTask(random);
      std::fill(steps.begin(), steps.end(), 0.0F);
      const std::vector<float> adapted = InnerAdapt(model_.shape, model_.inner_steps, member, reference_x_, task.embedding, steps);
      LossAndGradient(model_.shape, adapted, task.x, task.embedding, task.y, gradient);
      // First order: d adapted / d start is taken as 1, d adapted / d rate as minus the sum of the steps' gradients.
      for (size_t i = 0; i < size; ++i) {
        start_gradient[i] += gradient[i] / static_cast<float>(options_.tasks);
        rate_gradient[i] -= gradient[i] * steps[i] / static_cast<float>(options_.tasks);
      }
    }
    const double progress = static_cast<double>(episode) / static_cast<double>(options_.episodes);
    const auto decay = static_cast<float>(0.5 * (1 + std::cos(3.14159265358979 * progress)));
    start_adam.set_rate(options_.meta_rate * (decay + 0.01F));
    rate_adam.set_rate(0.03F * options_.inner_rate * (decay + 0.01F));
    start_adam.Step(start_gradient, member.start);
    rate_adam.Step(rate_gradient, member.rates);
    for (float& r : member.rates) r = std::clamp(r, 0.0F, 10 * options_.inner_rate);
    if (episode % options_.check_every == 0 || episode == options_.episodes) {
      if (const double score = Score(member); score > best_score) {
        best_score = score;
        best = member;
      }
    }
  }
  if (best_score <= kDiverged && options_.episodes > 0) {
    return Fail(StatusCode::kUnsupported, "the meta-training diverged: lower meta_rate or inner_rate");
  }
  return best;
}

void Standardise(const LatencyTable& table, const FewShotData& data, FewShotModel& model) {
  const size_t features = table.features[0].size();
  for (size_t f = 0; f < features; ++f) {
    std::vector<double> column;
    for (const size_t a : data.architectures) column.push_back(table.features[a][f]);
    const double deviation = std::sqrt(Variance(column));
    model.feature_mean.push_back(Mean(column));
    model.feature_scale.push_back(deviation > 1e-9 ? deviation : 1.0);
  }
}

Result<void> CheckData(const LatencyTable& table, const FewShotData& data, const FewShotOptions& options) {
  TW_RETURN_IF_ERROR(CheckLatencies(table));
  const auto below = [](const std::vector<size_t>& items, size_t limit) {
    return std::all_of(items.begin(), items.end(), [&](size_t i) { return i < limit; });
  };
  if (!below(data.train, table.devices.size()) || !below(data.valid, table.devices.size())) {
    return Fail(StatusCode::kInvalidInput, "a device's index is beyond the table's " + std::to_string(table.devices.size()) + " devices");
  }
  if (!below(data.architectures, table.architectures()) || !below(data.references, table.architectures())) {
    return Fail(StatusCode::kInvalidInput,
                "an architecture's index is beyond the table's " + std::to_string(table.architectures()) + " architectures");
  }
  if (!(options.power >= 0 && options.power <= 1)) return Fail(StatusCode::kInvalidInput, "power must be from 0 to 1");
  if (data.train.size() < 2) return Fail(StatusCode::kInvalidInput, "meta-training needs at least 2 devices; give more training devices");
  const auto within = [](size_t x, size_t most) { return x >= 1 && x <= most; };
  if (!within(options.check_every, SIZE_MAX) || !within(options.tasks, SIZE_MAX) || !within(options.queries, SIZE_MAX) ||
      !within(options.hidden, 1024) || !within(options.modulation, 1024) || options.inner_steps > 1000 || options.members > 64 ||
      data.references.size() > 4096 || table.features[0].size() > 65536) {
    return Fail(StatusCode::kInvalidInput, "a few-shot training's options are out of their ranges (few_shot.h says which)");
  }
  if (std::set<size_t>(data.architectures.begin(), data.architectures.end()).size() != data.architectures.size()) {
    return Fail(StatusCode::kInvalidInput, "an architecture is named twice; name each once");
  }
  if (data.references.size() < 3) return Fail(StatusCode::kInvalidInput, "a device's embedding needs at least 3 reference architectures");
  if (data.architectures.size() < data.references.size() + 20) {
    return Fail(StatusCode::kInvalidInput, "meta-training needs at least 20 architectures beside the references; measure more");
  }
  return {};
}

}  // namespace

Result<FewShotModel> TrainFewShot(const LatencyTable& table, const FewShotData& data, const FewShotOptions& options) {
  TW_RETURN_IF_ERROR(CheckData(table, data, options));
  FewShotModel model;
  model.inner_steps = options.inner_steps;
  model.power = options.power;
  model.shape = {.features = static_cast<uint32_t>(table.features[0].size()),
                 .embedding = static_cast<uint32_t>(data.references.size()),
                 .hidden = options.hidden,
                 .modulation = options.modulation};
  Standardise(table, data, model);
  for (const size_t r : data.references) model.references.push_back(table.features[r]);
  Trainer trainer(table, data, options, model);
  Random seeds(options.seed + 1);
  for (size_t m = 0; m < std::max<size_t>(1, options.members); ++m) {
    TW_ASSIGN(FewShotMember member, trainer.TrainMember(seeds.Next()));
    model.members.push_back(std::move(member));
  }
  std::vector<std::vector<double>> errors;
  for (const size_t d : trainer.ValidDevices()) {
    std::vector<double>& of_device = errors.emplace_back();
    std::vector<double> sum(trainer.valid_rows().size(), 0);
    for (const FewShotMember& member : model.members) {
      const std::vector<float> y = trainer.PredictValid(member, d);
      for (size_t i = 0; i < sum.size(); ++i) sum[i] += y[i] / static_cast<double>(model.members.size());
    }
    for (size_t i = 0; i < sum.size(); ++i) of_device.push_back(std::abs(sum[i] - trainer.Truth(d, trainer.valid_rows()[i])));
  }
  // The (n + 1) p-th of n errors, as split conformal prediction takes it.
  constexpr int kSteps = 200;
  for (std::vector<double>& of_device : errors) std::sort(of_device.begin(), of_device.end());
  for (int i = 0; i <= kSteps; ++i) {
    double most = 0;
    for (const std::vector<double>& of_device : errors) {
      const auto n = static_cast<double>(of_device.size());
      const double rank = std::clamp(std::ceil((n + 1) * i / kSteps - 1e-9), 1.0, n);
      most = std::max(most, of_device[static_cast<size_t>(rank) - 1]);
    }
    model.error_quantiles.push_back(most);
  }
  return model;
}

}  // namespace tradewind
