// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Recipes: which tensor of a model gets which type under a name such as Q4_K_M. The names, the choices and the fallbacks are llama.cpp's,
// so that a file has the size that its name promises. Pure functions.
//
//   TW_ASSIGN(const Recipe* recipe, FindRecipe("Q4_K_M"));
//   const TypeChoice choice = ChooseType(*recipe, shape, tensor, false);
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/status.h"
#include "formats/gguf.h"

namespace tradewind {

// What a tensor is for. Only matrices named here can differ from a recipe's base type.
enum class TensorRole : uint8_t { kEmbedding, kOutput, kAttentionValue, kAttentionOutput, kFeedForwardDown, kOther };

enum class LayerChoice : uint8_t {
  kAll,
  kFirstTwo,
  kFirstSixteenth,
  kFirstEighth,
  kEighthsAndThirds,  // the first and the last eighth, and every third layer between
};

enum class ModelChoice : uint8_t {
  kAny,
  kFourQueriesAKey,  // at least four query heads share a key head
  kWithImportance,   // an importance matrix is used
};

struct RecipeRule {
  TensorRole role = TensorRole::kOther;
  TensorType type = TensorType::kF32;
  LayerChoice layers = LayerChoice::kAll;
  ModelChoice model = ModelChoice::kAny;
};

struct Recipe {
  std::string_view name;   // "Q4_K_M"
  uint32_t file_type = 0;  // general.file_type
  TensorType base = TensorType::kF32;
  TensorType output = TensorType::kF32;  // of the output matrix, or of the embedding where it serves as that, too
  std::span<const RecipeRule> rules;     // the first that fits wins, else `base`
};
std::span<const Recipe> Recipes();
// In any case. kInvalidInput lists the names that there are.
Result<const Recipe*> FindRecipe(std::string_view name);

// What of a model the rules ask for.
struct ModelShape {
  int64_t layers = 0;
  int64_t heads = 0;
  int64_t kv_heads = 0;
  bool tied = false;  // no output matrix: the embedding serves as that
};

struct TypeChoice {
  TensorType type = TensorType::kF32;
  TensorType wanted = TensorType::kF32;  // other than `type` where the rows do not fit its blocks
};
// The stored type if the tensor is to stay as it is: a vector, or a norm.
TypeChoice ChooseType(const Recipe& recipe, const ModelShape& shape, const GgufTensor& tensor, bool with_importance);

}  // namespace tradewind
