// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/convolution_state.h"

#include <algorithm>

#include "kernels/kernel_table.h"

namespace tradewind {

ConvolutionState::ConvolutionState(const ModelSpec& spec) : width_(spec.width), blocks_(spec.blocks.size()) {
  for (size_t i = 0; i < spec.blocks.size(); ++i) {
    if (spec.blocks[i].mixer != Mixer::kShortConvolution) continue;
    history_ = spec.blocks[i].convolution.taps - 1;
    blocks_[i].recent.resize(static_cast<size_t>(kRecent * width_));
  }
}

bool ConvolutionState::Recent(int64_t position) const {
  return position <= end_ && std::max<int64_t>(0, position - history_) >= begin_;
}

int64_t ConvolutionState::Resume(int64_t position) const {
  if (history_ == 0 || Recent(position)) return position;
  return position / kKvPage * kKvPage;
}

void ConvolutionState::Read(size_t block, int64_t position, float* rows) const {
  const Block& b = blocks_[block];
  if (position > 0 && !Recent(position)) {
    std::copy_n(b.checkpoints.data() + (position / kKvPage - 1) * history_ * width_, history_ * width_, rows);
    return;
  }
  for (int64_t i = 0; i < history_; ++i) {
    const int64_t p = position - history_ + i;
    if (p < 0) {
      std::fill_n(rows + i * width_, width_, 0.0f);
    } else {
      std::copy_n(b.recent.data() + p % kRecent * width_, width_, rows + i * width_);
    }
  }
}

void ConvolutionState::Write(size_t block, int64_t start, int64_t count, const float* rows) {
  Block& b = blocks_[block];
  const int64_t first = start - history_;  // the position of rows[0]
  const int64_t end = start + count;
  for (int64_t p = std::max({int64_t{0}, first, end - kRecent}); p < end; ++p) {
    std::copy_n(rows + (p - first) * width_, width_, b.recent.data() + p % kRecent * width_);
  }
  const int64_t bytes = history_ * width_;
  for (int64_t page = start / kKvPage + 1; page * kKvPage <= end; ++page) {
    b.checkpoints.resize(std::max(b.checkpoints.size(), static_cast<size_t>(page * bytes)));
    std::copy_n(rows + (page * kKvPage - history_ - first) * width_, bytes, b.checkpoints.data() + (page - 1) * bytes);
  }
}

void ConvolutionState::Advance(int64_t start, int64_t count) {
  const bool joined = Recent(start);
  begin_ = joined ? begin_ : std::max<int64_t>(0, start - history_);
  end_ = start + count;
  begin_ = std::max(begin_, end_ - kRecent);
}

uint64_t ConvolutionState::BytesFor(const ModelSpec& spec, int64_t positions) {
  uint64_t values = 0;
  for (const BlockSpec& block : spec.blocks) {
    if (block.mixer != Mixer::kShortConvolution) continue;
    values += static_cast<uint64_t>((kRecent + positions / kKvPage * (block.convolution.taps - 1)) * spec.width);
  }
  return values * sizeof(float);
}

}  // namespace tradewind
