// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// YAML to TrainRecipe, field by field.
#include "train/train_recipe.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <span>

#include "base/file.h"
#include "base/units.h"
#include "formats/yaml_fields.h"

namespace tradewind {

std::span<const std::pair<std::string_view, std::string_view>> EmbeddedRecipes();  // generated; ascending

namespace {

Result<int64_t> Whole(const Fields& fields, const std::string& field, int64_t fallback, int64_t least, int64_t most) {
  TW_ASSIGN(const double number, fields.NumberOr(field, static_cast<double>(fallback)));
  if (number != std::floor(number) || number < static_cast<double>(least) || number > static_cast<double>(most))
    return fields.Fails(field, field + " is a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return static_cast<int64_t>(number);
}

Result<double> Within(const Fields& fields, const std::string& field, double fallback, double least, double most) {
  TW_ASSIGN(const double number, fields.NumberOr(field, fallback));
  if (number < least || number > most) {
    char bounds[80];
    std::snprintf(bounds, sizeof bounds, " is a number from %g to %g", least, most);
    return fields.Fails(field, field + bounds);
  }
  return number;
}

Result<NetChoice> ReadNet(const YAML::Node& node, const std::string& what, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(node, what, origin, {"description", "parameters", "weights", "prefix", "file"}));
  NetChoice net;
  TW_ASSIGN(net.description, fields.TextOr("description", ""));
  TW_ASSIGN(net.weights, fields.TextOr("weights", ""));
  TW_ASSIGN(net.prefix, fields.TextOr("prefix", ""));
  TW_ASSIGN(net.file, fields.TextOr("file", ""));
  TW_ASSIGN(const auto parameters, fields.TextMap("parameters"));
  for (const auto& [key, text] : parameters) {
    double& value = net.parameters[key];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
      return fields.Fails("parameters", "the parameter " + key + " is \"" + text.substr(0, 64) + "\", which is no number");
  }
  if (net.description.empty() == net.file.empty()) return fields.Fails("description", "it has a description or a file, one of the two");
  if (!net.file.empty() && (!net.weights.empty() || !net.parameters.empty()))
    return fields.Fails("file", "a file has its weights and no parameters");
  return net;
}

Result<ExitsChoice> ReadExits(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(node, "exits", origin, {"at", "every", "name", "grid", "hidden"}));
  ExitsChoice exits;
  TW_ASSIGN(exits.at, fields.Texts("at"));
  TW_ASSIGN(exits.name, fields.TextOr("name", exits.name));
  TW_ASSIGN(exits.every, Whole(fields, "every", 1, 1, 1 << 16));
  TW_ASSIGN(exits.grid, Whole(fields, "grid", 1, 1, 64));
  TW_ASSIGN(exits.hidden, Whole(fields, "hidden", 0, 0, 1 << 16));
  if (exits.at == std::vector<std::string>{"blocks"}) exits.at.clear();
  if (exits.every > 1 && !exits.at.empty()) return fields.Fails("every", "it chooses among the blocks; name the values that are wanted");
  return exits;
}

Result<BottleneckChoice> ReadBottleneck(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(node, "the bottleneck", origin, {"at", "channels", "stride", "kernel", "name"}));
  BottleneckChoice choice;
  TW_ASSIGN(choice.at, fields.Text("at"));
  TW_ASSIGN(choice.plan.channels, Whole(fields, "channels", 4, 1, 1 << 16));
  TW_ASSIGN(choice.plan.stride, Whole(fields, "stride", 1, 1, 64));
  TW_ASSIGN(choice.plan.kernel, Whole(fields, "kernel", 3, 1, 15));
  TW_ASSIGN(choice.plan.name, fields.TextOr("name", "bottleneck"));
  return choice;
}

Result<QuantizeChoice> ReadQuantize(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(node, "quantize", origin, {"weight_bits", "value_bits", "edge_bits", "calibration"}));
  QuantizeChoice choice;
  TW_ASSIGN(choice.plan.weight_bits, Whole(fields, "weight_bits", 8, 2, 8));
  TW_ASSIGN(choice.plan.value_bits, Whole(fields, "value_bits", 8, 2, 8));
  TW_ASSIGN(choice.plan.edge_bits, Whole(fields, "edge_bits", 8, 2, 8));
  TW_ASSIGN(choice.calibration, Whole(fields, "calibration", 256, 1, 1 << 16));
  return choice;
}

Result<DataChoice> ReadData(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(node, "the data", origin, {"train", "validate", "classes", "flip", "crop", "cache"}));
  DataChoice data;
  TW_ASSIGN(data.train, fields.Text("train"));
  TW_ASSIGN(data.validate, fields.Text("validate"));
  TW_ASSIGN(data.classes, fields.Texts("classes"));
  TW_ASSIGN(data.flip, fields.FlagOr("flip", false));
  TW_ASSIGN(data.crop, Whole(fields, "crop", 0, 0, 256));
  if (fields.Has("cache")) {
    TW_ASSIGN(const std::string text, fields.Text("cache"));
    const auto bytes = ParseBytes(text, ByteUnit::kMiB);
    if (!bytes) return fields.Fails("cache", bytes.error().message());
    data.cache_bytes = *bytes;
  }
  return data;
}

