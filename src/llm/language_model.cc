// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/language_model.h"

#include "llm/adapter_file.h"
#include "llm/constraint.h"
#include "llm/model_file.h"
#include "llm/session.h"

namespace tradewind {
namespace {

std::string Mebibytes(uint64_t bytes) {
  return std::to_string((bytes + (1 << 20) - 1) >> 20) + " MiB";
}

std::string NeedText(const MemoryNeed& need) {
  std::string text = "this model needs " + std::to_string(need.total()) + " bytes of memory (" + Mebibytes(need.total()) + ": weights " +
                     Mebibytes(need.weights) + ", keys and values " + Mebibytes(need.kv);
  if (need.adapters > 0) text += ", adapters " + Mebibytes(need.adapters);
  return text + ", the rest " + Mebibytes(need.scratch + need.process) + ")";
}

constexpr const char* kNeedLess = "use a smaller context (-c), keys and values of fewer bits (kv_type_k and kv_type_v), or a smaller model";

Result<void> CheckKvTypes(const ModelSpec& spec, const LlmOptions& options) {
  for (const BlockSpec& block : spec.blocks) {
    const bool quantized = options.key_type == KvType::kQ8_0 || options.value_type == KvType::kQ8_0;
    if (quantized && block.attention.head_dim % 32 != 0) {
      return Fail(Status(StatusCode::kUnsupported, "kv_type q8_0 needs heads of a multiple of 32 values; this model's have " +
                                                       std::to_string(block.attention.head_dim) + ": use f16")
                      .At("kv_type_k"));
    }
  }
  return {};
}

}  // namespace

Result<MemoryNeed> EstimateMemory(const Gguf& file, const LlmOptions& options) {
  TW_ASSIGN(ModelSpec spec, BuildModelSpec(file.metadata(), Architectures()));
  if (const GgufTensor* embedding = file.FindTensor("token_embd.weight")) spec.vocab = static_cast<int64_t>(embedding->rows());
  MemoryNeed need{.weights = PackedWeightBytes(file, spec),
                  .kv = KvCache::BytesFor(spec, options.key_type, options.value_type, options.context),
                  .scratch = ForwardPass::ScratchBytes(spec, std::min(options.ubatch, options.context))};
  TW_ASSIGN(const std::vector<AdapterFile> adapters, ParseAdapterFiles(options.lora));
  for (const AdapterFile& adapter : adapters) {
    TW_ASSIGN(const uint64_t bytes, AdapterBytes(adapter.path));
    need.adapters += bytes;
  }
  return need;
}

Result<void> CheckMemory(const MemoryNeed& need, const Budget& budget, const MemoryGrant& grant) {
  if (budget.memory_bytes && need.total() > *budget.memory_bytes) {
    return Fail(Status(StatusCode::kBudgetMissed,
                       NeedText(need) + ", over the memory budget of " + Mebibytes(*budget.memory_bytes) + "; allow more, or " + kNeedLess)
                    .At("memory"));
  }
  if (grant.limit_bytes == 0 || need.total() <= grant.available_bytes) return {};
  return Fail(Status(StatusCode::kResourceExhausted, NeedText(need) + " and " + grant.by + " leaves " +
                                                         std::to_string(grant.available_bytes) + " (" + Mebibytes(grant.available_bytes) +
                                                         "); " + kNeedLess)
                  .At("memory"));
}

LanguageModel::LanguageModel(ModelResolver resolver, const Clock& clock)
    : resolver_(std::move(resolver)), clock_(clock), knobs_(DescribeLlmKnobs()) {}

Result<std::string> LanguageModel::PathOf(const Setting& setting) const {
  const std::string model = setting.TextOr("model", "");
  if (model.empty()) {
    return Fail(
        Status(StatusCode::kInvalidInput, "no model is named; give a model's name (see `tradewind models`) or a GGUF file").At("model"));
  }
  return resolver_(setting);
}

Result<Setting> LanguageModel::Resolve(const Setting& setting) {
  // The shape is that of the model's own file, whatever its weights become: no copy is made for it.
  Setting as_is = setting;
  as_is.Erase("weights");
  TW_ASSIGN(const std::string path, PathOf(as_is));
  TW_ASSIGN(const Gguf file, OpenModelFile(path));
  TW_ASSIGN(const ModelSpec spec, IfWhole(file, BuildModelSpec(file.metadata(), Architectures())));
  TW_ASSIGN(ResolvedOptions resolved, ResolveLlmOptions(setting, DescribeLlmKnobs(spec)));
  return std::move(resolved.setting);
}

Result<std::unique_ptr<Instance>> LanguageModel::Open(const Setting& setting, const Budget& budget) {
  TW_ASSIGN(const std::string path, PathOf(setting));
  TW_ASSIGN(auto instance, LanguageModelInstance::Open(path, setting, budget, clock_));
  return std::unique_ptr<Instance>(std::move(instance));
}

Result<std::unique_ptr<LanguageModelInstance>> LanguageModelInstance::Open(const std::string& path, const Setting& setting,
                                                                           const Budget& budget, const Clock& clock,
                                                                           const ModelOptions& model_options) {
  TW_ASSIGN(Gguf file, OpenModelFile(path));
  std::unique_ptr<LanguageModelInstance> instance(new LanguageModelInstance(clock));
  TW_RETURN_IF_ERROR(IfWhole(file, instance->Prepare(file, setting, budget, model_options)));
  TW_ASSIGN(instance->model_, Model::Load(std::move(file), model_options, instance->batch_pool()));
  if (instance->tokenizer_->vocab_size() > instance->model_->spec().vocab) {
    return Fail(Status(StatusCode::kInvalidInput, path + " has " + std::to_string(instance->tokenizer_->vocab_size()) +
                                                      " tokens but only " + std::to_string(instance->model_->spec().vocab) +
                                                      " embedding rows")
                    .At("token_embd.weight"));
  }
  TW_RETURN_IF_ERROR(instance->LoadAdapters());
  return instance;
}

// All but the weights.
Result<void> LanguageModelInstance::Prepare(const Gguf& file, const Setting& setting, const Budget& budget,
                                            const ModelOptions& model_options) {
  const Registry<Architecture>& architectures = model_options.architectures ? *model_options.architectures : Architectures();
  TW_ASSIGN(const ModelSpec spec, BuildModelSpec(file.metadata(), architectures));
  knobs_ = DescribeLlmKnobs(spec);
  TW_ASSIGN(resolved_, ResolveLlmOptions(setting, knobs_));
  const LlmOptions& options = resolved_.options;
  TW_RETURN_IF_ERROR(CheckKvTypes(spec, options));
  if (model_options.architectures == nullptr) {
    TW_ASSIGN(const MemoryNeed need, EstimateMemory(file, options));
    TW_RETURN_IF_ERROR(CheckMemory(need, budget, ReadMemoryGrant()));
  }
  TW_ASSIGN(const Isa isa, SelectIsa());
  kernels_ = &KernelsFor(isa);
  decode_pool_ = std::make_unique<ThreadPool>(static_cast<int>(options.threads));
  if (options.threads_batch != options.threads) batch_pool_ = std::make_unique<ThreadPool>(static_cast<int>(options.threads_batch));
  TW_ASSIGN(tokenizer_, MakeTokenizer(file.metadata()));
  guard_ = std::make_unique<PromptGuard>(*tokenizer_);
  TW_ASSIGN(const std::string_view source, file.metadata().StringOr("tokenizer.chat_template", ""));
  if (source.empty()) return {};
  TW_ASSIGN(ChatTemplate parsed, ChatTemplate::Parse(source));
  chat_template_ = std::make_unique<ChatTemplate>(std::move(parsed));
  return {};
}

Result<void> LanguageModelInstance::LoadAdapters() {
  TW_ASSIGN(adapter_files_, ParseAdapterFiles(resolved_.options.lora));
  for (const AdapterFile& file : adapter_files_) {
    TW_ASSIGN(auto adapter, Adapter::Load(file.path, *model_));
    adapters_.push_back(std::move(adapter));
  }
  return {};
}

Result<std::vector<AdapterUse>> LanguageModelInstance::Adapters(const std::string& scales) const {
  TW_ASSIGN(const std::vector<float> each, ParseAdapterScales(scales, adapter_files_));
  std::vector<AdapterUse> uses;
  for (size_t i = 0; i < adapters_.size(); ++i) uses.push_back({adapters_[i].get(), each[i]});
  return uses;
}

uint64_t LanguageModelInstance::memory_bytes() const {
  uint64_t bytes = model_->memory_bytes();
  for (const auto& adapter : adapters_) bytes += adapter->memory_bytes();
  return bytes;
}

Result<std::vector<int32_t>> LanguageModelInstance::Tokenize(const Prompt& prompt) const {
  if (prompt.ids) {
    for (const int32_t id : *prompt.ids) {
      if (id < 0 || id >= model_->spec().vocab) {
        return Fail(Status(StatusCode::kInvalidInput,
                           "token id " + std::to_string(id) + " is outside the vocabulary of " + std::to_string(model_->spec().vocab))
                        .At("ids"));
      }
    }
    return *prompt.ids;
  }
  std::vector<int32_t> ids;
  if (prompt.raw) {
    TW_ASSIGN(ids, tokenizer_->Encode(*prompt.raw, SpecialTokens::kAsText));
  } else {
    if (chat_template_ == nullptr) {
      return Fail(Status(StatusCode::kUnsupported, "this is a base model without a chat template; give plain text to continue (--raw)")
                      .At("tokenizer.chat_template"));
    }
    std::vector<ChatMessage> messages;
    for (const Message& m : prompt.messages) messages.push_back({m.role, guard_->Guard(m.content)});
    TemplateOptions options;
    options.json_text_filter = [this](std::string_view text) { return guard_->Guard(text); };
    options.json_variables = prompt.variables;
    if (tokenizer_->bos()) options.bos_token = tokenizer_->Piece(*tokenizer_->bos());
    if (tokenizer_->eos()) options.eos_token = tokenizer_->Piece(*tokenizer_->eos());
    TW_ASSIGN(const std::string text, chat_template_->Render(messages, options));
    TW_ASSIGN(ids, guard_->Encode(text + guard_->Guard(prompt.beginning)));
  }
  const auto bos = tokenizer_->bos();
  if (tokenizer_->add_bos() && bos && (ids.empty() || ids[0] != *bos)) ids.insert(ids.begin(), *bos);
  // An encoder's text ends as it began; what a decoder reads goes on.
  if (!model_->spec().generates && tokenizer_->add_eos() && tokenizer_->eos()) ids.push_back(*tokenizer_->eos());
  return ids;
}

std::shared_ptr<const TokenTrie> LanguageModelInstance::token_trie() const {
  std::call_once(trie_made_, [this] { trie_ = MakeTokenTrie(*tokenizer_); });
  return trie_;
}

Result<ResolvedOptions> LanguageModelInstance::Resolve(const Setting& setting) const {
  TW_ASSIGN(ResolvedOptions resolved, ResolveLlmOptions(resolved_.setting.With(setting), knobs_));
  for (const auto& [name, value] : setting.values()) {
    TW_ASSIGN(const Knob* knob, FindKnob(knobs_, name));
    if (knob->stage > Stage::kLoad) continue;
    // Either setting leaves a default out.
    const KnobValue* loaded = resolved_.setting.Find(name);
    if (value != (loaded != nullptr ? *loaded : knob->default_value)) {
      return Fail(Status(StatusCode::kInvalidInput, "the knob " + name + " is fixed when a model is loaded; open it anew").At(name));
    }
  }
  return resolved;
}

Result<void> LanguageModelInstance::Warm() {
  const std::lock_guard lock(turn_);
  TW_RETURN_IF_ERROR(model_->packing().PackAll(batch_pool()));
  TW_RETURN_IF_ERROR(model_->CheckWhole());
  TimeCrossovers(KnownCrossovers());
  return {};
}

Result<std::vector<CrossoverTiming>> LanguageModelInstance::TimeCrossovers() {
  const std::lock_guard lock(turn_);
  TW_RETURN_IF_ERROR(model_->packing().PackAll(batch_pool()));
  TW_RETURN_IF_ERROR(model_->CheckWhole());
  return TimeCrossovers({});
}

// Those that are not known yet, which become known.
std::vector<CrossoverTiming> LanguageModelInstance::TimeCrossovers(const Crossovers& known) {
  std::map<std::pair<TensorType, int64_t>, std::vector<const PackedMatrix*>> shapes;
  for (const auto& [name, matrices] : model_->matrices()) {
    for (const PackedMatrix* m : matrices) {
      if (m->quantized() && known.ManyRows(m->type(), m->cols()) == Crossovers::kNotTimed) shapes[{m->type(), m->cols()}].push_back(m);
    }
  }
  std::vector<CrossoverTiming> timings;
  Crossovers all = KnownCrossovers();
  for (const auto& [shape, matrices] : shapes) {
    timings.push_back(TimeCrossover(*kernels_, matrices, batch_pool()));
    all.Set(shape.first, shape.second, timings.back().many_rows);
  }
  SetKnownCrossovers(std::move(all));
  return timings;
}

Result<std::unique_ptr<Session>> LanguageModelInstance::Start(const SessionOptions& options) {
  if (!model_->spec().generates) {
    return Fail(Status(StatusCode::kUnsupported, "this model is an encoder and generates no text; use `tradewind embed`").At("model"));
  }
  TW_RETURN_IF_ERROR(model_->CheckWhole());
  TW_ASSIGN(ResolvedOptions resolved, Resolve(options.setting));
  TW_ASSIGN(std::vector<AdapterUse> adapters, Adapters(resolved.options.lora_scales));
  return std::unique_ptr<Session>(std::make_unique<LlmSession>(*this, std::move(resolved), std::move(adapters), options));
}

}  // namespace tradewind
