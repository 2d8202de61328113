// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/forward.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "llm/attention.h"
#include "llm/buffer.h"
#include "llm/products.h"

namespace tradewind {
namespace {

// Logits are made for this many rows at a time: at 262,144 tokens that is 16 MiB.
constexpr int64_t kLogitRows = 16;

int64_t Padded(int64_t n) {
  return (n + kRowGroup - 1) / kRowGroup * kRowGroup;
}

// The widest of each kind over the blocks.
struct Widths {
  int64_t query = 0;
  int64_t key = 0;
  int64_t inner = 0;
  int64_t head_dim = 0;
};
Widths WidestOf(const ModelSpec& spec) {
  Widths w;
  for (const BlockSpec& b : spec.blocks) {
    w.query = std::max(w.query, b.attention.heads * b.attention.head_dim);
    w.key = std::max(w.key, b.attention.kv_heads * b.attention.head_dim);
    w.inner = std::max(w.inner, b.feed_forward.width);
    w.head_dim = std::max(w.head_dim, b.attention.head_dim);
  }
  return w;
}

bool SameRope(const RopeSpec& a, const RopeSpec& b) {
  return a.dimensions == b.dimensions && a.base == b.base && a.position_scale == b.position_scale;
}

}  // namespace

struct ForwardPass::Scratch {
  Scratch(const Model& model, const KernelTable& kernels, int64_t rows, const Widths& w)
      : hidden(rows * model.spec().width),
        normed(rows * model.spec().width),
        query(rows * Padded(w.query)),
        key(rows * Padded(w.key)),
        value(rows * Padded(w.key)),
        attended(rows * w.query),
        gate(rows * Padded(w.inner)),
        up(rows * Padded(w.inner)),
        activated(rows * w.inner),
        update(rows * Padded(model.spec().width)),
        logits(kLogitRows * model.output().padded_rows()),
        products(kernels, rows, std::max({model.spec().width, w.query, w.inner})) {}
  Buffer<float> hidden;             // [row][width]: the residual stream
  Buffer<float> normed;             // [row][width]
  Buffer<float> query, key, value;  // [row][padded]
  Buffer<float> attended;           // [row][heads * head_dim]
  Buffer<float> gate, up;           // [row][padded]
  Buffer<float> activated;          // [row][inner]
  Buffer<float> update;             // [row][padded width]: what a part adds to the stream
  Buffer<float> logits;
  Products products;
  std::vector<RopeSpec> ropes;               // the distinct ones
  std::vector<std::vector<float>> cos, sin;  // of each: [row][pairs]
  std::vector<Buffer<float>> attention;      // scratch of each pool member
};

struct ForwardPass::Chunk {
  int64_t rows;
  int64_t start;
  KvCache& cache;
  ThreadPool& pool;

