// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Scores of boxes against pycocotools on made ones, and on some that can be worked out.
#include "vision/scorers/detection.h"

#include <gtest/gtest.h>

#include <vector>

namespace tradewind {
namespace {

struct TruthRow {
  int64_t image, label;
  float left, top, right, bottom;
  int crowd;
};
struct FoundRow {
  int64_t image, label;
  float left, top, right, bottom;
  double score;
};
struct Case {
  std::vector<TruthRow> truth;
  std::vector<FoundRow> found;
  struct {
    double ap, ap50, ap75, recall;
  } score;
};
const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
#include "detection_golden.inc"
  };
  return cases;
}

TEST(Detection, ScoresAreThoseOfPycocotools) {
  ASSERT_FALSE(Cases().empty());
  for (const Case& c : Cases()) {
    std::vector<TrueBox> truth;
    std::vector<FoundBox> found;
    for (const TruthRow& t : c.truth) truth.push_back({t.image, t.label, {t.left, t.top, t.right, t.bottom}, t.crowd != 0});
    for (const FoundRow& f : c.found) found.push_back({f.image, f.label, {f.left, f.top, f.right, f.bottom}, static_cast<float>(f.score)});
    const DetectionScore score = ScoreDetections(found, truth);
    EXPECT_NEAR(score.ap, c.score.ap, 1e-9);
    EXPECT_NEAR(score.ap50, c.score.ap50, 1e-9);
    EXPECT_NEAR(score.ap75, c.score.ap75, 1e-9);
    EXPECT_NEAR(score.recall, c.score.recall, 1e-9);
  }
}

const Box kBox = {10, 10, 30, 30};

TEST(Detection, AllFoundIsOneAndNothingFoundIsZero) {
  const TrueBox truth[] = {{0, 1, kBox}};
  const FoundBox found[] = {{0, 1, kBox, 0.9f}};
  EXPECT_NEAR(ScoreDetections(found, truth).ap, 1, 1e-12);
  EXPECT_NEAR(ScoreDetections(found, truth).recall, 1, 1e-12);
  EXPECT_EQ(ScoreDetections({}, truth).ap, 0);
  EXPECT_EQ(ScoreDetections(found, {}).ap, 0);
}
TEST(Detection, AWrongClassOrPictureFindsNothing) {
  const TrueBox truth[] = {{0, 1, kBox}};
  const FoundBox label[] = {{0, 2, kBox, 0.9f}};
  const FoundBox image[] = {{1, 1, kBox, 0.9f}};
  EXPECT_EQ(ScoreDetections(label, truth).ap, 0);
  EXPECT_EQ(ScoreDetections(image, truth).ap, 0);
}
TEST(Detection, ASecondBoxOnTheSameThingIsWrong) {
  const TrueBox truth[] = {{0, 1, kBox}, {0, 1, {50, 50, 70, 70}}};
  const FoundBox found[] = {{0, 1, kBox, 0.9f}, {0, 1, kBox, 0.8f}, {0, 1, {50, 50, 70, 70}, 0.7f}};
  // Precision 1 up to a recall of one half, two thirds behind it.
  EXPECT_NEAR(ScoreDetections(found, truth).ap50, (51 + 50 * 2.0 / 3) / 101, 1e-12);
}
TEST(Detection, ACrowdCostsNothing) {
  const TrueBox truth[] = {{0, 1, kBox}, {0, 1, {50, 50, 90, 90}, true}};
  const FoundBox found[] = {{0, 1, {55, 55, 60, 60}, 0.95f}, {0, 1, {65, 65, 70, 70}, 0.93f}, {0, 1, kBox, 0.9f}};
  EXPECT_NEAR(ScoreDetections(found, truth).ap, 1, 1e-12);
}

TEST(Detection, OverlapsAreIntersectionOverUnion) {
  EXPECT_NEAR(Overlap({0, 0, 10, 10}, {5, 0, 15, 10}), 50.0 / 150, 1e-12);
  EXPECT_NEAR(Overlap({0, 0, 10, 10}, {5, 0, 15, 10}, true), 0.5, 1e-12);
  EXPECT_EQ(Overlap({0, 0, 10, 10}, {10, 0, 20, 10}), 0);
  EXPECT_EQ(Overlap({10, 0, 0, 10}, {0, 0, 10, 10}), 0);  // no box
  EXPECT_EQ(Overlap({0, 0, NAN, 10}, {0, 0, 10, 10}), 0);
}

TEST(Detection, SuppressionKeepsTheBestOfWhatOverlaps) {
  const auto kept = SuppressOverlaps(
      {{0, 1, kBox, 0.5f}, {0, 1, {11, 11, 31, 31}, 0.9f}, {0, 2, kBox, 0.4f}, {1, 1, kBox, 0.3f}, {0, 1, {60, 60, 70, 70}, 0.2f}}, 0.5);
  std::vector<float> scores;
  for (const FoundBox& f : kept) scores.push_back(f.score);
  EXPECT_EQ(scores, (std::vector<float>{0.9f, 0.4f, 0.3f, 0.2f}));
}

}  // namespace
}  // namespace tradewind
