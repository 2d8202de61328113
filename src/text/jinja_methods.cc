// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <string>

#include "text/jinja_builtins.h"
#include "text/jinja_format.h"
#include "text/jinja_print.h"
#include "text/jinja_text.h"

namespace tradewind::jinja {
namespace {

constexpr std::string_view kStringMethods[] = {
    "capitalize",   "casefold", "center",   "count",   "encode",    "endswith",   "expandtabs",   "find",      "format",    "format_map",
    "index",        "isalnum",  "isalpha",  "isascii", "isdecimal", "isdigit",    "isidentifier", "islower",   "isnumeric", "isprintable",
    "isspace",      "istitle",  "isupper",  "join",    "ljust",     "lower",      "lstrip",       "maketrans", "partition", "removeprefix",
    "removesuffix", "replace",  "rfind",    "rindex",  "rjust",     "rpartition", "rsplit",       "rstrip",    "split",     "splitlines",
    "startswith",   "strip",    "swapcase", "title",   "translate", "upper",      "zfill"};
constexpr std::string_view kListMethods[] = {"copy", "count", "index"};
constexpr std::string_view kListHidden[] = {"append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"};
constexpr std::string_view kDictMethods[] = {"copy", "fromkeys", "get", "items", "keys", "values"};
constexpr std::string_view kDictHidden[] = {"clear", "pop", "popitem", "setdefault", "update"};

template <size_t N>
bool Has(const std::string_view (&names)[N], std::string_view name) {
  return std::find(names, names + N, name) != names + N;
}

std::optional<std::string_view> OptionalText(const Bound& bound, size_t i) {
  if (bound.IsNone(i)) return std::nullopt;
  return bound.String(i, "");
}

Value TextList(Runtime& rt, const std::vector<std::string_view>& parts, Kind kind = Kind::kList) {
  rt.Charge(parts.size());
  std::vector<Value> items;
  items.reserve(parts.size());
  for (const std::string_view part : parts) items.push_back(Value::Text(part));
  return MakeList(rt, items, kind);
}

// Byte range of text[start:end], both in code points; nothing when start lies past the end.
struct Window {
  size_t begin, end;
};
std::optional<Window> WindowOf(Runtime& rt, std::string_view text, const Bound& bound, size_t start_index) {
  const auto size = static_cast<int64_t>(CodePoints(text));
  rt.ChargeText(text.size());
  const auto clamp = [&](size_t i, int64_t otherwise) {
    int64_t value = bound.IsNone(i) ? otherwise : bound.Int(i, 0);
    if (value < 0) value = std::max<int64_t>(0, value + size);
    return value;
  };
  const int64_t start = clamp(start_index, 0), end = std::min(clamp(start_index + 1, size), size);
  if (start > end) return std::nullopt;
  return Window{ByteOffset(text, static_cast<size_t>(start)), ByteOffset(text, static_cast<size_t>(end))};
}

Value FindIn(Evaluator& eval, const Method& method, const Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound bound(rt, method.name, arguments, {"sub", "start", "end"}, 1);
  const std::string_view text = method.self.text();
  const std::string_view wanted = bound.String(0, "");
  const auto window = WindowOf(rt, text, bound, 1);
  if (method.name == "count") {
    return Value::Int(window ? static_cast<int64_t>(CountText(text.substr(window->begin, window->end - window->begin), wanted)) : 0);
  }
  size_t found = std::string_view::npos;
  if (window) {
    const std::string_view part = text.substr(0, window->end);
    if (method.name[0] == 'r') {
      found = FindLastText(part.substr(window->begin), wanted, std::string_view::npos);
      rt.Charge(CountText(part, wanted));
      if (found != std::string_view::npos) found += window->begin;
    } else {
      found = FindText(part, wanted, window->begin);
    }
  }
  if (found != std::string_view::npos) return Value::Int(static_cast<int64_t>(CodePoints(text.substr(0, found))));
  if (method.name == "index" || method.name == "rindex") rt.Fail("substring not found");
  return Value::Int(-1);
}

Value BeginsOrEnds(Evaluator& eval, const Method& method, const Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound bound(rt, method.name, arguments, {"affix", "start", "end"}, 1);
  const std::string_view text = method.self.text();
  const auto window = WindowOf(rt, text, bound, 1);
  if (!window) return Value::Bool(false);
  const std::string_view part = text.substr(window->begin, window->end - window->begin);
  const auto matches = [&](const Value& affix) {
    if (affix.IsUndefined()) FailUndefined(rt, affix);
    if (!affix.IsString()) rt.Fail(std::string(method.name) + " takes a string or a tuple of strings, not " + std::string(TypeName(affix)));
    rt.Charge(1);
    return method.name == "startswith" ? part.starts_with(affix.text()) : part.ends_with(affix.text());
  };
  if (!bound.At(0).Is(Kind::kTuple)) return Value::Bool(matches(bound.At(0)));
  bool any = false;
  for (const Value& affix : bound.At(0).list->span()) any = any || matches(affix);
  return Value::Bool(any);
}

Value SplitText(Evaluator& eval, const Method& method, const Arguments& arguments) {
  Runtime& rt = eval.rt();
  const std::string_view text = method.self.text();
  rt.ChargeText(text.size());
  if (method.name == "splitlines") {
    const Bound bound(rt, method.name, arguments, {"keepends"}, 0);
    CheckLines(rt, text);
    return TextList(rt, SplitLines(text, bound.Truth(0, false)));
  }
  const Bound bound(rt, method.name, arguments, {"sep", "maxsplit"}, 0);
  const auto separator = OptionalText(bound, 0);
  if (separator && separator->empty()) rt.Fail("empty separator");
  // Before the pieces are made: at most one a separator.
  rt.CheckRoom(separator ? CountText(text, *separator) : text.size() / 2, sizeof(Value));
  const int64_t max = bound.Int(1, -1);
  return TextList(rt, method.name == "split" ? Split(text, separator, max) : SplitRight(text, separator, max));
}

Value PartitionText(Evaluator& eval, const Method& method, const Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound bound(rt, method.name, arguments, {"sep"}, 1);
  const std::string_view text = method.self.text(), separator = bound.String(0, "");
  if (separator.empty()) rt.Fail("empty separator");
  rt.ChargeText(text.size());
  const bool right = method.name == "rpartition";
  if (right) rt.Charge(CountText(text, separator));
  const size_t found = right ? FindLastText(text, separator, std::string_view::npos) : FindText(text, separator, 0);
  if (found == std::string_view::npos) {
    return right ? TextList(rt, {"", "", text}, Kind::kTuple) : TextList(rt, {text, "", ""}, Kind::kTuple);
  }
  return TextList(rt, {text.substr(0, found), separator, text.substr(found + separator.size())}, Kind::kTuple);
}

Value PadText(Evaluator& eval, const Method& method, const Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound bound(rt, method.name, arguments, {"width", "fillchar"}, 1);
  std::string_view text = method.self.text();
  const std::string_view fill = method.name == "zfill" ? "0" : bound.String(1, " ");
  if (CodePoints(fill) != 1) rt.Fail("the fill character must be exactly one character long");
  const auto size = static_cast<int64_t>(CodePoints(text));
  const int64_t width = bound.Int(0, 0), missing = width > size ? width - size : 0;
  const int64_t left = method.name == "ljust" ? 0 : method.name == "center" ? missing / 2 + (missing & width & 1) : missing;
  TextBuilder builder(rt);
  if (method.name == "zfill" && missing > 0 && !text.empty() && (text[0] == '+' || text[0] == '-')) {
    builder.Add(text.substr(0, 1));
    text.remove_prefix(1);
  }
  builder.Repeat(fill, left);
  builder.Add(text);
  builder.Repeat(fill, missing - left);
  return builder.Finish();
}

Value ReplaceMethod(Evaluator& eval, const Method& method, const Arguments& arguments) {
  const Bound bound(eval.rt(), method.name, arguments, {"old", "new", "count"}, 2);
  return ReplaceText(eval.rt(), method.self.text(), bound.String(0, ""), bound.String(1, ""), bound.Int(2, -1));
}

Value RemoveAffix(Evaluator& eval, const Method& method, const Arguments& arguments) {
  const Bound bound(eval.rt(), method.name, arguments, {"affix"}, 1);
  std::string_view text = method.self.text();
  const std::string_view affix = bound.String(0, "");
  if (method.name == "removeprefix" && text.starts_with(affix)) text.remove_prefix(affix.size());
  if (method.name == "removesuffix" && text.ends_with(affix)) text.remove_suffix(affix.size());
  return Value::Text(text);
}

Value JoinMethod(Evaluator& eval, const Method& method, const Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound bound(rt, method.name, arguments, {"iterable"}, 1);
  TextBuilder builder(rt);
  bool first = true;
  for (const Value& item : Iterate(rt, bound.At(0))) {
    if (!item.IsString()) rt.Fail("join expected strings, found " + std::string(TypeName(item)));
    rt.Charge(1);
    if (!first) builder.Add(method.self.text());
    first = false;
    builder.Add(item.text());
  }
  return builder.Finish();
}

Value TestText(Evaluator& eval, const Method& method) {
  const std::string_view text = method.self.text(), name = method.name;
  if (name == "isalpha") return Value::Bool(IsAlphabetic(text, false));
  if (name == "isalnum") return Value::Bool(IsAlphabetic(text, true));
  if (name == "isdigit" || name == "isdecimal" || name == "isnumeric") return Value::Bool(IsDigits(text));
  if (name == "isspace") return Value::Bool(IsAllSpace(text));
  if (name == "islower") return Value::Bool(IsLower(text));
  if (name == "isupper") return Value::Bool(IsUpper(text));
  if (name == "isascii") return Value::Bool(std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; }));
  eval.rt().Fail(StatusCode::kUnsupported, "the string method '" + std::string(name) + "' is not supported");
}