  // Runs body(row) for every row; a single row on the calling thread, where waking another costs more than it saves.
  template <typename Body>
  void ForRows(const Body& body) const {
    if (rows == 1) return body(0);
    pool.ParallelFor(rows, [&](int64_t row, int) { body(row); });
  }
};

ForwardPass::ForwardPass(const Model& model, const KernelTable& kernels, int64_t max_chunk)
    : model_(model),
      kernels_(kernels),
      max_chunk_(max_chunk),
      blocks_(model.spec().blocks.size()),
      scratch_(std::make_unique<Scratch>(model, kernels, max_chunk, WidestOf(model.spec()))) {
  std::iota(blocks_.begin(), blocks_.end(), 0);
  for (const BlockSpec& block : model.spec().blocks) {
    const RopeSpec& rope = block.attention.rope;
    auto& known = scratch_->ropes;
    const auto found = std::find_if(known.begin(), known.end(), [&](const RopeSpec& r) { return SameRope(r, rope); });
    rope_table_.push_back(static_cast<size_t>(found - known.begin()));
    if (found == known.end()) known.push_back(rope);
  }
  scratch_->cos.resize(scratch_->ropes.size());
  scratch_->sin.resize(scratch_->ropes.size());
}

ForwardPass::~ForwardPass() = default;

uint64_t ForwardPass::ScratchBytes(const ModelSpec& spec, int64_t max_chunk) {
  const Widths w = WidestOf(spec);
  const int64_t row = 3 * spec.width + 2 * w.query + 2 * w.key + 3 * w.inner + std::max({spec.width, w.query, w.inner}) / 2;
  return static_cast<uint64_t>((max_chunk * row + kLogitRows * spec.vocab) * static_cast<int64_t>(sizeof(float)));
}

void ForwardPass::Run(std::span<const int32_t> tokens, int64_t start, KvCache& cache, ThreadPool& pool, int64_t logits_begin,
                      const LogitsSink& sink) {
  const Chunk chunk = {static_cast<int64_t>(tokens.size()), start, cache, pool};
  const Widths w = WidestOf(model_.spec());
  while (static_cast<int>(scratch_->attention.size()) < pool.threads()) scratch_->attention.emplace_back(AttentionScratch(w.head_dim));
  const int64_t width = model_.spec().width;
  chunk.ForRows([&](int64_t row) { model_.Embed(tokens[static_cast<size_t>(row)], scratch_->hidden.get() + row * width); });
  FillRope(chunk);
  for (const int block : blocks_) {
    Attention(chunk, static_cast<size_t>(block));
    FeedForward(chunk, static_cast<size_t>(block));
    if (tap_ != nullptr) {
      const std::string layer = "blk." + std::to_string(block) + ".out";
      if (tap_->Wants(layer)) tap_->Read(layer, {scratch_->hidden.get(), static_cast<size_t>(chunk.rows * width)}, chunk.rows, width);
    }
  }
  if (logits_begin < chunk.rows) Logits(chunk, logits_begin, sink);
}

void ForwardPass::FillRope(const Chunk& chunk) {
  const Vector& factors = model_.rope_factors();
  for (size_t t = 0; t < scratch_->ropes.size(); ++t) {
    const RopeSpec& rope = scratch_->ropes[t];
    const int64_t pairs = rope.dimensions / 2;
    scratch_->cos[t].resize(static_cast<size_t>(chunk.rows * pairs));
    scratch_->sin[t].resize(static_cast<size_t>(chunk.rows * pairs));
    for (int64_t i = 0; i < pairs; ++i) {
      double frequency = std::pow(rope.base, -2.0 * static_cast<double>(i) / static_cast<double>(rope.dimensions)) * rope.position_scale;
      if (static_cast<size_t>(i) < factors.size()) frequency /= static_cast<double>(factors[static_cast<size_t>(i)]);
      for (int64_t row = 0; row < chunk.rows; ++row) {
        const double angle = static_cast<double>(chunk.start + row) * frequency;
        scratch_->cos[t][static_cast<size_t>(row * pairs + i)] = static_cast<float>(std::cos(angle));
        scratch_->sin[t][static_cast<size_t>(row * pairs + i)] = static_cast<float>(std::sin(angle));
      }
    }
  }
}

void ForwardPass::Attention(const Chunk& chunk, size_t block) {
  Scratch& s = *scratch_;
  const BlockWeights& w = model_.blocks()[block];
  const int64_t width = model_.spec().width;
  chunk.ForRows([&](int64_t row) {
    kernels_.rms_norm(s.hidden.get() + row * width, w.attention_norm.data(), model_.spec().norm_eps, width, s.normed.get() + row * width);
  });
  const Product heads[] = {{&w.query, s.query.get()}, {&w.key, s.key.get()}, {&w.value, s.value.get()}};
  s.products.Run(s.normed.get(), chunk.rows, width, heads, chunk.pool);
  RotateAndStore(chunk, block);
  Attend(chunk, block);
  const Product out[] = {{&w.attention_out, s.update.get()}};
  s.products.Run(s.attended.get(), chunk.rows, w.attention_out.cols(), out, chunk.pool);
  AddResidual(chunk, w.attention_post_norm);
}

// Bias, head norm and rotation of queries and keys; keys and values go to the cache.
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
    const float* cos = s.cos[table].data() + row * pairs;
    const float* sin = s.sin[table].data() + row * pairs;
    auto finish = [&](float* head, const Vector& norm) {
      if (a.head_norm) kernels_.rms_norm(head, norm.data(), model_.spec().norm_eps, a.head_dim, head);
      kernels_.rope(head, cos, sin, pairs, a.rope.adjacent);
    };
    for (int64_t h = 0; h < a.heads; ++h) finish(query + h * a.head_dim, w.query_norm);
    const int64_t position = chunk.start + row;
    const int64_t page = position / kKvPage;
    const int64_t slot = position % kKvPage;
    for (int64_t h = 0; h < a.kv_heads; ++h) {
      finish(key + h * a.head_dim, w.key_norm);
      const KvType kt = chunk.cache.key_type();
      const KvType vt = chunk.cache.value_type();
      kernels_.kv_store(kt, key + h * a.head_dim, a.head_dim, chunk.cache.Keys(block, page, h) + slot * KvRowBytes(kt, a.head_dim));
      kernels_.kv_store(vt, value + h * a.head_dim, a.head_dim, chunk.cache.Values(block, page, h) + slot * KvRowBytes(vt, a.head_dim));
    }
  });
}

