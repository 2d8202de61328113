// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The net that a recipe trains: of its description and weights, with what the recipe puts in.
#include <charconv>

#include "graph/net_library.h"
#include "graph/surgery.h"
#include "train/train_files.h"
#include "train/train_net.h"

namespace tradewind {
namespace {

constexpr std::string_view kBlock = "block.";

Result<void> PutExits(OnnxModel& model, const ExitsChoice& exits, WeightSource& weights) {
  std::vector<std::string> at;
  for (const std::string& value : exits.at) {
    TW_ASSIGN(std::string name, NamedValue(model, value));
    at.push_back(std::move(name));
  }
  if (at.empty()) {
    TW_ASSIGN(const std::vector<std::string> ends, BlockEnds(model));
    // Behind the last block stands the net's own end.
    for (size_t i = static_cast<size_t>(exits.every) - 1; i + 1 < ends.size(); i += static_cast<size_t>(exits.every)) at.push_back(ends[i]);
  }
  if (at.empty()) return Fail(StatusCode::kUnsupported, model.source + ": it has no blocks to put exits behind; name values in exits.at");
  const auto& logits = model.graph.outputs.at(0);
  if (!logits.shape || logits.shape->size() != 2 || !logits.shape->back().value)
    return Fail(StatusCode::kUnsupported, model.source + ": its first output is not one number a class");
  const int64_t classes = *logits.shape->back().value;
  for (size_t i = 0; i < at.size(); ++i) {
    TW_RETURN_IF_ERROR(InsertExit(
        model, at[i], {.classes = classes, .name = exits.name + "." + std::to_string(i), .grid = exits.grid, .hidden = exits.hidden},
        weights));
  }
  return {};
}

}  // namespace

Result<OnnxModel> ChosenNet(const NetChoice& net, uint64_t seed, const std::string& data_folder) {
  if (!net.file.empty()) {
    TW_ASSIGN(const std::string path, FindTrainFile(net.file, data_folder));
    return ReadOnnx(path);
  }
  if (net.weights.empty()) return BuildNet(net.description, net.parameters, *RandomWeightSource(seed));
  TW_ASSIGN(const std::string path, FindTrainFile(net.weights, data_folder));
  TW_ASSIGN(const TorchFile file, TorchFile::Open(path));
  return BuildNet(net.description, net.parameters, *TorchWeightSource(file, net.prefix));
}

Result<std::string> NamedValue(const OnnxModel& model, const std::string& value) {
  if (!value.starts_with(kBlock)) return value;
  TW_ASSIGN(const std::vector<std::string> ends, BlockEnds(model));
  size_t block = 0;
  const auto [end, error] = std::from_chars(value.data() + kBlock.size(), value.data() + value.size(), block);
  if (error != std::errc() || end != value.data() + value.size() || block >= ends.size())
    return Fail(StatusCode::kNotFound,
                model.source + ": it has no '" + value + "': its blocks are numbered from 0, and there are " + std::to_string(ends.size()));
  return ends[block];
}

Result<PreparedNet> PrepareNet(const TrainRecipe& recipe, const std::string& data_folder) {
  TW_ASSIGN(const OnnxModel original, ChosenNet(recipe.net, recipe.seed, data_folder));
  PreparedNet net{original, original};
  const auto weights = RandomWeightSource(recipe.seed);
  if (recipe.exits) TW_RETURN_IF_ERROR(PutExits(net.model, *recipe.exits, *weights));
  if (recipe.bottleneck) {
    TW_ASSIGN(const std::string at, NamedValue(original, recipe.bottleneck->at));
    TW_RETURN_IF_ERROR(InsertBottleneck(net.model, at, recipe.bottleneck->plan, *weights));
  }
  if (recipe.quantize) {
    TW_ASSIGN(const int64_t folded, FoldBatchNorms(net.model));
    (void)folded;
    TW_ASSIGN(const std::vector<Quantizer> placed, InsertQuantizers(net.model, recipe.quantize->plan));
    if (placed.empty()) return Fail(StatusCode::kUnsupported, net.model.source + ": it has no layers to quantise");
  }
  return net;
}

}  // namespace tradewind
