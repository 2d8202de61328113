// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/trained_nets.h"

#include <algorithm>
#include <filesystem>

#include "base/cpu.h"
#include "base/file.h"
#include "recorded/library.h"
#include "train/train_net.h"

namespace tradewind {
namespace {

constexpr std::string_view kVision = "vision/";  // below which the pictures and weights lie that recipes name

struct RecipeSpec {
  std::string recipe;
  std::vector<std::string> settings{};
};

Result<RecipeSpec> ParseRecipeSpec(const std::string& text) {
  const size_t open = text.find('{');
  RecipeSpec spec{.recipe = text.substr(0, open)};
  if (open == std::string::npos) return spec;
  if (!text.ends_with('}'))
    return Fail(StatusCode::kInvalidInput, "the trained net \"" + text + "\": '{' is not closed; write recipe{field=value;...}");
  std::string_view list = std::string_view(text).substr(open + 1, text.size() - open - 2);
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(';'));
    list.remove_prefix(std::min(list.size(), one.size() + 1));
    spec.settings.emplace_back(one);
  }
  return spec;
}

// The folder below which a recipe's data lies, as a study finds its own.
std::string DataFolderOf(const TrainRecipe& recipe, const AnalysisContext& context) {
  const std::string train = std::string(kVision) + recipe.data.train.substr(0, recipe.data.train.rfind(','));
  const std::string path = RecordedFile("vision", train, context.data_folder);
  return path.substr(0, path.size() - train.size() + kVision.size());
}

// The recipe that makes the file which another one starts from; empty if none does.
std::string MakerOf(const std::string& file) {
  const std::string stem = std::filesystem::path(file).stem();
  const auto recipes = TrainRecipes();
  const bool made = file == stem + ".onnx" && std::any_of(recipes.begin(), recipes.end(), [&](const auto& r) { return r.first == stem; });
  return made ? stem : "";
}

}  // namespace

Result<std::string> TrainedNetFile(const std::string& spec, const AnalysisContext& context) {
  TW_ASSIGN(const RecipeSpec parsed, ParseRecipeSpec(spec));
  TW_ASSIGN(TrainRecipe recipe, FindTrainRecipe(parsed.recipe, parsed.settings));
  const std::filesystem::path folder = std::filesystem::path(CacheDir()) / "nets";
  const std::string path = folder / (recipe.name + "-" + recipe.hash + ".onnx");
  if (std::filesystem::exists(path)) return path;
  if (const std::string maker = MakerOf(recipe.net.file); !maker.empty()) {
    TW_ASSIGN(recipe.net.file, TrainedNetFile(maker, context));
  }
  TrainOptions options{.data_folder = DataFolderOf(recipe, context), .threads = DefaultThreads()};
  options.progress = [&](const std::string& what, double share) {
    context.Tell(share, recipe.name + ": " + what);
    return true;
  };
  TW_ASSIGN(const TrainReport report, TrainNet(recipe, options));
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  TW_RETURN_IF_ERROR(WriteTrained(report, recipe, path));
  return path;
}

}  // namespace tradewind