Result<TrainerLoss> ReadLoss(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(node, "a loss", origin, {"kind", "output", "target", "weight", "temperature", "low", "high"}));
  TrainerLoss loss;
  TW_ASSIGN(const size_t kind, fields.WordOr("kind", {"cross_entropy", "distillation", "match", "energy"}, 0));
  loss.kind = static_cast<LossKind>(kind);
  TW_ASSIGN(loss.output, fields.Text("output"));
  TW_ASSIGN(loss.target, fields.TextOr("target", ""));
  TW_ASSIGN(loss.weight, Within(fields, "weight", 1, 0, 1e6));
  TW_ASSIGN(loss.temperature, Within(fields, "temperature", 1, 1e-3, 1e3));
  TW_ASSIGN(loss.low, Within(fields, "low", loss.low, -1e6, 1e6));
  TW_ASSIGN(loss.high, Within(fields, "high", loss.high, -1e6, 1e6));
  const bool needs = loss.kind == LossKind::kDistillation || loss.kind == LossKind::kMatch;
  if (needs == loss.target.empty()) {
    return fields.Fails("target", std::string(LossKindName(loss.kind)) +
                                      (needs ? " needs a target: a value of the teacher, or of the net as it was" : " has no target"));
  }
  return loss;
}

Result<TrainPhase> ReadPhase(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(node, "a phase", origin, {"losses", "learning_rate", "warmup", "epochs"}));
  TrainPhase phase;
  TW_ASSIGN(phase.learning_rate, Within(fields, "learning_rate", phase.learning_rate, 0, 1e3));
  TW_ASSIGN(phase.warmup, Within(fields, "warmup", 0, 0, 1));
  TW_ASSIGN(phase.epochs, Whole(fields, "epochs", 1, 0, RecipeLimits::kEpochs));
  TW_ASSIGN(const std::vector<YAML::Node> losses, fields.List("losses"));
  if (losses.empty() || losses.size() > RecipeLimits::kLosses)
    return fields.Fails("losses", "a phase has from 1 to " + std::to_string(RecipeLimits::kLosses) + " losses");
  for (const YAML::Node& item : losses) {
    TW_ASSIGN(TrainerLoss loss, ReadLoss(item, origin));
    phase.losses.push_back(std::move(loss));
  }
  return phase;
}

Result<void> ReadSections(const Fields& fields, const std::string& origin, TrainRecipe& recipe) {
  if (!fields.Has("net") || !fields.Has("data")) return fields.Fails("net", "a recipe has a net and data");
  TW_ASSIGN(recipe.net, ReadNet(fields.Get("net"), "the net", origin));
  TW_ASSIGN(recipe.data, ReadData(fields.Get("data"), origin));
  if (fields.Has("teacher")) {
    TW_ASSIGN(recipe.teacher, ReadNet(fields.Get("teacher"), "the teacher", origin));
  }
  if (fields.Has("exits")) {
    TW_ASSIGN(recipe.exits, ReadExits(fields.Get("exits"), origin));
  }
  if (fields.Has("bottleneck")) {
    TW_ASSIGN(recipe.bottleneck, ReadBottleneck(fields.Get("bottleneck"), origin));
  }
  if (fields.Has("quantize")) {
    TW_ASSIGN(recipe.quantize, ReadQuantize(fields.Get("quantize"), origin));
  }
  TW_ASSIGN(const std::vector<YAML::Node> phases, fields.List("phases"));
  if (phases.empty() || phases.size() > RecipeLimits::kPhases)
    return fields.Fails("phases", "a recipe has from 1 to " + std::to_string(RecipeLimits::kPhases) + " phases");
  for (const YAML::Node& item : phases) {
    TW_ASSIGN(TrainPhase phase, ReadPhase(item, origin));
    recipe.phases.push_back(std::move(phase));
  }
  return {};
}

Result<TrainRecipe> BuildRecipe(const YAML::Node& root, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(root, "a recipe", origin,
                                            {"name", "summary", "net", "teacher", "card", "exits", "bottleneck", "quantize", "train",
                                             "data", "phases", "optimizer", "momentum", "weight_decay", "batch", "seed", "time"}));
  TrainRecipe recipe;
  TW_ASSIGN(recipe.name, fields.Line("name"));
  TW_ASSIGN(recipe.summary, fields.Line("summary"));
  TW_ASSIGN(recipe.card, fields.TextOr("card", ""));
  TW_ASSIGN(recipe.train, fields.Texts("train"));
  TW_ASSIGN(const size_t optimizer, fields.WordOr("optimizer", {"sgd", "adam"}, 0));
  recipe.optimizer = static_cast<OptimizerKind>(optimizer);
  TW_ASSIGN(recipe.momentum, Within(fields, "momentum", recipe.momentum, 0, 0.9999));
  TW_ASSIGN(recipe.weight_decay, Within(fields, "weight_decay", 0, 0, 1));
  TW_ASSIGN(recipe.batch, Whole(fields, "batch", recipe.batch, 2, RecipeLimits::kBatch));
  TW_ASSIGN(const int64_t seed, Whole(fields, "seed", 1, 0, int64_t{1} << 53));
  recipe.seed = static_cast<uint64_t>(seed);
  if (fields.Has("time")) {
    TW_ASSIGN(const std::string text, fields.Text("time"));
    const auto time = ParseDuration(text, TimeUnit::kNone);
    if (!time) return fields.Fails("time", time.error().message());
    recipe.time = *time;
  }
  TW_RETURN_IF_ERROR(ReadSections(fields, origin, recipe));
  return recipe;
}

