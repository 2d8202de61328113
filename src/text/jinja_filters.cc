// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <unordered_map>

#include "text/jinja_builtins.h"
#include "text/jinja_ops.h"
#include "text/jinja_print.h"
#include "text/jinja_text.h"

namespace tradewind::jinja {
namespace {

Value DefaultFilter(Evaluator& eval, Arguments& arguments) {
  const Bound b(eval.rt(), "default", arguments, {"value", "default_value", "boolean"}, 1);
  const bool missing = b.At(0).IsUndefined() || (b.Truth(2, false) && !Truthy(eval.rt(), b.At(0)));
  return missing ? b.Or(1, Value::Text("")) : b.At(0);
}

Value LengthFilter(Evaluator& eval, Arguments& arguments) {
  const Bound b(eval.rt(), "length", arguments, {"value"}, 1);
  return Value::Int(Length(eval.rt(), b.At(0)));
}

Value AbsFilter(Evaluator& eval, Arguments& arguments) {
  const Bound b(eval.rt(), "abs", arguments, {"value"}, 1);
  const Value& value = b.At(0);
  if (value.IsNumber() && !(value.AsFloat() < 0))
    return value.Is(Kind::kFloat) ? Value::Float(std::fabs(value.real)) : Value::Int(value.AsInt());
  return Signed(eval.rt(), true, value);
}

// int() of a text: sign, digits of the base with its prefix, single underscores.
std::optional<int64_t> ParseInteger(std::string_view text, int base) {
  text = Strip(text, std::nullopt, true, true);
  std::string digits;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    if (text[0] == '-') digits = "-";
    text.remove_prefix(1);
  }
  if (text.size() > 2 && text[0] == '0') {
    const char prefix = static_cast<char>(text[1] | 0x20);
    if ((base == 16 && prefix == 'x') || (base == 8 && prefix == 'o') || (base == 2 && prefix == 'b')) text.remove_prefix(2);
  }
  char before = '_';
  for (const char c : text.substr(0, 100)) {
    if (c == '_' ? before == '_' : c == '-' || c == '+') return std::nullopt;
    if (c != '_') digits.push_back(c);
    before = c;
  }
  int64_t value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (before == '_' || parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<double> ParseFloat(std::string_view text) {
  std::string lower = Lower(Strip(text.substr(0, 1000), std::nullopt, true, true));
  std::erase(lower, '_');
  std::string_view rest = lower;
  const bool plus = rest.starts_with('+');
  if (plus) rest.remove_prefix(1);
  double value = 0;
  const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (parsed.ptr != rest.data() + rest.size() || rest.empty() || (plus && rest[0] == '-')) return std::nullopt;
  if (parsed.ec == std::errc::result_out_of_range) return std::strtod(lower.c_str(), nullptr);
  return value;
}

Value IntFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "int", arguments, {"value", "default", "base"}, 1);
  const Value& value = b.At(0);
  if (value.IsUndefined()) FailUndefined(rt, value);
  const Value otherwise = b.Or(1, Value::Int(0));
  if (value.IsInteger()) return Value::Int(value.AsInt());
  const int64_t base = b.Int(2, 10);
  if (base < 2 || base > 36) return otherwise;
  std::optional<double> real;
  if (value.Is(Kind::kFloat)) real = value.real;
  if (value.IsString()) {
    if (const auto integer = ParseInteger(value.text(), static_cast<int>(base))) return Value::Int(*integer);
    real = ParseFloat(value.text());
  }
  if (!real || !std::isfinite(*real)) return otherwise;
  if (std::fabs(*real) >= 9.2e18) rt.Fail(StatusCode::kUnsupported, "an integer beyond 64 bits");
  return Value::Int(static_cast<int64_t>(*real));
}

Value FloatFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "float", arguments, {"value", "default"}, 1);
  const Value& value = b.At(0);
  if (value.IsUndefined()) FailUndefined(rt, value);
  if (value.IsNumber()) return Value::Float(value.AsFloat());
  const auto parsed = value.IsString() ? ParseFloat(value.text()) : std::nullopt;
  return parsed ? Value::Float(*parsed) : b.Or(1, Value::Float(0));
}

double RoundedText(double value, int64_t precision) {
  // Correct rounding of the exact binary value, ties to even, as Python's.
  char buffer[800];
  std::snprintf(buffer, sizeof(buffer), "%.*f", static_cast<int>(precision), value);
  return std::strtod(buffer, nullptr);
}

