// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Log-probabilities against llama.cpp's exact F32 forward pass of the same dequantised weights, and against its own distance from it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "llm/llm_test_util.h"

namespace tradewind {
namespace {

std::string GoldenPath(const std::string& file) {
  return SourcePath("tests/llm/golden/" + file);
}

Setting Load(const std::string& kv_type) {
  Setting s;
  s.Set("context", int64_t{3072});
  s.Set("kv_type_k", kv_type);
  s.Set("kv_type_v", kv_type);
  return s;
}

// Under a sanitizer, where all positions take half an hour, the first of each sequence: too few to be as near as the peer's mean.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr size_t kMostPositions = 24;
constexpr double kTimesThePeer = 2;
#else
constexpr size_t kMostPositions = SIZE_MAX;
constexpr double kTimesThePeer = 1.1;
#endif

std::vector<GoldenSequence> ReadGoldenOf(const std::string& model) {
  std::vector<GoldenSequence> golden = ReadGolden(GoldenPath(model + ".bin"));
  for (GoldenSequence& g : golden) {
    g.ids.resize(std::min(g.ids.size(), kMostPositions));
    g.logprobs.resize(g.ids.size() - 1);
  }
  return golden;
}

double MeanDistance(Instance& instance, const std::vector<GoldenSequence>& golden) {
  double sum = 0;
  int64_t count = 0;
  for (const GoldenSequence& g : golden) {
    const std::vector<float> ours = ScoreIds(instance, g.ids);
    EXPECT_EQ(ours.size(), g.logprobs.size());
    for (size_t i = 0; i < ours.size(); ++i) sum += std::fabs(static_cast<double>(ours[i]) - static_cast<double>(g.logprobs[i]));
    count += static_cast<int64_t>(ours.size());
  }
  return sum / static_cast<double>(count);
}

double PeerDistance(const std::string& name) {
  std::ifstream file(GoldenPath("golden.json"));
  return nlohmann::json::parse(file)["models"][name]["llama_cpp_quantised"]["mean_abs_delta"].get<double>();
}

class Golden : public testing::TestWithParam<const char*> {
 protected:
  // The large models take minutes: they run in `./test --long=models`. All instruction sets give the same bits, so the best one does.
  bool Wanted() const {
    const Result<Isa> isa = SelectIsa();
    if (!isa || *isa != AvailableIsas().back()) return false;
    return std::string(GetParam()) == "smollm2-135m" || std::getenv("TRADEWIND_LONG") != nullptr;
  }
};

TEST_P(Golden, QuantisedWeightsAreNoFurtherFromExactThanThePeer) {
  if (!Wanted()) GTEST_SKIP() << GetParam() << " runs under the best instruction set, the large ones in ./test --long=models";
  TW_REQUIRE_DATA(path, ModelPath(GetParam()));
  const auto golden = ReadGoldenOf(GetParam());
  const auto instance = OpenModel(path, Load("f16"));
  ASSERT_NE(instance, nullptr);
  const double ours = MeanDistance(*instance, golden);
  const double peer = PeerDistance(GetParam());
  std::printf("%s: mean |d log p| %.4f, llama.cpp %.4f\n", GetParam(), ours, peer);
  EXPECT_LE(ours, kTimesThePeer * peer);
  EXPECT_GT(ours, 0);
}

TEST_P(Golden, WidenedWeightsAreExact) {
  if (!Wanted()) GTEST_SKIP() << GetParam() << " runs under the best instruction set, the large ones in ./test --long=models";
  TW_REQUIRE_DATA(path, ModelPath(GetParam()));
  const auto golden = ReadGoldenOf(GetParam());
  const auto instance = OpenModel(path, Load("f32"), {.widen_to_f32 = true});
  ASSERT_NE(instance, nullptr);
  const double ours = MeanDistance(*instance, golden);
  std::printf("%s: mean |d log p| %.6f with F32 weights\n", GetParam(), ours);
  EXPECT_LE(ours, 0.001);
}

INSTANTIATE_TEST_SUITE_P(Models, Golden, testing::Values("smollm2-135m", "gemma-3-270m", "qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"),
                         [](const auto& param) {
                           std::string name = param.param;
                           for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
                           return name;
                         });

}  // namespace
}  // namespace tradewind
