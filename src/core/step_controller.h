// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// StepController: decides step knobs inside a session (exit, skip, draft length, when to stop) and is told what came of it. Injected
// through SessionOptions; called on the session's thread, between layers or tokens, so it must be quick. Tap: reads the activations of a
// named layer without forking the forward pass.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tradewind {

struct StepState {
  int64_t position = 0;  // of the token being computed
  int block = 0;         // next block to run
  int blocks = 0;        // blocks of the model
};

class StepController {
 public:
  virtual ~StepController() = default;
  // Whether this block runs for this token.
  virtual bool RunBlock(const StepState& state) = 0;
  // The token that came, and its log-probability.
  virtual void Observe(const StepState& state, int32_t token, float logprob) = 0;
};

class Tap {
 public:
  virtual ~Tap() = default;
  // Whether this layer ("blk.3.out") is wanted: asked once a layer when the session starts.
  virtual bool Wants(std::string_view layer) = 0;
  // `rows` x `width` activations, row-major, valid during the call.
  virtual void Read(std::string_view layer, std::span<const float> activations, int64_t rows, int64_t width) = 0;
};

}  // namespace tradewind
