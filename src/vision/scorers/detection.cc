// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/scorers/detection.h"

#include <algorithm>
#include <array>
#include <map>

namespace tradewind {
namespace {

constexpr int kOverlaps = 10;
constexpr int kRecalls = 101;
constexpr size_t kMostBoxes = 100;  // of a class in a picture

double OverlapAt(int step) {
  return 0.5 + 0.05 * step;
}
double RecallAt(int step) {
  return step == kRecalls - 1 ? 1 : step * 0.01;  // the product, not the quotient: as the original has it, to the last bit
}

// What a class's boxes in a picture are, by score.
struct Matched {
  float score;
  std::array<bool, kOverlaps> hit;
  std::array<bool, kOverlaps> ignored;  // matched to a crowd
};
struct OfImage {
  std::vector<FoundBox> found;
  std::vector<TrueBox> truth;
};

void MatchImage(OfImage& image, std::vector<Matched>& out) {
  std::stable_sort(image.found.begin(), image.found.end(), [](const FoundBox& a, const FoundBox& b) { return a.score > b.score; });
  if (image.found.size() > kMostBoxes) image.found.resize(kMostBoxes);
  std::stable_sort(image.truth.begin(), image.truth.end(), [](const TrueBox& a, const TrueBox& b) { return a.crowd < b.crowd; });
  const size_t first = out.size();
  for (const FoundBox& f : image.found) out.push_back({f.score, {}, {}});
  for (int t = 0; t < kOverlaps; ++t) {
    std::vector<bool> taken(image.truth.size());
    for (size_t d = 0; d < image.found.size(); ++d) {
      double best = std::min(OverlapAt(t), 1 - 1e-10);
      size_t match = image.truth.size();
      for (size_t g = 0; g < image.truth.size(); ++g) {
        const TrueBox& truth = image.truth[g];
        if (taken[g] && !truth.crowd) continue;
        if (match < image.truth.size() && !image.truth[match].crowd && truth.crowd) break;  // a box proper is there: no crowd is looked for
        const double overlap = Overlap(image.found[d].box, truth.box, truth.crowd);
        if (overlap < best) continue;
        best = overlap;
        match = g;
      }
      if (match == image.truth.size()) continue;
      taken[match] = true;
      Matched& m = out[first + d];
      m.hit[static_cast<size_t>(t)] = true;
      m.ignored[static_cast<size_t>(t)] = image.truth[match].crowd;
    }
  }
}

struct ClassScore {
  std::array<double, kOverlaps> precision{};
  std::array<double, kOverlaps> recall{};
};

ClassScore ScoreClass(std::map<int64_t, OfImage>& images, size_t proper) {
  std::vector<Matched> matched;
  for (auto& [number, image] : images) MatchImage(image, matched);
  std::stable_sort(matched.begin(), matched.end(), [](const Matched& a, const Matched& b) { return a.score > b.score; });
  ClassScore out;
  for (size_t t = 0; t < kOverlaps; ++t) {
    std::vector<double> precision, recall;
    double hits = 0, misses = 0;
    for (const Matched& m : matched) {
      if (m.ignored[t]) continue;
      (m.hit[t] ? hits : misses) += 1;
      precision.push_back(hits / (hits + misses));
      recall.push_back(hits / static_cast<double>(proper));
    }
    out.recall[t] = recall.empty() ? 0 : recall.back();
    for (size_t i = precision.size(); i-- > 1;) precision[i - 1] = std::max(precision[i - 1], precision[i]);
    for (int r = 0; r < kRecalls; ++r) {
      const auto at = std::lower_bound(recall.begin(), recall.end(), RecallAt(r)) - recall.begin();
      if (at < static_cast<std::ptrdiff_t>(precision.size())) out.precision[t] += precision[static_cast<size_t>(at)] / kRecalls;
    }
  }
  return out;
}

double Area(const Box& b) {
  return std::max(0.0, static_cast<double>(b.right) - b.left) * std::max(0.0, static_cast<double>(b.bottom) - b.top);
}

}  // namespace

double Overlap(const Box& found, const Box& truth, bool crowd) {
  const double width = std::min(static_cast<double>(found.right), static_cast<double>(truth.right)) -
                       std::max(static_cast<double>(found.left), static_cast<double>(truth.left));
  const double height = std::min(static_cast<double>(found.bottom), static_cast<double>(truth.bottom)) -
                        std::max(static_cast<double>(found.top), static_cast<double>(truth.top));
  if (!(width > 0) || !(height > 0)) return 0;
  const double both = width * height;
  const double all = crowd ? Area(found) : Area(found) + Area(truth) - both;
  return all > 0 ? both / all : 0;
}

DetectionScore ScoreDetections(std::span<const FoundBox> found, std::span<const TrueBox> truth) {
  std::map<int64_t, std::map<int64_t, OfImage>> classes;
  std::map<int64_t, size_t> proper;
  for (const TrueBox& t : truth) {
    classes[t.label][t.image].truth.push_back(t);
    proper[t.label] += t.crowd ? 0 : 1;
  }
  for (const FoundBox& f : found) {
    if (classes.contains(f.label)) classes[f.label][f.image].found.push_back(f);
  }
  DetectionScore score;
  double counted = 0;
  for (auto& [label, images] : classes) {
    if (proper[label] == 0) continue;
    const ClassScore of_class = ScoreClass(images, proper[label]);
    counted += 1;
    for (size_t t = 0; t < kOverlaps; ++t) {
      score.ap += of_class.precision[t] / kOverlaps;
      score.recall += of_class.recall[t] / kOverlaps;
    }
    score.ap50 += of_class.precision[0];
    score.ap75 += of_class.precision[5];
  }
  if (counted == 0) return {};
  return {score.ap / counted, score.ap50 / counted, score.ap75 / counted, score.recall / counted};
}

std::vector<FoundBox> SuppressOverlaps(std::vector<FoundBox> found, double overlap) {
  std::stable_sort(found.begin(), found.end(), [](const FoundBox& a, const FoundBox& b) { return a.score > b.score; });
  std::vector<FoundBox> kept;
  for (const FoundBox& f : found) {
    const bool covered = std::any_of(kept.begin(), kept.end(), [&](const FoundBox& k) {
      return k.image == f.image && k.label == f.label && Overlap(f.box, k.box) > overlap;
    });
    if (!covered) kept.push_back(f);
  }
  return kept;
}

}  // namespace tradewind
