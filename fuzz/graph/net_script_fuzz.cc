// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any text as the description of a net. It ends, within its memory; a model that it gives is one that can be written.
#include <cstdlib>

#include "graph/net_script.h"

namespace tradewind {
namespace {

// Parameters cost time and say nothing here: all are zeros.
class NoWeights : public WeightSource {
 public:
  Result<std::vector<float>> Get(const std::string&, const std::vector<int64_t>& dims, WeightKind, int64_t) override {
    int64_t count = 1;
    for (const int64_t d : dims) count *= d;
    if (count > 1 << 20) return Fail(StatusCode::kResourceExhausted, "too many for a fuzzer");
    return std::vector<float>(static_cast<size_t>(count));
  }
};

void RunOne(const uint8_t* data, size_t size) {
  NoWeights weights;
  const auto model = RunNetScript({reinterpret_cast<const char*>(data), size}, "fuzz", {}, weights);
  if (model && !WriteOnnx(*model)) std::abort();
  if (!model && model.error().message().find("fuzz") == std::string::npos) std::abort();
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne(data, size);
  return 0;
}
