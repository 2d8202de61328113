// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <string>

#include "text/jinja_builtins.h"
#include "text/jinja_ops.h"
#include "text/jinja_print.h"
#include "text/jinja_text.h"

namespace tradewind::jinja {
namespace {

// item.a.0.b for the attribute "a.0.b"; the item itself without an attribute.
Value Lookup(Evaluator& eval, const Value& item, const Value* attribute, const Value* otherwise = nullptr) {
  Runtime& rt = eval.rt();
  rt.Charge(1);
  if (!attribute || attribute->Is(Kind::kNone)) return item;
  Value value = item;
  if (attribute->IsInteger()) {
    value = eval.Item(item, *attribute);
  } else {
    if (!attribute->IsString()) rt.Fail("an attribute must be a name or a number, not " + std::string(TypeName(*attribute)));
    for (const std::string_view part : Split(attribute->text(), ".", -1)) {
      int64_t index = 0;
      const auto parsed = std::from_chars(part.data(), part.data() + part.size(), index);
      const bool number = IsDigits(part) && parsed.ec == std::errc() && parsed.ptr == part.data() + part.size();
      value = eval.Item(value, number ? Value::Int(index) : Value::Text(part));
    }
  }
  return otherwise && value.IsUndefined() ? *otherwise : value;
}

Value IgnoreCase(Runtime& rt, const Value& value, bool case_sensitive) {
  if (case_sensitive || !value.IsString()) return value;
  rt.ChargeText(value.size);
  return MakeString(rt, Lower(value.text()));
}

struct Keyed {
  Value key;
  Value item;
};

// Stable, and safe with an order that fails midway; reversed, equal items keep their order, as in Python.
void MergeSort(Runtime& rt, std::vector<Keyed>* items, bool reverse) {
  std::vector<Keyed> merged(items->size());
  for (size_t width = 1; width < items->size(); width *= 2) {
    for (size_t begin = 0; begin < items->size(); begin += 2 * width) {
      const size_t middle = std::min(begin + width, items->size()), end = std::min(begin + 2 * width, items->size());
      size_t left = begin, right = middle;
      for (size_t out = begin; out < end; ++out) {
        bool take_right = left == middle;
        if (!take_right && right < end) {
          const Value& a = (*items)[left].key;
          const Value& b = (*items)[right].key;
          take_right = reverse ? Less(rt, a, b) : Less(rt, b, a);
        }
        merged[out] = (*items)[take_right ? right++ : left++];
      }
    }
    items->swap(merged);
  }
}

std::vector<Keyed> KeyedItems(Evaluator& eval, const Value& source, const Value* attribute, bool case_sensitive,
                              const Value* otherwise = nullptr) {
  std::vector<Keyed> keyed;
  for (const Value& item : Iterate(eval.rt(), source)) {
    keyed.push_back({IgnoreCase(eval.rt(), Lookup(eval, item, attribute, otherwise), case_sensitive), item});
  }
  return keyed;
}

std::vector<Value> ItemsOf(const std::vector<Keyed>& keyed) {
  std::vector<Value> items;
  for (const Keyed& k : keyed) items.push_back(k.item);
  return items;
}

Value FirstFilter(Evaluator& eval, Arguments& arguments) {
  const Bound b(eval.rt(), "first", arguments, {"seq"}, 1);
  const auto items = Iterate(eval.rt(), b.At(0));
  return items.empty() ? Value::Undefined("the first item of an empty sequence") : items.front();
}

Value LastFilter(Evaluator& eval, Arguments& arguments) {
  const Bound b(eval.rt(), "last", arguments, {"seq"}, 1);
  if (b.At(0).Is(Kind::kGenerator)) eval.rt().Fail("'generator' object is not reversible: use |list first");
  const auto items = Iterate(eval.rt(), b.At(0));
  return items.empty() ? Value::Undefined("the last item of an empty sequence") : items.back();
}

Value ListFilter(Evaluator& eval, Arguments& arguments) {
  const Bound b(eval.rt(), "list", arguments, {"value"}, 1);
  return MakeList(eval.rt(), Iterate(eval.rt(), b.At(0)));
}

Value JoinFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "join", arguments, {"value", "d", "attribute"}, 1);
  const std::string_view separator = Text(rt, b.Or(1, Value::Text("")));
  TextBuilder out(rt);
  bool first = true;
  for (const Value& item : Iterate(rt, b.At(0))) {
    rt.Charge(1);
    if (!first) out.Add(separator);
    first = false;
    out.Add(Text(rt, Lookup(eval, item, b.Get(2))));
  }
  return out.Finish();
}

Value ReverseFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "reverse", arguments, {"value"}, 1);
  const auto items = Iterate(rt, b.At(0));
  std::vector<Value> reversed(items.rbegin(), items.rend());
  if (b.At(0).Is(Kind::kGenerator)) return MakeList(rt, reversed);
  if (!b.At(0).IsString()) return MakeGenerator(rt, reversed);
  TextBuilder out(rt);
  for (const Value& character : reversed) {
    rt.Charge(1);
    out.Add(character.text());
  }
  return out.Finish();
}

