// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Few-shot latency prediction for a device never seen in training, from the latencies of a few reference architectures (HELP,
// arXiv:2106.08630): they are both the device's embedding and what a meta-learnt network adapts to. A model is immutable once trained:
// share it among threads; a predictor belongs to one.
//
//   TW_ASSIGN(FewShotModel model, TrainFewShot(table, {.train = ..., .valid = ..., .architectures = ..., .references = ...}, {}));
//   FewShotPredictor predictor(std::make_shared<FewShotModel>(std::move(model)));
//   TW_RETURN_IF_ERROR(predictor.Fit(ten_measurements));       // of the references, in any order
//   Prediction p = predictor.Predict(features, 0.9);
#pragma once

#include <memory>
#include <string>

#include "core/predictor.h"
#include "search/predictors/adaptive_net.h"
#include "search/predictors/latency_scale.h"
#include "search/predictors/latency_table.h"

namespace tradewind {

// One network: where adaptation starts and each parameter's step size (Meta-SGD, arXiv:1707.09835).
struct FewShotMember {
  std::vector<float> start, rates;
};

struct FewShotModel {
  NetShape shape;
  uint32_t inner_steps = 0;
  double power = 0;                                 // of LatencyScale
  std::vector<double> feature_mean, feature_scale;  // a feature is standardised by these first
  std::vector<std::vector<double>> references;      // features of the reference architectures, in the embedding's order
  std::vector<FewShotMember> members;               // their predictions are averaged
  // Quantiles 0, 0.5 %, ..., 100 % of |error|, of the validation device where each is largest, in units of LatencyScale.
  std::vector<double> error_quantiles;

  // A text of lines, "tradewind few-shot 1" first, whose numbers are hexadecimal floats: the same on every machine.
  std::string Serialize() const;
  // kInvalidInput names the line and what was expected there. Limits: 64 MiB, 65,536 features, 4,096 references, 1,024 units, 64 members.
  static Result<FewShotModel> Parse(std::string_view text);
};

struct FewShotData {
  std::vector<size_t> train;          // devices, by index into the table
  std::vector<size_t> valid;          // devices for early stopping and for the intervals
  std::vector<size_t> architectures;  // what was measured on the training devices; a fifth is kept for validation
  std::vector<size_t> references;     // some architectures
};

struct FewShotOptions {
  size_t episodes = 1500;
  size_t tasks = 4;     // devices an episode
  size_t queries = 64;  // architectures a device and episode
  uint32_t inner_steps = 3;
  uint32_t hidden = 64;
  uint32_t modulation = 32;
  double power = 0.5;  // of LatencyScale, from 0 to 1: 0 weighs relative errors alike, 1 absolute ones
  float meta_rate = 2e-3F;
  float inner_rate = 0.01F;    // where the learnt step sizes start
  double mixture_share = 0.5;  // tasks that are a random blend of training devices: more devices than were measured
  double noise = 0.03;         // of an embedding's entry, in standard deviations: one measurement is not exact
  size_t check_every = 50;     // episodes between looks at the validation devices
  size_t members = 1;
  uint64_t seed = 1;
};

// Meta-trains by first-order MAML (arXiv:1703.03400, section 5.2) on the squared error, keeping the state with the best mean rank
// correlation on the validation devices. kInvalidInput for an invalid table, unknown indices, fewer than 2 training devices or 3
// references.
Result<FewShotModel> TrainFewShot(const LatencyTable& table, const FewShotData& data, const FewShotOptions& options);

// A device's adapted networks.
struct FewShotDevice {
  LatencyScale scale;
  std::vector<float> embedding;                // the references' latencies on that scale
  std::vector<std::vector<float>> parameters;  // one a member
};
// `latencies` belong to model.references, in their order.
FewShotDevice Adapt(const FewShotModel& model, std::span<const double> latencies);
// Predicted latencies of architectures, in the unit of those adapted to.
std::vector<double> PredictLatencies(const FewShotModel& model, const FewShotDevice& device, std::span<const std::vector<double>> features);

class FewShotPredictor final : public Predictor {
 public:
  explicit FewShotPredictor(std::shared_ptr<const FewShotModel> model) : model_(std::move(model)) {}
  std::string_view name() const override { return "few_shot"; }
  // Needs one observation of each reference architecture; others are left out. kInvalidInput counts the missing ones.
  Result<void> Fit(std::span<const Observation> observations) override;
  // The interval is split conformal (arXiv:2107.07511, section 1) with the worst validation device's errors. It holds what it says unless
  // the new device is predicted worse than all n of those: a chance of 1 / (n + 1) if it is like them (a little more, as they also
  // chose when training stopped), and more for one unlike them.
  Prediction Predict(std::span<const double> features, double confidence) const override;

 private:
  std::shared_ptr<const FewShotModel> model_;
  FewShotDevice device_;
};

}  // namespace tradewind
