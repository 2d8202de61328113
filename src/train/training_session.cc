// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "train/training_session.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <numeric>
#include <set>

#include "base/random.h"
#include "base/shuffle.h"
#include "graph/surgery.h"
#include "train/train_files.h"

namespace tradewind {
namespace {

constexpr int64_t kJudgedTogether = 128;

// Pools the first and the last of a phase's losses: 16 steps each, or a quarter of a short phase.
class LossEnds {
 public:
  LossEnds(size_t losses, int64_t steps)
      : window_(std::max<int64_t>(1, std::min<int64_t>(16, steps / 4))), sums_(losses), recent_(losses) {}
  void Add(const std::vector<double>& values) {
    for (size_t i = 0; i < values.size(); ++i) {
      if (count_ < window_) sums_[i] += values[i];
      recent_[i].push_back(values[i]);
      if (static_cast<int64_t>(recent_[i].size()) > window_) recent_[i].erase(recent_[i].begin());
    }
    ++count_;
  }
  double First(size_t i) const { return sums_[i] / static_cast<double>(std::max<int64_t>(1, std::min(count_, window_))); }
  double Last(size_t i) const {
    return std::accumulate(recent_[i].begin(), recent_[i].end(), 0.0) / std::max<double>(1, static_cast<double>(recent_[i].size()));
  }

 private:
  int64_t window_;
  int64_t count_ = 0;
  std::vector<double> sums_;
  std::vector<std::vector<double>> recent_;
};

bool IsFinite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

}  // namespace

std::string TargetName(const std::string& value) {
  return "target " + value;
}

Result<std::vector<TrainerLoss>> ExpandedLosses(const OnnxModel& model, const OnnxModel& original, const std::vector<TrainerLoss>& losses) {
  std::vector<TrainerLoss> out;
  for (TrainerLoss loss : losses) {
    TW_ASSIGN(loss.target, NamedValue(original, loss.target));
    TW_ASSIGN(loss.output, NamedValue(original, loss.output));
    if (!loss.output.ends_with("*")) {
      out.push_back(loss);
      continue;
    }
    const std::string prefix = loss.output.substr(0, loss.output.size() - 1);
    const size_t before = out.size();
    for (const OnnxValue& output : model.graph.outputs) {
      if (!output.name.starts_with(prefix)) continue;
      loss.output = output.name;
      out.push_back(loss);
    }
    if (out.size() == before)
      return Fail(Status(StatusCode::kNotFound, model.source + ": no output's name begins with '" + prefix + "'").At("losses"));
  }
  return out;
}

void SetWeights(OnnxModel& model, const std::vector<NamedTensor>& weights) {
  std::map<std::string_view, const Tensor*> by_name;
  for (const NamedTensor& w : weights) by_name[w.name] = &w.tensor;
  for (OnnxTensor& t : model.graph.initializers) {
    if (const auto found = by_name.find(t.name); found != by_name.end()) t = OnnxTensor::Of(t.name, t.dims, found->second->Values<float>());
  }
}

double RateAt(double done, double warmup) {
  if (done < warmup) return done / warmup;
  return 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, (done - warmup) / std::max(1e-12, 1 - warmup))));
}

