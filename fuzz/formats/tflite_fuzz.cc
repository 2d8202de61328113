// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes to the TFLite reader. What it refuses must carry a place; of what it takes every index, shape and constant must hold.
#include <cstdlib>

#include "../scratch_folder.h"
#include "formats/tflite.h"

namespace tradewind {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void RunOne(const uint8_t* data, size_t size) {
  const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
  const auto model = ReadTfliteBytes(bytes, "fuzz");
  if (IsForAFile(size)) {
    static const ScratchFolder folder;
    folder.Write("fuzz", {reinterpret_cast<const char*>(data), size});
    Require(ReadTflite(folder.Path("fuzz")).has_value() == model.has_value());
  }
  if (!model) {
    Require(!model.error().where().empty());
    Require(!model.error().offset() || *model.error().offset() <= size);
    return;
  }
  Require(!model->graphs.empty());
  for (const TfliteGraph& graph : model->graphs) {
    const auto count = static_cast<int32_t>(graph.tensors.size());
    for (const TfliteTensor& t : graph.tensors) {
      uint64_t values = 1;
      for (const int32_t side : t.shape) values *= static_cast<uint64_t>(side);
      Require(!t.constant || t.type == TfliteType::kString || t.data.size() == values * TfliteTypeBytes(t.type));
      Require(t.quantization.scale.size() <= 1 ||
              t.quantization.scale.size() == static_cast<size_t>(t.shape[static_cast<size_t>(t.quantization.dimension)]));
    }
    for (const TfliteOperator& op : graph.operators) {
      for (const int32_t i : op.inputs) Require(i >= -1 && i < count);
      for (const int32_t o : op.outputs) Require(o >= 0 && o < count);
    }
    for (const int32_t o : graph.outputs) Require(o >= 0 && o < count);
  }
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne(data, size);
  return 0;
}
