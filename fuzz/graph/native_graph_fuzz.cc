// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any ONNX or TFLite bytes to the native executor: refused with a place, or run on zeros, with outputs of the shapes that it said.
#include <cstdlib>
#include <cstring>

#include "graph/native/executor.h"
#include "graph/native/from_onnx.h"
#include "graph/native/from_tflite.h"

namespace tradewind {
namespace {

constexpr int64_t kMostMultiplyAdds = 10'000'000;
constexpr int64_t kMostBytes = 64 << 20;

void Require(bool condition) {
  if (!condition) std::abort();
}

Result<NativeNet> NetOf(std::span<const std::byte> bytes) {
  if (bytes.size() >= 8 && std::memcmp(bytes.data() + 4, "TFL3", 4) == 0) {
    TW_ASSIGN(const TfliteModel model, ReadTfliteBytes(bytes, "fuzz"));
    return NativeFromTflite(model);
  }
  TW_ASSIGN(const OnnxModel model, ReadOnnxBytes(bytes, "fuzz"));
  return NativeFromOnnx(model, {});
}

void RunOne(const uint8_t* data, size_t size) {
  auto net = NetOf({reinterpret_cast<const std::byte*>(data), size});
  if (!net) return Require(!net.error().message().empty());
  int64_t bytes = 0;
  for (const NativeValue& v : net->values) bytes = v.bytes() > kMostBytes ? kMostBytes + 1 : bytes + v.bytes();
  if (bytes > kMostBytes || net->multiply_adds() > kMostMultiplyAdds) return;
  const auto executor = NativeExecutor::Make(std::move(*net), Isa::kGeneric, 1);
  if (!executor) return;
  std::vector<Tensor> inputs;
  for (const NativeEdge& e : (*executor)->net().inputs) inputs.push_back(Tensor::Make(e.edge.type, e.edge.shape));
  const auto outputs = (*executor)->Run(inputs);
  Require(outputs.has_value());
  for (size_t i = 0; i < outputs->size(); ++i) Require((*outputs)[i].shape == (*executor)->net().outputs[i].edge.shape);
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne(data, size);
  return 0;
}
