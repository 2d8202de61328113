// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// An architecture as data: a model is a list of blocks, each a mixer and a feed-forward with their numbers. The forward pass reads only
// this; an architecture is one file in llm/architectures that fills it from a model file's metadata.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "core/registry.h"

namespace tradewind {

class GgufMetadata;

struct RopeSpec {
  int64_t dimensions = 0;  // rotated values of a head, even
  double base = 10000;
  double position_scale = 1;  // positions are multiplied by it
  bool adjacent = false;      // pairs (2i, 2i+1), else (i, i + dimensions / 2)
};

struct AttentionSpec {
  int64_t heads = 0;
  int64_t kv_heads = 0;  // divides heads
  int64_t head_dim = 0;
  float scale = 0;         // of the scores
  int64_t window = 0;      // a position sees itself and the window-1 before it; 0: all
  bool head_norm = false;  // RMS norm of each query and key head before rotation
  bool bias = false;       // on query, key and value
  RopeSpec rope;
};

enum class Activation : uint8_t { kSilu, kGelu };

struct FeedForwardSpec {
  int64_t width = 0;
  Activation activation = Activation::kSilu;  // gated: activation(gate) * up
};

struct BlockSpec {
  AttentionSpec attention;
  FeedForwardSpec feed_forward;
  bool post_norms = false;  // RMS norm of what attention and feed-forward give, before it is added
};

struct ModelSpec {
  std::string architecture;
  int64_t vocab = 0;  // rows of the embedding
  int64_t width = 0;
  int64_t context = 0;  // positions that it was trained for
  float norm_eps = 0;
  float embedding_scale = 1;
  std::vector<BlockSpec> blocks;
};

// One entry of the architecture table.
struct Architecture {
  Result<ModelSpec> (*build)(const GgufMetadata& metadata, const std::string& name);
};
const Registry<Architecture>& Architectures();

// Looks up general.architecture and builds the spec. kUnsupported names the architectures that there are.
Result<ModelSpec> BuildModelSpec(const GgufMetadata& metadata, const Registry<Architecture>& architectures);

// The numbers that most decoder-only transformers share, read from NAME.block_count, NAME.attention.head_count and so on, checked
// against limits; every block the same. An architecture starts from this and changes what differs.
Result<ModelSpec> ReadTransformerSpec(const GgufMetadata& metadata, const std::string& name);

}  // namespace tradewind