Value CallStringMethod(Evaluator& eval, const Method& method, const Arguments& arguments) {
  Runtime& rt = eval.rt();
  const std::string_view name = method.name, text = method.self.text();
  rt.ChargeText(text.size());
  if (name == "strip" || name == "lstrip" || name == "rstrip") {
    const Bound bound(rt, name, arguments, {"chars"}, 0);
    const auto set = OptionalText(bound, 0);
    rt.ChargeText(set ? set->size() * std::min<size_t>(text.size(), 64) : 0);
    return Value::Text(Strip(text, set, name[0] != 'r', name[0] != 'l'));
  }
  if (name == "split" || name == "rsplit" || name == "splitlines") return SplitText(eval, method, arguments);
  if (name == "startswith" || name == "endswith") return BeginsOrEnds(eval, method, arguments);
  if (name == "replace") return ReplaceMethod(eval, method, arguments);
  if (name == "format") return BraceFormat(eval, text, arguments);
  if (name == "join") return JoinMethod(eval, method, arguments);
  if (name == "find" || name == "rfind" || name == "index" || name == "rindex" || name == "count") return FindIn(eval, method, arguments);
  if (name == "partition" || name == "rpartition") return PartitionText(eval, method, arguments);
  if (name == "center" || name == "ljust" || name == "rjust" || name == "zfill") return PadText(eval, method, arguments);
  if (name == "removeprefix" || name == "removesuffix") return RemoveAffix(eval, method, arguments);
  const Bound none(rt, name, arguments, {}, 0);
  if (name == "lower" || name == "casefold") return MakeString(rt, Lower(text));
  if (name == "upper") return MakeString(rt, Upper(text));
  if (name == "capitalize") return MakeString(rt, Capitalize(text));
  if (name == "title") return MakeString(rt, Title(text));
  if (name == "swapcase") return MakeString(rt, SwapCase(text));
  return TestText(eval, method);
}

