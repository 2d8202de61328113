// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The attention of a block: queries, keys and values, the cache, and back to the stream.
#include <algorithm>

#include "llm/attention.h"
#include "llm/forward_scratch.h"

namespace tradewind {

void ForwardPass::Attention(const Chunk& chunk, size_t block) {
  Scratch& s = *scratch_;
  const BlockWeights& w = model_.blocks()[block];
  const int64_t width = model_.spec().width;
  const float* input = NormBefore(chunk, block, w.attention_norm);
  const Product heads[] = {{&w.query, s.query.get()}, {&w.key, s.key.get()}, {&w.value, s.value.get()}};
  s.products.Run(input, chunk.rows, width, heads, chunk.pool, s.adapted);
  Lap(Op::kQkv);
  RotateAndStore(chunk, block);
  Lap(Op::kRotate);
  Attend(chunk, block);
  Lap(Op::kAttention);
  const Product out[] = {{&w.attention_out, s.update.get()}};
  s.products.Run(s.attended.get(), chunk.rows, w.attention_out.cols(), out, chunk.pool, s.adapted);
  if (model_.spec().blocks[block].attention.output_bias) AddBias(chunk, w.attention_out_bias, width, s.update.get());
  Lap(Op::kMixerOut);
  AddResidual(chunk, block, w.attention_post_norm, w.attention_post_bias);
}

// Bias, norm and rotation of queries and keys; keys and values go to the cache.
void ForwardPass::RotateAndStore(const Chunk& chunk, size_t block) {
  Scratch& s = *scratch_;
  const BlockWeights& w = model_.blocks()[block];
  const AttentionSpec& a = model_.spec().blocks[block].attention;
  const size_t table = rope_table_[block];
  const int64_t pairs = a.rope.dimensions / 2;
  chunk.ForRows([&](int64_t row) {
    float* query = s.query.get() + row * w.query.padded_rows();
    float* key = s.key.get() + row * w.key.padded_rows();
    float* value = s.value.get() + row * w.value.padded_rows();
    if (a.bias) {
      kernels_.add(query, w.query_bias.data(), w.query.rows(), query);
      kernels_.add(key, w.key_bias.data(), w.key.rows(), key);
      kernels_.add(value, w.value_bias.data(), w.value.rows(), value);
    }
    if (a.joint_norm) {
      kernels_.rms_norm(query, w.query_norm.data(), model_.spec().norm_eps, w.query.rows(), query);
      kernels_.rms_norm(key, w.key_norm.data(), model_.spec().norm_eps, w.key.rows(), key);
    }
    const float* cos = s.cos[table].data() + row * pairs;
    const float* sin = s.sin[table].data() + row * pairs;
    auto finish = [&](float* head, const Vector& norm) {
      if (a.head_norm) kernels_.rms_norm(head, norm.data(), model_.spec().norm_eps, a.head_dim, head);
      kernels_.rope(head, cos, sin, pairs, a.rope.adjacent);
    };
    for (int64_t h = 0; h < a.heads; ++h) finish(query + h * a.head_dim, w.query_norm);
    const RowPlace& place = chunk.places[static_cast<size_t>(row)];
    KvCache& cache = *chunk.parts[place.part].cache;
    const int64_t page = place.position / kKvPage;
    const int64_t slot = place.position % kKvPage;
    for (int64_t h = 0; h < a.kv_heads; ++h) {
      finish(key + h * a.head_dim, w.key_norm);
      const KvType kt = cache.key_type();
      const KvType vt = cache.value_type();
      kernels_.kv_store(kt, key + h * a.head_dim, a.head_dim, cache.Keys(block, page, h) + slot * KvRowBytes(kt, a.head_dim));
      kernels_.kv_store(vt, value + h * a.head_dim, a.head_dim, cache.Values(block, page, h) + slot * KvRowBytes(vt, a.head_dim));
    }
  });
}

void ForwardPass::Attend(const Chunk& chunk, size_t block) {
  Scratch& s = *scratch_;
  AttentionSpec a = model_.spec().blocks[block].attention;
  if (window_ > 0) a.window = a.window > 0 ? std::min(a.window, window_) : window_;
  const int64_t stride = model_.blocks()[block].query.padded_rows();
  s.works.clear();
  int64_t row = 0;
  for (const SequencePart& part : chunk.parts) {
    const auto rows = static_cast<int64_t>(part.tokens.size());
    s.works.push_back({part.cache, s.query.get() + row * stride, stride, s.attended.get() + row * a.heads * a.head_dim, rows, part.start});
    row += rows;
  }
  PlanAttention(a, s.works, chunk.pool.threads(), s.plan);
  if (times_ != nullptr) {
    for (const AttentionWork& work : s.works) times_->Add(WorkOf(a, work));
  }
  chunk.pool.ParallelFor(static_cast<int64_t>(s.plan.tiles.size()), [&](int64_t i, int member) {
    AttendTile(s.plan, s.plan.tiles[static_cast<size_t>(i)], block, kernels_, s.attention[static_cast<size_t>(member)].get());
  });
  chunk.pool.ParallelFor(static_cast<int64_t>(s.plan.joins.size()),
                         [&](int64_t i, int) { JoinPages(s.plan, s.plan.joins[static_cast<size_t>(i)], kernels_); });
}

}  // namespace tradewind
