// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/forward.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string>

#include "base/log.h"
#include "kernels/plain_rows.h"
#include "llm/forward_scratch.h"

namespace tradewind {
namespace {

bool SameRope(const RopeSpec& a, const RopeSpec& b) {
  return a.dimensions == b.dimensions && a.base == b.base && a.position_scale == b.position_scale;
}

// Rows that follow others with the same adapters join them.
void AddAdapted(int64_t begin, int64_t end, std::span<const AdapterUse> uses, std::vector<AdaptedRows>& adapted) {
  const auto same = [](const AdapterUse& a, const AdapterUse& b) { return a.adapter == b.adapter && a.scale == b.scale; };
  if (uses.empty() || begin == end) return;
  if (!adapted.empty() && adapted.back().end == begin && std::ranges::equal(adapted.back().uses, uses, same)) {
    adapted.back().end = end;
  } else {
    adapted.push_back({begin, end, uses});
  }
}

}  // namespace

Widths WidestOf(const ModelSpec& spec) {
  Widths w;
  for (const BlockSpec& b : spec.blocks) {
    const int64_t copies = b.feed_forward.experts > 0 ? b.feed_forward.used_experts : 0;
    w.query = std::max(w.query, b.attention.heads * b.attention.head_dim);
    w.key = std::max(w.key, b.attention.kv_heads * b.attention.head_dim);
    w.inner = std::max(w.inner, PaddedRows(b.feed_forward.width) * std::max<int64_t>(1, copies));
    w.head_dim = std::max(w.head_dim, b.attention.head_dim);
    w.gathered = std::max(w.gathered, copies);
    w.experts = std::max(w.experts, b.feed_forward.experts);
    w.taps = std::max(w.taps, b.convolution.taps);
  }
  return w;
}

ForwardPass::Scratch::Scratch(const Model& model, const KernelTable& kernels, int64_t rows, const Widths& w)
    : hidden(rows * model.spec().width),
      normed(rows * model.spec().width),
      query(rows * PaddedRows(w.query)),
      key(rows * PaddedRows(w.key)),
      value(rows * PaddedRows(w.key)),
      attended(rows * std::max(w.query, w.taps > 0 ? model.spec().width : 0)),
      gate(rows * w.inner),
      up(rows * w.inner),
      activated(rows * w.inner),
      update(rows * PaddedRows(model.spec().width)),
      router(rows * PaddedRows(w.experts)),
      gathered(rows * w.gathered * model.spec().width),
      expert_out(rows * w.gathered * PaddedRows(model.spec().width)),
      convolution_in(w.taps > 0 ? rows * PaddedRows(3 * model.spec().width) : 0),
      gated(rows * w.taps * model.spec().width),
      logits(std::min(kLogitRows, rows) * model.output().padded_rows()),
      products(kernels, rows, std::max({model.spec().width * std::max<int64_t>(1, w.gathered), w.query, w.inner}), &model.packing()),
      ones(static_cast<size_t>(w.inner), 1.0f) {}

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

void ForwardPass::SetProductTap(ProductTap* tap) {
  scratch_->products.SetTap(tap);
}

void ForwardPass::SetOpTimes(OpTimes* times) {
  times_ = times;
  scratch_->products.SetOpTimes(times);
}

uint64_t ForwardPass::ScratchBytes(const ModelSpec& spec, int64_t max_chunk) {
  const Widths w = WidestOf(spec);
  const int64_t product = std::max({spec.width * std::max<int64_t>(1, w.gathered), w.query, w.inner});
  const int64_t convolution = w.taps > 0 ? (3 + w.taps) * spec.width : 0;
  const int64_t row = (3 + 2 * w.gathered) * spec.width + 2 * w.query + 2 * w.key + 3 * w.inner + w.experts + convolution + product / 2;
  return static_cast<uint64_t>((max_chunk * row + std::min(kLogitRows, max_chunk) * spec.vocab) * static_cast<int64_t>(sizeof(float)));
}

void ForwardPass::Run(std::span<const SequencePart> parts, ThreadPool& pool, const LogitsSink& sink) {
  const Chunk chunk = Begin(parts, pool);
  RunBlocks(chunk);
  Logits(chunk, sink);
}

std::span<const float> ForwardPass::Encode(const SequencePart& part, ThreadPool& pool) {
  const Chunk chunk = Begin({&part, 1}, pool);
  RunBlocks(chunk);
  std::vector<int64_t> rows(static_cast<size_t>(chunk.rows));
  std::iota(rows.begin(), rows.end(), 0);
  return {Finished(chunk, rows), static_cast<size_t>(chunk.rows * model_.spec().width)};
}

ForwardPass::Chunk ForwardPass::Begin(std::span<const SequencePart> parts, ThreadPool& pool) {
  if (times_ != nullptr) times_->Start();
  Scratch& s = *scratch_;
  s.products.BeginPass();
  s.places.clear();
  s.logit_rows.clear();
  s.adapted.clear();
  for (size_t p = 0; p < parts.size(); ++p) {
    const auto first = static_cast<int64_t>(s.places.size());
    const auto tokens = static_cast<int64_t>(parts[p].tokens.size());
    for (int64_t t = 0; t < tokens; ++t) s.places.push_back({p, t, parts[p].start + t});
    for (int64_t t = parts[p].logits_begin; t < tokens; ++t) s.logit_rows.push_back(first + t);
    AddAdapted(first, first + tokens, parts[p].adapters, s.adapted);
  }
  if (static_cast<int64_t>(s.places.size()) > max_chunk_) {
    // The scratch memory would be overrun: a wrong answer somewhere, or a crash.
    Log(LogLevel::kError, "bug: a pass of " + std::to_string(s.places.size()) + " tokens, made for " + std::to_string(max_chunk_));
    std::abort();
  }
  return {static_cast<int64_t>(s.places.size()), parts, s.places, pool};
}

void ForwardPass::RunBlocks(const Chunk& chunk) {
  const Widths w = WidestOf(model_.spec());
  while (static_cast<int>(scratch_->attention.size()) < chunk.pool.threads()) scratch_->attention.emplace_back(TileScratch(w.head_dim));
  const int64_t width = model_.spec().width;
  chunk.ForRows([&](int64_t row) {
    const RowPlace& place = chunk.places[static_cast<size_t>(row)];
    model_.Embed(chunk.parts[place.part].tokens[static_cast<size_t>(place.token)], place.position, scratch_->hidden.get() + row * width);
  });
  model_.ReleaseEmbedding();
  FillRope(chunk);
  Lap(Op::kEmbed);
  for (const int block : blocks_) {
    if (model_.spec().blocks[static_cast<size_t>(block)].mixer == Mixer::kAttention) {
      Attention(chunk, static_cast<size_t>(block));
    } else {
      ShortConvolution(chunk, static_cast<size_t>(block));
    }
    FeedForward(chunk, static_cast<size_t>(block));
    if (tap_ != nullptr) {
      const std::string layer = "blk." + std::to_string(block) + ".out";
      if (tap_->Wants(layer)) tap_->Read(layer, {scratch_->hidden.get(), static_cast<size_t>(chunk.rows * width)}, chunk.rows, width);
    }
  }
  for (const SequencePart& part : chunk.parts) part.cache->convolution().Advance(part.start, static_cast<int64_t>(part.tokens.size()));
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
        const double angle = static_cast<double>(chunk.places[static_cast<size_t>(row)].position) * frequency;
        scratch_->cos[t][static_cast<size_t>(row * pairs + i)] = static_cast<float>(std::cos(angle));
        scratch_->sin[t][static_cast<size_t>(row * pairs + i)] = static_cast<float>(std::sin(angle));
      }
    }
  }
}

