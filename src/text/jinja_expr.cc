// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "text/jinja_builtins.h"
#include "text/jinja_eval.h"
#include "text/jinja_ops.h"
#include "text/jinja_print.h"

namespace tradewind::jinja {

Value Evaluator::Eval(const Expr& expr, Scope* scope) {
  const Runtime::Level level(rt_);
  rt_.SetOffset(expr.offset);
  rt_.Charge(1);
  return EvalNode(expr, scope);
}

Value Evaluator::EvalNode(const Expr& expr, Scope* scope) {
  switch (expr.kind) {
    case ExprKind::kConstant: return expr.value;
    case ExprKind::kName: return EvalName(expr, scope);
    case ExprKind::kTuple:
    case ExprKind::kList: {
      std::vector<Value> items;
      for (const Expr* item : expr.items) items.push_back(Eval(*item, scope));
      return MakeList(rt_, items, expr.kind == ExprKind::kTuple ? Kind::kTuple : Kind::kList);
    }
    case ExprKind::kDict: return EvalDict(expr, scope);
    case ExprKind::kArithmetic: {
      Value left = Eval(*expr.items[0], scope);
      for (size_t i = 0; i < expr.ops.size(); ++i) {
        const Value right = Eval(*expr.items[i + 1], scope);
        rt_.SetOffset(expr.offset);
        left = Arithmetic(rt_, expr.ops[i], left, right);
      }
      return left;
    }
    case ExprKind::kConcat: return EvalConcat(expr, scope);
    case ExprKind::kCompare: return EvalCompare(expr, scope);
    case ExprKind::kAnd:
    case ExprKind::kOr: {
      Value value;
      for (const Expr* item : expr.items) {
        value = Eval(*item, scope);
        if (Truthy(rt_, value) == (expr.kind == ExprKind::kOr)) break;
      }
      return value;
    }
    case ExprKind::kNot: return Value::Bool(!Truthy(rt_, Eval(*expr.items[0], scope)));
    case ExprKind::kNegative:
    case ExprKind::kPositive: return Signed(rt_, expr.kind == ExprKind::kNegative, Eval(*expr.items[0], scope));
    case ExprKind::kConditional:
      if (Truthy(rt_, Eval(*expr.items[1], scope))) return Eval(*expr.items[0], scope);
      return expr.items[2] ? Eval(*expr.items[2], scope) : Value::Undefined("the inline if without an else");
    case ExprKind::kPostfix: return EvalPostfix(expr, scope, expr.postfix.size(), nullptr);
    case ExprKind::kNamespaceRef: break;
  }
  rt_.Fail(StatusCode::kInternal, "a target stands in an expression");
}

Value Evaluator::EvalName(const Expr& expr, Scope* scope) {
  for (Scope* s = scope; s; s = s->parent) {
    if (const Value* found = s->variables.Find(expr.name)) return *found;
    rt_.Charge(s->variables.size / 8);
  }
  return FindFunction(expr.name).value_or(Value::Undefined(expr.name));
}

Value Evaluator::EvalDict(const Expr& expr, Scope* scope) {
  std::vector<Entry> entries;
  for (size_t i = 0; i + 1 < expr.items.size(); i += 2) {
    const Value key = Eval(*expr.items[i], scope);
    entries.push_back({key, Eval(*expr.items[i + 1], scope)});
  }
  return MakeDict(rt_, entries);
}

Value Evaluator::EvalConcat(const Expr& expr, Scope* scope) {
  std::vector<Value> parts;
  for (const Expr* item : expr.items) parts.push_back(Eval(*item, scope));
  TextBuilder builder(rt_);
  for (const Value& part : parts) builder.Add(Text(rt_, part));
  return builder.Finish();
}

Value Evaluator::EvalCompare(const Expr& expr, Scope* scope) {
  Value left = Eval(*expr.items[0], scope);
  for (size_t i = 0; i < expr.ops.size(); ++i) {
    const Value right = Eval(*expr.items[i + 1], scope);
    rt_.SetOffset(expr.offset);
    if (!Compare(rt_, expr.ops[i], left, right)) return Value::Bool(false);
    left = right;
  }
  return Value::Bool(true);
}

// `caller` goes to the last call of the chain, as a named argument.
Value Evaluator::EvalPostfix(const Expr& expr, Scope* scope, size_t count, const Value* caller) {
  Value value = Eval(*expr.items[0], scope);
  for (size_t i = 0; i < count; ++i) {
    rt_.Charge(1);
    value = ApplyPostfix(expr.postfix[i], value, scope, i + 1 == count ? caller : nullptr);
  }
  return value;
}

void Evaluator::EvalArguments(const CallArguments& source, Scope* scope, Arguments* out) {
  for (const Expr* item : source.positional) out->positional.push_back(Eval(*item, scope));
  for (const NamedExpr& item : source.named) out->named.push_back({item.name, Eval(*item.value, scope)});
  if (source.star) {
    for (const Value& item : Iterate(rt_, Eval(*source.star, scope))) out->positional.push_back(item);
  }
  if (source.star_star) {
    const Value value = Eval(*source.star_star, scope);
    if (!value.Is(Kind::kDict)) rt_.Fail("what follows ** must be a mapping, not " + std::string(TypeName(value)));
    for (const Entry& entry : value.dict->span()) {
      if (!entry.key.IsString()) rt_.Fail("keywords must be strings");
      out->named.push_back({entry.key.text(), entry.value});
    }
  }
  rt_.Charge(out->positional.size() + out->named.size());
}

Value Evaluator::ApplyPostfix(const Postfix& postfix, const Value& base, Scope* scope, const Value* caller) {
  Arguments arguments;
  switch (postfix.kind) {
    case PostfixKind::kAttribute: rt_.SetOffset(postfix.offset); return Attribute(base, postfix.name);
    case PostfixKind::kItem: {
      const Value key = Eval(*postfix.item, scope);
      rt_.SetOffset(postfix.offset);
      return Item(base, key);
    }
    case PostfixKind::kSlice: {
      std::optional<Value> parts[3];
      const Expr* sources[3] = {postfix.item, postfix.slice_stop, postfix.slice_step};
      for (int i = 0; i < 3; ++i) {
        if (sources[i]) parts[i] = Eval(*sources[i], scope);
      }
      rt_.SetOffset(postfix.offset);
      const auto pointer = [](const std::optional<Value>& v) { return v ? &*v : nullptr; };
      return Slice(base, pointer(parts[0]), pointer(parts[1]), pointer(parts[2]));
    }
    case PostfixKind::kCall: {
      EvalArguments(*postfix.arguments, scope, &arguments);
      if (caller) arguments.named.push_back({"caller", *caller});
      rt_.SetOffset(postfix.offset);
      return Call(base, arguments);
    }
    case PostfixKind::kFilter:
    case PostfixKind::kTest: break;
  }
  arguments.positional.push_back(base);
  if (postfix.arguments) EvalArguments(*postfix.arguments, scope, &arguments);
  rt_.SetOffset(postfix.offset);
  if (postfix.kind == PostfixKind::kFilter) return CallFilter(*this, postfix.name, arguments);
  return Value::Bool(CallTest(*this, postfix.name, arguments) != postfix.negated);
}

Value Evaluator::ApplyFilters(const std::vector<Postfix>& filters, Value value, Scope* scope) {
  for (const Postfix& filter : filters) value = ApplyPostfix(filter, value, scope, nullptr);
  return value;
}

}  // namespace tradewind::jinja
