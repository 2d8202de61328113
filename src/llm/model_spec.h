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
struct HuggingFaceTable;

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
  float scale = 0;           // of the scores
  int64_t window = 0;        // a position sees itself and the window-1 before it; 0: all
  bool causal = true;        // else each position of a chunk sees all of it: the chunk is the whole sequence
  bool head_norm = false;    // RMS norm of each query and key head before rotation
  bool joint_norm = false;   // RMS norm of all query heads as one row, and of all key heads, before rotation
  bool bias = false;         // on query, key and value
  bool output_bias = false;  // on what goes back to the stream
  RopeSpec rope;             // no dimensions: none
};

// A gated convolution over the last positions: out_proj(c * conv(b * x)), where in_proj gives b, c and x.
struct ShortConvolutionSpec {
  int64_t taps = 0;  // positions that one output reads: itself and the taps-1 before it
};

// kGeluErf is the exact form, kGelu the one by tanh.
enum class Activation : uint8_t { kSilu, kGelu, kGeluErf };

struct FeedForwardSpec {
  int64_t width = 0;  // of one expert where there are experts
  Activation activation = Activation::kSilu;
  bool gated = true;  // activation(gate) * up, else activation(up)
  bool bias = false;
  int64_t experts = 0;       // 0: dense
  int64_t used_experts = 0;  // for each token, the likeliest by a softmax over all
  bool renormalise = false;  // the weights of the used ones sum to one
};

// What mixes positions in a block.
enum class Mixer : uint8_t { kAttention, kShortConvolution };

struct BlockSpec {
  Mixer mixer = Mixer::kAttention;
  AttentionSpec attention;
  ShortConvolutionSpec convolution;
  FeedForwardSpec feed_forward;
  bool post_norms = false;   // RMS norm of what mixer and feed-forward give, before it is added
  bool norm_after = false;   // layer norm of the sum after mixer and feed-forward, in place of an RMS norm before each
  float residual_scale = 1;  // of what mixer and feed-forward give
};

struct EmbeddingSpec {
  float scale = 1;
  bool positions = false;    // adds a learned row for each position,
  bool token_types = false;  // the row of the first token type,
  bool norm = false;         // and takes the layer norm of the sum
};

// How the vectors of a text's tokens become one; the numbers are those of NAME.pooling_type.
enum class Pooling : uint8_t { kNone, kMean, kFirst, kLast };

struct ModelSpec {
  std::string architecture;
  int64_t vocab = 0;  // rows of the embedding
  int64_t width = 0;
  int64_t context = 0;  // positions that it was trained for
  float norm_eps = 0;
  EmbeddingSpec embedding;
  std::vector<BlockSpec> blocks;
  std::string output_norm = "output_norm.weight";  // the tensor of the last norm; empty: none
  bool generates = true;                           // has logits of the next token; else it is an encoder
  float logit_scale = 1;
  Pooling pooling = Pooling::kNone;  // unless the caller asks for another
};

// One entry of the architecture table.
struct Architecture {
  Result<ModelSpec> (*build)(const GgufMetadata& metadata, const std::string& name);
  const HuggingFaceTable* hugging_face = nullptr;  // how it is read from safetensors (llm/model_file.h); null where it is not
};
const Registry<Architecture>& Architectures();

// Looks up general.architecture and builds the spec. kUnsupported names the architectures that there are.
Result<ModelSpec> BuildModelSpec(const GgufMetadata& metadata, const Registry<Architecture>& architectures);

// What ReadTransformerSpec expects beyond the plain decoder.
struct TransformerTraits {
  const char* epsilon = "attention.layer_norm_rms_epsilon";  // the key of the norms' epsilon, after the name
  bool experts = false;                                      // reads NAME.expert_count and its kin, else refuses them
  bool kv_heads = true;                                      // reads one NAME.attention.head_count_kv; else the caller sets each block's
};

// The numbers that most transformers share, read from NAME.block_count, NAME.attention.head_count and so on, checked against limits; every
// block the same. An architecture starts from this and changes what differs.
Result<ModelSpec> ReadTransformerSpec(const GgufMetadata& metadata, const std::string& name, const TransformerTraits& traits = {});

// Refuses a key that changes the computation in a way that is not supported: kUnsupported names it. Absent, 0 and `harmless` pass.
Result<void> RefuseVariant(const GgufMetadata& metadata, const std::string& key, double harmless = 0);

// A number that scales something: `fallback` where the key is absent; refused unless it and its inverse are finite and above 0.
Result<float> ReadScale(const GgufMetadata& metadata, const std::string& key, float fallback);

// The heads of a block that shares keys between query heads: refused by `key` unless they divide evenly.
Result<void> SetKvHeads(AttentionSpec& attention, int64_t kv_heads, const std::string& key);

}  // namespace tradewind
