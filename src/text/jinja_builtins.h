// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a template can call: functions (range, namespace, ...), filters, tests, and the methods of strings, lists and
// mappings. Each set is one table in its own file; an unknown name is kUnsupported.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "text/jinja_eval.h"

namespace tradewind::jinja {

// jinja_call.cc
std::optional<Value> FindFunction(std::string_view name);
Value CallFunction(Evaluator& eval, int64_t index, Arguments& arguments);

// jinja_filters.cc, with those over sequences in jinja_filters_seq.cc and of text in jinja_filters_text.cc
using Filter = Value (*)(Evaluator&, Arguments&);
using NamedFilter = std::pair<std::string_view, Filter>;
std::span<const NamedFilter> SequenceFilters();
std::span<const NamedFilter> TextFilters();
Value CallFilter(Evaluator& eval, std::string_view name, Arguments& arguments);

// jinja_tests.cc
bool CallTest(Evaluator& eval, std::string_view name, Arguments& arguments);

// jinja_methods.cc
enum class MethodKind : uint8_t { kNone, kAllowed, kHidden };
MethodKind FindMethod(const Value& object, std::string_view name);
Value MakeMethod(Runtime& rt, const Value& self, std::string_view name);
Value CallMethod(Evaluator& eval, const Method& method, Arguments& arguments);

// The arguments of one call in the order of the parameters; fails on unknown, double, missing or too many ones.
class Bound {
 public:
  Bound(Runtime& rt, std::string_view callee, const Arguments& arguments, std::initializer_list<std::string_view> parameters,
        size_t required);
  const Value* Get(size_t i) const { return values_[i] ? &*values_[i] : nullptr; }
  const Value& At(size_t i) const { return *values_[i]; }
  Value Or(size_t i, const Value& otherwise) const { return values_[i].value_or(otherwise); }
  // An integer; fails on another type.
  int64_t Int(size_t i, int64_t otherwise) const;
  bool Truth(size_t i, bool otherwise) const;
  // A string; fails on another type.
  std::string_view String(size_t i, std::string_view otherwise) const;
  bool IsNone(size_t i) const { return !values_[i] || values_[i]->Is(Kind::kNone); }

 private:
  Runtime& rt_;
  std::string_view callee_;
  std::vector<std::optional<Value>> values_;
};

}  // namespace tradewind::jinja
