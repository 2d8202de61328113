// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// OnnxImporter: what from_onnx.h promises, node by node: layers in from_onnx_layers.cc, what acts on each number in from_onnx_pointwise.cc,
// what moves numbers in from_onnx_moves.cc, whole numbers in from_onnx_quantized.cc. For those files only.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "graph/native/from_onnx.h"
#include "graph/native/net_builder.h"
#include "graph/native/onnx_node.h"
#include "graph/native/view.h"

namespace tradewind {

// How the whole numbers that a QuantizeLinear gives stand for real ones.
struct OnnxGrid {
  float scale = 0;
  int64_t zero_point = 0;
  friend bool operator==(const OnnxGrid&, const OnnxGrid&) = default;
};

// A name of the file: a constant, or a value that runs and how the file's tensor lies in it; without a view it is the picture itself, N, C,
// H, W. Whole numbers between a QuantizeLinear and a DequantizeLinear run as the real ones that they stand for.
struct OnnxName {
  const OnnxTensor* constant = nullptr;
  int value = -1;
  std::optional<View> view{};
  std::optional<OnnxGrid> grid{};
};

class OnnxImporter {
 public:
  OnnxImporter(const OnnxModel& model, const NativeOptions& options) : model_(model), options_(options) {}
  Result<NativeNet> Run();

 private:
  Result<void> TakeInput(const OnnxValue& input);
  Result<NativeEdge> GiveOutput(const OnnxValue& output);
  Result<void> TakeNode(const OnnxNode& node);

  // What input `i` is: a value that runs.
  Result<OnnxName> ValueOf(const OnnxNode& node, const NodeReader& read, size_t i) const;
  // The same, moved if need be so that it lies as its rank has it (LayoutOf).
  Result<OnnxName> LaidOut(const OnnxNode& node, const NodeReader& read, size_t i);
  // The same where it must be a picture: four axes.
  Result<OnnxName> PictureOf(const OnnxNode& node, const NodeReader& read, size_t i);
  // The same where axis 1 must be all channels of the value.
  Result<OnnxName> WithChannels(const OnnxNode& node, const NodeReader& read, size_t i);
  // A constant; nullptr where it is left out.
  Result<const OnnxTensor*> ConstantOf(const OnnxNode& node, const NodeReader& read, size_t i) const;
  Result<std::vector<float>> FloatsOf(const OnnxNode& node, const NodeReader& read, size_t i, int64_t count) const;
  // Of a constant that must be there.
  Result<std::vector<int64_t>> IntegersOf(const OnnxNode& node, const NodeReader& read, size_t i) const;
  std::vector<int64_t> ShapeOf(const OnnxName& known) const;
  View ViewOf(const OnnxName& known) const;
  // Whether it is a vector for each picture, of channels, rows and columns in this order.
  bool IsFlat(const OnnxName& known) const;
  // Whether nobody but one node sees a name.
  bool Free(const std::string& name) const { return uses_.at(name) == 1; }
  int NewValue(const OnnxNode& node, NativeValue like);
  // A value for a tensor of this shape, and its view, as LayoutOf has it.
  Result<OnnxName> NewTensor(const NodeReader& read, const std::string& name, std::span<const int64_t> shape, const NativeValue& like);
  // Output `o` of the node is input 0 seen in another way. kUnsupported where all views together are too large.
  Result<void> See(const OnnxNode& node, const NodeReader& read, int value, View view, size_t o = 0);

  Result<void> TakeSame(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeConstant(const OnnxNode& node, const NodeReader& read);

  Result<void> TakeConvolution(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeBatchNorm(const OnnxNode& node, const NodeReader& read);
  Result<void> TakePool(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeGlobalMean(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeDense(const OnnxNode& node, const NodeReader& read);

  Result<void> TakeBounds(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeCurve(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeBinary(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeBinaryConstant(const OnnxNode& node, const NodeReader& read, size_t running, size_t constant);
  Result<void> TakeIntegrateAndFire(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeSoftmax(const OnnxNode& node, const NodeReader& read);
  Result<void> ScaleAndShift(const OnnxNode& node, const std::string& input_name, const OnnxName& input, std::vector<float> scale,
                             std::vector<float> shift);
  void AddUnary(const OnnxNode& node, const OnnxName& input, UnarySpec spec);

  Result<void> TakeQuantize(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeDequantize(const OnnxNode& node, const NodeReader& read);
  Result<void> FoldDequantize(const OnnxNode& node, const NodeReader& read, const OnnxTensor& whole);
  // The one scale and zero point of a quantised value.
  Result<OnnxGrid> GridOf(const OnnxNode& node, const NodeReader& read) const;

  Result<void> TakeReshape(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeTranspose(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeSlice(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeGather(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeSplit(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeResize(const OnnxNode& node, const NodeReader& read);
  Result<void> TakeConcat(const OnnxNode& node, const NodeReader& read);
  Result<void> TakePad(const OnnxNode& node, const NodeReader& read);

  const OnnxModel& model_;
  const NativeOptions& options_;
  NetBuilder build_;
  std::map<std::string, OnnxName, std::less<>> known_;
  std::map<std::string, int, std::less<>> uses_;
  std::vector<NativeEdge> inputs_;
  int64_t coordinates_ = 0;          // of all views
  std::deque<OnnxTensor> folded_{};  // constants that were worked out here
};

}  // namespace tradewind
