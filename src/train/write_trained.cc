// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What training leaves: an ONNX file that says how it was made, and a card.
#include <cstdio>
#include <filesystem>

#include "base/version.h"
#include "graph/quantizers.h"
#include "train/train_net.h"
#include "vision/float_net.h"

namespace tradewind {
namespace {

std::string NumberText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

void SayAccuracy(OnnxModel& model, const std::string& when, const std::vector<OutputAccuracy>& accuracies) {
  for (const OutputAccuracy& a : accuracies) {
    model.metadata.emplace_back("training.accuracy_" + when + "." + a.output,
                                std::to_string(a.right) + " of " + std::to_string(a.judged) + " (" + NumberText(a.share()) + ")");
  }
}

}  // namespace

Result<void> WriteTrained(const TrainReport& report, const TrainRecipe& recipe, const std::string& path) {
  OnnxModel model = report.model;
  if (!QuantizersOf(model).empty()) TW_RETURN_IF_ERROR(LowerQuantizers(model));
  std::erase_if(model.metadata, [](const auto& entry) { return entry.first.starts_with("training."); });
  const auto say = [&](const std::string& key, const std::string& text) { model.metadata.emplace_back("training." + key, text); };
  say("recipe", recipe.name);
  say("recipe_hash", recipe.hash);
  say("seed", std::to_string(recipe.seed));
  say("data", report.data);
  say("validation", report.validation);
  say("parameters", std::to_string(report.parameters));
  say("steps", std::to_string(report.steps));
  say("batch", std::to_string(recipe.batch));
  say("stopped", report.stopped.empty() ? "at its end" : report.stopped);
  for (const TrainReport::Loss& loss : report.losses) say("loss." + loss.text, NumberText(loss.first) + " to " + NumberText(loss.last));
  SayAccuracy(model, "original", report.original);
  SayAccuracy(model, "before", report.before);
  SayAccuracy(model, "after", report.after);
  say("by", BuildId());
  ModelCard card = report.card;
  card.name = recipe.name + " (trained here)";
  card.files = {std::filesystem::path(path).filename().string()};
  return WriteNet(model, card, path);
}

}  // namespace tradewind