// What a mixer or feed-forward reads: the stream under its RMS norm, or as it is where norms come after.
const float* ForwardPass::NormBefore(const Chunk& chunk, size_t block, const Vector& norm) {
  if (model_.spec().blocks[block].norm_after) return scratch_->hidden.get();
  const int64_t width = model_.spec().width;
  chunk.ForRows([&](int64_t row) {
    kernels_.rms_norm(scratch_->hidden.get() + row * width, norm.data(), model_.spec().norm_eps, width,
                      scratch_->normed.get() + row * width);
  });
  Lap(Op::kNorm);
  return scratch_->normed.get();
}

void ForwardPass::AddBias(const Chunk& chunk, const Vector& bias, int64_t width, float* rows) {
  const int64_t stride = PaddedRows(width);
  chunk.ForRows([&](int64_t row) { kernels_.add(rows + row * stride, bias.data(), width, rows + row * stride); });
}

void ForwardPass::AddResidual(const Chunk& chunk, size_t block, const Vector& post_norm, const Vector& post_bias) {
  const ModelSpec& spec = model_.spec();
  const BlockSpec& b = spec.blocks[block];
  chunk.ForRows([&](int64_t row) {
    float* update = scratch_->update.get() + row * PaddedRows(spec.width);
    float* hidden = scratch_->hidden.get() + row * spec.width;
    if (b.post_norms) kernels_.rms_norm(update, post_norm.data(), spec.norm_eps, spec.width, update);
    if (b.residual_scale != 1) kernels_.multiply_scalar(update, b.residual_scale, spec.width, update);
    kernels_.add(hidden, update, spec.width, hidden);
    if (b.norm_after) LayerNorm(hidden, post_norm.data(), post_bias.data(), spec.norm_eps, spec.width, hidden);
  });
  Lap(Op::kResidual);
}

