// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ConvolutionState: what the short convolutions of one sequence need of the positions before: the last taps-1 gated inputs of each block.
// A ring of recent positions lets a session go back by a few tokens; a checkpoint at the start of every page of 256 positions lets it go
// back further, to that start. The memory does not grow with the positions but for the checkpoints. One owner, one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "llm/model_spec.h"

namespace tradewind {

class ConvolutionState {
 public:
  explicit ConvolutionState(const ModelSpec& spec);

  // The greatest position, not above `position`, from which the sequence can go on. `position` of them must have been run.
  int64_t Resume(int64_t position) const;

  // Fills [taps-1][width] with the gated inputs before `position`, zeros before the sequence begins. Resume(position) == position.
  void Read(size_t block, int64_t position, float* rows) const;
  // Takes [taps-1 + count][width]: what Read gave, then the gated inputs of the positions start, start + 1, ...
  void Write(size_t block, int64_t start, int64_t count, const float* rows);
  // All blocks have written these positions.
  void Advance(int64_t start, int64_t count);

  static uint64_t BytesFor(const ModelSpec& spec, int64_t positions);

  static constexpr int64_t kRecent = 64;  // positions in the ring

 private:
  struct Block {
    std::vector<float> recent;       // [position mod kRecent][width]
    std::vector<float> checkpoints;  // of page 1, 2, ...: [taps-1][width]
  };
  bool Recent(int64_t position) const;

  int64_t width_;
  int64_t history_ = 0;  // taps - 1; 0: no block has a convolution
  std::vector<Block> blocks_;
  int64_t begin_ = 0;  // positions that the ring holds
  int64_t end_ = 0;
};

}  // namespace tradewind
