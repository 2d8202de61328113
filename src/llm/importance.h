// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What an importance matrix is made of: for each weight matrix of a model's blocks, the squares of the activations that its columns meet
// while the model reads a text, summed. The names, windows and counts are those of llama.cpp's llama-imatrix; output and embedding have
// none, as there. Summed in double precision in the order of the tokens: threads and chunks do not change a bit.
//
//   TW_ASSIGN(const ImportanceSums sums, SumImportance(*instance, text, {.chunks = 100}));
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "formats/importance_matrix.h"
#include "llm/forward.h"
#include "llm/kv_cache.h"
#include "llm/language_model.h"
#include "llm/products.h"

namespace tradewind {

// Adds up over chunks. Owns cache and scratch; borrows the instance, and takes its turn. One thread at a time.
class ImportanceCollector final : private ProductTap {
 public:
  // The instance's setting holds: what runs is counted. kUnsupported for an encoder.
  static Result<std::unique_ptr<ImportanceCollector>> Make(LanguageModelInstance& instance);

  // Reads a chunk from position 0. kInvalidInput if it has no tokens or more than the context.
  Result<void> Add(std::span<const int32_t> ids);
  // The sums over all chunks, which say how many there were and how long the longest was.
  ImportanceSums Take() && { return std::move(sums_); }

 private:
  ImportanceCollector(LanguageModelInstance& instance, std::vector<AdapterUse> adapters);
  void Read(const PackedMatrix& weights, const float* input, int64_t rows) override;

  struct Share {
    double* squares;  // of each column
    int64_t* count;
  };
  LanguageModelInstance& instance_;
  ForwardPass pass_;
  std::vector<AdapterUse> adapters_;
  KvCache cache_;
  ImportanceSums sums_;
  std::map<const PackedMatrix*, Share> share_of_;  // in sums_
};

struct ImportanceOptions {
  int64_t chunks = std::numeric_limits<int64_t>::max();  // at most
  // Called after each chunk, on the calling thread. False cancels.
  std::function<bool(int64_t done, int64_t all)> progress{};
};

// Reads the text in chunks of 512 tokens, or of the context where it is shorter; a text of less than one is a chunk. kInvalidInput if there
// is nothing to read; kCancelled.
Result<ImportanceSums> SumImportance(LanguageModelInstance& instance, const std::string& text, const ImportanceOptions& options = {});

}  // namespace tradewind
