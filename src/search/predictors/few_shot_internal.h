// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What training and using a few-shot model share (few_shot.cc, few_shot_training.cc). Pure functions, thread-safe.
#pragma once

#include "search/predictors/few_shot.h"

namespace tradewind {

void AppendStandardised(const FewShotModel& model, std::span<const double> features, std::vector<float>& out);

// The inner loop: `steps` of gradient descent from member.start on the references x, whose standardised latencies are the embedding. Where
// `step_gradients` is not empty, the sum of the steps' gradients is added to it.
std::vector<float> InnerAdapt(const NetShape& shape, uint32_t steps, const FewShotMember& member, std::span<const float> x,
                              std::span<const float> embedding, std::span<float> step_gradients);

// What the networks say of architectures, on the device's scale.
std::vector<double> PredictStandardised(const FewShotModel& model, const FewShotDevice& device,
                                        std::span<const std::vector<double>> features);

}  // namespace tradewind
