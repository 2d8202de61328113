// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Descriptions of nets: small Lua programs whose functions are layers (docs/nets.md). They run in a sandbox: no files, no other code,
// bounded memory and steps. Deterministic: the same text, parameters and weights give the same model.
//
//   local x = relu(bn(conv(input("image", 3, 32, 32), 16, 3, {name = "conv1"}), {name = "bn1"}))
//   output("logits", linear(flatten(gap(x)), 10, {bias = true, name = "linear"}))
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/status.h"
#include "formats/onnx.h"
#include "graph/weight_source.h"

namespace tradewind {

struct NetScriptLimits {
  static constexpr size_t kTextBytes = 1 << 20;
  static constexpr size_t kMemoryBytes = 32 << 20;  // of the program's own values; weights are apart (BuilderLimits)
  static constexpr int64_t kSteps = 20'000'000;     // instructions, and allocated bytes over 64
};

// `parameters` are what the script asks for by param(NAME, DEFAULT). kInvalidInput names the line; kNotFound a parameter that the script
// does not ask for.
Result<OnnxModel> RunNetScript(std::string_view text, const std::string& name, const std::map<std::string, double>& parameters,
                               WeightSource& weights);

}  // namespace tradewind
