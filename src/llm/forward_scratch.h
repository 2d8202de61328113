// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the parts of a forward pass share: its scratch memory and the chunk at hand. Seen by forward.cc and the mixers and feed-forwards
// alone.
#pragma once

#include <algorithm>
#include <vector>

#include "base/buffer.h"
#include "llm/attention.h"
#include "llm/expert_routing.h"
#include "llm/forward.h"
#include "llm/products.h"

namespace tradewind {

inline int64_t PaddedRows(int64_t n) {
  return (n + kRowGroup - 1) / kRowGroup * kRowGroup;
}

// The widest of each kind over the blocks.
struct Widths {
  int64_t query = 0;
  int64_t key = 0;
  int64_t inner = 0;  // of a feed-forward, padded, over all experts that a token uses
  int64_t head_dim = 0;
  int64_t gathered = 0;  // copies of a token's row: one for each expert that it uses; 0 without experts
  int64_t experts = 0;
  int64_t taps = 0;  // of a short convolution; 0: there is none
};
Widths WidestOf(const ModelSpec& spec);

// Logits are made for this many rows at a time, so that a batch of as many sequences reads the output matrix once: at 262,144 tokens that
// is 32 MiB, of which one row is touched where one is asked for.
inline constexpr int64_t kLogitRows = 32;

// Which token of a batch a row is.
struct RowPlace {
  size_t part;
  int64_t token;
  int64_t position;
};

struct ForwardPass::Scratch {
  Scratch(const Model& model, const KernelTable& kernels, int64_t rows, const Widths& w);
  Buffer<float> hidden;             // [row][width]: the residual stream
  Buffer<float> normed;             // [row][width]
  Buffer<float> query, key, value;  // [row][padded]
  Buffer<float> attended;           // [row][heads * head_dim]
  Buffer<float> gate, up;           // [row][padded]; of experts [place][padded]
  Buffer<float> activated;          // [row][inner]
  Buffer<float> update;             // [row][padded width]: what a part adds to the stream
  Buffer<float> router;             // [row][padded experts]
  Buffer<float> gathered;           // [place][width]: rows in the order of their experts
  Buffer<float> expert_out;         // [place][padded width]
  Buffer<float> convolution_in;     // [row][padded 3 * width]: b, c and x
  Buffer<float> gated;              // [part][taps-1 + row][width]: b * x, of the positions before the part first
  Buffer<float> logits;
  Products products;
  std::vector<RowPlace> places;                        // of each row
  std::vector<int64_t> logit_rows;                     // those whose logits are asked for
  std::vector<AdaptedRows> adapted, gathered_adapted;  // by rows; by places of experts
  std::vector<ExpertChoice> choices;                   // [row][used]
  ExpertGroups groups;
  std::vector<float> ones;
  std::vector<Product> expert_products;
  std::vector<RopeSpec> ropes;               // the distinct ones
  std::vector<std::vector<float>> cos, sin;  // of each: [row][pairs]
  std::vector<Buffer<float>> attention;      // scratch of each pool member
  std::vector<AttentionWork> works;          // of each part
  AttentionPlan plan;
};

// A row is often less work than handing its index from one core to another, so some go together; and no thread waits long for one that is
// behind.
inline constexpr int64_t kLeastRowsTogether = 4;
inline constexpr int64_t kRowTasksPerThread = 8;

// The rows of all parts, one part after the other.
struct ForwardPass::Chunk {
  int64_t rows;
  std::span<const SequencePart> parts;
  std::span<const RowPlace> places;  // of each row
  ThreadPool& pool;

  // Runs body(row) for every row; a single row on the calling thread, where waking another costs more than it saves.
  template <typename Body>
  void ForRows(const Body& body) const {
    For(rows, body);
  }
  // The same for what a chunk's rows have `count` of.
  template <typename Body>
  void For(int64_t count, const Body& body) const {
    const auto run = [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) body(i);
    };
    if (rows == 1) return run(0, count);
    const int64_t each = std::max(kLeastRowsTogether, count / (kRowTasksPerThread * pool.threads()));
    pool.ParallelFor((count + each - 1) / each, [&](int64_t task, int) { run(task * each, std::min((task + 1) * each, count)); });
  }
};

}  // namespace tradewind
