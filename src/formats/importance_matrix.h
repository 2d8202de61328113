// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// llama.cpp's importance matrix in its GGUF form: for each weight tensor the mean square of the activations that each of its columns met.
// ImportanceMatrix reads it, ImportanceSums writes it. Either owns its numbers; the former is immutable after reading.
//
//   TW_ASSIGN(const ImportanceMatrix matrix, ImportanceMatrix::Open("imatrix.gguf"));
//   const std::vector<float>* of_columns = matrix.Find("blk.0.ffn_down.weight");
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

class Gguf;

class ImportanceMatrix {
 public:
  // kInvalidInput naming the tensor if its sums and counts do not belong together or hold a NaN, an infinity or a negative number.
  static Result<ImportanceMatrix> Open(const std::string& path);
  static Result<ImportanceMatrix> FromGguf(const Gguf& file);

  // One number >= 0 a column; nullptr if the tensor was not seen. Columns that no activation met have 1.
  const std::vector<float>* Find(std::string_view tensor) const;
  size_t size() const { return columns_.size(); }
  const std::vector<std::string>& datasets() const { return datasets_; }
  uint64_t chunk_count() const { return chunk_count_; }
  const std::string& source() const { return source_; }

 private:
  std::string source_;
  std::vector<std::string> datasets_;
  uint64_t chunk_count_ = 0;
  std::map<std::string, std::vector<float>, std::less<>> columns_;
};

struct ImportanceSums {
  struct OfTensor {
    std::vector<double> squares;  // [share][column], summed over the activations; a share is an expert, or the whole
    std::vector<int64_t> counts;  // of activations, of each share
  };
  std::map<std::string, OfTensor> tensors;  // by the weight tensor's name
  std::vector<std::string> datasets;
  uint32_t chunk_count = 0;
  uint32_t chunk_size = 0;  // tokens

  // The file. kInvalidInput naming the tensor of a sum that is beyond single precision or no number.
  Result<std::vector<std::byte>> ToGguf() const;
};

}  // namespace tradewind
