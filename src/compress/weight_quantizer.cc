// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "compress/weight_quantizer.h"

#include "compress/quantize_model.h"

namespace tradewind {

WeightQuantizer::WeightQuantizer(int threads, std::function<bool(double share, std::string_view tensor)> progress)
    : threads_(threads), progress_(std::move(progress)) {
  std::vector<std::string> names;
  for (const Recipe& recipe : Recipes()) names.emplace_back(recipe.name);
  knobs_.push_back({.name = "type",
                    .stage = Stage::kBuild,
                    .domain = ChoiceDomain{std::move(names)},
                    .default_value = std::string(),
                    .unit = "",
                    .meaning = "Which recipe gives each tensor its type.",
                    .condition = "always"});
}

Result<Artefact> WeightQuantizer::Make(std::span<const Artefact> inputs, const Setting& setting, const std::string& path) {
  if (inputs.size() != 1) return Fail(StatusCode::kInvalidInput, "quantising takes one model's file");
  TW_ASSIGN(const Recipe* recipe, FindRecipe(setting.TextOr("type", "")));
  TW_ASSIGN(const QuantizeReport report,
            QuantizeModel(inputs[0].path, path, {.recipe = recipe, .threads = threads_, .progress = progress_}));
  return Artefact{.kind = inputs[0].kind,
                  .path = path,
                  .size_bytes = report.bytes_out,
                  .maker = std::string(name()),
                  .setting = setting,
                  .inputs = {inputs[0].sha256},
                  .licence = inputs[0].licence};
}

}  // namespace tradewind
