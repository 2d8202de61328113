// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/setting.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/pairs.h"

namespace tradewind {
namespace {

constexpr size_t kMaxComparedBytes = 64;  // of a name that was not found
constexpr size_t kNearestShown = 3;

}  // namespace

Result<Setting> Setting::Parse(std::string_view text, std::span<const Knob> knobs) {
  TW_ASSIGN(const std::vector<NamedText> pairs, ParsePairs("setting", text));
  Setting setting;
  for (const NamedText& pair : pairs) {
    TW_ASSIGN(const Knob* knob, FindKnob(knobs, pair.name));
    TW_ASSIGN(KnobValue value, knob->Parse(pair.value));
    setting.Set(pair.name, std::move(value));
  }
  return setting;
}

const KnobValue* Setting::Find(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

int64_t Setting::IntegerOr(const std::string& name, int64_t fallback) const {
  const KnobValue* value = Find(name);
  const auto* integer = value ? std::get_if<int64_t>(value) : nullptr;
  return integer ? *integer : fallback;
}

std::string Setting::TextOr(const std::string& name, std::string fallback) const {
  const KnobValue* value = Find(name);
  const auto* text = value ? std::get_if<std::string>(value) : nullptr;
  return text ? *text : fallback;
}

Setting Setting::Canonical(std::span<const Knob> knobs) const {
  Setting canonical = *this;
  for (const Knob& knob : knobs) {
    const KnobValue* value = Find(knob.name);
    if (value && !knob.resolved_default && *value == knob.default_value) canonical.Erase(knob.name);
  }
  return canonical;
}

Setting Setting::OfStages(std::span<const Knob> knobs, Stage first, Stage last) const {
  Setting part;
  for (const Knob& knob : knobs) {
    const KnobValue* value = Find(knob.name);
    if (value && knob.stage >= first && knob.stage <= last) part.Set(knob.name, *value);
  }
  return part;
}

Setting Setting::With(const Setting& over) const {
  Setting merged = *this;
  for (const auto& [name, value] : over.values_) merged.Set(name, value);
  return merged;
}

std::string Setting::Text() const {
  std::string text;
  for (const auto& [name, value] : values_) {
    AppendPair(text, name, ToText(value));
  }
  return text;
}

// One row at a time.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

Result<const Knob*> FindKnob(std::span<const Knob> knobs, std::string_view name) {
  for (const Knob& knob : knobs) {
    if (knob.name == name) return &knob;
  }
  const std::string_view compared = name.substr(0, kMaxComparedBytes);
  std::vector<std::pair<size_t, std::string>> near;
  for (const Knob& knob : knobs) near.emplace_back(EditDistance(compared, knob.name), knob.name);
  std::sort(near.begin(), near.end());
  std::string message = "no knob \"" + std::string(compared) + (name.size() > compared.size() ? "...\"" : "\"");
  for (size_t i = 0; i < std::min(near.size(), kNearestShown); ++i) message += (i == 0 ? "; nearest: " : ", ") + near[i].second;
  return Fail(StatusCode::kNotFound, message + ". `tradewind knobs` lists all");
}

}  // namespace tradewind