Value CallListMethod(Evaluator& eval, const Method& method, const Arguments& arguments) {
  Runtime& rt = eval.rt();
  if (method.name == "copy") {
    const Bound none(rt, method.name, arguments, {}, 0);
    return method.self;
  }
  const Bound bound(rt, method.name, arguments, {"value"}, 1);
  int64_t count = 0;
  int64_t index = 0;
  for (const Value& item : Iterate(rt, method.self)) {
    const bool equal = Equal(rt, item, bound.At(0));
    if (equal && method.name == "index") return Value::Int(index);
    count += equal ? 1 : 0;
    ++index;
  }
  if (method.name == "index") rt.Fail("value is not in list");
  return Value::Int(count);
}

Value CallDictMethod(Evaluator& eval, const Method& method, const Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Dict& dict = *method.self.dict;
  if (method.name == "get") {
    if (!arguments.named.empty()) rt.Fail("get() takes no keyword arguments");
    const Bound bound(rt, method.name, arguments, {"key", "default"}, 1);
    const Value* found = Find(rt, dict, bound.At(0));
    return found ? *found : bound.Or(1, Value::None());
  }
  if (method.name == "fromkeys") rt.Fail(StatusCode::kUnsupported, "the method 'fromkeys' is not supported");
  const Bound none(rt, method.name, arguments, {}, 0);
  if (method.name == "copy") return method.self;
  std::vector<Value> items;
  items.reserve(dict.size);
  for (const Entry& entry : dict.span()) {
    items.push_back(method.name == "keys"     ? entry.key
                    : method.name == "values" ? entry.value
                                              : MakeList(rt, {entry.key, entry.value}, Kind::kTuple));
  }
  Value view = MakeList(rt, items, Kind::kView);
  view.list->view_of = method.name == "keys" ? "dict_keys" : method.name == "values" ? "dict_values" : "dict_items";
  return view;
}

