// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// NativeExecutor: runs a NativeNet on this machine. Memory is taken once, when it is made; a run allocates only its results. The same bits
// at any number of threads and under every instruction set. One caller at a time.
//
//   TW_ASSIGN(NativeNet net, NativeFromOnnx(model));
//   TW_ASSIGN(auto executor, NativeExecutor::Make(std::move(net), isa, 2));
//   TW_ASSIGN(std::vector<Tensor> logits, executor->Run({&image, 1}));
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/thread_pool.h"
#include "graph/native/net.h"
#include "graph/tensor.h"
#include "kernels/isa.h"

namespace tradewind {

class NativeExecutor {
 public:
  // kResourceExhausted names the bytes that the values of a run take, where they cannot be had.
  static Result<std::unique_ptr<NativeExecutor>> Make(NativeNet net, Isa isa, int threads);

  const NativeNet& net() const { return net_; }
  // Held while it is open: weights as packed, and the values of a run.
  int64_t memory_bytes() const { return net_.weight_bytes() + plan_.bytes; }
  // What operators remember between runs, as before the first.
  void Reset();
  // Of a kept value, since the last reset.
  std::span<const float> Kept(int value) const;
  // kInvalidInput names the input whose type or shape is another, and what is due.
  Result<std::vector<Tensor>> Run(std::span<const Tensor> inputs);
  // The same in pieces: RunTo runs the operators up to the one that makes this output, if they have not run yet, and gives it.
  Result<void> Begin(std::span<const Tensor> inputs);
  Tensor RunTo(size_t output);

  struct OpTime {
    std::string_view kind;
    std::string output;
    Duration time;
    double multiply_adds = 0;
  };
  // The same run, each operator timed by itself.
  Result<std::vector<OpTime>> Profile(std::span<const Tensor> inputs);

 private:
  NativeExecutor(NativeNet net, MemoryPlan plan, Isa isa, int threads);
  Result<void> TakeInputs(std::span<const Tensor> inputs);
  Tensor GiveOutput(const NativeEdge& edge);
  void RunOps(size_t end);
  void ClearBorder(int value);

  NativeNet net_;
  MemoryPlan plan_;
  Buffer<std::byte> memory_;
  std::vector<std::byte*> places_;
  const ConvolutionKernels* kernels_;
  ThreadPool pool_;
  std::vector<size_t> made_by_;  // how many operators must have run for each output
  size_t next_op_ = 0;
};

}  // namespace tradewind
