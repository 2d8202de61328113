// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/weight_source.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "graph/tensor.h"

namespace tradewind {
namespace {

int64_t CountOf(const std::vector<int64_t>& dims) {
  int64_t count = 1;
  for (const int64_t dim : dims) count *= dim;
  return count;
}

// FNV-1a: a name's own stream of numbers, whatever stands before it in the net.
uint64_t SeedOf(uint64_t seed, const std::string& name) {
  uint64_t hash = 14695981039346656037u ^ seed;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

class RandomSource : public WeightSource {
 public:
  explicit RandomSource(uint64_t seed) : seed_(seed) {}
  Result<std::vector<float>> Get(const std::string& name, const std::vector<int64_t>& dims, WeightKind kind, int64_t fan_in) override {
    const bool one = kind == WeightKind::kScale || kind == WeightKind::kVariance;
    std::vector<float> values(static_cast<size_t>(CountOf(dims)), one ? 1.0f : 0.0f);
    if (kind != WeightKind::kWeights) return values;
    Random random(SeedOf(seed_, name));
    const double spread = std::sqrt(2.0 / static_cast<double>(std::max<int64_t>(1, fan_in)));
    for (float& v : values) v = static_cast<float>(random.Normal() * spread);
    return values;
  }

 private:
  uint64_t seed_;
};

class TorchSource : public WeightSource {
 public:
  TorchSource(const TorchFile& file, std::string prefix) : file_(file), prefix_(std::move(prefix)) {}
  Result<std::vector<float>> Get(const std::string& name, const std::vector<int64_t>& dims, WeightKind, int64_t) override {
    const TorchTensor* tensor = file_.Find(prefix_ + name);
    if (tensor == nullptr) return Fail(StatusCode::kNotFound, file_.source() + " has no '" + prefix_ + name + "'; is it this net's file?");
    if (tensor->shape != dims) {
      return Fail(StatusCode::kInvalidInput, "'" + prefix_ + name + "' of " + file_.source() + " is " + ShapeText(tensor->shape) +
                                                 ", and the net's " + ShapeText(dims));
    }
    return tensor->Floats();
  }

 private:
  const TorchFile& file_;
  std::string prefix_;
};

}  // namespace

std::unique_ptr<WeightSource> RandomWeightSource(uint64_t seed) {
  return std::make_unique<RandomSource>(seed);
}

std::unique_ptr<WeightSource> TorchWeightSource(const TorchFile& file, std::string prefix) {
  return std::make_unique<TorchSource>(file, std::move(prefix));
}

}  // namespace tradewind