Value CallLoopMethod(Evaluator& eval, const Method& method, const Arguments& arguments) {
  Runtime& rt = eval.rt();
  LoopState& loop = *method.self.loop;
  if (method.name == "cycle") {
    if (arguments.positional.empty()) rt.Fail("no items for cycling given");
    return arguments.positional[static_cast<size_t>(std::max<int64_t>(loop.index0, 0)) % arguments.positional.size()];
  }
  const Value now = MakeList(rt, arguments.positional, Kind::kTuple);
  if (loop.has_changed && Equal(rt, loop.changed, now)) return Value::Bool(false);
  loop.changed = now;
  loop.has_changed = true;
  return Value::Bool(true);
}

}  // namespace

MethodKind FindMethod(const Value& object, std::string_view name) {
  if (name.starts_with("__")) return MethodKind::kHidden;
  bool allowed = false, hidden = false;
  switch (object.kind) {
    case Kind::kString: allowed = Has(kStringMethods, name); break;
    case Kind::kTuple:
    case Kind::kRange: allowed = name != "copy" && Has(kListMethods, name); break;
    case Kind::kList:
      allowed = Has(kListMethods, name);
      hidden = Has(kListHidden, name);
      break;
    case Kind::kDict:
      allowed = Has(kDictMethods, name);
      hidden = Has(kDictHidden, name);
      break;
    default: break;
  }
  return allowed ? MethodKind::kAllowed : hidden ? MethodKind::kHidden : MethodKind::kNone;
}

Value MakeMethod(Runtime& rt, const Value& self, std::string_view name) {
  Value value = Value::Of(Kind::kMethod);
  value.method = rt.Make<Method>();
  *value.method = {self, name};
  return value;
}

Value CallMethod(Evaluator& eval, const Method& method, Arguments& arguments) {
  switch (method.self.kind) {
    case Kind::kString: return CallStringMethod(eval, method, arguments);
    case Kind::kDict: return CallDictMethod(eval, method, arguments);
    case Kind::kLoop: return CallLoopMethod(eval, method, arguments);
    default: return CallListMethod(eval, method, arguments);
  }
}

}  // namespace tradewind::jinja
