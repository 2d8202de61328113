// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Which parameters of a net train, and which part of the net they leave as it is: what lies before them gives the same numbers for the same
// picture at every step, and can be run by any back end, or once and for all. Pure functions.
//
//   TW_ASSIGN(const std::vector<std::string> parameters, TrainableParameters(model, {"exit."}));
//   TW_ASSIGN(const TrainableNet split, SplitFrozen(model, parameters, {"exit.0", "logits"}));
#pragma once

#include <string>
#include <vector>

#include "formats/onnx.h"

namespace tradewind {

// Weights, biases, scales of norms and of quantisers whose names begin with one of these; with none all. kNotFound for a prefix that
// nothing begins with.
Result<std::vector<std::string>> TrainableParameters(const OnnxModel& model, const std::vector<std::string>& prefixes);

struct TrainableNet {
  OnnxModel frozen;                  // inputs to `edges`; without nodes where they are the inputs themselves
  OnnxModel trained;                 // `edges` to the wanted values
  std::vector<std::string> edges{};  // values that go from one to the other
};
// `kept`: values that the frozen part gives beside, which it must be able to. kNotFound for a value that is none of the net's;
// kInvalidInput for one to keep that needs a trained parameter.
Result<TrainableNet> SplitFrozen(const OnnxModel& model, const std::vector<std::string>& parameters, const std::vector<std::string>& wanted,
                                 const std::vector<std::string>& kept = {});

// Whether a value comes out the same whatever these parameters are; false for one that the net does not have.
bool IsFrozen(const OnnxModel& model, const std::vector<std::string>& parameters, const std::string& value);

}  // namespace tradewind
