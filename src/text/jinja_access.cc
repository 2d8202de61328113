// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "text/jinja_builtins.h"
#include "text/jinja_eval.h"
#include "text/jinja_print.h"
#include "text/jinja_text.h"

namespace tradewind::jinja {
namespace {

// Start, stop and step of a slice over `size` items, clamped as Python does.
struct Bounds {
  int64_t start, stop, step;
};

// The parts are integers, None or absent.
int64_t IndexOf(const Value* value, int64_t otherwise) {
  return !value || value->Is(Kind::kNone) ? otherwise : value->AsInt();
}

Bounds SliceBounds(Runtime& rt, int64_t size, const Value* start, const Value* stop, const Value* step) {
  Bounds b{0, 0, IndexOf(step, 1)};
  if (b.step == 0) rt.Fail("slice step cannot be zero");
  b.step = std::clamp(b.step, -std::numeric_limits<int64_t>::max() / 4, std::numeric_limits<int64_t>::max() / 4);
  const int64_t low = b.step < 0 ? -1 : 0, high = b.step < 0 ? size - 1 : size;
  const auto clamped = [&](const Value* value, int64_t otherwise) {
    int64_t index = IndexOf(value, std::numeric_limits<int64_t>::min());
    if (!value || value->Is(Kind::kNone)) return otherwise;
    if (index < 0) index = index < -size ? low : index + size;
    return std::clamp(index, low, high);
  };
  b.start = clamped(start, b.step < 0 ? high : low);
  b.stop = clamped(stop, b.step < 0 ? low : high);
  return b;
}

Value SliceString(Runtime& rt, std::string_view text, const Bounds& b) {
  rt.ChargeText(text.size());
  if (b.step == 1) {
    if (b.stop <= b.start) return Value::Text({});
    const size_t begin = ByteOffset(text, static_cast<size_t>(b.start));
    const std::string_view rest = text.substr(begin);
    return Value::Text(rest.substr(0, ByteOffset(rest, static_cast<size_t>(b.stop - b.start))));
  }
  const auto characters = Iterate(rt, Value::Text(text));
  TextBuilder builder(rt);
  for (int64_t i = b.start; b.step > 0 ? i < b.stop : i > b.stop; i += b.step) {
    rt.Charge(1);
    builder.Add(characters[static_cast<size_t>(i)].text());
  }
  return builder.Finish();
}

std::optional<Value> ItemOfSequence(Runtime& rt, const Value& object, int64_t index) {
  const int64_t size = Length(rt, object);
  if (index < 0) index += size;
  if (index < 0 || index >= size) return std::nullopt;
  if (object.IsString()) {
    const std::string_view text = object.text();
    const size_t pos = ByteOffset(text, static_cast<size_t>(index));
    return Value::Text(text.substr(pos, CodePointBytes(text, pos)));
  }
  if (object.Is(Kind::kRange)) return Value::Int(object.range->start + index * object.range->step);
  return object.list->items[index];
}

}  // namespace

Value Evaluator::Slice(const Value& object, const Value* start, const Value* stop, const Value* step) {
  if (object.IsUndefined()) FailUndefined(rt_, object);
  const bool list = object.Is(Kind::kList) || object.Is(Kind::kTuple);
  if (!object.IsString() && !list && !object.Is(Kind::kRange)) return Value::Undefined("a slice");
  for (const Value* part : {start, stop, step}) {
    if (part && !part->IsInteger() && !part->Is(Kind::kNone)) return Value::Undefined("a slice");
  }
  const Bounds b = SliceBounds(rt_, Length(rt_, object), start, stop, step);
  if (object.IsString()) return SliceString(rt_, object.text(), b);
  const auto items = Iterate(rt_, object);
  std::vector<Value> chosen;
  for (int64_t i = b.start; b.step > 0 ? i < b.stop : i > b.stop; i += b.step) chosen.push_back(items[static_cast<size_t>(i)]);
  return MakeList(rt_, chosen, list ? object.kind : Kind::kList);
}

// a.name: an attribute first, then an item; private and mutating names are hidden, as in jinja2's immutable sandbox.
Value Evaluator::Attribute(const Value& object, std::string_view name) {
  rt_.Charge(1);
  if (object.IsUndefined()) FailUndefined(rt_, object);
  if (object.Is(Kind::kLoop)) return LoopAttribute(*object.loop, name, object);
  if (object.Is(Kind::kNamespace)) {
    const Value* found = object.ns->Find(name);
    return found ? *found : Value::Undefined(name);
  }
  if (object.Is(Kind::kTuple) && object.list->view_of == kGroup && (name == "grouper" || name == "list")) {
    return object.list->items[name == "list" ? 1 : 0];
  }
  if (object.Is(Kind::kMacro) && name == "name") return Value::Text(object.macro->stmt->text);
  switch (FindMethod(object, name)) {
    case MethodKind::kAllowed: return MakeMethod(rt_, object, name);
    case MethodKind::kHidden: return Value::Undefined(name);
    case MethodKind::kNone: break;
  }
  if (object.Is(Kind::kDict)) {
    if (const Value* found = Find(rt_, *object.dict, name)) return *found;
  }
  return Value::Undefined(name);
}

// a[key]: an item first, then an attribute.
Value Evaluator::Item(const Value& object, const Value& key) {
  rt_.Charge(1);
  if (object.IsUndefined()) FailUndefined(rt_, object);
  if (object.Is(Kind::kDict) && !key.Is(Kind::kList) && !key.Is(Kind::kDict)) {
    if (const Value* found = Find(rt_, *object.dict, key)) return *found;
  }
  const bool sequence = object.IsString() || object.Is(Kind::kList) || object.Is(Kind::kTuple) || object.Is(Kind::kRange);
  if (sequence && key.IsInteger()) return ItemOfSequence(rt_, object, key.AsInt()).value_or(Value::Undefined("an item past the end"));
  if (key.IsString() && object.Is(Kind::kDict) && FindMethod(object, key.text()) == MethodKind::kNone) return Value::Undefined(key.text());
  if (key.IsString()) return Attribute(object, key.text());
  return Value::Undefined("an item");
}

int64_t Evaluator::LoopLength(LoopState& loop) {
  if (loop.length >= 0) return loop.length;
  if (loop.filtered) {
    std::vector<Value> rest;
    if (PeekLoop(loop)) rest.push_back(loop.next);
    while (loop.cursor < loop.items.size()) {
      const Value item = loop.items[loop.cursor++];
      rt_.Charge(1);
      if (LoopItemPasses(loop, item)) rest.push_back(item);
    }
    loop.items = Iterate(rt_, MakeList(rt_, rest));
    loop.cursor = loop.has_next ? 1 : 0;
    loop.filtered = false;
    loop.length = loop.index0 + 1 + static_cast<int64_t>(rest.size());
  } else {
    const bool peeked = loop.peeked && loop.has_next;
    loop.length = loop.index0 + 1 + static_cast<int64_t>(loop.items.size() - loop.cursor) + (peeked ? 1 : 0);
  }
  return loop.length;
}

Value Evaluator::LoopAttribute(LoopState& loop, std::string_view name, const Value& self) {
  if (name == "index") return Value::Int(loop.index0 + 1);
  if (name == "index0") return Value::Int(loop.index0);
  if (name == "first") return Value::Bool(loop.index0 == 0);
  if (name == "last") return Value::Bool(!PeekLoop(loop));
  if (name == "length") return Value::Int(LoopLength(loop));
  if (name == "revindex") return Value::Int(LoopLength(loop) - loop.index0);
  if (name == "revindex0") return Value::Int(LoopLength(loop) - loop.index0 - 1);
  if (name == "depth" || name == "depth0") return Value::Int(name == "depth" ? 1 : 0);  // of recursive loops, which are refused
  if (name == "previtem") return loop.index0 == 0 ? Value::Undefined("there is no previous item") : loop.previous;
  if (name == "nextitem") return PeekLoop(loop) ? loop.next : Value::Undefined("there is no next item");
  if (name == "cycle" || name == "changed") return MakeMethod(rt_, self, name);
  return Value::Undefined(name);
}

}  // namespace tradewind::jinja
