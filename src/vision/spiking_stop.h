// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// When a spiking classifier may stop: as soon as it is sure enough (Li, Jones & Furber, arXiv:2303.10276, "Dynamic Confidence"). How sure
// it is comes from what its output neurons have gathered so far, so that the same lead means more after more steps. Pure functions over a
// record of every step, but for RecordSteps.
//
//   TW_ASSIGN(const StepRecord record, RecordSteps(spiking, pictures, labels, 64, 2));
//   TW_ASSIGN(const StopRule rule, FitStopRule(record.AllBut(5, 0), {.steps = 48}));
//   const StopRun run = RunWith(rule, record.Part(5, 0));   // run.steps[i], run.right[i]
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/status.h"
#include "formats/onnx.h"
#include "graph/tensor.h"

namespace tradewind {

// What a spiking net's first output is after each step, for pictures whose labels are known.
struct StepRecord {
  int64_t steps = 0;
  int64_t classes = 0;
  std::vector<int64_t> labels{};
  std::vector<float> means{};                 // [picture][step][class]: over the steps so far
  std::vector<double> spikes{};               // [picture][step]: of all neurons, so far
  std::vector<double> synaptic_operations{};  // likewise
  int64_t neurons = 0;

  int64_t pictures() const { return static_cast<int64_t>(labels.size()); }
  size_t Place(int64_t picture, int64_t step) const { return static_cast<size_t>(picture * steps + step - 1); }
  // After `step` >= 1 steps.
  std::span<const float> Means(int64_t picture, int64_t step) const {
    return std::span(means).subspan(Place(picture, step) * static_cast<size_t>(classes), static_cast<size_t>(classes));
  }
  bool Right(int64_t picture, int64_t step) const;  // whether its label is the best then
  // The share of pictures that are.
  double Top1(int64_t step) const;
  // Every picture whose number over `every` leaves `rest`; or all others.
  StepRecord Part(int64_t every, int64_t rest) const;
  StepRecord AllBut(int64_t every, int64_t rest) const;

 private:
  StepRecord Chosen(const std::function<bool(int64_t)>& wanted) const;
};

// Runs every picture through all steps, pictures side by side on `threads`. The net is as for SpikingNet::Open; labels lie within its first
// output, which is a row for each picture.
Result<StepRecord> RecordSteps(const OnnxModel& spiking, std::span<const Tensor> pictures, std::span<const int64_t> labels, int64_t steps,
                               int threads, const std::function<void(double share)>& progress = {});

// The likeliest class's probability, of logits times `scale`.
double ScaledConfidence(std::span<const float> logits, double scale);
// The temperature by which logits must be divided for the least negative log-likelihood of the labels (Guo et al., arXiv:1706.04599,
// section 4.2), within 1/20 and 20. `logits` are rows, one a label.
double FitTemperature(std::span<const float> logits, std::span<const int64_t> labels);

// Certainty after t steps: the confidence of mean logits times t / (steps * temperature), as one sum that grows.
struct StopRule {
  int64_t steps = 32;  // at most
  double temperature = 1;
  double enough = 1;  // certainty at which it stops; above 1: never before the last step
  double CertaintyOf(std::span<const float> means, int64_t step) const {
    return ScaledConfidence(means, static_cast<double>(step) / (static_cast<double>(steps) * temperature));
  }
};

struct StopOptions {
  int64_t steps = 32;  // at most; at most the record's
  double loss = 0;     // of top-1, as a share, that is allowed beside that of all steps
};
// The temperature is that of the last step; then the certainty that stops earliest on average without more than the loss, of all points
// between stopping at once and never (the Pareto front of the paper's section 4.2). kInvalidInput for an empty record or steps beyond it.
Result<StopRule> FitStopRule(const StepRecord& record, const StopOptions& options);

// What came of each picture.
struct StopRun {
  std::vector<double> steps{};
  std::vector<double> right{};  // 0 or 1
  std::vector<double> spikes{};
};
StopRun RunWith(const StopRule& rule, const StepRecord& record);
StopRun RunFixed(int64_t steps, const StepRecord& record);
// As if somebody told when the answer is right: the first step at which it is, or all `steps` where it never is: the bound of all rules
// (the paper's section 3). `stays`: and from then on.
StopRun RunOracle(int64_t steps, bool stays, const StepRecord& record);

}  // namespace tradewind