Result<TrainingSession> TrainingSession::Make(const Parts& parts, OnnxModel model) {
  TrainingSession session(parts);
  session.model_ = std::move(model);
  TW_ASSIGN(session.parameters_, TrainableParameters(session.model_, parts.recipe.train));
  std::vector<std::string> wanted;
  for (const OnnxValue& output : session.model_.graph.outputs) {
    wanted.push_back(output.name);
    if (output.shape && output.shape->size() == 2) session.judged_.push_back(output.name);
  }
  std::set<std::string> targets;
  for (const TrainPhase& phase : parts.recipe.phases) {
    TW_ASSIGN(std::vector<TrainerLoss> losses, ExpandedLosses(session.model_, parts.original, phase.losses));
    for (TrainerLoss& loss : losses) {
      if (std::find(wanted.begin(), wanted.end(), loss.output) == wanted.end()) wanted.push_back(loss.output);
      if (loss.target.empty()) continue;
      targets.insert(loss.target);
      loss.target = TargetName(loss.target);
    }
    session.losses_.push_back(std::move(losses));
    session.steps_all_ += phase.epochs * std::max<int64_t>(1, parts.train.count() / parts.recipe.batch);
  }
  const std::vector<std::string> changed = session.ChangedParameters();
  for (const std::string& target : targets) {
    const bool frozen = parts.teacher == nullptr && !parts.recipe.quantize && IsFrozen(session.model_, changed, target);
    (frozen ? session.frozen_targets_ : session.teacher_targets_).push_back(target);
  }
  std::vector<std::string> kept = session.frozen_targets_;
  for (const std::string& output : session.judged_) {
    if (IsFrozen(session.model_, session.parameters_, output)) kept.push_back(output);
  }
  TW_ASSIGN(session.split_, SplitFrozen(session.model_, session.parameters_, wanted, kept));
  session.FeedTargetsAsEdges();
  if (!session.teacher_targets_.empty()) {
    const OnnxModel& teacher = parts.teacher != nullptr ? *parts.teacher : parts.original;
    TW_ASSIGN(TrainableNet whole, SplitFrozen(teacher, {}, {}, session.teacher_targets_));
    session.teacher_ = std::move(whole.frozen);
  }
  TW_ASSIGN(const std::vector<FeatureNet> nets, session.FeatureNets(true));
  TW_ASSIGN(const std::vector<FeatureNet> judged_nets, session.FeatureNets(false));
  const std::string picture = session.model_.graph.inputs.at(0).name;
  const bool takes_pictures = std::find(session.split_.edges.begin(), session.split_.edges.end(), picture) != session.split_.edges.end();
  const std::string name = takes_pictures ? picture : "";
  TW_ASSIGN(FrozenFeatures train, FrozenFeatures::Make(parts.train, name, nets, parts.options.threads));
  TW_ASSIGN(FrozenFeatures validate, FrozenFeatures::Make(parts.validate, name, judged_nets, parts.options.threads));
  session.train_.emplace(std::move(train));
  session.validate_.emplace(std::move(validate));
  return session;
}

// What trains, and what was put in: a value that neither has part in is as it was.
std::vector<std::string> TrainingSession::ChangedParameters() const {
  std::vector<std::string> changed = parameters_;
  if (!parts_.recipe.bottleneck) return changed;
  for (const OnnxTensor& t : model_.graph.initializers) {
    if (t.name.starts_with(parts_.recipe.bottleneck->plan.name + ".")) changed.push_back(t.name);
  }
  return changed;
}

// A target that goes into the part that trains as well is fed once.
void TrainingSession::FeedTargetsAsEdges() {
  for (const std::string& edge : split_.edges) {
    if (std::erase(frozen_targets_, edge) == 0) continue;
    for (std::vector<TrainerLoss>& losses : losses_) {
      for (TrainerLoss& loss : losses) {
        if (loss.target == TargetName(edge)) loss.target = edge;
      }
    }
  }
}

Result<std::vector<FeatureNet>> TrainingSession::FeatureNets(bool with_targets) {
  const std::string picture = model_.graph.inputs.at(0).name;
  FeatureNet frozen{.model = &split_.frozen};
  const auto give = [&](FeatureNet& net, const std::string& value, const std::string& name) {
    if (value == picture || std::find(net.names.begin(), net.names.end(), name) != net.names.end()) return;
    net.values.push_back(value);
    net.names.push_back(name);
  };
  for (const std::string& edge : split_.edges) give(frozen, edge, edge);
  if (!with_targets) {  // what is judged
    for (const std::string& output : judged_) {
      if (IsFrozen(model_, parameters_, output)) give(frozen, output, output);
    }
    return std::vector<FeatureNet>{frozen};
  }
  for (const std::string& target : frozen_targets_) give(frozen, target, TargetName(target));
  FeatureNet teacher{.model = &teacher_};
  for (const std::string& target : teacher_targets_) give(teacher, target, TargetName(target));
  return std::vector<FeatureNet>{frozen, teacher};
}