Value RoundFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "round", arguments, {"value", "precision", "method"}, 1);
  const Value& value = b.At(0);
  if (value.IsUndefined()) FailUndefined(rt, value);
  if (!value.IsNumber()) rt.Fail("round: expected a number, not " + std::string(TypeName(value)));
  const int64_t precision = b.Int(1, 0);
  const std::string_view method = b.String(2, "common");
  if (precision < -300 || precision > 300) rt.Fail("round: a precision beyond 300");
  if (method == "common") {
    if (value.IsInteger() && precision >= 0) return Value::Int(value.AsInt());
    if (value.IsInteger() || precision < 0) {
      const double scale = std::pow(10.0, static_cast<double>(-precision));
      const double rounded = std::nearbyint(value.AsFloat() / scale) * scale;
      if (std::fabs(rounded) >= 9.2e18) rt.Fail(StatusCode::kUnsupported, "an integer beyond 64 bits");
      return value.IsInteger() ? Value::Int(static_cast<int64_t>(rounded)) : Value::Float(rounded);
    }
    return Value::Float(std::isfinite(value.real) ? RoundedText(value.real, precision) : value.real);
  }
  if (method != "ceil" && method != "floor") rt.Fail("round: method must be common, ceil or floor");
  const double scale = std::pow(10.0, static_cast<double>(precision));
  const double scaled = value.AsFloat() * scale;
  return Value::Float((method == "ceil" ? std::ceil(scaled) : std::floor(scaled)) / scale);
}

Value ToJsonFilter(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound b(rt, "tojson", arguments, {"x", "ensure_ascii", "indent", "separators", "sort_keys"}, 1);
  JsonStyle style;
  style.ensure_ascii = b.Truth(1, false);
  style.sort_keys = b.Truth(4, false);
  if (!b.IsNone(2)) {
    style.pretty = true;
    style.item_separator = ",";
    if (b.At(2).IsString()) {
      style.indent = b.String(2, "");
    } else {
      TextBuilder spaces(rt);
      spaces.Repeat(" ", b.Int(2, 0));
      style.indent = spaces.Finish().text();
    }
  }
  if (!b.IsNone(3)) {
    const auto separators = Iterate(rt, b.At(3));
    if (separators.size() != 2 || !separators[0].IsString() || !separators[1].IsString()) rt.Fail("tojson: separators must be two strings");
    style.item_separator = separators[0].text();
    style.key_separator = separators[1].text();
  }
  return ToJson(rt, b.At(0), style);
}

Value AttrFilter(Evaluator& eval, Arguments& arguments) {
  const Bound b(eval.rt(), "attr", arguments, {"obj", "name"}, 2);
  const std::string_view name = b.String(1, "");
  const Value& object = b.At(0);
  // Attributes only: an item of a mapping is none.
  if (object.Is(Kind::kDict) && FindMethod(object, name) == MethodKind::kNone) return Value::Undefined(name);
  return eval.Attribute(object, name);
}

constexpr NamedFilter kPlainFilters[] = {
    {"default", DefaultFilter}, {"d", DefaultFilter},   {"length", LengthFilter}, {"count", LengthFilter},  {"abs", AbsFilter},
    {"int", IntFilter},         {"float", FloatFilter}, {"round", RoundFilter},   {"tojson", ToJsonFilter}, {"attr", AttrFilter},
};

using Table = std::unordered_map<std::string_view, Filter>;

Table MakeTable() {
  Table table(std::begin(kPlainFilters), std::end(kPlainFilters));
  table.insert(SequenceFilters().begin(), SequenceFilters().end());
  table.insert(TextFilters().begin(), TextFilters().end());
  return table;
}

}  // namespace

Value CallFilter(Evaluator& eval, std::string_view name, Arguments& arguments) {
  static const Table kTable = MakeTable();
  const Runtime::Level level(eval.rt());
  eval.rt().Charge(1);
  const auto found = kTable.find(name);
  if (found == kTable.end()) eval.rt().Fail(StatusCode::kUnsupported, "no filter named '" + std::string(name.substr(0, 100)) + "'");
  return found->second(eval, arguments);
}

}  // namespace tradewind::jinja
