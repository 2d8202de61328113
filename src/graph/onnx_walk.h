// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Who makes and who reads the values of an ONNX graph: what surgery (surgery.h) and stages (stages.h) go by. Pure functions.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/onnx.h"

namespace tradewind {

// Of operators that ONNX does not have: neurons that integrate and fire (spiking.h), quantisers under training (quantizers.h).
inline constexpr std::string_view kTradewindDomain = "tradewind";

// kUnsupported names a node that holds a subgraph (If, Loop): such graphs are not taken apart.
Result<void> CheckFlat(const OnnxModel& model);
// By the values' names, their nodes' numbers.
std::map<std::string, size_t> MakersOf(const OnnxGraph& graph);
// How often each value is read, by a node or as an output of the graph. Of names of their own: the graph may change under it.
std::map<std::string, int> UsesOf(const OnnxGraph& graph);
// Whether each node is needed for one of the values.
std::vector<bool> NeededFor(const OnnxGraph& graph, const std::vector<std::string>& wanted);
// What the file says of a value; nullptr if nothing.
const OnnxValue* Described(const OnnxGraph& graph, std::string_view name);
// The same, or a float of unknown shape.
OnnxValue DescriptionOf(const OnnxGraph& graph, const std::string& name);
void KeepUsedWeights(OnnxGraph& graph);

}  // namespace tradewind
