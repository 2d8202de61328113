// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind inspect: what is in a model file, and what memory it needs.
#include <cstdio>
#include <map>

#include "base/units.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/model_arguments.h"
#include "cli/table.h"
#include "llm/model_file.h"

namespace tradewind {
namespace {

constexpr size_t kShownText = 100;

std::string ValueText(const GgufValue& value) {
  struct Visitor {
    std::string operator()(uint64_t v) const { return std::to_string(v); }
    std::string operator()(int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const { return ShortNumber(v); }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::string_view v) const {
      return v.size() <= kShownText ? std::string(v)
                                    : std::string(v.substr(0, kShownText)) + "... (" + std::to_string(v.size()) + " bytes)";
    }
    std::string operator()(const GgufArray& v) const { return "array of " + std::to_string(v.count); }
  };
  return std::visit(Visitor{}, value);
}

struct TypeSum {
  uint64_t tensors = 0;
  uint64_t values = 0;
  uint64_t bytes = 0;
};

struct Summary {
  std::map<std::string, TypeSum> types;
  TypeSum all;
  double BitsPerWeight() const { return all.values == 0 ? 0 : 8.0 * static_cast<double>(all.bytes) / static_cast<double>(all.values); }
};

Summary Summarise(const Gguf& file) {
  Summary s;
  for (const GgufTensor& t : file.tensors()) {
    for (TypeSum* sum : {&s.types[std::string(InfoOf(t.type).name)], &s.all}) {
      ++sum->tensors;
      sum->values += t.row_length() * t.rows();
      sum->bytes += t.data.size();
    }
  }
  return s;
}

Json InspectJson(const Gguf& file, const Summary& s, const Result<MemoryNeed>& need, int64_t context) {
  Json json = {{"tensors", s.all.tensors}, {"weights", s.all.values}, {"bytes", s.all.bytes}, {"bits_per_weight", s.BitsPerWeight()}};
  for (const auto& e : file.metadata().entries()) json["metadata"][std::string(e.key)] = ValueText(e.value);
  for (const auto& [name, t] : s.types) json["types"][name] = {{"tensors", t.tensors}, {"weights", t.values}, {"bytes", t.bytes}};
  if (need) {
    json["memory"] = {{"context", context},
                      {"weights_bytes", need->weights},
                      {"kv_bytes", need->kv},
                      {"adapters_bytes", need->adapters},
                      {"scratch_bytes", need->scratch},
                      {"process_bytes", need->process},
                      {"total_bytes", need->total()}};
  }
  return json;
}

void PrintForPeople(const Gguf& file, const Summary& s, bool tensors) {
  for (const auto& e : file.metadata().entries()) std::printf("%-44s %s\n", std::string(e.key).c_str(), ValueText(e.value).c_str());
  std::printf("\n");
  TextTable table({"type", "tensors", "weights", "size"});
  for (const auto& [name, t] : s.types) table.Add({name, std::to_string(t.tensors), std::to_string(t.values), FormatBytes(t.bytes)});
  table.Add({"all", std::to_string(s.all.tensors), std::to_string(s.all.values), FormatBytes(s.all.bytes)});
  std::printf("%s%.3f bits per weight\n", table.Text().c_str(), s.BitsPerWeight());
  if (!tensors) return;
  TextTable list({"tensor", "type", "shape", "offset"});
  for (const GgufTensor& t : file.tensors()) {
    std::string shape;
    for (int d = 0; d < t.dimensions; ++d) shape += (d ? " x " : "") + std::to_string(t.shape[d]);
    list.Add({std::string(t.name), std::string(InfoOf(t.type).name), shape, std::to_string(t.offset)});
  }
  std::printf("\n%s", list.Text().c_str());
}

Result<int> InspectMain(int argc, char** argv) {
  ModelArguments model;
  bool tensors = false;
  bool json = false;
  Arguments args("inspect", "Shows a model file's metadata, tensors, bits per weight, and the memory it needs at a context length.");
  model.Declare(args);
  args.Flag("--tensors", &tensors, "list every tensor");
  args.Flag("--json", &json, "print one JSON value");
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  TW_ASSIGN(const std::string fallback, DefaultModelName());
  TW_ASSIGN(const Setting setting, model.ToSetting(fallback));
  TW_ASSIGN(const std::string path, FindWeightsAndTell(setting));
  TW_ASSIGN(const Gguf file, OpenModelFile(path));
  const Summary summary = Summarise(file);
  Result<MemoryNeed> need = Fail(StatusCode::kUnsupported, "");
  int64_t context = 0;
  Result<ModelSpec> spec = BuildModelSpec(file.metadata(), Architectures());
  if (spec) {
    TW_ASSIGN(const ResolvedOptions resolved, ResolveLlmOptions(setting, DescribeLlmKnobs(*spec)));
    context = resolved.options.context;
    need = EstimateMemory(file, resolved.options);
  }
  if (json) {
    const Json shown = InspectJson(file, summary, need, context);
    TW_RETURN_IF_ERROR(file.CheckWhole());
    PrintJson(shown);
    return 0;
  }
  PrintForPeople(file, summary, tensors);
  if (need) {
    std::printf("memory at a context of %lld: %s (weights %s, keys and values %s, the rest %s)\n", static_cast<long long>(context),
                FormatMemory(need->total()).c_str(), FormatMemory(need->weights).c_str(), FormatMemory(need->kv).c_str(),
                FormatMemory(need->total() - need->weights - need->kv).c_str());
  } else {
    std::printf("not a model that can be run here: %s\n", spec ? need.error().ToString().c_str() : spec.error().ToString().c_str());
  }
  TW_RETURN_IF_ERROR(file.CheckWhole());
  return 0;
}

}  // namespace

void RegisterInspectCommand(Registry<Command>& registry) {
  registry.Add("inspect", {.summary = "a model file's metadata, tensors and memory", .run = InspectMain});
}

}  // namespace tradewind
