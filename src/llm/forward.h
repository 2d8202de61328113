// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ForwardPass: runs tokens of one sequence through a model, a chunk at a time, over the kernels. Owns the scratch memory; borrows model and
// kernels. One thread calls; the pool's threads help. The numbers do not depend on chunks or threads (docs/numerics.md).
//
//   ForwardPass pass(model, kernels, 512);
//   TW_RETURN_IF_ERROR(cache.Reserve(start + tokens.size()));
//   pass.Run(tokens, start, cache, pool, tokens.size() - 1, sink);
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "core/step_controller.h"
#include "kernels/kernel_table.h"
#include "llm/adapter.h"
#include "llm/kv_cache.h"
#include "llm/model.h"

namespace tradewind {

class ProductTap;

class ForwardPass {
 public:
  // At most `max_chunk` tokens a call.
  ForwardPass(const Model& model, const KernelTable& kernels, int64_t max_chunk);
  ~ForwardPass();

  int64_t max_chunk() const { return max_chunk_; }
  // Which blocks run, ascending; all of them unless told otherwise.
  void SetBlocks(std::vector<int> blocks) { blocks_ = std::move(blocks); }
  // At most this many positions are seen from each; 0 leaves the architecture's own windows alone.
  void SetWindow(int64_t positions) { window_ = positions; }
  // Adapters of this model that count from now on, in this order; borrowed.
  void SetAdapters(std::vector<AdapterUse> adapters);
  // Shown the output of each block that runs ("blk.N.out"); borrowed.
  void SetTap(Tap* tap) { tap_ = tap; }
  // Shown the inputs of each weight matrix (llm/products.h); borrowed.
  void SetProductTap(ProductTap* tap);

  // Where logits go: rows of `vocab` values `stride` apart, for the tokens first_row, first_row + 1, ... of the chunk; valid during the
  // call.
  using LogitsSink = std::function<void(int64_t first_row, int64_t rows, const float* logits, int64_t stride)>;

  // Runs tokens at positions start, start + 1, ... and puts their keys and values into the cache, which must hold the positions before
  // `start` and have room reserved. Gives the logits of the tokens [logits_begin, tokens.size()) to the sink. Token ids must be below
  // vocab.
  void Run(std::span<const int32_t> tokens, int64_t start, KvCache& cache, ThreadPool& pool, int64_t logits_begin, const LogitsSink& sink);

  // Runs tokens like Run and gives what the last norm makes of them, [row][width], valid until the next call. Where attention is not causal
  // the tokens are a whole text, from position 0.
  std::span<const float> Encode(std::span<const int32_t> tokens, int64_t start, KvCache& cache, ThreadPool& pool);

  // Scratch bytes for chunks of this length, about.
  static uint64_t ScratchBytes(const ModelSpec& spec, int64_t max_chunk);

 private:
  struct Scratch;
  struct Chunk;  // what one call works on
  struct ExpertProduct {
    PackedMatrix ExpertWeights::* matrix;
    float* out;  // [place][stride]
    int64_t stride;
  };
  void RunBlocks(std::span<const int32_t> tokens, const Chunk& chunk);
  // attention_mixer.cc
  void Attention(const Chunk& chunk, size_t block);
  void RotateAndStore(const Chunk& chunk, size_t block);
  void Attend(const Chunk& chunk, size_t block);
  // short_convolution.cc
  void ShortConvolution(const Chunk& chunk, size_t block);
  // feed_forward.cc
  void FeedForward(const Chunk& chunk, size_t block);
  void Dense(const Chunk& chunk, size_t block, const float* input);
  void Activate(const FeedForwardSpec& spec, const float* gate, const float* up, float* out) const;
  // feed_forward_experts.cc
  void Experts(const Chunk& chunk, size_t block, const float* input);
  void RunExperts(const Chunk& chunk, size_t block, const float* input, int64_t cols, std::initializer_list<ExpertProduct> products);

  const float* NormBefore(const Chunk& chunk, size_t block, const Vector& norm);
  void AddBias(const Chunk& chunk, const Vector& bias, int64_t width, float* rows);
  void AddResidual(const Chunk& chunk, size_t block, const Vector& post_norm, const Vector& post_bias);
  const float* Finished(int64_t first, int64_t rows);
  void Logits(const Chunk& chunk, int64_t begin, const LogitsSink& sink);
  void ScaleLogits(int64_t rows);
  void FillRope(const Chunk& chunk);

  const Model& model_;
  const KernelTable& kernels_;
  int64_t max_chunk_;
  std::vector<int> blocks_;
  int64_t window_ = 0;
  std::vector<size_t> rope_table_;  // of each block: which of the distinct rotary tables
  Tap* tap_ = nullptr;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace tradewind