Result<void> TrainingSession::KeepFeatures() {
  const DataChoice& data = parts_.recipe.data;
  const auto telling = [&](const char* what) { return [this, what](double share) { return Tell(what, share); }; };
  if (data.crop == 0) {
    TW_ASSIGN(const bool kept, train_->Keep(data.cache_bytes, data.flip, telling("the frozen part over the pictures")));
    (void)kept;
  }
  TW_ASSIGN(const bool kept, validate_->Keep(data.cache_bytes, false, telling("the frozen part over those to judge by")));
  (void)kept;
  return {};
}

Result<std::unique_ptr<TorchTrainer>> TrainingSession::OpenTrainer(const TrainPhase& phase) {
  const TrainRecipe& recipe = parts_.recipe;
  const auto number = static_cast<size_t>(&phase - recipe.phases.data());
  return OpenTorchTrainer({.model = split_.trained,
                           .parameters = parameters_,
                           .losses = losses_[number],
                           .optimizer = recipe.optimizer,
                           .momentum = recipe.momentum,
                           .weight_decay = recipe.weight_decay,
                           .threads = parts_.options.threads});
}

Result<std::vector<OutputAccuracy>> TrainingSession::Judge() {
  TW_ASSIGN(const std::unique_ptr<TorchTrainer> trainer, OpenTrainer(parts_.recipe.phases.front()));
  std::vector<std::string> moving;
  std::vector<OutputAccuracy> out;
  for (const std::string& output : judged_) {
    out.push_back({.output = output});
    if (!IsFrozen(model_, parameters_, output)) moving.push_back(output);
  }
  const int64_t count = parts_.validate.count();
  for (int64_t at = 0; at < count; at += kJudgedTogether) {
    std::vector<PictureUse> uses;
    for (int64_t i = at; i < std::min(count, at + kJudgedTogether); ++i) uses.push_back({.picture = i});
    TW_ASSIGN(const std::vector<NamedTensor> feeds, validate_->Of(uses));
    std::vector<NamedTensor> given;
    if (!moving.empty()) {
      TW_ASSIGN(std::vector<Tensor> values, trainer->Forward(feeds, moving));
      for (size_t i = 0; i < moving.size(); ++i) given.push_back({moving[i], std::move(values[i])});
    }
    given.insert(given.end(), feeds.begin(), feeds.end());
    const std::vector<int64_t> labels = parts_.validate.LabelsOf(uses);
    for (OutputAccuracy& accuracy : out) {
      const auto found = std::find_if(given.begin(), given.end(), [&](const NamedTensor& t) { return t.name == accuracy.output; });
      if (found == given.end()) return Fail(StatusCode::kInternal, "no value of '" + accuracy.output + "' to judge");
      const auto values = found->tensor.Values<float>();
      const size_t classes = values.size() / uses.size();
      for (size_t i = 0; i < uses.size(); ++i) {
        if (labels[i] < 0) continue;
        const auto row = values.subspan(i * classes, classes);
        const int64_t best = std::max_element(row.begin(), row.end()) - row.begin();
        accuracy.right += best + parts_.card.first_label == labels[i] ? 1 : 0;
        ++accuracy.judged;
      }
    }
    if (!Tell("judging", static_cast<double>(at) / static_cast<double>(count)))
      return Fail(StatusCode::kCancelled, "stopped while judging");
  }
  return out;
}

