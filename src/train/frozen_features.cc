// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "train/frozen_features.h"

#include <algorithm>
#include <cstring>

namespace tradewind {
namespace {

constexpr int64_t kRunBatch = 32;

}  // namespace

Result<FrozenFeatures> FrozenFeatures::Make(const TrainingPictures& pictures, std::string pictures_name,
                                            const std::vector<FeatureNet>& nets, int threads) {
  FrozenFeatures features(pictures);
  features.pictures_name_ = std::move(pictures_name);
  for (const FeatureNet& net : nets) {
    if (net.values.empty()) continue;
    Net out{.names = net.names};
    TW_ASSIGN(out.runner, OpenGraph({.path = net.model->source, .model = *net.model}, {.threads = threads, .batch = kRunBatch}));
    if (out.runner->inputs().size() != 1)
      return Fail(StatusCode::kUnsupported, net.model->source + ": a net with other inputs than pictures is not trained");
    for (const std::string& value : net.values) {
      const auto& outputs = out.runner->outputs();
      const auto found = std::find_if(outputs.begin(), outputs.end(), [&](const GraphEdge& e) { return e.name == value; });
      if (found == outputs.end()) return Fail(StatusCode::kNotFound, net.model->source + ": it does not give '" + value + "'");
      out.outputs.push_back(static_cast<size_t>(found - outputs.begin()));
    }
    features.nets_.push_back(std::move(out));
  }
  return features;
}

Result<std::vector<NamedTensor>> FrozenFeatures::Compute(std::span<const PictureUse> uses) {
  std::vector<NamedTensor> out;
  const auto count = static_cast<int64_t>(uses.size());
  const Tensor pictures = pictures_->Batch(uses);
  const int64_t picture_values = pictures.values() / std::max<int64_t>(1, count);
  for (Net& net : nets_) {
    const size_t first = out.size();
    for (int64_t at = 0; at < count; at += kRunBatch) {
      const int64_t taken = std::min(kRunBatch, count - at);
      std::vector<int64_t> shape = pictures.shape;
      shape[0] = kRunBatch;
      Tensor batch = Tensor::Of<float>(shape);
      std::copy_n(pictures.Values<float>().data() + at * picture_values, taken * picture_values, batch.Values<float>().data());
      TW_ASSIGN(const std::vector<Tensor> given, net.runner->Run({&batch, 1}));
      for (size_t i = 0; i < net.outputs.size(); ++i) {
        const Tensor& from = given[net.outputs[i]];
        if (at == 0) {
          std::vector<int64_t> sides = from.shape;
          sides[0] = count;
          out.push_back({net.names[i], Tensor::Of<float>(sides)});
        }
        const int64_t values = from.values() / kRunBatch;
        std::copy_n(from.Values<float>().data(), taken * values, out[first + i].tensor.Values<float>().data() + at * values);
      }
    }
  }
  if (!pictures_name_.empty()) out.push_back({pictures_name_, pictures});
  return out;
}

Result<bool> FrozenFeatures::Keep(uint64_t bytes, bool flips, const std::function<bool(double share)>& progress) {
  const int64_t count = pictures_->count();
  if (nets_.empty() || count == 0) return false;  // there is nothing to save by keeping
  const std::vector<PictureUse> one(1);
  TW_ASSIGN(const std::vector<NamedTensor> example, Compute(one));
  uint64_t values = 0;
  for (const NamedTensor& e : example) values += static_cast<uint64_t>(e.tensor.values());
  const int64_t variants = flips ? 2 : 1;
  if (values * sizeof(float) * static_cast<uint64_t>(variants * count) > bytes) return false;
  std::vector<Kept> kept;
  for (const NamedTensor& e : example) {
    Kept k{.name = e.name, .sides = e.tensor.shape, .values = e.tensor.values()};
    k.data.resize(static_cast<size_t>(k.values * variants * count));
    kept.push_back(std::move(k));
  }
  for (int64_t at = 0; at < variants * count; at += kRunBatch) {
    std::vector<PictureUse> uses;
    for (int64_t i = at; i < std::min(variants * count, at + kRunBatch); ++i) uses.push_back({.picture = i % count, .flip = i >= count});
    TW_ASSIGN(const std::vector<NamedTensor> given, Compute(uses));
    for (size_t k = 0; k < kept.size(); ++k) {
      const auto from = given[k].tensor.Values<float>();
      std::copy(from.begin(), from.end(), kept[k].data.begin() + at * kept[k].values);
    }
    const auto done = static_cast<double>(at) + static_cast<double>(uses.size());
    if (progress && !progress(done / static_cast<double>(variants * count)))
      return Fail(StatusCode::kCancelled, "stopped while the frozen part ran over the pictures");
  }
  kept_ = std::move(kept);
  return true;
}

std::vector<NamedTensor> FrozenFeatures::Gather(std::span<const PictureUse> uses) const {
  std::vector<NamedTensor> out;
  for (const Kept& k : kept_) {
    std::vector<int64_t> sides = k.sides;
    sides[0] = static_cast<int64_t>(uses.size());
    NamedTensor tensor{k.name, Tensor::Of<float>(sides)};
    float* to = tensor.tensor.Values<float>().data();
    for (const PictureUse& use : uses) {
      const int64_t row = use.picture + (use.flip ? pictures_->count() : 0);
      to = std::copy_n(k.data.data() + row * k.values, k.values, to);
    }
    out.push_back(std::move(tensor));
  }
  return out;
}

Result<std::vector<NamedTensor>> FrozenFeatures::Of(std::span<const PictureUse> uses) {
  if (kept_.empty()) return Compute(uses);
  return Gather(uses);
}

}  // namespace tradewind
