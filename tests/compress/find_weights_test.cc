// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The knob `weights` on stories260K: the file it means, made once. Tests weight_quantizer.cc as well.
#include "compress/find_weights.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "compress/recipe.h"
#include "compress/weight_quantizer.h"
#include "formats/gguf.h"
#include "llm/options.h"
#include "llm/stories_gguf.h"
#include "shared_data.h"

namespace tradewind {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FindWeightsTest : public testing::Test {
 protected:
  FindWeightsTest() {
    std::string pattern = (fs::temp_directory_path() / "tradewind_weights_XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    if (const char* old = std::getenv("XDG_CACHE_HOME")) cache_home_ = old;
    setenv("XDG_CACHE_HOME", pattern.c_str(), 1);
  }
  ~FindWeightsTest() override {
    cache_home_ ? setenv("XDG_CACHE_HOME", cache_home_->c_str(), 1) : unsetenv("XDG_CACHE_HOME");
    fs::remove_all(folder_);
  }
  static Setting Of(const std::string& model, const std::string& weights) {
    Setting setting;
    setting.Set("model", model);
    if (!weights.empty()) setting.Set("weights", weights);
    return setting;
  }
  std::string folder_;
  std::optional<std::string> cache_home_;
};

TEST_F(FindWeightsTest, ACopyIsMadeOnceAndTheFileItselfIsNone) {
  TW_REQUIRE_DATA(model, StoriesGguf());
  int told = 0;
  const auto tell = [&](const std::string& what) {
    ++told;
    EXPECT_THAT(what, HasSubstr("Q8_0"));
  };
  EXPECT_EQ(FindWeights(Of(model, ""), tell).value(), model);
  EXPECT_EQ(FindWeights(Of(model, "as_is"), tell).value(), model);
  EXPECT_EQ(told, 0);
  const auto made = FindWeights(Of(model, "Q8_0"), tell);
  ASSERT_TRUE(made) << made.error().ToString();
  EXPECT_TRUE(made->starts_with(CacheDir() + "/artefacts/")) << *made;
  EXPECT_EQ(Gguf::Open(*made)->FindTensor("blk.0.attn_q.weight")->type, TensorType::kQ8_0);
  const auto time = fs::last_write_time(*made);
  EXPECT_EQ(FindWeights(Of(model, "Q8_0"), tell).value(), *made);
  EXPECT_EQ(fs::last_write_time(*made), time);
  EXPECT_EQ(told, 1);
  EXPECT_NE(FindWeights(Of(model, "Q4_0")).value(), *made);
}

TEST_F(FindWeightsTest, WhatIsWrongIsNamed) {
  TW_REQUIRE_DATA(model, StoriesGguf());
  EXPECT_EQ(FindWeights(Of("nobody", "Q8_0")).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(FindWeights(Of(model, "Q9")).error().code(), StatusCode::kInvalidInput);
  fs::create_directories(folder_ + "/minilm");
  fs::copy_file(model, folder_ + "/minilm/model.safetensors");
  const auto folder = FindWeights(Of(folder_ + "/minilm", "Q8_0"));
  EXPECT_EQ(folder.error().code(), StatusCode::kUnsupported);
  EXPECT_EQ(folder.error().where(), "weights");
}

// The knob names what the maker can make.
TEST(WeightsKnob, NamesTheRecipes) {
  std::vector<std::string> names = {kWeightsAsTheyAre};
  for (const Recipe& recipe : Recipes()) names.emplace_back(recipe.name);
  EXPECT_EQ(WeightsNames(), names);
}

TEST(WeightQuantizer, TakesOneInput) {
  WeightQuantizer quantizer(1);
  Setting setting;
  setting.Set("type", std::string("Q8_0"));
  EXPECT_FALSE(quantizer.Make({}, setting, "/nowhere/x.gguf"));
}

}  // namespace
}  // namespace tradewind