Result<TrainBatch> TrainingSession::NextBatch(std::span<const int64_t> pictures, Random& random) {
  const DataChoice& data = parts_.recipe.data;
  std::vector<PictureUse> uses;
  const auto moved = [&] { return static_cast<int64_t>(random.Below(static_cast<uint64_t>(2 * data.crop + 1))) - data.crop; };
  for (const int64_t picture : pictures) {
    PictureUse use{.picture = picture};
    if (data.flip) use.flip = random.Below(2) == 1;
    if (data.crop > 0) {
      use.right = moved();
      use.down = moved();
    }
    uses.push_back(use);
  }
  TrainBatch batch{.labels = parts_.train.LabelsOf(uses)};
  for (int64_t& label : batch.labels) {
    if (label >= 0) label -= parts_.card.first_label;
  }
  TW_ASSIGN(batch.feeds, train_->Of(uses));
  return batch;
}

// Whether it went through; false where the time was up.
Result<bool> TrainingSession::TrainPhaseThrough(const TrainPhase& phase, size_t number, TimePoint start, TrainReport& report) {
  const TrainRecipe& recipe = parts_.recipe;
  TW_ASSIGN(const std::unique_ptr<TorchTrainer> trainer, OpenTrainer(phase));
  std::vector<int64_t> order(static_cast<size_t>(parts_.train.count()));
  std::iota(order.begin(), order.end(), 0);
  Random random(recipe.seed * 1'000'003 + number);
  const int64_t batch = std::min<int64_t>(recipe.batch, parts_.train.count());
  const int64_t steps = phase.epochs * (parts_.train.count() / batch);
  const double time_before = recipe.time ? (RealClock().Now() - start).seconds() / recipe.time->seconds() : 0;
  LossEnds ends(losses_[number].size(), steps);
  bool through = true;
  for (int64_t step = 0; step < steps && through; ++step) {
    const int64_t of_epoch = step % (steps / phase.epochs);
    if (of_epoch == 0) Shuffle(order, random);
    TW_ASSIGN(const TrainBatch given,
              NextBatch(std::span(order).subspan(static_cast<size_t>(of_epoch * batch), static_cast<size_t>(batch)), random));
    double done = static_cast<double>(step) / static_cast<double>(steps);
    if (recipe.time) {  // whichever ends first, the rate is low by then
      const double time = (RealClock().Now() - start).seconds() / recipe.time->seconds();
      through = time < 1;
      done = std::max(done, std::min(1.0, (time - time_before) / std::max(1e-9, 1 - time_before)));
    }
    TW_ASSIGN(const std::vector<double> losses, trainer->Step(given, phase.learning_rate * RateAt(done, phase.warmup)));
    if (!IsFinite(losses))
      return Fail(Status(StatusCode::kInvalidInput, recipe.name + ": the loss is no number any more at step " +
                                                        std::to_string(report.steps) + "; take a lower learning rate")
                      .At("phases." + std::to_string(number)));
    ends.Add(losses);
    ++report.steps;
    ++steps_done_;
    char text[96];
    std::snprintf(text, sizeof text, "training, step %lld of %lld, loss %.4g", static_cast<long long>(steps_done_),
                  static_cast<long long>(steps_all_), std::accumulate(losses.begin(), losses.end(), 0.0));
    if (!Tell(text, static_cast<double>(steps_done_) / static_cast<double>(steps_all_)))
      return Fail(StatusCode::kCancelled, "stopped while training; nothing was written");
  }
  const std::vector<NamedTensor> weights = trainer->Weights();
  SetWeights(model_, weights);
  SetWeights(split_.trained, weights);
  report.losses.clear();
  for (size_t i = 0; i < losses_[number].size(); ++i) {
    const TrainerLoss& loss = losses_[number][i];
    report.losses.push_back({std::string(LossKindName(loss.kind)) + " of " + loss.output, ends.First(i), ends.Last(i)});
  }
  return through;
}

Result<void> TrainingSession::Train(TimePoint start, TrainReport& report) {
  for (size_t i = 0; i < parts_.recipe.phases.size(); ++i) {
    if (parts_.recipe.phases[i].epochs == 0) continue;
    TW_ASSIGN(const bool through, TrainPhaseThrough(parts_.recipe.phases[i], i, start, report));
    if (!through) {
      report.stopped = "the time was up";
      return {};
    }
  }
  return {};
}

}  // namespace tradewind
