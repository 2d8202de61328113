// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Surgery on ONNX graphs: cut in two, blocks taken out, exits and narrow places put in, batch norms folded. Everything gives a model that
// the whole graph's numbers can be checked against. Graphs with subgraphs (If, Loop) are kUnsupported. Thread-compatible.
//
//   TW_ASSIGN(const GraphCut cut, CutGraph(model, "Relu_12"));   // cut.head, then cut.tail on what comes out of it
//   TW_RETURN_IF_ERROR(InsertExit(model, "Relu_12", {.classes = 10, .name = "exit.0"}, *weights));
#pragma once

#include <string>
#include <vector>

#include "formats/onnx.h"
#include "graph/weight_source.h"

namespace tradewind {

// Weights that older files list among the inputs go from there: engines take them for variables and run twice as slow. How many went.
int64_t RemoveWeightsFromInputs(OnnxModel& model);

// Each batch norm that is the only reader of a convolution goes into its weights. How many went. The numbers change in their last bits.
Result<int64_t> FoldBatchNorms(OnnxModel& model);

// Writes down the shapes of all values that nodes make, as the back end that takes the graph finds them; an open batch stays open.
Result<void> DescribeValues(OnnxModel& model);

// Pictures of other sides go in. Shapes that the file names further on are forgotten: who runs it finds them again, or says which node
// holds on to the old ones. kUnsupported where an input is no picture (N, C, H, W).
Result<void> SetResolution(OnnxModel& model, int64_t height, int64_t width);

// An output that a softmax makes becomes what goes into it: logits, in place of probabilities. How many outputs changed.
Result<int64_t> RemoveSoftmaxes(OnnxModel& model);

// Takes out nodes and weights that no output needs. How many nodes went.
Result<int64_t> RemoveUnused(OnnxModel& model);

// What reads `to` reads `from` instead: what lies between is gone unless others read it. The two must have the same shape where the file
// says so. kNotFound for a name that no node makes; kInvalidInput where `from` needs `to`.
Result<void> Bypass(OnnxModel& model, const std::string& from, const std::string& to);

// `crossing`: the values that go from head to tail, outputs of one and inputs of the other, `at` first.
struct GraphCut {
  OnnxModel head;
  OnnxModel tail;
  std::vector<std::string> crossing;
};
// The head makes `at` and all that it needs; the tail is the rest. kNotFound for a name that no node makes; kInvalidInput if nothing is
// behind it.
Result<GraphCut> CutGraph(const OnnxModel& model, const std::string& at);

// The values at which a cut sends one value alone, in the order of the nodes: the edges of a chain.
Result<std::vector<std::string>> CutPoints(const OnnxModel& model);

// Where blocks end: the cut points that are residual sums, or the activation behind one.
Result<std::vector<std::string>> BlockEnds(const OnnxModel& model);

struct ExitHead {
  int64_t classes = 0;
  std::string name;    // of the output; its parameters are NAME.weight and NAME.bias, what these see is NAME.flat
  int64_t grid = 1;    // the picture is pooled to means of so many parts a side, of equal size
  int64_t hidden = 0;  // so many rectified sums before the classes' (NAME.hidden.weight and NAME.hidden.bias); 0: none
};
// A pooled head on a picture: average pool, fully connected, one more output, which stands before the graph's last. kInvalidInput where the
// file does not say how many channels and pixels the value has, or the grid does not divide its sides.
Result<void> InsertExit(OnnxModel& model, const std::string& at, const ExitHead& head, WeightSource& weights);

// The key of a model's metadata under which its bottleneck's code is named: where a cut sends least.
inline constexpr const char* kBottleneckKey = "split.bottleneck";

struct BottleneckPlan {
  int64_t channels = 0;  // of the code
  int64_t stride = 1;    // of how many pixels a side of the picture the code has one
  int64_t kernel = 3;
  std::string name;  // of its parameters; the code is the value NAME.code, what stands in for the picture NAME.restored
};
// A narrow place: a convolution to few channels, and two back to as many as there were. Who read `at` reads what comes back; a cut at the
// code sends it alone, and the metadata name it. Errors as for InsertExit.
Result<void> InsertBottleneck(OnnxModel& model, const std::string& at, const BottleneckPlan& plan, WeightSource& weights);

}  // namespace tradewind
