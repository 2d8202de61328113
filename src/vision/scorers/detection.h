// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How good found boxes are, as COCO scores them (Lin et al., arXiv:1405.0312; the rules are those of its evaluation code): average
// precision over classes, at 101 recalls, over overlaps of 0.50 to 0.95 by 0.05, at most 100 boxes a picture. Pure functions.
//
//   const DetectionScore score = ScoreDetections(found, truth);
#pragma once

#include <cstdint>
#include <span>

#include "vision/image.h"

namespace tradewind {

struct FoundBox {
  int64_t image = 0;
  int64_t label = 0;
  Box box{};
  float score = 0;
};
// A crowd may be found any number of times, and missing it costs nothing.
struct TrueBox {
  int64_t image = 0;
  int64_t label = 0;
  Box box{};
  bool crowd = false;
};

struct DetectionScore {
  double ap = 0;    // mean over overlaps
  double ap50 = 0;  // at an overlap of one half
  double ap75 = 0;
  double recall = 0;  // mean over overlaps and classes of what is found at all ("AR", 100 boxes)
};
// Zeros where no class has a box that is no crowd.
DetectionScore ScoreDetections(std::span<const FoundBox> found, std::span<const TrueBox> truth);

// Intersection over union; over the found box's own area where the other is a crowd. 0 where either is empty.
double Overlap(const Box& found, const Box& truth, bool crowd = false);

// Keeps the best box of any that overlap by more than `overlap` within a label and picture (greedily, the best first; of equal ones the
// first), sorted by score.
std::vector<FoundBox> SuppressOverlaps(std::vector<FoundBox> found, double overlap);

}  // namespace tradewind
