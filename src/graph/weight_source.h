// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// WeightSource: where a net that is put together gets its weights: drawn, for nets that are only timed or will be trained, or out of a file
// of PyTorch's. The same seed and name give the same weights.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "formats/torch_file.h"

namespace tradewind {

// What a parameter is, which says how it is drawn.
enum class WeightKind : uint8_t {
  kWeights,   // normal, of a spread that keeps the signal's size through a rectifier (He et al., arXiv:1502.01852, section 2.2)
  kBias,      // 0
  kScale,     // 1
  kMean,      // 0
  kVariance,  // 1
};

class WeightSource {
 public:
  virtual ~WeightSource() = default;
  // Row-major values of a parameter. `fan_in`: how many inputs a sum has.
  virtual Result<std::vector<float>> Get(const std::string& name, const std::vector<int64_t>& dims, WeightKind kind, int64_t fan_in) = 0;
};

std::unique_ptr<WeightSource> RandomWeightSource(uint64_t seed);
// The parameter `prefix` + name. kNotFound names one that the file has not, kInvalidInput one of another shape. Borrows the file.
std::unique_ptr<WeightSource> TorchWeightSource(const TorchFile& file, std::string prefix);

}  // namespace tradewind
