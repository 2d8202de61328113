// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind quantize: a model file with fewer bits a weight; of nets of pictures see cli/quantize_net.h.
#include <cstdio>
#include <map>
#include <optional>
#include <vector>

#include "base/cpu.h"
#include "base/units.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/model_arguments.h"
#include "cli/progress.h"
#include "cli/quantize_net.h"
#include "cli/run_picture.h"
#include "cli/stop_signals.h"
#include "cli/table.h"
#include "compress/quantize_model.h"

namespace tradewind {
namespace {

constexpr int64_t kMostThreads = 1024;

struct QuantizeArguments {
  std::string in, out, type;
  std::optional<std::string> importance;
  std::string pictures, card;
  std::optional<int64_t> threads;
  bool json = false;

  void Declare(Arguments& args) {
    std::string names;
    for (const Recipe& recipe : Recipes()) names += (names.empty() ? "" : ", ") + std::string(recipe.name);
    args.Positional("in", &in, "the model: a GGUF file or a model's name (see `tradewind models`), or a net of pictures (.onnx, .tflite)",
                    true);
    args.Positional("out", &out, "the file to write", true);
    args.Option("--type", &type, "of the result: " + names + "; of a net of pictures int8");
    args.Option("--imatrix", &importance, "an importance matrix of this model, by `tradewind measure --imatrix` or llama-imatrix (GGUF)");
    args.Option("--pictures", &pictures, "of a net of pictures: pictures:FOLDER,64, of which scales are found; no labels are needed");
    args.Option("--card", &card, "of a net of pictures: what goes in and comes out (docs/cards.md) [by the file's name]");
    args.Option("-t,--threads", &threads, "threads [allowed CPUs]");
    args.Flag("--json", &json, "print one JSON value");
  }
};

std::string RemainingText(std::string_view tensor, double share, Duration spent) {
  std::string text(tensor);
  if (share > 0.01 && share < 1) text += ", " + FormatDuration(Duration::Seconds(spent.seconds() * (1 - share) / share)) + " left";
  return text;
}

// What a person should know of the result.
void PrintRemarks(const QuantizeReport& report) {
  std::map<std::string, std::vector<std::string>> tensors_by_fallback;
  for (const QuantizeReport::Fallback& f : report.fallbacks) {
    const TensorTypeInfo& wanted = InfoOf(f.choice.wanted);
    tensors_by_fallback["rows of " + std::to_string(f.row_length) + " values do not fit " + std::string(wanted.name) + " (blocks of " +
                        std::to_string(wanted.block_values) + "); " + std::string(InfoOf(f.choice.type).name) + " instead"]
        .push_back(f.tensor);
  }
  for (const auto& [what, tensors] : tensors_by_fallback) {
    const std::string others = tensors.size() == 1 ? "" : " and " + std::to_string(tensors.size() - 1) + " more";
    std::fprintf(stderr, "tradewind: %s%s: %s\n", tensors.front().c_str(), others.c_str(), what.c_str());
  }
  for (const auto& [type, tensors] : report.requantized) {
    std::fprintf(stderr, "tradewind: %llu tensors were %s already: what that lost is lost twice; start from F16 or F32 if you can\n",
                 static_cast<unsigned long long>(tensors), std::string(InfoOf(type).name).c_str());
  }
}

double BitsAWeight(const QuantizeReport& report) {
  return report.values == 0 ? 0 : 8.0 * static_cast<double>(report.bytes_out) / static_cast<double>(report.values);
}

Json QuantizeJson(const QuantizeReport& report, const Recipe& recipe, const std::string& path, Duration spent) {
  Json json = {{"path", path},
               {"type", recipe.name},
               {"bytes_in", report.bytes_in},
               {"bytes", report.bytes_out},
               {"weights", report.values},
               {"bits_per_weight", BitsAWeight(report)},
               {"seconds", spent.seconds()}};
  for (const auto& [type, sum] : report.types) {
    Json& entry = json["types"][std::string(InfoOf(type).name)];
    entry = {{"tensors", sum.tensors}, {"weights", sum.values}, {"bytes", sum.bytes}, {"weights_encoded", sum.encoded_values}};
    if (sum.encoded_values > 0) entry["mean_squared_error"] = sum.squared_error / static_cast<double>(sum.encoded_values);
  }
  json["fallbacks"] = Json::array();
  for (const auto& f : report.fallbacks) {
    json["fallbacks"].push_back({{"tensor", f.tensor}, {"wanted", InfoOf(f.choice.wanted).name}, {"type", InfoOf(f.choice.type).name}});
  }
  return json;
}

void PrintQuantized(const QuantizeReport& report, const std::string& path, Duration spent) {
  TextTable table({"type", "tensors", "weights", "size", "mean squared error"});
  for (const auto& [type, sum] : report.types) {
    table.Add({std::string(InfoOf(type).name), std::to_string(sum.tensors), std::to_string(sum.values), FormatBytes(sum.bytes),
               sum.encoded_values == 0 ? "copied" : ShortNumber(sum.squared_error / static_cast<double>(sum.encoded_values))});
  }
  std::printf("%s%s -> %s, %.3f bits per weight, in %s\n  %s\n", table.Text().c_str(), FormatBytes(report.bytes_in).c_str(),
              FormatBytes(report.bytes_out).c_str(), BitsAWeight(report), FormatDuration(spent).c_str(), path.c_str());
}

Result<int> QuantizeNetMain(const QuantizeArguments& given, int threads) {
  if (given.type != "int8")
    return Fail(Status(StatusCode::kInvalidInput, "a net of pictures becomes int8, not " + given.type).At("--type"));
  if (given.importance) return Fail(Status(StatusCode::kInvalidInput, "importance matrices are of language models").At("--imatrix"));
  return QuantizeNet(
      {.in = given.in, .out = given.out, .pictures = given.pictures, .card = given.card, .threads = threads, .json = given.json});
}

Result<int> QuantizeMain(int argc, char** argv) {
  QuantizeArguments given;
  Arguments args("quantize", "Writes a model with fewer bits a weight, of the types and the size that llama.cpp gives these names.");
  given.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  if (given.type.empty())
    return Fail(Status(StatusCode::kInvalidInput, "say which type the result is to have, as --type Q4_K_M").At("--type"));
  const int64_t threads = given.threads.value_or(DefaultThreads());
  if (threads < 1 || threads > kMostThreads) {
    return Fail(Status(StatusCode::kInvalidInput, "the number of threads must be 1 to " + std::to_string(kMostThreads)).At("--threads"));
  }
  if (IsGraphFile(given.in)) return QuantizeNetMain(given, static_cast<int>(threads));
  if (!given.pictures.empty() || !given.card.empty())
    return Fail(Status(StatusCode::kInvalidInput, "pictures and cards are of nets of pictures (.onnx, .tflite)").At("--pictures"));
  TW_ASSIGN(const Recipe* recipe, FindRecipe(given.type));
  TW_ASSIGN(const std::string path, FindModelFile(given.in));
  std::optional<ImportanceMatrix> importance;
  if (given.importance) {
    TW_ASSIGN(importance, ImportanceMatrix::Open(*given.importance));
  }
  const StopSignals signals;
  const TimePoint start = RealClock().Now();
  ProgressLine line;
  QuantizeOptions options{.recipe = recipe, .importance = importance ? &*importance : nullptr, .threads = static_cast<int>(threads)};
  options.progress = [&](double share, std::string_view tensor) {
    line.Show(share, RemainingText(tensor, share, RealClock().Now() - start));
    return !signals.stopped();
  };
  TW_ASSIGN(const QuantizeReport report, QuantizeModel(path, given.out, options));
  line.Finish();
  const Duration spent = RealClock().Now() - start;
  PrintRemarks(report);
  if (given.json) {
    PrintJson(QuantizeJson(report, *recipe, given.out, spent));
  } else {
    PrintQuantized(report, given.out, spent);
  }
  return 0;
}

}  // namespace

void RegisterQuantizeCommand(Registry<Command>& registry) {
  registry.Add("quantize", {.summary = "write a model with fewer bits a weight", .run = QuantizeMain});
}

}  // namespace tradewind
