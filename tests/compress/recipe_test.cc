// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Which tensor gets which type, against what llama.cpp's quantiser says of four real models (data/llama_cpp_types.tsv).
#include "compress/recipe.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <sstream>

#include "shared_data.h"

namespace tradewind {
namespace {

std::vector<std::string> Fields(const std::string& line, char separator) {
  std::vector<std::string> fields;
  std::istringstream in(line);
  for (std::string field; std::getline(in, field, separator);) fields.push_back(field);
  return fields;
}

TensorType TypeNamed(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
  for (const TensorTypeInfo& info : AllTensorTypes()) {
    if (info.name == name) return info.type;
  }
  ADD_FAILURE() << name;
  return TensorType::kF32;
}

GgufTensor TensorOf(std::string_view name, TensorType type, std::vector<uint64_t> shape) {
  GgufTensor tensor;
  tensor.name = name;
  tensor.type = type;
  tensor.dimensions = static_cast<int>(shape.size());
  std::copy(shape.begin(), shape.end(), tensor.shape);
  return tensor;
}

struct TypedModel {
  std::string name;
  ModelShape shape;
  std::vector<GgufTensor> tensors;
};

// Compares one line of types with what we choose; the number of tensors that differ from the base type is returned.
size_t CompareTypes(const TypedModel& model, const std::string& recipe_name, const std::string& runs) {
  const auto recipe = FindRecipe(recipe_name);
  if (!recipe) {
    ADD_FAILURE() << recipe.error().ToString();
    return 0;
  }
  size_t at = 0, special = 0;
  for (const std::string& run : Fields(runs, ' ')) {
    const size_t star = run.find('*');
    const TensorType expected = TypeNamed(run.substr(star + 1));
    for (int n = std::stoi(run.substr(0, star)); n > 0 && at < model.tensors.size(); --n, ++at) {
      const TypeChoice choice = ChooseType(**recipe, model.shape, model.tensors[at], false);
      EXPECT_EQ(InfoOf(choice.type).name, InfoOf(expected).name) << model.name << " " << recipe_name << " " << model.tensors[at].name;
      special += choice.wanted != (*recipe)->base && model.tensors[at].rows() > 1;
    }
  }
  EXPECT_EQ(at, model.tensors.size());
  return special;
}

TEST(RecipeTest, EveryTensorHasTheTypeThatLlamaCppGivesIt) {
  std::ifstream in(SourcePath("tests/compress/data/llama_cpp_types.tsv"));
  std::deque<std::string> names;
  TypedModel model;
  size_t models = 0, lines = 0, special = 0;
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string> f = Fields(line, '\t');
    if (f[0] == "model") {
      model = {f[1], {std::stoll(f[2]), std::stoll(f[3]), std::stoll(f[4]), true}, {}};
      ++models;
    } else if (f[0] == "tensor") {
      std::vector<uint64_t> shape;
      for (const std::string& length : Fields(f[3], 'x')) shape.push_back(std::stoull(length));
      if (f[1] == "output.weight") model.shape.tied = false;
      model.tensors.push_back(TensorOf(names.emplace_back(f[1]), TypeNamed(f[2]), shape));
    } else {
      special += CompareTypes(model, f[1], f[2]);
      ++lines;
    }
  }
  EXPECT_EQ(models, 4u);
  EXPECT_EQ(lines, models * Recipes().size());
  EXPECT_GT(special, 500u);
}

TypeChoice Chosen(std::string_view recipe, ModelShape shape, const GgufTensor& tensor, bool importance = false) {
  return ChooseType(**FindRecipe(recipe), shape, tensor, importance);
}

TEST(RecipeTest, AnOutputMatrixOfItsOwnFreesTheEmbedding) {
  const GgufTensor embedding = TensorOf("token_embd.weight", TensorType::kF16, {2048, 100});
  const GgufTensor output = TensorOf("output.weight", TensorType::kF16, {2048, 100});
  EXPECT_EQ(Chosen("Q4_K_M", {32, 32, 8, true}, embedding).type, TensorType::kQ6_K);
  EXPECT_EQ(Chosen("Q4_K_M", {32, 32, 8, false}, embedding).type, TensorType::kQ4_K);
  EXPECT_EQ(Chosen("Q4_K_M", {32, 32, 8, false}, output).type, TensorType::kQ6_K);
  EXPECT_EQ(Chosen("Q8_0", {32, 32, 8, false}, output).type, TensorType::kQ8_0);
}

TEST(RecipeTest, SharedKeyHeadsAndDepthCount) {
  const GgufTensor value = TensorOf("blk.20.attn_v.weight", TensorType::kF16, {4096, 1024});
  EXPECT_EQ(Chosen("Q2_K", {32, 32, 8, false}, value).type, TensorType::kQ4_K);
  EXPECT_EQ(Chosen("Q2_K", {32, 32, 16, false}, value).type, TensorType::kQ3_K);
  EXPECT_EQ(Chosen("Q3_K_M", {32, 32, 8, false}, value).type, TensorType::kQ4_K);
  EXPECT_EQ(Chosen("Q3_K_M", {80, 64, 8, false}, value).type, TensorType::kQ5_K);
}

TEST(RecipeTest, WithImportanceTheFirstDownMatricesOfQ4_0HaveAnOffset) {
  const GgufTensor first = TensorOf("blk.3.ffn_down.weight", TensorType::kF16, {4096, 1024});
  const GgufTensor later = TensorOf("blk.4.ffn_down.weight", TensorType::kF16, {4096, 1024});
  EXPECT_EQ(Chosen("Q4_0", {32, 32, 8, false}, first, false).type, TensorType::kQ4_0);
  EXPECT_EQ(Chosen("Q4_0", {32, 32, 8, false}, first, true).type, TensorType::kQ4_1);
  EXPECT_EQ(Chosen("Q4_0", {32, 32, 8, false}, later, true).type, TensorType::kQ4_0);
}

TEST(RecipeTest, RowsThatFitNoBlockAreHalves) {
  const TypeChoice choice = Chosen("Q4_K_M", {32, 32, 8, false}, TensorOf("blk.0.attn_q.weight", TensorType::kF32, {100, 8}));
  EXPECT_EQ(choice.type, TensorType::kF16);
  EXPECT_EQ(choice.wanted, TensorType::kQ4_K);
}

TEST(RecipeTest, VectorsNormsAndWhatIsNoWeightStay) {
  for (const auto& [name, shape] : std::vector<std::pair<std::string, std::vector<uint64_t>>>{
           {"blk.0.attn_q.bias", {64, 2}}, {"output_norm.weight", {64, 2}}, {"blk.0.attn_q.weight", {256, 1}}}) {
    EXPECT_EQ(Chosen("Q4_0", {32, 32, 8, false}, TensorOf(name, TensorType::kF32, shape)).type, TensorType::kF32) << name;
  }
}

TEST(RecipeTest, NamesAreFoundInAnyCase) {
  ASSERT_TRUE(FindRecipe("q4_k_m"));
  EXPECT_EQ((*FindRecipe("q4_k_m"))->name, "Q4_K_M");
  for (const char* wrong : {"Q4_K", "", "Q4_K_M "}) {
    const auto found = FindRecipe(wrong);
    ASSERT_FALSE(found) << wrong;
    EXPECT_THAT(found.error().message(), testing::HasSubstr("Q5_K_M, Q4_K_M, Q4_0"));
  }
}

}  // namespace
}  // namespace tradewind
