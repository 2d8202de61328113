// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A class: the last output's numbers, one a class, are logits or probabilities.
#include "vision/scorers/classification.h"
#include "vision/task.h"

namespace tradewind {
namespace {

constexpr int64_t kBest = 5;

Result<VisionResult> Classify(const TaskInput& in) {
  const Tensor& scores = in.outputs.back();
  const int64_t classes = scores.shape.empty() ? 0 : scores.shape.back();
  if (classes < 2 || scores.values() != classes) return Fail(WrongOutput(in.edges.back(), scores, "classify", "1xCLASSES"));
  const std::span<const float> values = scores.Values<float>();
  const std::vector<float> probabilities = in.card.probabilities ? std::vector<float>(values.begin(), values.end()) : SoftmaxOf(values);
  VisionResult finding;
  for (const int64_t c : BestClasses(probabilities, std::min(kBest, classes))) {
    finding.labels.push_back({c + in.card.first_label, probabilities[static_cast<size_t>(c)]});
  }
  return finding;
}

}  // namespace

void RegisterClassifyTask(Registry<VisionTask>& registry) {
  registry.Add("classify", {.summary = "what the picture shows", .read = Classify});
}

}  // namespace tradewind
