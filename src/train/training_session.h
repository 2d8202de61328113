// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TrainingSession: a net, its pictures and what goes from the frozen part to the one that trains, ready to be trained and judged. Borrows
// what it is made of. One caller at a time.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "train/frozen_features.h"
#include "train/torch_trainer.h"
#include "train/train_net.h"
#include "train/trainable.h"
#include "train/training_pictures.h"

namespace tradewind {

// Losses with their outputs spelled out ("exit.*": every output that begins so; block.3) and their targets by their values' names, blocks
// being those of the net as it was.
Result<std::vector<TrainerLoss>> ExpandedLosses(const OnnxModel& model, const OnnxModel& original, const std::vector<TrainerLoss>& losses);
// Under which name a target is fed.
std::string TargetName(const std::string& value);

// Copies weights into the initializers of their names.
void SetWeights(OnnxModel& model, const std::vector<NamedTensor>& weights);

// 1 at its highest: a line up over `warmup`, then half a cosine down to 0. `done` from 0 to 1.
double RateAt(double done, double warmup);

class TrainingSession {
 public:
  struct Parts {
    const TrainRecipe& recipe;
    const TrainOptions& options;
    const OnnxModel& original;
    const OnnxModel* teacher = nullptr;  // where the recipe has one
    const ModelCard& card;
    const TrainingPictures& train;
    const TrainingPictures& validate;
  };
  // Takes the model to train.
  static Result<TrainingSession> Make(const Parts& parts, OnnxModel model);

  const OnnxModel& model() const { return model_; }
  const std::vector<std::string>& parameters() const { return parameters_; }

  // Computes what goes in once, where it is small enough.
  Result<void> KeepFeatures();
  // Every output of the model that has one number a class.
  Result<std::vector<OutputAccuracy>> Judge();
  // Trains through all phases.
  Result<void> Train(TimePoint start, TrainReport& report);

 private:
  explicit TrainingSession(const Parts& parts) : parts_(parts) {}
  std::vector<std::string> ChangedParameters() const;
  void FeedTargetsAsEdges();
  Result<std::vector<FeatureNet>> FeatureNets(bool with_targets);
  Result<std::unique_ptr<TorchTrainer>> OpenTrainer(const TrainPhase& phase);
  Result<bool> TrainPhaseThrough(const TrainPhase& phase, size_t number, TimePoint start, TrainReport& report);
  Result<TrainBatch> NextBatch(std::span<const int64_t> pictures, class Random& random);
  bool Tell(const std::string& what, double share) const { return !parts_.options.progress || parts_.options.progress(what, share); }

  Parts parts_;
  OnnxModel model_;
  std::vector<std::string> parameters_;
  std::vector<std::vector<TrainerLoss>> losses_;  // of each phase
  TrainableNet split_;
  OnnxModel teacher_;  // that gives the targets alone, where the frozen part does not
  std::vector<std::string> frozen_targets_, teacher_targets_;
  std::vector<std::string> judged_;
  std::optional<FrozenFeatures> train_, validate_;
  int64_t steps_done_ = 0, steps_all_ = 0;
};

}  // namespace tradewind
