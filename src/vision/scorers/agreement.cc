// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/scorers/agreement.h"

#include <algorithm>
#include <cmath>

#include "vision/scorers/classification.h"

namespace tradewind {
namespace {

constexpr float kTolerance = 0.1f;
constexpr int32_t kNoClass = -1;  // no pixel of a mask is left out

double OfMasks(const Mask& found, const Mask& reference) {
  if (found.width != reference.width || found.height != reference.height) return 0;
  const int32_t classes = std::max(*std::max_element(found.classes.begin(), found.classes.end()),
                                   *std::max_element(reference.classes.begin(), reference.classes.end())) +
                          1;
  return MeanOverlap(found.classes, reference.classes, classes, kNoClass);
}

double OfPoints(const std::vector<Keypoint>& found, const std::vector<Keypoint>& reference) {
  if (found.empty() || reference.empty()) return 0;
  const auto [left, right] = std::minmax_element(reference.begin(), reference.end(), [](auto& a, auto& b) { return a.x < b.x; });
  const auto [top, bottom] = std::minmax_element(reference.begin(), reference.end(), [](auto& a, auto& b) { return a.y < b.y; });
  const float near = kTolerance * std::max(right->x - left->x, bottom->y - top->y);
  const auto same = std::count_if(found.begin(), found.end(), [&](const Keypoint& f) {
    return std::any_of(reference.begin(), reference.end(),
                       [&](const Keypoint& r) { return r.label == f.label && std::hypot(r.x - f.x, r.y - f.y) <= near; });
  });
  return static_cast<double>(same) / static_cast<double>(std::max(found.size(), reference.size()));
}

double OfBoxes(const std::vector<FoundBox>& found, const std::vector<FoundBox>& reference) {
  if (reference.empty()) return found.empty() ? 1 : 0;
  std::vector<TrueBox> truth;
  for (const FoundBox& box : reference) truth.push_back({.image = box.image, .label = box.label, .box = box.box});
  return ScoreDetections(found, truth).ap;
}

}  // namespace

double AgreementOf(const VisionResult& found, const VisionResult& reference) {
  if (!found.mask.classes.empty() && !reference.mask.classes.empty()) return OfMasks(found.mask, reference.mask);
  if (!found.labels.empty() && !reference.labels.empty()) return found.labels[0].label == reference.labels[0].label ? 1 : 0;
  if (!found.points.empty() || !reference.points.empty()) return OfPoints(found.points, reference.points);
  return OfBoxes(found.boxes, reference.boxes);
}

}  // namespace tradewind
