// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/options.h"

#include <algorithm>

namespace tradewind {

void RegisterAllKnobs(Registry<LlmKnob>& registry);

const Registry<LlmKnob>& LlmKnobs() {
  static const Registry<LlmKnob> registry = [] {
    Registry<LlmKnob> r;
    RegisterAllKnobs(r);
    return r;
  }();
  return registry;
}

std::vector<Knob> DescribeLlmKnobs() {
  std::vector<Knob> knobs;
  for (const auto& [name, entry] : LlmKnobs().All()) knobs.push_back(entry.knob);
  return knobs;
}

std::vector<Knob> DescribeLlmKnobs(const ModelSpec& spec) {
  std::vector<Knob> knobs;
  for (const auto& [name, entry] : LlmKnobs().All()) {
    knobs.push_back(entry.knob);
    if (entry.narrow != nullptr) entry.narrow(spec, knobs.back());
  }
  return knobs;
}

Result<ResolvedOptions> ResolveLlmOptions(const Setting& setting, const std::vector<Knob>& knobs) {
  ResolvedOptions resolved;
  for (const auto& [name, value] : setting.values()) {
    TW_ASSIGN(const Knob* knob, FindKnob(knobs, name));
    TW_RETURN_IF_ERROR(knob->Check(value));
  }
  for (const Knob& knob : knobs) {
    const KnobValue* given = setting.Find(knob.name);
    const KnobValue& value = given != nullptr ? *given : knob.default_value;
    LlmKnobs().Find(knob.name)->apply(value, resolved.options);
    if (given != nullptr || knob.resolved_default) resolved.setting.Set(knob.name, value);
  }
  resolved.setting = resolved.setting.Canonical(knobs);
  return resolved;
}

std::vector<std::string> KvTypeNames() {
  return {"f16", "bf16", "q8_0", "f32"};
}

KvType KvTypeFromName(const std::string& name) {
  if (name == "f32") return KvType::kF32;
  if (name == "bf16") return KvType::kBF16;
  if (name == "q8_0") return KvType::kQ8_0;
  return KvType::kF16;
}

std::vector<std::string> WeightsNames() {
  return {kWeightsAsTheyAre, "F32", "F16", "BF16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q4_0", "Q3_K_M", "Q2_K"};
}

std::vector<int> BlocksToRun(int64_t total, int64_t layers) {
  const int64_t left_out = total - std::clamp<int64_t>(layers, 1, total);
  // It begins just before the middle (of eight places tried on SmolLM2 with 2, 4 and 6 of 30 blocks left out, the best or near it), and
  // leaves the last eighth alone as long as it can.
  const int64_t kept = total - left_out;
  const int64_t last_kept = std::min(std::max<int64_t>(1, total / 8), kept - 1);
  const int64_t first = std::clamp<int64_t>(total / 2 - 1, 1, kept - last_kept);
  std::vector<int> blocks;
  for (int64_t i = 0; i < total; ++i) {
    if (i < first || i >= first + left_out) blocks.push_back(static_cast<int>(i));
  }
  return blocks;
}

}  // namespace tradewind
