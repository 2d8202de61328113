// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Model: the weights of one file, checked against its architecture. Its matrices are packed for the kernels by the first passes, or all at
// once by Pack (llm/packing.h); else it is immutable after loading, and packing changes no number. Share it between sessions and threads.
// The mapping stays open for the embedding rows and what is not packed; the other pages are released.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "formats/gguf.h"
#include "kernels/packed_matrix.h"
#include "llm/model_spec.h"
#include "llm/packing.h"

namespace tradewind {

// A bias or norm vector, padded by zeros to a multiple of 16; empty where the architecture has none.
using Vector = std::vector<float>;

struct ExpertWeights {
  PackedMatrix gate, up, down;
};

// What the block's spec asks for; the rest is empty.
struct BlockWeights {
  Vector attention_norm;  // before the mixer, whatever it is
  PackedMatrix query, key, value, attention_out;
  Vector query_bias, key_bias, value_bias, attention_out_bias;
  Vector query_norm, key_norm;                      // of one head, or of all together
  PackedMatrix convolution_in, convolution_out;     // width to b, c, x; width to width
  Vector convolution_taps;                          // [tap][width]
  Vector attention_post_norm, attention_post_bias;  // after the mixer
  Vector feed_forward_norm;
  PackedMatrix gate, up, down;
  Vector up_bias, down_bias;
  PackedMatrix router;
  std::vector<ExpertWeights> experts;
  Vector feed_forward_post_norm, feed_forward_post_bias;
};

struct ModelOptions {
  // Expands all weights to F32: for tests against an exact forward pass.
  bool widen_to_f32 = false;
  const Registry<Architecture>* architectures = nullptr;  // default: Architectures()
};

class Model {
 public:
  // kInvalidInput names a tensor that is missing or of the wrong shape; kIo if the file became shorter.
  static Result<std::unique_ptr<const Model>> Load(Gguf file, const ModelOptions& options, ThreadPool& pool);

  const ModelSpec& spec() const { return spec_; }
  const Gguf& file() const { return file_; }
  const std::vector<BlockWeights>& blocks() const { return blocks_; }
  const Vector& output_norm() const { return output_norm_; }
  const PackedMatrix& output() const { return output_; }
  // Divides rotary frequencies, one a pair; empty where the file has none.
  const Vector& rope_factors() const { return rope_factors_; }
  // The embedding of a token at a position, `width` values, with all that the architecture does before the first block.
  void Embed(int32_t token, int64_t position, float* out) const;
  // Gives back the pages that rows of the embedding brought along, of which a file system may map two megabytes for a row. Not while
  // the embedding has yet to be packed as the output matrix.
  void ReleaseEmbedding() const;
  // kIo if the file became shorter since it was opened, so that weights may have been zeros: to be asked after a pass, before what came of
  // it is used.
  Result<void> CheckWhole() const;
  // The packed matrix made of the tensor of this name; nullptr if there is none, or one for each expert.
  const PackedMatrix* FindMatrix(std::string_view tensor) const;
  // By the tensor's name what was packed of it: one matrix, or one for each expert.
  using MatricesByTensor = std::map<std::string, std::vector<const PackedMatrix*>, std::less<>>;
  const MatricesByTensor& matrices() const { return matrices_; }
  Packing& packing() const { return *packing_; }
  // Bytes held once all is packed: weights and vectors.
  uint64_t memory_bytes() const { return memory_bytes_; }

 private:
  friend class ModelLoader;
  explicit Model(Gguf file) : file_(std::move(file)) {}
  Gguf file_;
  ModelSpec spec_;
  std::unique_ptr<Packing> packing_;
  std::vector<BlockWeights> blocks_;
  Vector output_norm_;
  Vector rope_factors_;
  PackedMatrix output_;
  const GgufTensor* embedding_ = nullptr;
  const GgufTensor* positions_ = nullptr;
  Vector token_type_;
  Vector embedding_norm_, embedding_bias_;
  MatricesByTensor matrices_;
  uint64_t memory_bytes_ = 0;
};

// Bytes that the packed weights of this file will take, without loading it.
uint64_t PackedWeightBytes(const Gguf& file, const ModelSpec& spec);

}  // namespace tradewind
