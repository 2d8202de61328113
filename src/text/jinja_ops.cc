// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/jinja_ops.h"

#include <cmath>
#include <vector>

#include "text/jinja_format.h"
#include "text/jinja_print.h"

namespace tradewind::jinja {
namespace {

std::string_view OpText(Op op) {
  static constexpr std::string_view kTexts[] = {"+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">=", "in", "not in"};
  return kTexts[static_cast<size_t>(op)];
}

[[noreturn]] void FailTypes(Runtime& rt, Op op, const Value& a, const Value& b) {
  rt.Fail("unsupported operand types for " + std::string(OpText(op)) + ": '" + std::string(TypeName(a)) + "' and '" +
          std::string(TypeName(b)) + "'");
}

[[noreturn]] void FailOverflow(Runtime& rt) {
  rt.Fail(StatusCode::kUnsupported, "an integer beyond 64 bits");
}

Value IntPower(Runtime& rt, int64_t base, int64_t exponent) {
  if (exponent < 0) {
    if (base == 0) rt.Fail("0 cannot be raised to a negative power");
    return Value::Float(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
  }
  int64_t result = 1;
  while (exponent > 0) {
    if ((exponent & 1) && __builtin_mul_overflow(result, base, &result)) FailOverflow(rt);
    exponent >>= 1;
    if (exponent > 0 && __builtin_mul_overflow(base, base, &base)) FailOverflow(rt);
  }
  return Value::Int(result);
}

Value IntArithmetic(Runtime& rt, Op op, int64_t a, int64_t b) {
  int64_t result = 0;
  switch (op) {
    case Op::kAdd:
      if (__builtin_add_overflow(a, b, &result)) FailOverflow(rt);
      return Value::Int(result);
    case Op::kSub:
      if (__builtin_sub_overflow(a, b, &result)) FailOverflow(rt);
      return Value::Int(result);
    case Op::kMul:
      if (__builtin_mul_overflow(a, b, &result)) FailOverflow(rt);
      return Value::Int(result);
    case Op::kPow: return IntPower(rt, a, b);
    default: break;
  }
  if (b == 0) rt.Fail("division by zero");
  if (op == Op::kDiv) return Value::Float(static_cast<double>(a) / static_cast<double>(b));
  if (b == -1) {  // INT64_MIN / -1 traps
    if (op == Op::kMod) return Value::Int(0);
    if (__builtin_sub_overflow(int64_t{0}, a, &result)) FailOverflow(rt);
    return Value::Int(result);
  }
  // Python rounds down, C++ towards zero.
  const int64_t quotient = a / b, remainder = a % b;
  const bool adjust = remainder != 0 && (remainder < 0) != (b < 0);
  if (op == Op::kFloorDiv) return Value::Int(quotient - (adjust ? 1 : 0));
  return Value::Int(remainder + (adjust ? b : 0));
}

Value FloatArithmetic(Runtime& rt, Op op, double a, double b) {
  switch (op) {
    case Op::kAdd: return Value::Float(a + b);
    case Op::kSub: return Value::Float(a - b);
    case Op::kMul: return Value::Float(a * b);
    case Op::kPow: {
      if (a == 0 && b < 0) rt.Fail("0.0 cannot be raised to a negative power");
      const double result = std::pow(a, b);
      if (std::isnan(result) && !std::isnan(a) && !std::isnan(b)) rt.Fail(StatusCode::kUnsupported, "a complex number");
      if (std::isinf(result) && !std::isinf(a) && !std::isinf(b)) rt.Fail("the result is too large");
      return Value::Float(result);
    }
    default: break;
  }
  if (b == 0) rt.Fail("division by zero");
  if (op == Op::kDiv) return Value::Float(a / b);
  double remainder = std::fmod(a, b);
  double quotient = (a - remainder) / b;
  if (remainder != 0) {
    if ((b < 0) != (remainder < 0)) {
      remainder += b;
      quotient -= 1;
    }
  } else {
    remainder = std::copysign(0.0, b);
  }
  if (op == Op::kMod) return Value::Float(remainder);
  if (quotient == 0) return Value::Float(std::copysign(0.0, a / b));
  double whole = std::floor(quotient);
  if (quotient - whole > 0.5) whole += 1;
  return Value::Float(whole);
}

Value AddStrings(Runtime& rt, const Value& a, const Value& b) {
  const bool safe = a.safe || b.safe;
  const Value left = safe && !a.safe ? Escape(rt, a) : a;
  const Value right = safe && !b.safe ? Escape(rt, b) : b;
  TextBuilder builder(rt);
  builder.Add(left.text());
  builder.Add(right.text());
  Value result = builder.Finish();
  result.safe = safe;
  return result;
}

Value AddLists(Runtime& rt, const Value& a, const Value& b) {
  rt.CheckRoom(uint64_t{a.list->size} + b.list->size, 2 * sizeof(Value));
  std::vector<Value> items(a.list->items, a.list->items + a.list->size);
  items.insert(items.end(), b.list->items, b.list->items + b.list->size);
  return MakeList(rt, items, a.kind);
}

Value RepeatValue(Runtime& rt, const Value& value, int64_t count) {
  if (value.IsString()) {
    TextBuilder builder(rt);
    builder.Repeat(value.text(), count);
    Value result = builder.Finish();
    result.safe = value.safe;
    return result;
  }
  std::vector<Value> items;
  if (count > 0 && value.list->size > 0) {
    rt.CheckRoom(static_cast<uint64_t>(count), 2 * sizeof(Value) * value.list->size);
    rt.Charge(static_cast<uint64_t>(count) * value.list->size / 8);
    items.reserve(static_cast<size_t>(count) * value.list->size);
    for (int64_t i = 0; i < count; ++i) items.insert(items.end(), value.list->items, value.list->items + value.list->size);
  }
  return MakeList(rt, items, value.kind);
}

bool IsSequence(const Value& value) {
  return value.IsString() || value.Is(Kind::kList) || value.Is(Kind::kTuple);
}

}  // namespace

Value Arithmetic(Runtime& rt, Op op, const Value& a, const Value& b) {
  rt.Charge(1);
  if (a.IsUndefined()) FailUndefined(rt, a);
  if (op == Op::kMod && a.IsString()) return PercentFormat(rt, a.text(), b);
  if (b.IsUndefined()) FailUndefined(rt, b);
  if (a.IsInteger() && b.IsInteger()) return IntArithmetic(rt, op, a.AsInt(), b.AsInt());
  if (a.IsNumber() && b.IsNumber()) return FloatArithmetic(rt, op, a.AsFloat(), b.AsFloat());
  if (op == Op::kAdd && a.IsString() && b.IsString()) return AddStrings(rt, a, b);
  if (op == Op::kAdd && a.kind == b.kind && (a.Is(Kind::kList) || a.Is(Kind::kTuple))) return AddLists(rt, a, b);
  if (op == Op::kMul && IsSequence(a) && b.IsInteger()) return RepeatValue(rt, a, b.AsInt());
  if (op == Op::kMul && a.IsInteger() && IsSequence(b)) return RepeatValue(rt, b, a.AsInt());
  FailTypes(rt, op, a, b);
}

Value Signed(Runtime& rt, bool negative, const Value& value) {
  if (value.IsUndefined()) FailUndefined(rt, value);
  if (value.Is(Kind::kFloat)) return Value::Float(negative ? -value.real : value.real);
  if (!value.IsInteger()) rt.Fail("bad operand type for a sign: '" + std::string(TypeName(value)) + "'");
  return negative ? IntArithmetic(rt, Op::kSub, 0, value.AsInt()) : Value::Int(value.AsInt());
}

bool Compare(Runtime& rt, Op op, const Value& a, const Value& b) {
  switch (op) {
    case Op::kEq: return Equal(rt, a, b);
    case Op::kNe: return !Equal(rt, a, b);
    case Op::kIn: return Contains(rt, b, a);
    case Op::kNotIn: return !Contains(rt, b, a);
    case Op::kLt: return Less(rt, a, b);
    case Op::kGt: return Less(rt, b, a);
    case Op::kLe: return Less(rt, a, b) || Equal(rt, a, b);
    case Op::kGe: return Less(rt, b, a) || Equal(rt, a, b);
    default: rt.Fail(StatusCode::kInternal, "not a comparison");
  }
}

Value Escape(Runtime& rt, const Value& value) {
  if (value.safe) return value;
  TextBuilder builder(rt);
  for (std::string_view rest = Text(rt, value); !rest.empty();) {
    const size_t plain = std::min(rest.find_first_of("&<>'\""), rest.size());
    builder.Add(rest.substr(0, plain));
    rest.remove_prefix(plain);
    if (rest.empty()) break;
    static constexpr std::string_view kFrom = "&<>'\"";
    static constexpr std::string_view kTo[] = {"&amp;", "&lt;", "&gt;", "&#39;", "&#34;"};
    builder.Add(kTo[kFrom.find(rest[0])]);
    rest.remove_prefix(1);
  }
  Value result = builder.Finish();
  result.safe = true;
  return result;
}

}  // namespace tradewind::jinja