Value SortFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "sort", arguments, {"value", "reverse", "case_sensitive", "attribute"}, 1);
  std::vector<Keyed> keyed;
  const bool case_sensitive = b.Truth(2, false);
  if (!b.IsNone(3) && b.At(3).IsString() && b.At(3).text().find(',') != std::string_view::npos) {
    for (const Value& item : Iterate(rt, b.At(0))) {
      std::vector<Value> keys;
      for (const std::string_view name : Split(b.At(3).text(), ",", -1)) {
        const Value attribute = Value::Text(name);
        keys.push_back(IgnoreCase(rt, Lookup(eval, item, &attribute), case_sensitive));
      }
      keyed.push_back({MakeList(rt, keys), item});
    }
  } else {
    keyed = KeyedItems(eval, b.At(0), b.Get(3), case_sensitive);
  }
  MergeSort(rt, &keyed, b.Truth(1, false));
  return MakeList(rt, ItemsOf(keyed));
}

Value DictSortFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "dictsort", arguments, {"value", "case_sensitive", "by", "reverse"}, 1);
  if (!b.At(0).Is(Kind::kDict)) rt.Fail("dictsort takes a mapping, not " + std::string(TypeName(b.At(0))));
  const std::string_view by = b.String(2, "key");
  if (by != "key" && by != "value") rt.Fail("dictsort can sort by \"key\" or by \"value\"");
  std::vector<Keyed> keyed;
  for (const Entry& entry : b.At(0).dict->span()) {
    keyed.push_back(
        {IgnoreCase(rt, by == "key" ? entry.key : entry.value, b.Truth(1, false)), MakeList(rt, {entry.key, entry.value}, Kind::kTuple)});
  }
  MergeSort(rt, &keyed, b.Truth(3, false));
  return MakeList(rt, ItemsOf(keyed));
}

Value UniqueFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "unique", arguments, {"value", "case_sensitive", "attribute"}, 1);
  std::vector<Keyed> kept;
  for (const Keyed& candidate : KeyedItems(eval, b.At(0), b.Get(2), b.Truth(1, false))) {
    if (candidate.key.Is(Kind::kList) || candidate.key.Is(Kind::kDict)) rt.Fail("unhashable type in unique");
    const bool seen = std::any_of(kept.begin(), kept.end(), [&](const Keyed& k) { return Equal(rt, k.key, candidate.key); });
    if (!seen) kept.push_back(candidate);
  }
  return MakeGenerator(rt, ItemsOf(kept));
}

template <bool kMax>
Value ExtremeFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, kMax ? "max" : "min", arguments, {"value", "case_sensitive", "attribute"}, 1);
  const auto keyed = KeyedItems(eval, b.At(0), b.Get(2), b.Truth(1, false));
  if (keyed.empty()) return Value::Undefined("the extreme of an empty sequence");
  const Keyed* best = &keyed[0];
  for (const Keyed& candidate : std::span(keyed).subspan(1)) {
    if (kMax ? Less(rt, best->key, candidate.key) : Less(rt, candidate.key, best->key)) best = &candidate;
  }
  return best->item;
}

Value SumFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "sum", arguments, {"iterable", "attribute", "start"}, 1);
  Value sum = b.Or(2, Value::Int(0));
  if (sum.IsString()) rt.Fail("sum() cannot sum strings: use |join");
  for (const Value& item : Iterate(rt, b.At(0))) sum = Arithmetic(rt, Op::kAdd, sum, Lookup(eval, item, b.Get(1)));
  return sum;
}

Value ItemsFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "items", arguments, {"value"}, 1);
  if (b.At(0).IsUndefined()) return MakeGenerator(rt, {});
  if (!b.At(0).Is(Kind::kDict)) rt.Fail("items takes a mapping, not " + std::string(TypeName(b.At(0))));
  std::vector<Value> pairs;
  for (const Entry& entry : b.At(0).dict->span()) pairs.push_back(MakeList(rt, {entry.key, entry.value}, Kind::kTuple));
  return MakeGenerator(rt, pairs);
}

Value MapFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Value source = arguments.positional[0];
  std::vector<Value> mapped;
  if (!Truthy(rt, source)) return MakeGenerator(rt, mapped);
  if (arguments.positional.size() == 1) {
    const Bound b(rt, "map", arguments, {"value", "", "attribute", "default"}, 1);
    if (!b.Get(2)) rt.Fail("map needs a filter or an attribute");
    for (const Value& item : Iterate(rt, source)) mapped.push_back(Lookup(eval, item, b.Get(2), b.Get(3)));
    return MakeGenerator(rt, mapped);
  }
  if (!arguments.positional[1].IsString()) rt.Fail("map: the name of a filter must be a string");
  for (const Value& item : Iterate(rt, source)) {
    Arguments inner{{item}, arguments.named};
    inner.positional.insert(inner.positional.end(), arguments.positional.begin() + 2, arguments.positional.end());
    rt.Charge(inner.positional.size());
    mapped.push_back(CallFilter(eval, arguments.positional[1].text(), inner));
  }
  return MakeGenerator(rt, mapped);
}

