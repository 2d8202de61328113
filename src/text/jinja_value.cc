// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/jinja_value.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

#include "text/jinja_text.h"

namespace tradewind::jinja {
namespace {

int DepthOf(const Value& value) {
  switch (value.kind) {
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kView: return value.list->depth;
    case Kind::kGenerator: return value.generator->list->depth;
    case Kind::kDict: return value.dict->depth;
    default: return 0;
  }
}

void CheckDepth(Runtime& rt, int depth) {
  if (depth > rt.limits().depth) {
    rt.Fail(StatusCode::kInvalidInput, "values nested deeper than " + std::to_string(rt.limits().depth) + " (limit: depth)");
  }
}

// Equal keys have equal hashes: 1, 1.0 and True are one key in Python.
size_t Hash(Runtime& rt, const Value& key) {
  switch (key.kind) {
    case Kind::kString: rt.ChargeText(key.size); return std::hash<std::string_view>()(key.text());
    case Kind::kBool:
    case Kind::kInt: return std::hash<int64_t>()(key.AsInt());
    case Kind::kFloat:
      if (std::floor(key.real) == key.real && std::fabs(key.real) < 9e18) return std::hash<int64_t>()(static_cast<int64_t>(key.real));
      return std::hash<double>()(key.real);
    case Kind::kTuple: {
      size_t hash = 17;
      for (const Value& item : key.list->span()) hash = hash * 1000003 ^ Hash(rt, item);
      rt.Charge(key.list->size);
      return hash;
    }
    case Kind::kList:
    case Kind::kDict: rt.Fail("unhashable type: '" + std::string(TypeName(key)) + "'");
    case Kind::kNone:
    case Kind::kUndefined: return static_cast<size_t>(key.kind);
    default: return std::hash<const void*>()(key.chars);
  }
}

List* NewList(Runtime& rt, std::span<const Value> items) {
  rt.Charge(items.size() / 8);
  List* list = rt.Make<List>();
  list->items = rt.MakeArray<Value>(items.size());
  list->size = static_cast<uint32_t>(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    list->items[i] = items[i];
    list->depth = std::max(list->depth, 1 + DepthOf(items[i]));
  }
  CheckDepth(rt, list->depth);
  return list;
}

std::span<const Value> CharactersOf(Runtime& rt, std::string_view text) {
  const size_t count = CodePoints(text);
  rt.Charge(count / 8);
  Value* items = rt.MakeArray<Value>(count);
  size_t pos = 0;
  for (size_t i = 0; i < count; ++i) {
    const size_t bytes = CodePointBytes(text, pos);
    items[i] = Value::Text(text.substr(pos, bytes));
    pos += bytes;
  }
  return {items, count};
}

bool EqualItems(Runtime& rt, std::span<const Value> a, std::span<const Value> b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!Equal(rt, a[i], b[i])) return false;
  }
  return true;
}

bool EqualDicts(Runtime& rt, const Dict& a, const Dict& b) {
  if (a.size != b.size) return false;
  for (const Entry& entry : a.span()) {
    const Value* other = Find(rt, b, entry.key);
    if (!other || !Equal(rt, entry.value, *other)) return false;
  }
  return true;
}

bool EqualNumbers(const Value& a, const Value& b) {
  if (a.IsInteger() && b.IsInteger()) return a.AsInt() == b.AsInt();
  return a.AsFloat() == b.AsFloat();
}

}  // namespace

Value* Namespace::Find(std::string_view name) {
  for (uint32_t i = 0; i < size; ++i) {
    if (variables[i].name == name) return &variables[i].value;
  }
  return nullptr;
}

void Namespace::Set(Runtime& rt, std::string_view name, const Value& value) {
  rt.Charge(1 + size / 8);
  if (Value* found = Find(name)) {
    *found = value;
    return;
  }
  if (size == capacity) {
    const uint32_t wanted = std::max<uint32_t>(4, capacity * 2);
    Variable* grown = rt.MakeArray<Variable>(wanted);
    std::copy(variables, variables + size, grown);
    variables = grown;
    capacity = wanted;
  }
  variables[size++] = {name, value};
}

Value MakeString(Runtime& rt, std::string_view text) {
  return Value::Text(rt.Copy(text));
}

