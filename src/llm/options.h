// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a language model's knobs set, and how a knob is registered: one file in llm/knobs gives its description, its default and what it
// sets.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/knob.h"
#include "core/registry.h"
#include "core/setting.h"
#include "kernels/kernel_table.h"
#include "llm/model_spec.h"

namespace tradewind {

struct LlmOptions {
  // load
  std::string model;
  int64_t threads = 1;
  int64_t threads_batch = 1;
  KvType key_type = KvType::kF16;
  KvType value_type = KvType::kF16;
  int64_t context = 0;
  int64_t ubatch = 0;
  std::string lora;
  // request
  int64_t layers = 0;
  int64_t attention_window = 0;
  int64_t max_tokens = 0;
  std::string lora_scales;
};

struct LlmKnob {
  Knob knob;
  void (*apply)(const KnobValue& value, LlmOptions& options);
  // The knob as this model has it: bounds and default. Null where the model does not matter.
  void (*narrow)(const ModelSpec& spec, Knob& knob) = nullptr;
};

// All of them, by name; and the plain descriptions.
const Registry<LlmKnob>& LlmKnobs();
std::vector<Knob> DescribeLlmKnobs();
// As a model of this shape has them.
std::vector<Knob> DescribeLlmKnobs(const ModelSpec& spec);

// Fills the options from the setting, what it leaves out from the defaults in `knobs`; also gives the setting with resolved defaults
// written. kNotFound or kInvalidInput names the knob.
struct ResolvedOptions {
  LlmOptions options;
  Setting setting;
};
Result<ResolvedOptions> ResolveLlmOptions(const Setting& setting, const std::vector<Knob>& knobs);

// The choices of kv_type_k and kv_type_v, and what a choice means.
std::vector<std::string> KvTypeNames();
KvType KvTypeFromName(const std::string& name);

// The choices of the knob `weights`: the file as it is, and the recipes that compress/ makes copies by.
inline constexpr char kWeightsAsTheyAre[] = "as_is";
std::vector<std::string> WeightsNames();

// Which blocks run when `layers` of `total` do: a stretch of later middle blocks is left out, never the first or the last ones.
std::vector<int> BlocksToRun(int64_t total, int64_t layers);

}  // namespace tradewind
