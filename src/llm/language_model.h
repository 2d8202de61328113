// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// LanguageModel: GGUF models as a tunable. The knobs `model` and `weights` say which file; the others are in llm/knobs.
//
//   LanguageModel tunable(FindWeights);
//   TW_ASSIGN(auto instance, tunable.Open(setting, budget));
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/cpu.h"
#include "base/thread_pool.h"
#include "core/tunable.h"
#include "kernels/kernel_table.h"
#include "llm/adapter.h"
#include "llm/crossover.h"
#include "llm/model.h"
#include "llm/options.h"
#include "llm/prompt_guard.h"
#include "text/chat_template.h"
#include "text/token_trie.h"
#include "text/tokenizer.h"

namespace tradewind {

// Gives the path of the file that the knobs `model` (a name or a path) and `weights` mean.
using ModelResolver = std::function<Result<std::string>(const Setting& setting)>;

class LanguageModel final : public Tunable {
 public:
  explicit LanguageModel(ModelResolver resolver, const Clock& clock = RealClock());
  std::string_view name() const override { return "language_model"; }
  std::span<const Knob> knobs() const override { return knobs_; }
  Result<Setting> Resolve(const Setting& setting) override;
  Result<std::unique_ptr<Instance>> Open(const Setting& setting, const Budget& budget) override;

 private:
  Result<std::string> PathOf(const Setting& setting) const;
  ModelResolver resolver_;
  const Clock& clock_;
  std::vector<Knob> knobs_;
};

// A loaded language model. Beyond Instance, for commands that need its parts; everything here is immutable or guarded.
class LanguageModelInstance final : public Instance {
 public:
  static Result<std::unique_ptr<LanguageModelInstance>> Open(const std::string& path, const Setting& setting, const Budget& budget,
                                                             const Clock& clock, const ModelOptions& model_options = {});

  const Setting& setting() const override { return resolved_.setting; }
  std::span<const Knob> knobs() const override { return knobs_; }
  uint64_t memory_bytes() const override;
  Result<std::unique_ptr<Session>> Start(const SessionOptions& options) override;
  // Packs all weights, and times the crossovers of their shapes that are not known yet.
  Result<void> Warm() override;
  // Times those of all shapes. Packs what is not packed.
  Result<std::vector<CrossoverTiming>> TimeCrossovers();

  // A session's options under this setting; kInvalidInput if it changes a load knob.
  Result<ResolvedOptions> Resolve(const Setting& setting) const;

  const Model& model() const { return *model_; }
  const Tokenizer& tokenizer() const { return *tokenizer_; }
  const LlmOptions& options() const { return resolved_.options; }
  const KernelTable& kernels() const { return *kernels_; }
  const Clock& clock() const { return clock_; }
  bool has_template() const { return chat_template_ != nullptr; }

  // The ids of a prompt: rendered by the template, or raw with BOS as the model asks, or as given.
  Result<std::vector<int32_t>> Tokenize(const Prompt& prompt) const override;

  // The vocabulary as grammars need it; made when first asked for, thread-safe.
  std::shared_ptr<const TokenTrie> token_trie() const;
  // The loaded adapters at the scales of a request's knob lora_scales, or at their own. kInvalidInput if their numbers differ.
  Result<std::vector<AdapterUse>> Adapters(const std::string& scales) const;

  // The threads, for one forward pass at a time: sessions take turns.
  std::mutex& turn() { return turn_; }
  ThreadPool& decode_pool() { return *decode_pool_; }
  ThreadPool& batch_pool() { return batch_pool_ ? *batch_pool_ : *decode_pool_; }

 private:
  explicit LanguageModelInstance(const Clock& clock) : clock_(clock) {}
  Result<void> Prepare(const Gguf& file, const Setting& setting, const Budget& budget, const ModelOptions& model_options);
  Result<void> LoadAdapters();
  std::vector<CrossoverTiming> TimeCrossovers(const Crossovers& known);
  const Clock& clock_;
  const KernelTable* kernels_ = nullptr;
  std::unique_ptr<ThreadPool> decode_pool_;
  std::unique_ptr<ThreadPool> batch_pool_;  // null when it would be the same
  std::unique_ptr<const Model> model_;
  std::vector<AdapterFile> adapter_files_;
  std::vector<std::unique_ptr<const Adapter>> adapters_;
  std::unique_ptr<Tokenizer> tokenizer_;
  std::unique_ptr<PromptGuard> guard_;
  std::unique_ptr<ChatTemplate> chat_template_;  // null for a base model
  std::vector<Knob> knobs_;
  ResolvedOptions resolved_;
  std::mutex turn_;
  mutable std::once_flag trie_made_;
  mutable std::shared_ptr<const TokenTrie> trie_;
};

// What running a file with these options takes, at most, in bytes.
struct MemoryNeed {
  uint64_t weights = 0;                   // packed
  uint64_t adapters = 0;                  // while they are packed
  uint64_t kv = 0;                        // keys and values of the whole context
  uint64_t scratch = 0;                   // of a forward pass
  uint64_t process = uint64_t{48} << 20;  // code, stacks, the tokenizer and the file's header
  uint64_t total() const { return weights + adapters + kv + scratch + process; }
};
// Reads no weights; kInvalidInput and kNotFound of an adapter's file.
Result<MemoryNeed> EstimateMemory(const Gguf& file, const LlmOptions& options);

// Whether that is to be had: kBudgetMissed if the budget allows less, kResourceExhausted if the machine, the control group or another limit
// does. Both name the bytes needed and what would need fewer.
Result<void> CheckMemory(const MemoryNeed& need, const Budget& budget, const MemoryGrant& grant);

}  // namespace tradewind
