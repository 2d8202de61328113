// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "train/training_pictures.h"

#include <algorithm>
#include <cmath>

#include "vision/image.h"
#include "vision/picture_set.h"

namespace tradewind {
namespace {

constexpr int64_t kMostBytes = int64_t{8} << 30;

Image Fitted(const Image& image, const PictureInput& input, const PictureSides& sides) {
  if (image.width == sides.width && image.height == sides.height) return image;
  if (!input.crop) return Resize(image, sides.width, sides.height);
  const auto shorter = static_cast<int64_t>(std::lround(static_cast<double>(std::min(sides.width, sides.height)) / input.crop_share));
  return Resize(ResizeAndCrop(image, shorter, std::min(sides.width, sides.height)), sides.width, sides.height);
}

}  // namespace

Result<TrainingPictures> TrainingPictures::Load(const std::string& spec, const ModelCard& card, const std::vector<std::string>& classes,
                                                const PictureSides& sides, const std::function<bool(double share)>& progress) {
  TW_ASSIGN(const Workload workload, LoadPictures(spec, card));
  std::vector<bool> stays(std::max<size_t>(card.labels.size(), 1), classes.empty());
  for (const std::string& name : classes) {
    const auto found = std::find(card.labels.begin(), card.labels.end(), name);
    if (found == card.labels.end())
      return Fail(Status(StatusCode::kInvalidInput, "'" + name + "' is none of the labels of the card " + card.name).At("data.classes"));
    stays[static_cast<size_t>(found - card.labels.begin())] = true;
  }
  TrainingPictures out;
  out.id_ = workload.id;
  out.height_ = sides.height;
  out.width_ = sides.width;
  const auto pixels = sides.height * sides.width;
  const auto count = static_cast<int64_t>(workload.recalled.size());
  if (count > kMostBytes / (3 * pixels))
    return Fail(
        StatusCode::kResourceExhausted,
        spec + ": " + std::to_string(count) + " pictures of this size are more than 8 GiB; take a " + "share, as pictures:FOLDER,COUNT");
  out.planes_.resize(static_cast<size_t>(count * 3 * pixels));
  for (int64_t i = 0; i < count; ++i) {
    const PictureRef ref = ParseSampleId(workload.recalled[static_cast<size_t>(i)].id);
    if (ref.label < 0) return Fail(StatusCode::kInvalidInput, ref.path + ": nothing says what it shows; a net is trained on labels");
    TW_ASSIGN(const Image read, ReadPicture(ref));
    const Image image = Fitted(read, card.input, sides);
    uint8_t* to = out.planes_.data() + i * 3 * pixels;
    for (int64_t c = 0; c < 3; ++c) {
      const int64_t from = card.input.blue_first ? 2 - c : c;
      for (int64_t p = 0; p < pixels; ++p) to[c * pixels + p] = image.pixels[static_cast<size_t>(p * 3 + from)];
    }
    const auto label = static_cast<size_t>(ref.label);
    out.labels_.push_back(label < stays.size() && stays[label] ? ref.label : -1);
    if (progress && !progress(static_cast<double>(i + 1) / static_cast<double>(count)))
      return Fail(StatusCode::kCancelled, "stopped while pictures were read");
  }
  for (size_t c = 0; c < 3; ++c) {
    const size_t color = card.input.blue_first ? 2 - c : c;
    for (int v = 0; v < 256; ++v) out.values_[c][v] = (static_cast<float>(v) - card.input.mean[color]) / card.input.deviation[color];
    out.black_[c] = out.values_[c][0];
  }
  return out;
}

std::vector<int64_t> TrainingPictures::LabelsOf(std::span<const PictureUse> uses) const {
  std::vector<int64_t> labels;
  for (const PictureUse& use : uses) labels.push_back(labels_[static_cast<size_t>(use.picture)]);
  return labels;
}

Tensor TrainingPictures::Batch(std::span<const PictureUse> uses) const {
  Tensor batch = Tensor::Of<float>({static_cast<int64_t>(uses.size()), 3, height_, width_});
  float* to = batch.Values<float>().data();
  for (const PictureUse& use : uses) {
    for (int64_t c = 0; c < 3; ++c) {
      const uint8_t* plane = planes_.data() + (use.picture * 3 + c) * height_ * width_;
      for (int64_t y = 0; y < height_; ++y) {
        const int64_t from_y = y - use.down;
        for (int64_t x = 0; x < width_; ++x) {
          const int64_t from_x = (use.flip ? width_ - 1 - x : x) - use.right;
          const bool inside = from_y >= 0 && from_y < height_ && from_x >= 0 && from_x < width_;
          *to++ = inside ? values_[c][plane[from_y * width_ + from_x]] : black_[c];
        }
      }
    }
  }
  return batch;
}

}  // namespace tradewind
