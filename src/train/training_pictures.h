// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TrainingPictures: pictures and their labels in memory, bytes of the net's size, and batches of them as a net takes them. Immutable: share
// it.
//
//   TW_ASSIGN(const TrainingPictures pictures, TrainingPictures::Load("pictures:/data/cifar/train", card, {}, sides));
//   const Tensor batch = pictures.Batch({{{.picture = 7, .flip = true}}});
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "graph/tensor.h"
#include "vision/model_card.h"

namespace tradewind {

// A picture as it goes in: mirrored, and moved by so many pixels, with black where nothing is.
struct PictureUse {
  int64_t picture = 0;
  bool flip = false;
  int64_t right = 0, down = 0;
};

class TrainingPictures {
 public:
  // `progress` is told the share that is read, and stops by false (kCancelled). Labels of `classes` stay, others become -1; with none all
  // stay. kInvalidInput where nothing says what the pictures show, or a class is no label of the card.
  static Result<TrainingPictures> Load(const std::string& spec, const ModelCard& card, const std::vector<std::string>& classes,
                                       const PictureSides& sides, const std::function<bool(double share)>& progress);

  int64_t count() const { return static_cast<int64_t>(labels_.size()); }
  const std::vector<int64_t>& labels() const { return labels_; }
  const std::string& id() const { return id_; }  // of what was read, as the workload's
  std::vector<int64_t> LabelsOf(std::span<const PictureUse> uses) const;
  // uses x 3 x rows x columns, as the card says they go in.
  Tensor Batch(std::span<const PictureUse> uses) const;

 private:
  TrainingPictures() = default;
  std::string id_;
  int64_t height_ = 0, width_ = 0;
  std::vector<uint8_t> planes_;  // [picture][channel as the net has them][row][column]
  std::vector<int64_t> labels_;
  float values_[3][256] = {};  // of a byte, in each channel
  float black_[3] = {};
};

}  // namespace tradewind
