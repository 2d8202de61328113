// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Setting: values of knobs. Its canonical text holds what differs from the defaults (and the resolved ones), sorted by name, so that
// a new knob leaves old results valid. A plain value type.
//
//   TW_ASSIGN(Setting s, Setting::Parse("threads=2 kv_type_k=q8_0", knobs));
//   s.Text()   // "kv_type_k=q8_0 threads=2"
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "core/knob.h"

namespace tradewind {

class Setting {
 public:
  // Reads "name=value" pairs parted by spaces; values escape space, '=' and '%' as %20, %3D, %25. Every name must be among `knobs`.
  static Result<Setting> Parse(std::string_view text, std::span<const Knob> knobs);

  void Set(const std::string& name, KnobValue value) { values_[name] = std::move(value); }
  void Erase(const std::string& name) { values_.erase(name); }
  bool Has(const std::string& name) const { return values_.count(name) != 0; }
  // The value, or nullptr where the setting says nothing.
  const KnobValue* Find(const std::string& name) const;
  int64_t IntegerOr(const std::string& name, int64_t fallback) const;
  std::string TextOr(const std::string& name, std::string fallback) const;
  const std::map<std::string, KnobValue>& values() const { return values_; }

  // Drops what equals a knob's fixed default (resolved ones stay), so that equal behaviour gives equal text.
  Setting Canonical(std::span<const Knob> knobs) const;
  // The values of these stages alone.
  Setting OfStages(std::span<const Knob> knobs, Stage first, Stage last) const;
  // This setting with the other's values laid over it.
  Setting With(const Setting& over) const;

  std::string Text() const;
  bool operator==(const Setting&) const = default;

 private:
  std::map<std::string, KnobValue> values_;
};

// The knob of that name, or kNotFound that names the nearest ones.
Result<const Knob*> FindKnob(std::span<const Knob> knobs, std::string_view name);

// Levenshtein's, for finding what was meant by a name that does not exist; of short texts.
size_t EditDistance(std::string_view a, std::string_view b);

}  // namespace tradewind