void ForwardPass::Attend(const Chunk& chunk, size_t block) {
  Scratch& s = *scratch_;
  AttentionSpec a = model_.spec().blocks[block].attention;
  if (window_ > 0) a.window = a.window > 0 ? std::min(a.window, window_) : window_;
  const AttentionWork work = {a, s.query.get(), model_.blocks()[block].query.padded_rows(), s.attended.get(), chunk.rows, chunk.start};
  const auto tiles = AttentionTiles(work, chunk.pool.threads());
  chunk.pool.ParallelFor(static_cast<int64_t>(tiles.size()), [&](int64_t i, int member) {
    AttendTile(work, tiles[static_cast<size_t>(i)], chunk.cache, block, kernels_, s.attention[static_cast<size_t>(member)].get());
  });
}

void ForwardPass::FeedForward(const Chunk& chunk, size_t block) {
  Scratch& s = *scratch_;
  const BlockWeights& w = model_.blocks()[block];
  const FeedForwardSpec& f = model_.spec().blocks[block].feed_forward;
  const int64_t width = model_.spec().width;
  chunk.ForRows([&](int64_t row) {
    kernels_.rms_norm(s.hidden.get() + row * width, w.feed_forward_norm.data(), model_.spec().norm_eps, width,
                      s.normed.get() + row * width);
  });
  const Product inner[] = {{&w.gate, s.gate.get()}, {&w.up, s.up.get()}};
  s.products.Run(s.normed.get(), chunk.rows, width, inner, chunk.pool);
  const auto activate = f.activation == Activation::kSilu ? kernels_.silu_mul : kernels_.gelu_mul;
  chunk.ForRows([&](int64_t row) {
    activate(s.gate.get() + row * w.gate.padded_rows(), s.up.get() + row * w.up.padded_rows(), f.width, s.activated.get() + row * f.width);
  });
  const Product down[] = {{&w.down, s.update.get()}};
  s.products.Run(s.activated.get(), chunk.rows, f.width, down, chunk.pool);
  AddResidual(chunk, w.feed_forward_post_norm);
}

void ForwardPass::AddResidual(const Chunk& chunk, const Vector& post_norm) {
  const int64_t width = model_.spec().width;
  chunk.ForRows([&](int64_t row) {
    float* update = scratch_->update.get() + row * Padded(width);
    float* hidden = scratch_->hidden.get() + row * width;
    if (!post_norm.empty()) kernels_.rms_norm(update, post_norm.data(), model_.spec().norm_eps, width, update);
    kernels_.add(hidden, update, width, hidden);
  });
}

void ForwardPass::Logits(const Chunk& chunk, int64_t begin, const LogitsSink& sink) {
  Scratch& s = *scratch_;
  const int64_t width = model_.spec().width;
  for (int64_t first = begin; first < chunk.rows; first += kLogitRows) {
    const int64_t rows = std::min(kLogitRows, chunk.rows - first);
    for (int64_t row = 0; row < rows; ++row) {
      kernels_.rms_norm(s.hidden.get() + (first + row) * width, model_.output_norm().data(), model_.spec().norm_eps, width,
                        s.normed.get() + row * width);
    }
    const Product out[] = {{&model_.output(), s.logits.get()}};
    s.products.Run(s.normed.get(), rows, width, out, chunk.pool);
    sink(first, rows, s.logits.get(), model_.output().padded_rows());
  }
}

}  // namespace tradewind