Value MakeList(Runtime& rt, std::span<const Value> items, Kind kind) {
  Value value = Value::Of(kind);
  value.list = NewList(rt, items);
  return value;
}

Value MakeGenerator(Runtime& rt, std::span<const Value> items) {
  Value value = Value::Of(Kind::kGenerator);
  value.generator = rt.Make<Generator>();
  value.generator->list = NewList(rt, items);
  return value;
}

Value MakeDict(Runtime& rt, std::span<const Entry> entries) {
  rt.Charge(entries.size());
  Dict* dict = rt.Make<Dict>();
  dict->entries = rt.MakeArray<Entry>(entries.size());
  uint32_t slots = 4;
  while (slots < entries.size() * 2) slots *= 2;
  dict->slots = rt.MakeArray<uint32_t>(slots);
  dict->slot_mask = slots - 1;
  for (const Entry& entry : entries) {
    size_t slot = Hash(rt, entry.key) & dict->slot_mask;
    while (dict->slots[slot] && !Equal(rt, dict->entries[dict->slots[slot] - 1].key, entry.key)) {
      slot = (slot + 1) & dict->slot_mask;
      rt.Charge(1);
    }
    dict->depth = std::max({dict->depth, 1 + DepthOf(entry.value), 1 + DepthOf(entry.key)});
    if (dict->slots[slot]) {
      dict->entries[dict->slots[slot] - 1].value = entry.value;
    } else {
      dict->entries[dict->size++] = entry;
      dict->slots[slot] = dict->size;
    }
  }
  CheckDepth(rt, dict->depth);
  Value value = Value::Of(Kind::kDict);
  value.dict = dict;
  return value;
}

const Value* Find(Runtime& rt, const Dict& dict, const Value& key) {
  const size_t hash = Hash(rt, key);
  if (dict.size == 0) return nullptr;
  size_t slot = hash & dict.slot_mask;
  while (dict.slots[slot]) {
    const Entry& entry = dict.entries[dict.slots[slot] - 1];
    if (Equal(rt, entry.key, key)) return &entry.value;
    slot = (slot + 1) & dict.slot_mask;
  }
  return nullptr;
}

const Value* Find(Runtime& rt, const Dict& dict, std::string_view key) {
  return Find(rt, dict, Value::Text(key));
}

bool Truthy(Runtime& rt, const Value& value) {
  switch (value.kind) {
    case Kind::kUndefined:
    case Kind::kNone: return false;
    case Kind::kBool: return value.boolean;
    case Kind::kInt: return value.integer != 0;
    case Kind::kFloat: return value.real != 0;
    case Kind::kString: return value.size != 0;
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kView:
    case Kind::kDict:
    case Kind::kRange: return Length(rt, value) != 0;
    default: return true;
  }
}

std::string_view TypeName(const Value& value) {
  switch (value.kind) {
    case Kind::kUndefined: return "Undefined";
    case Kind::kNone: return "NoneType";
    case Kind::kBool: return "bool";
    case Kind::kInt: return "int";
    case Kind::kFloat: return "float";
    case Kind::kString: return "str";
    case Kind::kList: return "list";
    case Kind::kTuple: return "tuple";
    case Kind::kView: return value.list->view_of;
    case Kind::kGenerator: return "generator";
    case Kind::kDict: return "dict";
    case Kind::kRange: return "range";
    case Kind::kNamespace: return "Namespace";
    case Kind::kFunction: return "function";
    case Kind::kMethod: return "builtin_function_or_method";
    case Kind::kMacro: return "Macro";
    case Kind::kLoop: return "LoopContext";
  }
  return "?";
}

void FailUndefined(Runtime& rt, const Value& value) {
  rt.Fail(value.size ? "'" + std::string(value.text().substr(0, 200)) + "' is undefined" : "a value is undefined");
}

bool IsIterable(const Value& value) {
  switch (value.kind) {
    case Kind::kUndefined:
    case Kind::kString:
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kView:
    case Kind::kGenerator:
    case Kind::kDict:
    case Kind::kRange:
    case Kind::kLoop: return true;
    default: return false;
  }
}

