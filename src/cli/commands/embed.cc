// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind embed: texts to vectors.
#include <algorithm>
#include <cstdio>
#include <string_view>

#include "base/file.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/model_arguments.h"
#include "llm/embedder.h"

namespace tradewind {
namespace {

constexpr uint64_t kTextsLimit = 64u << 20;

struct EmbedArguments {
  ModelArguments model;
  std::vector<std::string> prompts;
  std::optional<std::string> file, pooling;
  int64_t normalise = 2;
  bool json = false;

  void Declare(Arguments& args) {
    model.Declare(args);
    args.Option("-p,--prompt", &prompts, "a text; may be repeated");
    args.Option("-f,--file", &file, "a file of texts, one a line; - for standard input");
    args.Option("--pooling", &pooling, "how the tokens' vectors become one: none, mean, cls, last [the model's; else mean]");
    args.Option("--embd-normalize", &normalise,
                "-1: as they are, 0: largest value to 32760, 1: sum of magnitudes, 2: length, >2: p-norm [2]");
    args.Flag("--json", &json, "print one JSON value");
  }
};

// Each -p, then each line that is not empty.
Result<std::vector<std::string>> TextsToEmbed(const EmbedArguments& given) {
  std::vector<std::string> texts = given.prompts;
  if (given.file) {
    TW_ASSIGN(const std::string lines, ReadFile(*given.file, kTextsLimit));
    for (size_t at = 0; at < lines.size();) {
      const size_t end = std::min(lines.find('\n', at), lines.size());
      std::string line = lines.substr(at, end - at);
      if (!line.empty() && line.back() == '\r') line.pop_back();
      if (!line.empty()) texts.push_back(std::move(line));
      at = end + 1;
    }
  }
  if (texts.empty()) return Fail(Status(StatusCode::kInvalidInput, "there is no text; give -p TEXT or -f FILE").At("-p"));
  return texts;
}

Result<EmbeddingOptions> ToOptions(const EmbedArguments& given) {
  EmbeddingOptions options{.pooling = {}, .normalise = given.normalise};
  if (given.normalise < -1 || given.normalise > kMaxNormalisation) {
    return Fail(Status(StatusCode::kInvalidInput,
                       std::to_string(given.normalise) + " names no norm; it must be -1 to " + std::to_string(kMaxNormalisation))
                    .At("--embd-normalize"));
  }
  if (given.pooling) {
    options.pooling = PoolingFromName(*given.pooling);
    if (!options.pooling)
      return Fail(Status(StatusCode::kInvalidInput, "\"" + *given.pooling + "\" is no pooling; there are none, mean, cls and last")
                      .At("--pooling"));
  }
  return options;
}

void PrintVector(const std::vector<float>& vector) {
  const char* space = "";
  for (const float value : vector) {
    std::printf("%s%.9g", space, static_cast<double>(value));
    space = " ";
  }
  std::printf("\n");
}

Result<int> EmbedMain(int argc, char** argv) {
  EmbedArguments given;
  Arguments args("embed", "Turns texts into vectors: each -p and each line of -f one; with --pooling none one a token.");
  given.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  TW_ASSIGN(const EmbeddingOptions options, ToOptions(given));
  TW_ASSIGN(const std::vector<std::string> texts, TextsToEmbed(given));
  TW_ASSIGN(const std::string fallback,
            given.model.model.empty() && !given.model.model_option ? DefaultModelName() : Result<std::string>(std::string()));
  TW_ASSIGN(Setting setting, given.model.ToSetting(fallback));
  // Rounded keys and values would cost accuracy and save little: a text is short.
  for (const char* type : {"kv_type_k", "kv_type_v"}) {
    if (!setting.Has(type)) setting.Set(type, std::string("f32"));
  }
  TW_ASSIGN(const std::string path, FindWeightsAndTell(setting));
  TW_ASSIGN(const auto instance, LanguageModelInstance::Open(path, setting, {}, RealClock()));
  Embedder embedder(*instance, options);
  Json results = Json::array();
  for (size_t i = 0; i < texts.size(); ++i) {
    Result<Embedding> embedding = embedder.Embed(texts[i]);
    if (!embedding) return Fail(Status(embedding.error().code(), embedding.error().message()).At("text " + std::to_string(i + 1)));
    if (given.json) {
      Json result = {{"index", i}, {"tokens", embedding->tokens}};
      result["embedding"] = embedder.pooling() == Pooling::kNone ? Json(embedding->vectors) : Json(embedding->vectors[0]);
      results.push_back(std::move(result));
    } else {
      for (const std::vector<float>& vector : embedding->vectors) PrintVector(vector);
    }
  }
  if (given.json) PrintJson({{"model", setting.TextOr("model", "")}, {"width", instance->model().spec().width}, {"embeddings", results}});
  return 0;
}

}  // namespace

void RegisterEmbedCommand(Registry<Command>& registry) {
  registry.Add("embed", {.summary = "texts to vectors", .run = EmbedMain});
}

}  // namespace tradewind
