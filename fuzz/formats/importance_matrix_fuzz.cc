// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes to the reader of importance matrices: what it takes are finite numbers >= 0, what it refuses has a message.
#include <cmath>
#include <cstdlib>

#include "../scratch_folder.h"
#include "formats/gguf.h"
#include "formats/importance_matrix.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tradewind;
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  const auto file = Gguf::FromBytes({bytes, bytes + size}, "fuzzed");
  if (!file) return 0;
  const auto matrix = ImportanceMatrix::FromGguf(*file);
  if (IsForAFile(size)) {
    static const ScratchFolder folder;
    folder.Write("fuzz", {reinterpret_cast<const char*>(data), size});
    const auto opened = ImportanceMatrix::Open(folder.Path("fuzz"));
    // A part of a split model is taken alone from bytes only.
    if (opened && !matrix) std::abort();
    if (opened && opened->chunk_count() != matrix->chunk_count()) std::abort();
  }
  if (!matrix) {
    if (matrix.error().message().empty()) std::abort();
    return 0;
  }
  for (const GgufTensor& tensor : file->tensors()) {
    const std::string_view name = tensor.name;
    if (!name.ends_with(".in_sum2")) continue;
    const std::vector<float>* columns = matrix->Find(name.substr(0, name.size() - 8));
    if (columns == nullptr || columns->size() != tensor.row_length() * tensor.rows()) std::abort();
    for (const float column : *columns) {
      if (!std::isfinite(column) || column < 0) std::abort();
    }
  }
  return 0;
}
