// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes to the safetensors reader. What it refuses must carry a place; what it takes must lie inside the file, each byte of the data in
// one tensor.
#include <cstdlib>

#include "../scratch_folder.h"
#include "formats/safetensors.h"

namespace tradewind {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void RunOne(const uint8_t* data, size_t size) {
  const auto* begin = reinterpret_cast<const std::byte*>(data);
  const auto file = Safetensors::FromBytes(std::vector<std::byte>(begin, begin + size), "fuzz");
  if (IsForAFile(size)) {
    static const ScratchFolder folder;
    folder.Write("fuzz", {reinterpret_cast<const char*>(data), size});
    Require(Safetensors::Open(folder.Path("fuzz")).has_value() == file.has_value());
  }
  if (!file) {
    Require(file.error().offset() && *file.error().offset() <= size && !file.error().where().empty());
    return;
  }
  uint64_t covered = 0;
  for (const auto& [name, tensor] : file->tensors()) {
    Require(!name.empty() && file->FindTensor(name) == &tensor);
    Require(tensor.offset + tensor.data.size() <= size);
    covered += tensor.data.size();
    if (const auto type = tensor.tensor_type()) {
      Require(RowBytes(*type, tensor.values()) == tensor.data.size());
      float value = 0;
      if (tensor.values() > 0) DequantizeRow(*type, tensor.data.data(), {&value, 1});
    }
  }
  Require(covered <= size);
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne(data, size);
  return 0;
}