std::span<const Value> Iterate(Runtime& rt, const Value& value) {
  switch (value.kind) {
    case Kind::kUndefined: return {};
    case Kind::kString: return CharactersOf(rt, value.text());
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kView: return value.list->span();
    case Kind::kGenerator: {
      Generator& generator = *value.generator;
      const auto rest = generator.list->span().subspan(generator.next);
      generator.next = generator.list->size;
      return rest;
    }
    case Kind::kDict: {
      rt.Charge(value.dict->size / 8);
      Value* keys = rt.MakeArray<Value>(value.dict->size);
      for (uint32_t i = 0; i < value.dict->size; ++i) keys[i] = value.dict->entries[i].key;
      return {keys, value.dict->size};
    }
    case Kind::kRange: {
      const auto count = static_cast<size_t>(value.range->size);
      rt.Charge(count / 8);
      Value* items = rt.MakeArray<Value>(count);
      int64_t number = value.range->start;
      for (size_t i = 0; i < count; ++i) {
        items[i] = Value::Int(number);
        if (i + 1 < count) number += value.range->step;
      }
      return {items, count};
    }
    default: rt.Fail("'" + std::string(TypeName(value)) + "' object is not iterable");
  }
}

int64_t Length(Runtime& rt, const Value& value) {
  switch (value.kind) {
    case Kind::kUndefined: return 0;
    case Kind::kString: rt.ChargeText(value.size); return static_cast<int64_t>(CodePoints(value.text()));
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kView: return value.list->size;
    case Kind::kDict: return value.dict->size;
    case Kind::kRange: return value.range->size;
    default: rt.Fail("object of type '" + std::string(TypeName(value)) + "' has no len()");
  }
}

bool Equal(Runtime& rt, const Value& a, const Value& b) {
  rt.Charge(1);
  if (a.IsNumber() && b.IsNumber()) return EqualNumbers(a, b);
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::kUndefined:
    case Kind::kNone: return true;
    case Kind::kString: rt.ChargeText(a.size == b.size ? a.size : 0); return a.text() == b.text();
    case Kind::kList:
    case Kind::kTuple: return a.list == b.list || EqualItems(rt, a.list->span(), b.list->span());
    case Kind::kDict: return a.dict == b.dict || EqualDicts(rt, *a.dict, *b.dict);
    case Kind::kRange: return EqualItems(rt, Iterate(rt, a), Iterate(rt, b));
    case Kind::kFunction: return a.integer == b.integer;
    case Kind::kMethod: return a.method->name == b.method->name && Equal(rt, a.method->self, b.method->self);
    default: return a.chars == b.chars;
  }
}

bool Less(Runtime& rt, const Value& a, const Value& b) {
  rt.Charge(1);
  if (a.IsUndefined()) FailUndefined(rt, a);
  if (b.IsUndefined()) FailUndefined(rt, b);
  if (a.IsInteger() && b.IsInteger()) return a.AsInt() < b.AsInt();
  if (a.IsNumber() && b.IsNumber()) return a.AsFloat() < b.AsFloat();
  if (a.IsString() && b.IsString()) {
    rt.ChargeText(std::min(a.size, b.size));
    return a.text() < b.text();  // the order of UTF-8 bytes is that of code points
  }
  if ((a.Is(Kind::kList) && b.Is(Kind::kList)) || (a.Is(Kind::kTuple) && b.Is(Kind::kTuple))) {
    const size_t common = std::min(a.list->size, b.list->size);
    for (size_t i = 0; i < common; ++i) {
      if (!Equal(rt, a.list->items[i], b.list->items[i])) return Less(rt, a.list->items[i], b.list->items[i]);
    }
    return a.list->size < b.list->size;
  }
  rt.Fail("'<' not supported between instances of '" + std::string(TypeName(a)) + "' and '" + std::string(TypeName(b)) + "'");
}

bool Contains(Runtime& rt, const Value& container, const Value& item) {
  if (container.IsString()) {
    if (!item.IsString()) {
      if (item.IsUndefined()) FailUndefined(rt, item);
      rt.Fail("'in <string>' requires string as left operand, not " + std::string(TypeName(item)));
    }
    rt.ChargeText(container.size);
    return FindText(container.text(), item.text(), 0) != std::string_view::npos;
  }
  if (container.Is(Kind::kDict)) return Find(rt, *container.dict, item) != nullptr;
  for (const Value& other : Iterate(rt, container)) {
    if (Equal(rt, other, item)) return true;
  }
  return false;
}

}  // namespace tradewind::jinja
