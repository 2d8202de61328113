// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "compress/recipe.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>

namespace tradewind {
namespace {

using enum TensorType;

constexpr RecipeRule kRulesQ4_0[] = {
    {TensorRole::kFeedForwardDown, kQ4_1, LayerChoice::kFirstEighth, ModelChoice::kWithImportance},
};
constexpr RecipeRule kRulesQ4_K_M[] = {
    {TensorRole::kAttentionValue, kQ6_K, LayerChoice::kEighthsAndThirds},
    {TensorRole::kFeedForwardDown, kQ6_K, LayerChoice::kEighthsAndThirds},
};
constexpr RecipeRule kRulesQ3_K_M[] = {
    {TensorRole::kAttentionValue, kQ5_K, LayerChoice::kFirstTwo},
    {TensorRole::kAttentionValue, kQ4_K},
    {TensorRole::kFeedForwardDown, kQ5_K, LayerChoice::kFirstSixteenth},
    {TensorRole::kFeedForwardDown, kQ4_K},
    {TensorRole::kAttentionOutput, kQ4_K},
};
constexpr RecipeRule kRulesQ2_K[] = {
    {TensorRole::kAttentionValue, kQ4_K, LayerChoice::kAll, ModelChoice::kFourQueriesAKey},
    {TensorRole::kAttentionValue, kQ3_K},
    {TensorRole::kFeedForwardDown, kQ3_K},
    {TensorRole::kAttentionOutput, kQ3_K},
};

constexpr Recipe kRecipes[] = {
    {"F32", 0, kF32, kF32, {}},
    {"F16", 1, kF16, kF16, {}},
    {"BF16", 32, kBF16, kBF16, {}},
    {"Q8_0", 7, kQ8_0, kQ8_0, {}},
    {"Q6_K", 18, kQ6_K, kQ6_K, {}},
    {"Q5_K_M", 17, kQ5_K, kQ6_K, kRulesQ4_K_M},
    {"Q4_K_M", 15, kQ4_K, kQ6_K, kRulesQ4_K_M},
    {"Q4_0", 2, kQ4_0, kQ6_K, kRulesQ4_0},
    {"Q3_K_M", 12, kQ3_K, kQ6_K, kRulesQ3_K_M},
    {"Q2_K", 10, kQ2_K, kQ6_K, kRulesQ2_K},
};

// What a type falls back to, of blocks of 32 values.
struct Fallback {
  TensorType from, to;
};
constexpr Fallback kFallbacks[] = {
    {kQ2_K, kQ4_0}, {kQ3_K, kQ4_0}, {kQ5_K, kQ5_1}, {kQ4_K, kQ5_0}, {kQ6_K, kQ8_0},
};

// Models of eighty layers with shared key heads have a small value matrix, for which more bits cost next to nothing.
constexpr int64_t kLargeModelLayers = 80;

TensorRole RoleOf(std::string_view name) {
  struct Part {
    std::string_view text;
    TensorRole role;
  };
  static constexpr Part kParts[] = {{"attn_v.weight", TensorRole::kAttentionValue},
                                    {"attn_output.weight", TensorRole::kAttentionOutput},
                                    {"ffn_down", TensorRole::kFeedForwardDown}};
  if (name == "output.weight") return TensorRole::kOutput;
  if (name == "token_embd.weight") return TensorRole::kEmbedding;
  for (const Part& part : kParts) {
    if (name.find(part.text) != std::string_view::npos) return part.role;
  }
  return TensorRole::kOther;
}

// Of "blk.N.something"; 0 for what belongs to no layer.
int64_t LayerOf(std::string_view name) {
  constexpr std::string_view kPrefix = "blk.";
  int64_t layer = 0;
  if (name.starts_with(kPrefix)) std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), layer);
  return layer;
}

bool IsAmong(LayerChoice choice, int64_t layer, int64_t layers) {
  switch (choice) {
    case LayerChoice::kAll: return true;
    case LayerChoice::kFirstTwo: return layer < 2;
    case LayerChoice::kFirstSixteenth: return layer < layers / 16;
    case LayerChoice::kFirstEighth: return layer < layers / 8;
    case LayerChoice::kEighthsAndThirds: return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
  }
  return false;
}

bool IsOf(ModelChoice choice, const ModelShape& shape, bool with_importance) {
  switch (choice) {
    case ModelChoice::kAny: return true;
    case ModelChoice::kFourQueriesAKey: return shape.kv_heads > 0 && shape.heads / shape.kv_heads >= 4;
    case ModelChoice::kWithImportance: return with_importance;
  }
  return false;
}

bool IsMatrixOfWeights(const GgufTensor& tensor) {
  return tensor.rows() > 1 && tensor.name.ends_with("weight") && tensor.name.find("_norm.weight") == std::string_view::npos;
}

TensorType WantedType(const Recipe& recipe, const ModelShape& shape, const GgufTensor& tensor, bool with_importance) {
  const TensorRole role = RoleOf(tensor.name);
  if (role == TensorRole::kOutput || (role == TensorRole::kEmbedding && shape.tied)) return recipe.output;
  const int64_t layer = LayerOf(tensor.name);
  for (const RecipeRule& rule : recipe.rules) {
    if (rule.role != role || !IsAmong(rule.layers, layer, shape.layers) || !IsOf(rule.model, shape, with_importance)) continue;
    return rule.type;
  }
  return recipe.base;
}

TensorType FittingType(TensorType wanted, uint64_t row_length) {
  if (RowBytes(wanted, row_length)) return wanted;
  for (const Fallback& fallback : kFallbacks) {
    if (fallback.from == wanted && RowBytes(fallback.to, row_length)) return fallback.to;
  }
  return kF16;
}

}  // namespace

std::span<const Recipe> Recipes() {
  return kRecipes;
}

Result<const Recipe*> FindRecipe(std::string_view name) {
  std::string names;
  for (const Recipe& recipe : kRecipes) {
    const bool same = std::equal(name.begin(), name.end(), recipe.name.begin(), recipe.name.end(),
                                 [](unsigned char a, unsigned char b) { return std::toupper(a) == b; });
    if (same) return &recipe;
    names += (names.empty() ? "" : ", ") + std::string(recipe.name);
  }
  return Fail(StatusCode::kInvalidInput, "there is no type \"" + std::string(name) + "\"; the types are " + names);
}

TypeChoice ChooseType(const Recipe& recipe, const ModelShape& shape, const GgufTensor& tensor, bool with_importance) {
  if (!IsMatrixOfWeights(tensor)) return {tensor.type, tensor.type};
  TensorType wanted = WantedType(recipe, shape, tensor, with_importance);
  if (shape.layers == kLargeModelLayers && shape.heads != shape.kv_heads && RoleOf(tensor.name) == TensorRole::kAttentionValue) {
    if (wanted == kQ3_K || wanted == kQ4_K) wanted = kQ5_K;
  }
  return {FittingType(wanted, tensor.row_length()), wanted};
}

}  // namespace tradewind
