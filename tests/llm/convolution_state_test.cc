// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/convolution_state.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

constexpr int64_t kWidth = 4;
constexpr int64_t kHistory = 2;

ModelSpec OneConvolution() {
  ModelSpec spec;
  spec.width = kWidth;
  spec.blocks.resize(2);
  spec.blocks[1].mixer = Mixer::kShortConvolution;
  spec.blocks[1].convolution.taps = kHistory + 1;
  return spec;
}

// A sequence whose row at position p is version * 10000 + p; it checks what it is given back.
class Sequence {
 public:
  void Run(int64_t start, int64_t count, int version) {
    ASSERT_EQ(state.Resume(start), start);
    std::vector<float> rows(static_cast<size_t>((kHistory + count) * kWidth));
    state.Read(1, start, rows.data());
    values_.resize(static_cast<size_t>(start));
    for (int64_t i = 0; i < kHistory; ++i) {
      const int64_t p = start - kHistory + i;
      for (int64_t c = 0; c < kWidth; ++c) {
        EXPECT_EQ(rows[static_cast<size_t>(i * kWidth + c)], p < 0 ? 0 : values_[static_cast<size_t>(p)]) << start << " " << i;
      }
    }
    for (int64_t i = 0; i < count; ++i) {
      values_.push_back(static_cast<float>(version * 10000 + start + i));
      std::fill_n(rows.data() + (kHistory + i) * kWidth, kWidth, values_.back());
    }
    state.Write(1, start, count, rows.data());
    state.Advance(start, count);
  }
  ConvolutionState state{OneConvolution()};

 private:
  std::vector<float> values_;
};

TEST(ConvolutionState, WithoutConvolutionsAnyPositionResumes) {
  ModelSpec spec;
  spec.blocks.resize(3);
  const ConvolutionState state(spec);
  EXPECT_EQ(state.Resume(1234), 1234);
  EXPECT_EQ(ConvolutionState::BytesFor(spec, 4096), 0u);
}

TEST(ConvolutionState, ChunksOfAnyLengthGiveTheSameHistory) {
  for (const int64_t chunk : {1, 2, 3, 63, 64, 65, 256, 700}) {
    Sequence sequence;
    for (int64_t at = 0; at < 700; at += chunk) sequence.Run(at, std::min(chunk, 700 - at), 1);
  }
}

TEST(ConvolutionState, RecentPositionsResumeAndOlderOnesAtAPage) {
  Sequence sequence;
  sequence.Run(0, 700, 1);
  EXPECT_EQ(sequence.state.Resume(700), 700);
  EXPECT_EQ(sequence.state.Resume(700 - ConvolutionState::kRecent + kHistory), 700 - ConvolutionState::kRecent + kHistory);
  EXPECT_EQ(sequence.state.Resume(700 - ConvolutionState::kRecent + kHistory - 1), 512);
  EXPECT_EQ(sequence.state.Resume(511), 256);
  EXPECT_EQ(sequence.state.Resume(255), 0);
}

TEST(ConvolutionState, GoingBackForgetsWhatCameAfter) {
  Sequence sequence;
  sequence.Run(0, 600, 1);
  sequence.Run(590, 3, 2);  // by the ring
  sequence.Run(593, 1, 2);
  sequence.Run(512, 5, 3);  // by a checkpoint
  sequence.Run(517, 1, 3);
  EXPECT_EQ(sequence.state.Resume(515), 515);
  EXPECT_EQ(sequence.state.Resume(511), 256) << "the ring holds nothing older than the checkpoint gave";
  sequence.Run(256, 300, 4);
  sequence.Run(512, 1, 5);
  sequence.Run(0, 2, 6);
  EXPECT_EQ(sequence.state.Resume(1), 1);
}

}  // namespace
}  // namespace tradewind
