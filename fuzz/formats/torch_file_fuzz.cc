// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes to the reader of PyTorch's files. What it refuses must carry a place; what it takes are tensors as large as their shapes say.
#include <cstdlib>

#include "../scratch_folder.h"
#include "formats/torch_file.h"

namespace tradewind {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void RunOne(const uint8_t* data, size_t size) {
  const auto* begin = reinterpret_cast<const std::byte*>(data);
  const auto file = TorchFile::FromBytes(std::vector<std::byte>(begin, begin + size), "fuzz");
  if (IsForAFile(size)) {
    static const ScratchFolder folder;
    folder.Write("fuzz", {reinterpret_cast<const char*>(data), size});
    Require(TorchFile::Open(folder.Path("fuzz")).has_value() == file.has_value());
  }
  if (!file) {
    Require(!file.error().where().empty());
    return;
  }
  Require(!file->tensors().empty());
  for (const auto& [name, tensor] : file->tensors()) {
    Require(file->Find(name) == &tensor);
    if (tensor.type != "Float") continue;
    Require(tensor.data.size() == 4 * static_cast<uint64_t>(tensor.values()));
    Require(tensor.Floats()->size() == static_cast<size_t>(tensor.values()));
  }
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne(data, size);
  return 0;
}
