// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "text/jinja_builtins.h"
#include "text/jinja_format.h"
#include "text/jinja_ops.h"
#include "text/jinja_print.h"
#include "text/jinja_text.h"

namespace tradewind::jinja {
namespace {

Value TrimFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "trim", arguments, {"value", "chars"}, 1);
  const std::string_view text = Text(rt, b.At(0));
  rt.ChargeText(text.size());
  std::optional<std::string_view> set;
  if (!b.IsNone(1)) set = b.String(1, "");
  Value result = Value::Text(Strip(text, set, true, true));
  result.safe = b.At(0).safe;
  return result;
}

template <std::string (*kMap)(std::string_view)>
Value CaseFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "a case filter", arguments, {"s"}, 1);
  const std::string_view text = Text(rt, b.At(0));
  rt.CheckRoom(text.size(), 3);
  rt.ChargeText(text.size());
  return MakeString(rt, kMap(text));
}

Value StringFilter(Evaluator& eval, Arguments& arguments) {
  const Bound b(eval.rt(), "string", arguments, {"value"}, 1);
  return b.At(0).IsString() ? b.At(0) : Value::Text(Text(eval.rt(), b.At(0)));
}

Value SafeFilter(Evaluator& eval, Arguments& arguments) {
  const Bound b(eval.rt(), "safe", arguments, {"value"}, 1);
  Value result = Value::Text(Text(eval.rt(), b.At(0)));
  result.safe = true;
  return result;
}

Value EscapeFilter(Evaluator& eval, Arguments& arguments) {
  const Bound b(eval.rt(), "escape", arguments, {"value"}, 1);
  return Escape(eval.rt(), b.At(0));
}

Value ForceEscapeFilter(Evaluator& eval, Arguments& arguments) {
  const Bound b(eval.rt(), "forceescape", arguments, {"value"}, 1);
  return Escape(eval.rt(), Value::Text(Text(eval.rt(), b.At(0))));
}

Value ReplaceFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "replace", arguments, {"s", "old", "new", "count"}, 3);
  const int64_t count = b.IsNone(3) ? -1 : b.Int(3, -1);
  return ReplaceText(rt, Text(rt, b.At(0)), Text(rt, b.At(1)), Text(rt, b.At(2)), count);
}

Value IndentFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "indent", arguments, {"s", "width", "first", "blank"}, 1);
  CheckLines(rt, b.String(0, ""));
  const std::string text = std::string(b.String(0, "")) + "\n";
  const Value* width = b.Get(1);
  TextBuilder spaces(rt);
  width && width->IsString() ? spaces.Add(width->text()) : spaces.Repeat(" ", b.Int(1, 4));
  const std::string& indentation = spaces.text();
  TextBuilder out(rt);
  if (b.Truth(2, false)) out.Add(indentation);
  bool first = true;
  for (const std::string_view line : SplitLines(text, false)) {
    rt.Charge(1);
    if (!first) out.Add("\n");
    if (!first && (!line.empty() || b.Truth(3, false))) out.Add(indentation);
    out.Add(line);
    first = false;
  }
  return out.Finish();
}

Value CenterFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "center", arguments, {"value", "width"}, 1);
  Arguments width;
  width.positional.push_back(Value::Int(b.Int(1, 80)));
  return CallMethod(eval, {Value::Text(Text(rt, b.At(0))), "center"}, width);
}

Value FormatFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  if (arguments.positional.size() > 1 && !arguments.named.empty()) rt.Fail("format: positional and named arguments at the same time");
  const std::string_view format = Text(rt, arguments.positional[0]);
  if (arguments.named.empty()) {
    return PercentFormat(rt, format, MakeList(rt, std::span<const Value>(arguments.positional).subspan(1), Kind::kTuple));
  }
  std::vector<Entry> entries;
  for (const Variable& v : arguments.named) entries.push_back({Value::Text(v.name), v.value});
  return PercentFormat(rt, format, MakeDict(rt, entries));
}

Value WordCountFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "wordcount", arguments, {"s"}, 1);
  const std::string_view text = Text(rt, b.At(0));
  rt.ChargeText(text.size());
  int64_t words = 0;
  bool inside = false;
  for (size_t pos = 0; pos < text.size(); pos += CodePointBytes(text, pos)) {
    const bool word = IsWordCharacter(CodePointAt(text, pos));
    words += word && !inside ? 1 : 0;
    inside = word;
  }
  return Value::Int(words);
}

Value TruncateFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "truncate", arguments, {"s", "length", "killwords", "end", "leeway"}, 1);
  const std::string_view text = b.String(0, ""), end = b.String(3, "...");
  const int64_t length = b.Int(1, 255), leeway = b.IsNone(4) ? 5 : b.Int(4, 5);
  const int64_t size = Length(rt, b.At(0)), end_size = static_cast<int64_t>(CodePoints(end));
  if (length < end_size || leeway < 0) rt.Fail("truncate: length must be at least that of the end, leeway not negative");
  if (size - leeway <= length) return b.At(0);
  std::string_view kept = text.substr(0, ByteOffset(text, static_cast<size_t>(length - end_size)));
  if (!b.Truth(2, false)) kept = kept.substr(0, kept.rfind(' '));
  TextBuilder out(rt);
  out.Add(kept);
  out.Add(end);
  return out.Finish();
}

constexpr NamedFilter kTextFilters[] = {
    {"trim", TrimFilter},
    {"upper", CaseFilter<Upper>},
    {"lower", CaseFilter<Lower>},
    {"title", CaseFilter<TitleFilter>},
    {"capitalize", CaseFilter<Capitalize>},
    {"string", StringFilter},
    {"safe", SafeFilter},
    {"escape", EscapeFilter},
    {"e", EscapeFilter},
    {"forceescape", ForceEscapeFilter},
    {"replace", ReplaceFilter},
    {"indent", IndentFilter},
    {"center", CenterFilter},
    {"format", FormatFilter},
    {"wordcount", WordCountFilter},
    {"truncate", TruncateFilter},
};

}  // namespace

std::span<const NamedFilter> TextFilters() {
  return kTextFilters;
}

}  // namespace tradewind::jinja