// A list takes its items between commas; what begins as a list or a map is one.
YAML::Node ValueOf(const std::string& text, bool list) {
  if (text.front() == '{' || text.front() == '[') return YAML::Load(text);
  return list ? YAML::Load("[" + text + "]") : YAML::Node(text);
}

// Puts a value where the path leads; maps get a new field, lists no new item.
Result<void> SetField(const YAML::Node& root, const std::string& setting) {
  const size_t equals = setting.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == setting.size())
    return Fail(Status(StatusCode::kInvalidInput, "\"" + setting + "\" is not path=value").At("--set"));
  const std::string path = setting.substr(0, equals);
  YAML::Node at;
  at.reset(root);
  for (size_t begin = 0;;) {
    const size_t dot = std::min(path.find('.', begin), path.size());
    const std::string key = path.substr(begin, dot - begin);
    YAML::Node next;
    if (at.IsSequence()) {
      size_t index = 0;
      const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
      if (error != std::errc() || end != key.data() + key.size() || index >= at.size())
        return Fail(Status(StatusCode::kNotFound, "\"" + path.substr(0, dot) + "\" is no item of that list").At("--set " + setting));
      next.reset(at[index]);
    } else if (at.IsMap()) {
      if (dot == path.size() && !at[key].IsDefined()) {
        at[key] = ValueOf(setting.substr(equals + 1), false);
        return {};
      }
      if (!at[key].IsDefined())
        return Fail(Status(StatusCode::kNotFound, "the recipe has no \"" + path.substr(0, dot) + "\"").At("--set " + setting));
      next.reset(at[key]);
    } else {
      return Fail(Status(StatusCode::kNotFound, "nothing stands below \"" + path.substr(0, begin) + "\"").At("--set " + setting));
    }
    at.reset(next);
    if (dot == path.size()) break;
    begin = dot + 1;
  }
  at = ValueOf(setting.substr(equals + 1), at.IsSequence());
  return {};
}

std::string HashOf(std::string_view yaml, const std::vector<std::string>& settings) {
  std::string text(yaml);
  for (const std::string& setting : settings) text += "\n" + setting;
  char hex[17];
  std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(XXH3_64bits(text.data(), text.size())));
  return hex;
}

Result<TrainRecipe> Load(std::string_view yaml, const std::string& origin, const std::vector<std::string>& settings) {
  const YAML::Node root = YAML::Load(std::string(yaml));
  for (const std::string& setting : settings) TW_RETURN_IF_ERROR(SetField(root, setting));
  return BuildRecipe(root, origin);
}

}  // namespace

Result<TrainRecipe> ParseTrainRecipe(std::string_view yaml, const std::string& origin, const std::vector<std::string>& settings) {
  if (yaml.size() > RecipeLimits::kTextBytes) {
    return Fail(
        Status(StatusCode::kInvalidInput, "a recipe has at most " + std::to_string(RecipeLimits::kTextBytes) + " bytes").At(origin));
  }
  try {
    TW_ASSIGN(TrainRecipe recipe, Load(yaml, origin, settings));
    recipe.hash = HashOf(yaml, settings);
    return recipe;
  } catch (...) {
    return Fail(YamlProblem(origin));
  }
}

std::vector<std::pair<std::string, std::string>> TrainRecipes() {
  std::vector<std::pair<std::string, std::string>> recipes;
  for (const auto& [name, text] : EmbeddedRecipes()) {
    const auto recipe = ParseTrainRecipe(text, "built-in recipe " + std::string(name), {});
    recipes.emplace_back(name, recipe ? recipe->summary : recipe.error().ToString());
  }
  return recipes;
}

Result<TrainRecipe> FindTrainRecipe(const std::string& name, const std::vector<std::string>& settings) {
  std::string known;
  for (const auto& [recipe, text] : EmbeddedRecipes()) {
    if (recipe == name) return ParseTrainRecipe(text, "built-in recipe " + name, settings);
    known += (known.empty() ? "" : ", ") + std::string(recipe);
  }
  if (!name.ends_with(".yaml"))
    return Fail(StatusCode::kNotFound, "there is no recipe '" + name + "'; there are: " + known + "; or give the path of a .yaml file");
  TW_ASSIGN(const std::string text, ReadFile(name, RecipeLimits::kTextBytes));
  return ParseTrainRecipe(text, name, settings);
}

}  // namespace tradewind
