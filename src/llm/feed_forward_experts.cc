// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A feed-forward of experts: each token's row goes to the experts that its router chooses. The rows are gathered by expert, so that the
// matrices of an expert are read once a chunk however many tokens chose it.
#include <algorithm>

#include "llm/forward_scratch.h"

namespace tradewind {

void ForwardPass::Experts(const Chunk& chunk, size_t block, const float* input) {
  Scratch& s = *scratch_;
  const BlockWeights& w = model_.blocks()[block];
  const FeedForwardSpec& f = model_.spec().blocks[block].feed_forward;
  const int64_t width = model_.spec().width;
  const auto used = static_cast<size_t>(f.used_experts);
  const Product router[] = {{&w.router, s.router.get()}};
  s.products.Run(input, chunk.rows, width, router, chunk.pool, s.adapted);
  s.choices.resize(static_cast<size_t>(chunk.rows) * used);
  chunk.ForRows([&](int64_t row) {
    ChooseExperts(f, s.router.get() + row * w.router.padded_rows(), std::span(s.choices).subspan(static_cast<size_t>(row) * used, used));
  });
  GroupByExpert(s.choices, f.experts, f.used_experts, s.groups);
  const auto places = static_cast<int64_t>(s.choices.size());
  chunk.For(places, [&](int64_t place) {
    std::copy_n(input + s.groups.row[static_cast<size_t>(place)] * width, width, s.gathered.get() + place * width);
  });
  Lap(Op::kRouter);
  const int64_t padded = PaddedRows(f.width);
  RunExperts(chunk, block, s.gathered.get(), width,
             {{&ExpertWeights::gate, s.gate.get(), padded}, {&ExpertWeights::up, s.up.get(), padded}});
  Lap(Op::kGateUp);
  chunk.For(places, [&](int64_t place) {
    Activate(f, s.gate.get() + place * padded, s.up.get() + place * padded, s.activated.get() + place * f.width);
  });
  Lap(Op::kActivate);
  const int64_t stride = PaddedRows(width);
  RunExperts(chunk, block, s.activated.get(), f.width, {{&ExpertWeights::down, s.expert_out.get(), stride}});
  // A token's sum runs over its experts in ascending order.
  chunk.ForRows([&](int64_t row) {
    float* update = s.update.get() + row * stride;
    for (size_t i = 0; i < used; ++i) {
      const size_t choice = static_cast<size_t>(row) * used + i;
      float* out = s.expert_out.get() + s.groups.place[choice] * stride;
      kernels_.multiply_scalar(out, s.choices[choice].weight, width, i == 0 ? update : out);
      if (i > 0) kernels_.add(update, out, width, update);
    }
  });
  Lap(Op::kDown);
}

// One matrix of every expert that has rows, in one parallel loop.
void ForwardPass::RunExperts(const Chunk& chunk, size_t block, const float* input, int64_t cols,
                             std::initializer_list<ExpertProduct> products) {
  Scratch& s = *scratch_;
  s.expert_products.clear();
  const std::vector<ExpertWeights>& experts = model_.blocks()[block].experts;
  for (size_t e = 0; e < experts.size(); ++e) {
    const int64_t first = s.groups.first[e];
    const int64_t rows = s.groups.first[e + 1] - first;
    if (rows == 0) continue;
    for (const ExpertProduct& p : products) s.expert_products.push_back({&(experts[e].*p.matrix), p.out + first * p.stride, first, rows});
  }
  s.products.Run(input, static_cast<int64_t>(s.choices.size()), cols, s.expert_products, chunk.pool, AdaptedAmong(chunk, s.groups.row));
}

}  // namespace tradewind
