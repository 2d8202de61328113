// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/model_arguments.h"

#include <cstdio>

#include "compress/find_weights.h"
#include "net/model_store.h"

namespace tradewind {

void ModelArguments::Declare(Arguments& args) {
  args.Positional("model", &model, "a model's name (see `tradewind models`), a GGUF file, or auto");
  args.Option("-m,--model", &model_option, "the same as the positional");
  args.Option("-c,--ctx-size", &context, "positions of the context [4096, at most the model's]");
  args.Option("-t,--threads", &threads, "threads for one token at a time [allowed CPUs]");
  args.Option("--threads-batch", &threads_batch, "-tb: threads for the prompt [as --threads]");
  args.Option("--ubatch-size", &ubatch, "-ub: prompt tokens read together");
  args.Option("--cache-type-k", &key_type, "-ctk: how keys are stored: f16, bf16, q8_0, f32");
  args.Option("--cache-type-v", &value_type, "-ctv: how values are stored: f16, bf16, q8_0, f32");
  args.Option("-n,--predict", &max_tokens, "tokens to generate at most [256]");
  args.Option("--lora", &lora, "an adapter's file (GGUF, or PEFT's safetensors); may be repeated");
  args.List("--lora-scaled", &lora_scaled, "FILE SCALE, or FILE:SCALE: an adapter that counts by SCALE");
  args.Option("--set", &set, "knob=value: turn any knob (see `tradewind knobs`); may be repeated");
}

namespace {

Result<Setting> SetPairs(const std::vector<std::string>& pairs, std::span<const Knob> knobs) {
  Setting setting;
  for (const std::string& pair : pairs) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos) {
      return Fail(Status(StatusCode::kInvalidInput, "\"" + pair + "\" is not of the form knob=value").At("--set"));
    }
    TW_ASSIGN(const Knob* knob, FindKnob(knobs, pair.substr(0, equals)));
    TW_ASSIGN(KnobValue value, knob->Parse(pair.substr(equals + 1)));
    setting.Set(knob->name, std::move(value));
  }
  return setting;
}

// The adapters' files and scales as the knob lora writes them.
Result<std::string> AdaptersText(const std::vector<std::string>& files, const std::vector<std::string>& scaled) {
  std::string text;
  const auto add = [&](const std::string& file) { text += (text.empty() ? "" : ",") + file; };
  for (const std::string& file : files) add(file);
  for (size_t i = 0; i < scaled.size(); ++i) {
    const size_t colon = scaled[i].rfind(':');
    if (colon != std::string::npos) {
      add(scaled[i].substr(0, colon) + "=" + scaled[i].substr(colon + 1));
    } else if (i + 1 < scaled.size()) {
      add(scaled[i] + "=" + scaled[i + 1]);
      ++i;
    } else {
      return Fail(Status(StatusCode::kInvalidInput, "the adapter " + scaled[i] + " has no scale; give FILE SCALE").At("--lora-scaled"));
    }
  }
  TW_RETURN_IF_ERROR(ParseAdapterFiles(text));
  return text;
}

}  // namespace

Result<Setting> ModelArguments::ToSetting(std::span<const Knob> knobs) const {
  const bool of_models =
      context || threads || threads_batch || ubatch || max_tokens || key_type || value_type || !lora.empty() || !lora_scaled.empty();
  if (of_models) {
    return Fail(StatusCode::kInvalidInput,
                "-c, -t, -tb, -ub, -n, -ctk, -ctv and --lora are for language models; turn this one's knobs by --set knob=value");
  }
  return SetPairs(set, knobs);
}

Result<Setting> ModelArguments::ToSetting(const std::string& fallback) const {
  const std::vector<Knob> knobs = DescribeLlmKnobs();
  TW_ASSIGN(Setting setting, SetPairs(set, knobs));
  if (model_option && !model.empty() && *model_option != model) {
    return Fail(Status(StatusCode::kInvalidInput, "two models are named: " + model + " and " + *model_option).At("-m"));
  }
  const std::string named = model_option ? *model_option : model;
  if (!named.empty() || !setting.Has("model")) setting.Set("model", named.empty() ? fallback : named);
  if (context) setting.Set("context", *context);
  if (threads) setting.Set("threads", *threads);
  if (threads_batch || threads) setting.Set("threads_batch", threads_batch ? *threads_batch : *threads);
  if (ubatch) setting.Set("ubatch", *ubatch);
  if (max_tokens) setting.Set("max_tokens", *max_tokens);
  if (key_type) setting.Set("kv_type_k", *key_type);
  if (value_type) setting.Set("kv_type_v", *value_type);
  if (!lora.empty() || !lora_scaled.empty()) {
    TW_ASSIGN(std::string adapters, AdaptersText(lora, lora_scaled));
    setting.Set("lora", std::move(adapters));
  }
  for (const auto& [name, value] : setting.values()) {
    TW_ASSIGN(const Knob* knob, FindKnob(knobs, name));
    TW_RETURN_IF_ERROR(knob->Check(value));
  }
  return setting;
}

void BudgetArguments::Declare(Arguments& args) {
  args.Option("--deadline", &deadline, "whole answer within this, from the program's start: 2s, 500ms");
  args.Option("--ttft", &ttft, "first token within this");
  args.Option("--tpot", &tpot, "time per token after the first");
  args.Option("--memory", &memory, "peak memory: 300MiB");
  args.Option("--quality", &quality, "at least this share of the best measured quality: 0.95");
}

Result<Budget> BudgetArguments::ToBudget(TimePoint accepted_at) const {
  Budget budget;
  budget.accepted_at = accepted_at;
  const std::pair<const char*, const std::optional<std::string>*> given[] = {
      {"deadline", &deadline}, {"ttft", &ttft}, {"tpot", &tpot}, {"memory", &memory}, {"quality", &quality}};
  for (const auto& [name, text] : given) {
    if (*text) TW_RETURN_IF_ERROR(budget.Set(name, **text, std::string("--") + name));
  }
  return budget;
}

Result<std::string> FindModelFile(const std::string& model) {
  TW_ASSIGN(const ModelStore store, ModelStore::Open());
  return store.Resolve(model);
}

Result<std::string> FindWeightsAndTell(const Setting& setting) {
  return FindWeights(setting, [](const std::string& what) { std::fprintf(stderr, "tradewind: %s\n", what.c_str()); });
}

Result<std::string> DefaultModelName() {
  TW_ASSIGN(const ModelStore store, ModelStore::Open());
  const CatalogueEntry* entry = store.catalogue().Default();
  if (entry == nullptr) return Fail(StatusCode::kNotFound, "the catalogue has no default model; name one");
  return entry->name;
}

}  // namespace tradewind
