// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/vision_result.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace tradewind {
namespace {

constexpr Color kColors[] = {{230, 30, 40},  {40, 90, 230},  {40, 180, 70}, {240, 150, 20}, {150, 60, 200},
                             {20, 180, 200}, {220, 60, 150}, {120, 90, 50}, {100, 140, 20}, {70, 80, 110}};
Color ColorOf(int64_t label) {
  return kColors[static_cast<size_t>(label < 0 ? -label : label) % std::size(kColors)];
}

std::string Share(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", share);
  return text;
}

std::string Pixels(const Box& box) {
  char text[96];
  std::snprintf(text, sizeof text, "%.0f, %.0f to %.0f, %.0f", static_cast<double>(box.left), static_cast<double>(box.top),
                static_cast<double>(box.right), static_cast<double>(box.bottom));
  return text;
}

// Classes of a mask and the share of the picture that each takes, the largest first.
std::vector<std::pair<int32_t, double>> SharesOf(const Mask& mask) {
  std::map<int32_t, int64_t> counts;
  for (const int32_t c : mask.classes) ++counts[c];
  std::vector<std::pair<int32_t, double>> shares;
  for (const auto& [c, count] : counts) shares.emplace_back(c, static_cast<double>(count) / static_cast<double>(mask.classes.size()));
  std::stable_sort(shares.begin(), shares.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return shares;
}

void Tint(Image& image, const Mask& mask) {
  for (int64_t y = 0; y < image.height; ++y) {
    const int64_t row = y * mask.height / image.height * mask.width;
    for (int64_t x = 0; x < image.width; ++x) {
      const int32_t c = mask.classes[static_cast<size_t>(row + x * mask.width / image.width)];
      if (c == 0) continue;  // the background
      const Color color = ColorOf(c);
      uint8_t* p = image.At(y, x);
      p[0] = static_cast<uint8_t>((p[0] + color.red) / 2);
      p[1] = static_cast<uint8_t>((p[1] + color.green) / 2);
      p[2] = static_cast<uint8_t>((p[2] + color.blue) / 2);
    }
  }
}

const Keypoint* PointOf(const VisionResult& finding, int64_t label, double least_score) {
  for (const Keypoint& p : finding.points) {
    if (p.label == label && static_cast<double>(p.score) >= least_score) return &p;
  }
  return nullptr;
}

void DrawBody(Image& image, const VisionResult& finding, const ModelCard& card, int64_t thickness) {
  for (const auto& [from, to] : card.limbs) {
    const Keypoint* a = PointOf(finding, from, card.least_score);
    const Keypoint* b = PointOf(finding, to, card.least_score);
    if (a != nullptr && b != nullptr) DrawLine(image, a->x, a->y, b->x, b->y, kGreen, thickness);
  }
  const auto reach = static_cast<float>(thickness);
  for (const Keypoint& p : finding.points) {
    if (static_cast<double>(p.score) < card.least_score) continue;
    DrawBox(image, {p.x - reach, p.y - reach, p.x + reach, p.y + reach}, kRed, 2 * thickness);
  }
}

}  // namespace

std::string VisionResultText(const VisionResult& finding, const ModelCard& card) {
  std::string text;
  for (const LabelScore& l : finding.labels) text += Share(l.score) + "  " + card.LabelName(l.label) + "\n";
  for (const FoundBox& b : finding.boxes) text += Share(b.score) + "  " + card.LabelName(b.label) + "  " + Pixels(b.box) + "\n";
  for (const Keypoint& p : finding.points) {
    text += Share(p.score) + "  " + card.LabelName(p.label) + "  " + std::to_string(std::lround(p.x)) + ", " +
            std::to_string(std::lround(p.y)) + "\n";
  }
  if (!finding.mask.classes.empty()) {
    for (const auto& [c, share] : SharesOf(finding.mask)) text += Share(share) + "  " + card.LabelName(c) + "\n";
  }
  return text;
}

void Annotate(Image& image, const VisionResult& finding, const ModelCard& card) {
  const int64_t scale = std::max<int64_t>(1, std::max(image.width, image.height) / 400);
  if (!finding.mask.classes.empty()) Tint(image, finding.mask);
  // The best is drawn last, above the others.
  for (auto b = finding.boxes.rbegin(); b != finding.boxes.rend(); ++b) {
    DrawBox(image, b->box, ColorOf(b->label), 2 * scale);
    const auto left = static_cast<int64_t>(std::clamp(b->box.left, 0.0f, static_cast<float>(image.width)));
    const auto top = static_cast<int64_t>(std::clamp(b->box.top, 0.0f, static_cast<float>(image.height)));
    DrawText(image, left, top, card.LabelName(b->label) + " " + Share(b->score), kWhite, ColorOf(b->label), scale);
  }
  DrawBody(image, finding, card, scale);
  if (!finding.labels.empty()) {
    const LabelScore& best = finding.labels[0];
    DrawText(image, 0, 0, card.LabelName(best.label) + " " + Share(best.score), kWhite, kBlack, 2 * scale);
  }
}

}  // namespace tradewind
