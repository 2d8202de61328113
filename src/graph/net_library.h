// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The descriptions of nets that come with Tradewind (data/nets), and the user's own by their paths. Thread-safe.
//
//   TW_ASSIGN(OnnxModel model, BuildNet("resnet", {{"blocks1", 2}, {"bottleneck", 0}}, *weights));
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "formats/onnx.h"
#include "graph/weight_source.h"

namespace tradewind {

// Names, ascending.
std::vector<std::string> NetNames();
// What every description may use: data/nets/blocks.lua.
std::string_view NetPrelude();
// By a name of NetNames() or the path of a .lua file. kNotFound lists the names.
Result<OnnxModel> BuildNet(const std::string& net, const std::map<std::string, double>& parameters, WeightSource& weights);

}  // namespace tradewind
