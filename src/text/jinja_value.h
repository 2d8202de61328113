// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Values of a template run, with the semantics of the Python objects that Jinja works on. Everything but a namespace is
// immutable (transformers renders in jinja2's immutable sandbox), and everything lives in the Runtime's arena.
//
//   Value list = MakeList(rt, {Value::Int(1), MakeString(rt, "a")});
//   for (const Value& item : Iterate(rt, list)) ...
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/jinja_runtime.h"

namespace tradewind::jinja {

struct List;
struct Dict;
struct Range;
struct Namespace;
struct Method;
struct Macro;
struct LoopState;
struct Generator;

enum class Kind : uint8_t {
  kUndefined,  // text: the name that was not found
  kNone,
  kBool,
  kInt,
  kFloat,
  kString,
  kList,
  kTuple,
  kView,       // what dict.items(), .keys() and .values() give
  kGenerator,  // what map, select and their like give: can be read once
  kDict,
  kRange,
  kNamespace,
  kFunction,  // integer: its place in the table of functions
  kMethod,
  kMacro,
  kLoop,
};

struct Value {
  Kind kind = Kind::kUndefined;
  bool safe = false;  // a string that the `safe` or `escape` filter made
  uint32_t size = 0;  // bytes of a string or of an undefined name
  union {
    bool boolean;
    int64_t integer;
    double real;
    const char* chars = "";
    List* list;
    Generator* generator;
    Dict* dict;
    Range* range;
    Namespace* ns;
    Method* method;
    Macro* macro;
    LoopState* loop;
  };

  static Value None() { return Of(Kind::kNone); }
  static Value Bool(bool b) {
    Value v = Of(Kind::kBool);
    v.boolean = b;
    return v;
  }
  static Value Int(int64_t i) {
    Value v = Of(Kind::kInt);
    v.integer = i;
    return v;
  }
  static Value Float(double f) {
    Value v = Of(Kind::kFloat);
    v.real = f;
    return v;
  }
  // The text must outlive the run (a part of the program or of the arena).
  static Value Text(std::string_view text) {
    Value v = Of(Kind::kString);
    v.chars = text.data();
    v.size = static_cast<uint32_t>(text.size());
    return v;
  }
  static Value Undefined(std::string_view name) {
    Value v = Text(name);
    v.kind = Kind::kUndefined;
    return v;
  }
  static Value Of(Kind kind) {
    Value v;
    v.kind = kind;
    return v;
  }

  bool Is(Kind k) const { return kind == k; }
  bool IsUndefined() const { return kind == Kind::kUndefined; }
  bool IsString() const { return kind == Kind::kString; }
  bool IsInteger() const { return kind == Kind::kInt || kind == Kind::kBool; }
  bool IsNumber() const { return IsInteger() || kind == Kind::kFloat; }
  std::string_view text() const { return {chars, size}; }
  int64_t AsInt() const { return kind == Kind::kBool ? boolean : integer; }
  double AsFloat() const { return kind == Kind::kFloat ? real : static_cast<double>(AsInt()); }
};

struct List {
  Value* items = nullptr;
  uint32_t size = 0;
  int depth = 1;             // one more than the deepest item
  std::string_view view_of;  // "dict_items" of a kView
  std::span<const Value> span() const { return {items, size}; }
};

struct Generator {
  List* list = nullptr;
  uint32_t next = 0;
};

struct Entry {
  Value key;
  Value value;
};

struct Dict {
  Entry* entries = nullptr;
  uint32_t size = 0;
  uint32_t* slots = nullptr;  // open addressing: entry + 1, or 0
  uint32_t slot_mask = 0;
  int depth = 1;
  std::span<const Entry> span() const { return {entries, size}; }
};

struct Range {
  int64_t start = 0, step = 1, size = 0;
  int64_t stop = 0;
};

struct Variable {
  std::string_view name;
  Value value;
};

struct Namespace {
  Variable* variables = nullptr;
  uint32_t size = 0;
  uint32_t capacity = 0;
  Value* Find(std::string_view name);
  void Set(Runtime& rt, std::string_view name, const Value& value);
};

struct Method {
  Value self;
  std::string_view name;
};

// The mark (List::view_of) of a tuple that groupby made: it has the attributes grouper and list.
inline constexpr std::string_view kGroup = "group";

// A string made while running: copied into the arena.
Value MakeString(Runtime& rt, std::string_view text);
Value MakeList(Runtime& rt, std::span<const Value> items, Kind kind = Kind::kList);
inline Value MakeList(Runtime& rt, std::initializer_list<Value> items, Kind kind = Kind::kList) {
  return MakeList(rt, std::span<const Value>(items.begin(), items.size()), kind);
}
Value MakeGenerator(Runtime& rt, std::span<const Value> items);
// Later entries with an equal key replace earlier ones, which keep their place (as in Python).
Value MakeDict(Runtime& rt, std::span<const Entry> entries);

const Value* Find(Runtime& rt, const Dict& dict, const Value& key);
const Value* Find(Runtime& rt, const Dict& dict, std::string_view key);

bool Truthy(Runtime& rt, const Value& value);
// Python's name of the type: "str", "NoneType", ...
std::string_view TypeName(const Value& value);
// Fails for an undefined value, naming it.
[[noreturn]] void FailUndefined(Runtime& rt, const Value& value);

// The items of anything that can be looped over; a generator is used up. Fails for the rest.
std::span<const Value> Iterate(Runtime& rt, const Value& value);
bool IsIterable(const Value& value);
// len(); fails where Python does.
int64_t Length(Runtime& rt, const Value& value);

// ==, and the order of <, as Python has them; Less fails on values that have no order.
bool Equal(Runtime& rt, const Value& a, const Value& b);
bool Less(Runtime& rt, const Value& a, const Value& b);
// `item in container`.
bool Contains(Runtime& rt, const Value& container, const Value& item);

}  // namespace tradewind::jinja