template <bool kKeep, bool kByAttribute>
Value SelectFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const auto& args = arguments.positional;
  std::vector<Value> kept;
  if (!Truthy(rt, args[0])) return MakeGenerator(rt, kept);
  if (kByAttribute && args.size() < 2) rt.Fail("selectattr and rejectattr need the name of an attribute");
  const size_t test = kByAttribute ? 2 : 1;
  if (args.size() > test && !args[test].IsString()) rt.Fail("the name of a test must be a string");
  for (const Value& item : Iterate(rt, args[0])) {
    const Value value = kByAttribute ? Lookup(eval, item, &args[1]) : item;
    bool passes = false;
    if (args.size() <= test) {
      passes = Truthy(rt, value);
    } else {
      Arguments inner{{value}, arguments.named};
      inner.positional.insert(inner.positional.end(), args.begin() + test + 1, args.end());
      rt.Charge(inner.positional.size());
      passes = CallTest(eval, args[test].text(), inner);
    }
    if (passes == kKeep) kept.push_back(item);
  }
  return MakeGenerator(rt, kept);
}

Value GroupByFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "groupby", arguments, {"value", "attribute", "default", "case_sensitive"}, 2);
  const Value* otherwise = b.IsNone(2) ? nullptr : b.Get(2);
  auto keyed = KeyedItems(eval, b.At(0), b.Get(1), b.Truth(3, false), otherwise);
  MergeSort(rt, &keyed, false);
  std::vector<Value> groups;
  for (size_t begin = 0; begin < keyed.size();) {
    std::vector<Value> members;
    size_t end = begin;
    for (; end < keyed.size() && Equal(rt, keyed[begin].key, keyed[end].key); ++end) members.push_back(keyed[end].item);
    if (members.empty()) rt.Fail("groupby: a key that does not equal itself");
    Value group = MakeList(rt, {Lookup(eval, members[0], b.Get(1), otherwise), MakeList(rt, members)}, Kind::kTuple);
    group.list->view_of = kGroup;
    groups.push_back(group);
    begin = end;
  }
  return MakeList(rt, groups);
}

Value BatchFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "batch", arguments, {"value", "linecount", "fill_with"}, 2);
  const int64_t size = b.Int(1, 0);
  const auto items = Iterate(rt, b.At(0));
  if (size <= 0 && !items.empty()) rt.Fail("batch: linecount must be positive");
  std::vector<Value> batches, batch;
  for (const Value& item : items) {
    if (static_cast<int64_t>(batch.size()) == size) {
      batches.push_back(MakeList(rt, batch));
      batch.clear();
    }
    batch.push_back(item);
  }
  if (!batch.empty()) {
    if (!b.IsNone(2)) {
      rt.CheckRoom(static_cast<uint64_t>(size), 2 * sizeof(Value));
      rt.Charge(static_cast<uint64_t>(size) / 8);
      batch.resize(static_cast<size_t>(size), b.At(2));
    }
    batches.push_back(MakeList(rt, batch));
  }
  return MakeGenerator(rt, batches);
}

Value SliceFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "slice", arguments, {"value", "slices", "fill_with"}, 2);
  const int64_t slices = b.Int(1, 0);
  const auto items = Iterate(rt, b.At(0));
  if (slices == 0) rt.Fail("slice: division by zero");
  std::vector<Value> out;
  const auto size = static_cast<int64_t>(items.size());
  int64_t begin = 0;
  for (int64_t i = 0; i < slices; ++i) {
    rt.Charge(1);
    const int64_t count = size / slices + (i < size % slices ? 1 : 0);
    const auto part = items.subspan(static_cast<size_t>(begin), static_cast<size_t>(count));
    std::vector<Value> slice(part.begin(), part.end());
    if (!b.IsNone(2) && i >= size % slices) slice.push_back(b.At(2));
    out.push_back(MakeList(rt, slice));
    begin += count;
  }
  return MakeGenerator(rt, out);
}

constexpr NamedFilter kSequenceFilters[] = {
    {"first", FirstFilter},
    {"last", LastFilter},
    {"list", ListFilter},
    {"join", JoinFilter},
    {"reverse", ReverseFilter},
    {"sort", SortFilter},
    {"dictsort", DictSortFilter},
    {"unique", UniqueFilter},
    {"min", ExtremeFilter<false>},
    {"max", ExtremeFilter<true>},
    {"sum", SumFilter},
    {"items", ItemsFilter},
    {"map", MapFilter},
    {"select", SelectFilter<true, false>},
    {"reject", SelectFilter<false, false>},
    {"selectattr", SelectFilter<true, true>},
    {"rejectattr", SelectFilter<false, true>},
    {"groupby", GroupByFilter},
    {"batch", BatchFilter},
    {"slice", SliceFilter},
};

}  // namespace

std::span<const NamedFilter> SequenceFilters() {
  return kSequenceFilters;
}

}  // namespace tradewind::jinja
