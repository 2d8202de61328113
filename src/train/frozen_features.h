// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// FrozenFeatures: what goes into the part of a net that trains: values of the part before it, which stays as it is, and values of a
// teacher. Our own executor computes them; where there are few enough of them they are computed once and kept. One caller at a time.
//
//   TW_ASSIGN(FrozenFeatures features, FrozenFeatures::Make(pictures, "image", {{.model = &split.frozen, .values = {...}}}, 2));
//   TW_ASSIGN(bool kept, features.Keep(1 << 30, {.flip = true}, progress));
//   TW_ASSIGN(std::vector<NamedTensor> feeds, features.Of(uses));
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "formats/onnx.h"
#include "graph/backend.h"
#include "train/torch_trainer.h"
#include "train/training_pictures.h"

namespace tradewind {

// Values of a net, and under which names they are given.
struct FeatureNet {
  const OnnxModel* model = nullptr;
  std::vector<std::string> values{};
  std::vector<std::string> names{};
};

class FrozenFeatures {
 public:
  // `pictures_name`: under which the pictures themselves are given; empty: they are not. Borrows the pictures, not the models.
  static Result<FrozenFeatures> Make(const TrainingPictures& pictures, std::string pictures_name, const std::vector<FeatureNet>& nets,
                                     int threads);

  // Computes all of them now and keeps them, if they take no more bytes; pictures that are moved, or mirrored where `flips` is false, must
  // not be asked for then. Whether it did. `progress` stops it by false (kCancelled).
  Result<bool> Keep(uint64_t bytes, bool flips, const std::function<bool(double share)>& progress);
  Result<std::vector<NamedTensor>> Of(std::span<const PictureUse> uses);

 private:
  struct Net {
    std::unique_ptr<GraphRunner> runner;
    std::vector<std::string> names;
    std::vector<size_t> outputs;  // which of the runner's
  };
  struct Kept {
    std::string name;
    std::vector<int64_t> sides;  // of one picture
    int64_t values = 0;
    std::vector<float> data;  // [flip][picture][values]
  };
  explicit FrozenFeatures(const TrainingPictures& pictures) : pictures_(&pictures) {}
  Result<std::vector<NamedTensor>> Compute(std::span<const PictureUse> uses);
  std::vector<NamedTensor> Gather(std::span<const PictureUse> uses) const;

  const TrainingPictures* pictures_;
  std::string pictures_name_;
  std::vector<Net> nets_;
  std::vector<Kept> kept_;
};

}  // namespace tradewind
