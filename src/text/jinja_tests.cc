// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "text/jinja_builtins.h"
#include "text/jinja_ops.h"
#include "text/jinja_print.h"
#include "text/jinja_text.h"

namespace tradewind::jinja {
namespace {

using Test = bool (*)(Runtime&, const Value&);
struct NamedTest {
  std::string_view name;
  Test test;
};

// `value is NAME`, without an argument.
constexpr NamedTest kTests[] = {
    {"defined", [](Runtime&, const Value& v) { return !v.IsUndefined(); }},
    {"undefined", [](Runtime&, const Value& v) { return v.IsUndefined(); }},
    {"none", [](Runtime&, const Value& v) { return v.Is(Kind::kNone); }},
    {"boolean", [](Runtime&, const Value& v) { return v.Is(Kind::kBool); }},
    {"true", [](Runtime&, const Value& v) { return v.Is(Kind::kBool) && v.boolean; }},
    {"false", [](Runtime&, const Value& v) { return v.Is(Kind::kBool) && !v.boolean; }},
    {"integer", [](Runtime&, const Value& v) { return v.Is(Kind::kInt); }},
    {"float", [](Runtime&, const Value& v) { return v.Is(Kind::kFloat); }},
    {"number", [](Runtime&, const Value& v) { return v.IsNumber(); }},
    {"string", [](Runtime&, const Value& v) { return v.IsString(); }},
    {"mapping", [](Runtime&, const Value& v) { return v.Is(Kind::kDict); }},
    {"iterable", [](Runtime&, const Value& v) { return IsIterable(v); }},
    {"sequence",
     [](Runtime&, const Value& v) {
       return v.IsString() || v.IsUndefined() || v.Is(Kind::kList) || v.Is(Kind::kTuple) || v.Is(Kind::kDict) || v.Is(Kind::kRange);
     }},
    {"callable",
     [](Runtime&, const Value& v) {
       return v.Is(Kind::kFunction) || v.Is(Kind::kMethod) || v.Is(Kind::kMacro) || v.Is(Kind::kLoop) || v.IsUndefined();
     }},
    {"escaped", [](Runtime&, const Value& v) { return v.safe; }},
    {"lower", [](Runtime& rt, const Value& v) { return IsLower(Text(rt, v)); }},
    {"upper", [](Runtime& rt, const Value& v) { return IsUpper(Text(rt, v)); }},
    {"odd", [](Runtime& rt, const Value& v) { return Equal(rt, Arithmetic(rt, Op::kMod, v, Value::Int(2)), Value::Int(1)); }},
    {"even", [](Runtime& rt, const Value& v) { return Equal(rt, Arithmetic(rt, Op::kMod, v, Value::Int(2)), Value::Int(0)); }},
};

struct Comparison {
  std::string_view name;
  Op op;
};
constexpr Comparison kComparisons[] = {
    {"eq", Op::kEq},       {"equalto", Op::kEq}, {"==", Op::kEq}, {"ne", Op::kNe}, {"!=", Op::kNe}, {"lt", Op::kLt},
    {"lessthan", Op::kLt}, {"<", Op::kLt},       {"le", Op::kLe}, {"<=", Op::kLe}, {"gt", Op::kGt}, {"greaterthan", Op::kGt},
    {">", Op::kGt},        {"ge", Op::kGe},      {">=", Op::kGe}, {"in", Op::kIn},
};

bool SameObject(Runtime& rt, const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  if (a.Is(Kind::kFloat)) return a.real == b.real;
  if (a.Is(Kind::kBool) || a.Is(Kind::kInt) || a.IsString() || a.Is(Kind::kNone)) return Equal(rt, a, b);
  return a.chars == b.chars;
}

}  // namespace

bool CallTest(Evaluator& eval, std::string_view name, Arguments& arguments) {
  Runtime& rt = eval.rt();
  rt.Charge(1);
  const auto& args = arguments.positional;
  for (const NamedTest& test : kTests) {
    if (test.name != name) continue;
    if (args.size() != 1 || !arguments.named.empty()) rt.Fail("test '" + std::string(name) + "' takes no argument");
    return test.test(rt, args[0]);
  }
  const auto argument = [&]() -> const Value& {
    if (args.size() != 2 || !arguments.named.empty()) rt.Fail("test '" + std::string(name) + "' takes one argument");
    return args[1];
  };
  for (const Comparison& comparison : kComparisons) {
    if (comparison.name == name) return Compare(rt, comparison.op, args[0], argument());
  }
  if (name == "divisibleby") return Equal(rt, Arithmetic(rt, Op::kMod, args[0], argument()), Value::Int(0));
  if (name == "sameas") return SameObject(rt, args[0], argument());
  rt.Fail(StatusCode::kUnsupported, "no test named '" + std::string(name.substr(0, 100)) + "'");
}

}  // namespace tradewind::jinja