// The adapted ones among these rows of the chunk, counted as they lie here; valid until the next call.
std::span<const AdaptedRows> ForwardPass::AdaptedAmong(const Chunk& chunk, std::span<const int64_t> rows) {
  Scratch& s = *scratch_;
  s.gathered_adapted.clear();
  if (s.adapted.empty()) return {};
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    AddAdapted(at, at + 1, chunk.parts[chunk.places[static_cast<size_t>(rows[i])].part].adapters, s.gathered_adapted);
  }
  return s.gathered_adapted;
}

// These rows of the stream under the last norm, one after the other in `normed`.
const float* ForwardPass::Finished(const Chunk& chunk, std::span<const int64_t> rows) {
  Scratch& s = *scratch_;
  const int64_t width = model_.spec().width;
  const Vector& norm = model_.output_norm();
  chunk.For(static_cast<int64_t>(rows.size()), [&](int64_t i) {
    const float* from = s.hidden.get() + rows[static_cast<size_t>(i)] * width;
    float* to = s.normed.get() + i * width;
    if (norm.empty()) {
      std::copy_n(from, width, to);
    } else {
      kernels_.rms_norm(from, norm.data(), model_.spec().norm_eps, width, to);
    }
  });
  Lap(Op::kNorm);
  return s.normed.get();
}

void ForwardPass::Logits(const Chunk& chunk, const LogitsSink& sink) {
  Scratch& s = *scratch_;
  const int64_t width = model_.spec().width;
  const std::span<const int64_t> wanted = s.logit_rows;
  for (size_t first = 0; first < wanted.size(); first += static_cast<size_t>(kLogitRows)) {
    const auto rows = wanted.subspan(first, std::min(static_cast<size_t>(kLogitRows), wanted.size() - first));
    const auto count = static_cast<int64_t>(rows.size());
    const float* normed = Finished(chunk, rows);
    const Product out[] = {{&model_.output(), s.logits.get()}};
    s.products.Run(normed, count, width, out, chunk.pool, AdaptedAmong(chunk, rows));
    ScaleLogits(count);
    Lap(Op::kOutput);
    Hand(chunk, rows, sink);
    Lap(Op::kSink);
  }
}

// The logits of these rows go to the sink: one part after the other, or several parts at once.
void ForwardPass::Hand(const Chunk& chunk, std::span<const int64_t> rows, const LogitsSink& sink) {
  const auto part_of = [&](size_t i) { return chunk.places[static_cast<size_t>(rows[i])].part; };
  std::vector<size_t> begins;  // of each part's rows among these
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i == 0 || part_of(i) != part_of(i - 1)) begins.push_back(i);
  }
  const auto hand = [&](int64_t part, int) {
    const size_t begin = begins[static_cast<size_t>(part)];
    for (size_t i = begin; i < rows.size() && part_of(i) == part_of(begin); ++i) {
      const RowPlace& place = chunk.places[static_cast<size_t>(rows[i])];
      sink(place.part, place.token, scratch_->logits.get() + static_cast<int64_t>(i) * model_.output().padded_rows());
    }
  };
  if (concurrent_sink_ && begins.size() > 1) return chunk.pool.ParallelFor(static_cast<int64_t>(begins.size()), hand);
  for (size_t part = 0; part < begins.size(); ++part) hand(static_cast<int64_t>(part), 0);
}

void ForwardPass::ScaleLogits(int64_t rows) {
  const float scale = model_.spec().logit_scale;
  if (scale == 1) return;
  float* logits = scratch_->logits.get();
  kernels_.multiply_scalar(logits, scale, rows * model_.output().padded_rows(), logits);
}

}  // namespace tradewind
