// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ForwardPass: runs tokens of one sequence or of several at once through a model, over the kernels. Owns the scratch memory; borrows model
// and kernels. One thread calls; the pool's threads help. A sequence's numbers depend neither on its chunks, nor on the threads, nor on
// what else is in the batch (docs/numerics.md).
//
//   ForwardPass pass(model, kernels, 512);
//   TW_RETURN_IF_ERROR(cache.Reserve(start + tokens.size()));
//   pass.Run({{.tokens = tokens, .start = start, .cache = &cache, .logits_begin = tokens.size() - 1}}, pool, sink);
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
#include "llm/op_times.h"

namespace tradewind {

class ProductTap;
struct AdaptedRows;

// What a pass runs of one sequence; all borrowed.
struct SequencePart {
  std::span<const int32_t> tokens;  // at least one; ids below vocab
  int64_t start = 0;                // position of tokens[0]
  // The sequence's own: it holds the positions before `start` and has room for the tokens, whose keys and values are put there.
  KvCache* cache = nullptr;
  std::span<const AdapterUse> adapters{};  // of this model, in this order
  int64_t logits_begin = 0;                // logits are given of the tokens from this one on
};

class ForwardPass {
 public:
  // At most `max_chunk` tokens a call, of all sequences together.
  ForwardPass(const Model& model, const KernelTable& kernels, int64_t max_chunk);
  ~ForwardPass();

  int64_t max_chunk() const { return max_chunk_; }
  // Which blocks run, ascending; all of them unless told otherwise.
  void SetBlocks(std::vector<int> blocks) { blocks_ = std::move(blocks); }
  // At most this many positions are seen from each; 0 leaves the architecture's own windows alone.
  void SetWindow(int64_t positions) { window_ = positions; }
  // Shown the output of each block that runs ("blk.N.out"), the rows of all sequences; borrowed.
  void SetTap(Tap* tap) { tap_ = tap; }
  // Shown the inputs of each weight matrix (llm/products.h); borrowed.
  void SetProductTap(ProductTap* tap);
  // Whether a sink may be called for several parts at once, by the pool's threads; those of one part stay in order. Not unless told so.
  void SetConcurrentSink(bool concurrent) { concurrent_sink_ = concurrent; }
  // Told what the time of the passes from now on goes to; borrowed, null for none.
  void SetOpTimes(OpTimes* times);

  // Where the logits of one token go: of parts[part].tokens[token], `vocab` values, valid during the call. In the order of the parts,
  // unless SetConcurrentSink says otherwise.
  using LogitsSink = std::function<void(size_t part, int64_t token, const float* logits)>;

  // Runs all parts, each of another sequence.
  void Run(std::span<const SequencePart> parts, ThreadPool& pool, const LogitsSink& sink);
  void Run(const SequencePart& part, ThreadPool& pool, const LogitsSink& sink) { Run({&part, 1}, pool, sink); }

  // Runs a part like Run and gives what the last norm makes of its tokens, [token][width], valid until the next call. Where attention is
  // not causal the tokens are a whole text, from position 0.
  std::span<const float> Encode(const SequencePart& part, ThreadPool& pool);

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
  Chunk Begin(std::span<const SequencePart> parts, ThreadPool& pool);
  void RunBlocks(const Chunk& chunk);
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
  const float* Finished(const Chunk& chunk, std::span<const int64_t> rows);
  std::span<const AdaptedRows> AdaptedAmong(const Chunk& chunk, std::span<const int64_t> rows);
  void Logits(const Chunk& chunk, const LogitsSink& sink);
  void ScaleLogits(int64_t rows);
  void Hand(const Chunk& chunk, std::span<const int64_t> rows, const LogitsSink& sink);
  void FillRope(const Chunk& chunk);
  void Lap(Op op) {
    if (times_ != nullptr) times_->Lap(op);
  }

  const Model& model_;
  const KernelTable& kernels_;
  int64_t max_chunk_;
  std::vector<int> blocks_;
  int64_t window_ = 0;
  bool concurrent_sink_ = false;
  std::vector<size_t> rope_table_;  // of each block: which of the distinct rotary tables
  Tap* tap_ = nullptr;
  OpTimes* times_ = nullptr;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace tradewind
