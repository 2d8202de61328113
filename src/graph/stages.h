// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A graph with several outputs as stages that run one after the other, each giving an output. What an early answer spares is not computed.
// Our own executor pauses between stages; for others the graph is cut, and each stage hands on what the later ones need.
//
//   TW_ASSIGN(const std::vector<GraphStage> stages, CutIntoStages(model));       // exit.0, exit.1, ..., logits
//   TW_ASSIGN(StagedGraph graph, StagedGraph::Open(model, {.threads = 2}));
//   graph.Begin(picture);
//   while (!graph.Done()) { TW_ASSIGN(const Tensor logits, graph.Step()); if (sure(logits)) break; }
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "formats/onnx.h"
#include "graph/backend.h"

namespace tradewind {

// Its inputs are the graph's and what earlier stages made; its outputs are `output`, then what it hands on.
struct GraphStage {
  OnnxModel model;
  std::string output;
};
// The outputs come in the order of how many nodes each needs. A node is in the stage of the first output that needs it. kUnsupported where
// an output needs no node that an earlier one did not need, too.
Result<std::vector<GraphStage>> CutIntoStages(const OnnxModel& model);

// One caller at a time.
class StagedGraph {
 public:
  // kUnsupported for graphs of several inputs, and as OpenGraph.
  static Result<StagedGraph> Open(const OnnxModel& model, const GraphOptions& options);

  size_t stages() const { return outputs_.size(); }
  const std::string& output(size_t stage) const { return outputs_[stage]; }
  const GraphEdge& input() const { return input_; }
  int64_t memory_bytes() const;

  // Forgets what was run before.
  Result<void> Begin(Tensor input);
  size_t next() const { return next_; }  // the stage that Step will run
  bool Done() const { return next_ == stages(); }
  // Runs a stage; not after the last. Its output.
  Result<Tensor> Step();

 private:
  std::unique_ptr<GraphRunner> whole_;                 // one that pauses
  std::vector<size_t> output_of_;                      // its output for each stage
  std::vector<std::unique_ptr<GraphRunner>> runners_;  // or one a stage,
  std::vector<std::vector<std::string>> makes_;        // and what each makes, by the graph's names
  std::vector<std::string> outputs_;
  GraphEdge input_;
  std::map<std::string, Tensor> values_;  // the input and what stages made so far
  size_t next_ = 0;
};

}  // namespace tradewind
