// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Knob: one named, typed, bounded choice that trades quality for cost. Knobs are data: a tunable lists them, `tradewind knobs`
// prints them, strategies enumerate them, settings hold their values. Immutable; share freely.
//
//   Knob threads{.name = "threads", .stage = Stage::kLoad, .domain = IntegerDomain{1, 256}, ...};
//   TW_ASSIGN(KnobValue two, threads.Parse("2"));
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/status.h"

namespace tradewind {

// When a knob can be turned; a later stage is cheaper to change.
enum class Stage : uint8_t {
  kBuild,    // makes a new artefact: bits, pruning, rank
  kLoad,     // fixed while an instance is open: threads, KV type, placement
  kRequest,  // chosen for each request: layers, max_tokens
  kStep,     // decided per token or layer by a step controller
};
std::string_view StageName(Stage stage);

using KnobValue = std::variant<int64_t, double, std::string>;
std::string ToText(const KnobValue& value);

struct IntegerDomain {
  int64_t min = 0;
  int64_t max = 0;  // inclusive
};
struct RealDomain {
  double min = 0;
  double max = 0;
};
struct ChoiceDomain {
  std::vector<std::string> values;
};
struct TextDomain {
  std::string form;  // what is accepted, in words: "a model's name or file"
};
using Domain = std::variant<IntegerDomain, RealDomain, ChoiceDomain, TextDomain>;

struct Knob {
  std::string name;  // lower_snake; nested tunables prefix a scope: "retriever.k"
  Stage stage = Stage::kLoad;
  Domain domain{};
  KnobValue default_value{};
  // The default depends on the machine (threads) or on the model (layers): it is resolved on opening and always written in results.
  bool resolved_default = false;
  std::string unit{};       // "threads", "tokens", "" for none
  std::string meaning{};    // one sentence
  std::string condition{};  // when it exists: "always", "models of more than 3 blocks"

  // Reads a value of the domain; kInvalidInput names the knob, the text and what is allowed.
  Result<KnobValue> Parse(std::string_view text) const;
  // Checks type and bounds of a value.
  Result<void> Check(const KnobValue& value) const;
  std::string DomainText() const;  // "1 to 256", "f16 | bf16 | q8_0"
};

}  // namespace tradewind
