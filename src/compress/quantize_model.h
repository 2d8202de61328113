// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A GGUF model to a smaller GGUF model, by a recipe. Reads the mapping tensor by tensor and writes as it goes: memory does not grow with
// the model. The output appears whole or not at all. The bytes do not depend on the number of threads.
//
//   TW_ASSIGN(const QuantizeReport report, QuantizeModel("f16.gguf", "q4.gguf", {.recipe = recipe, .threads = 2}));
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "compress/recipe.h"
#include "formats/importance_matrix.h"

namespace tradewind {

struct QuantizeOptions {
  const Recipe* recipe = nullptr;
  const ImportanceMatrix* importance = nullptr;
  int threads = 1;
  // Called between parts of the work, on the calling thread, with the share that is done and the tensor in hand. False cancels.
  std::function<bool(double share, std::string_view tensor)> progress;
};

struct QuantizeReport {
  struct OfType {
    uint64_t tensors = 0;
    uint64_t values = 0;
    uint64_t bytes = 0;
    uint64_t encoded_values = 0;  // the rest was copied as it stood
    double squared_error = 0;     // of the encoded values, summed
  };
  std::map<TensorType, OfType> types;
  struct Fallback {
    std::string tensor;
    uint64_t row_length = 0;
    TypeChoice choice;
  };
  std::vector<Fallback> fallbacks;
  std::map<TensorType, uint64_t> requantized;  // matrices that were quantised already, by the type that they had
  uint64_t bytes_in = 0;
  uint64_t bytes_out = 0;
  uint64_t values = 0;
};

// kInvalidInput or kUnsupported for what is wrong with the input, a value or the importance matrix, naming the tensor; kIo or
// kResourceExhausted for a file that cannot be written, kIo for a model that became shorter meanwhile; kCancelled.
Result<QuantizeReport> QuantizeModel(const std::string& in, const std::string& out, const QuantizeOptions& options);

}  // namespace tradewind
