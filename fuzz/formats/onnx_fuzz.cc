// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes to the ONNX reader. What it refuses must carry a place; what it takes is written, read again and is then the same, its nodes in
// an order that can be run.
#include <cstdlib>
#include <set>

#include "../scratch_folder.h"
#include "formats/onnx.h"

namespace tradewind {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void RunOne(const uint8_t* data, size_t size) {
  const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
  const auto model = ReadOnnxBytes(bytes, "fuzz");
  if (IsForAFile(size)) {
    static const ScratchFolder folder;
    folder.Write("fuzz", {reinterpret_cast<const char*>(data), size});
    const auto file = ReadOnnx(folder.Path("fuzz"));
    if (model)
      Require(file.has_value());  // the other way about external data may be found: there are none in the folder but the file itself
  }
  if (!model) {
    Require(!model.error().where().empty());
    Require(!model.error().offset() || *model.error().offset() <= size);
    return;
  }
  Require(model->graph.nodes.size() <= OnnxLimits::kNodes);
  std::set<std::string_view> made;
  for (const OnnxTensor& t : model->graph.initializers) {
    made.insert(t.name);
    Require(t.type == OnnxType::kString || t.data.size() == static_cast<uint64_t>(t.values()) * OnnxTypeBytes(t.type));
  }
  for (const OnnxValue& v : model->graph.inputs) made.insert(v.name);
  for (const OnnxNode& node : model->graph.nodes) {
    for (const std::string& input : node.inputs) Require(input.empty() || made.contains(input));
    for (const std::string& output : node.outputs) Require(output.empty() || made.insert(output).second);
  }
  const auto written = WriteOnnx(*model);
  Require(written.has_value());
  const auto again = ReadOnnxBytes(*written, "again");
  Require(again.has_value());
  Require(*WriteOnnx(*again) == *written);
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne(data, size);
  return 0;
}
