// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "text/jinja_parser.h"

namespace tradewind::jinja {
namespace {

struct OpName {
  std::string_view text;
  Op op;
};
constexpr OpName kSumOps[] = {{"+", Op::kAdd}, {"-", Op::kSub}};
constexpr OpName kProductOps[] = {{"*", Op::kMul}, {"/", Op::kDiv}, {"//", Op::kFloorDiv}, {"%", Op::kMod}};
constexpr OpName kCompareOps[] = {{"==", Op::kEq}, {"!=", Op::kNe}, {"<", Op::kLt}, {"<=", Op::kLe}, {">", Op::kGt}, {">=", Op::kGe}};

template <size_t N>
const OpName* FindOp(const OpName (&ops)[N], const Token& token) {
  if (token.kind != TokenKind::kOperator) return nullptr;
  for (const OpName& op : ops) {
    if (op.text == token.text) return &op;
  }
  return nullptr;
}

}  // namespace

Expr* Parser::NewExpr(ExprKind kind) {
  Expr& expr = program_->exprs.emplace_back();
  expr.kind = kind;
  expr.offset = Current().offset;
  return &expr;
}

const Expr* Parser::Flat(ExprKind kind, std::vector<const Expr*> items, std::vector<Op> ops, uint32_t offset) {
  if (items.size() == 1) return items[0];
  Expr* expr = NewExpr(kind);
  expr->offset = offset;
  expr->items = std::move(items);
  expr->ops = std::move(ops);
  return expr;
}

const Expr* Parser::ParseExpression(bool with_conditional) {
  const Nested nested(*this);
  return with_conditional ? ParseConditional() : ParseOr();
}

bool Parser::AtTupleEnd() const {
  return Current().kind == TokenKind::kPrintEnd || Current().kind == TokenKind::kBlockEnd || IsOperator(")") || IsName("in") ||
         IsName("recursive");
}

// A tuple needs a comma; without one it is the expression itself.
const Expr* Parser::ParseTuple(bool with_conditional, bool parenthesized) {
  const uint32_t offset = Current().offset;
  std::vector<const Expr*> items;
  bool is_tuple = false;
  while (true) {
    if (!items.empty()) ExpectOperator(",");
    if (AtTupleEnd()) break;
    items.push_back(ParseExpression(with_conditional));
    if (!IsOperator(",")) break;
    is_tuple = true;
  }
  if (!is_tuple) {
    if (!items.empty()) return items[0];
    if (!parenthesized) Fail("expected an expression, found " + Describe(Current()));
  }
  Expr* tuple = NewExpr(ExprKind::kTuple);
  tuple->offset = offset;
  tuple->items = std::move(items);
  return tuple;
}

const Expr* Parser::ParseOneTarget(bool with_namespace) {
  const Nested nested(*this);
  if (SkipOperator("(")) {
    const Expr* inner = ParseTarget(false);
    ExpectOperator(")");
    return inner;
  }
  Expr* target = NewExpr(ExprKind::kName);
  target->name = ExpectIdentifier();
  static constexpr std::string_view kConstants[] = {"true", "false", "none", "True", "False", "None"};
  if (std::find(std::begin(kConstants), std::end(kConstants), target->name) != std::end(kConstants)) Fail("cannot assign to a constant");
  if (with_namespace && SkipOperator(".")) {
    target->kind = ExprKind::kNamespaceRef;
    target->attribute = ExpectIdentifier();
  }
  return target;
}

const Expr* Parser::ParseTarget(bool with_namespace) {
  Expr* tuple = nullptr;
  const Expr* first = ParseOneTarget(with_namespace);
  while (SkipOperator(",")) {
    if (!tuple) {
      tuple = NewExpr(ExprKind::kTuple);
      tuple->items.push_back(first);
    }
    if (AtTupleEnd() || IsOperator("=")) break;
    tuple->items.push_back(ParseOneTarget(with_namespace));
  }
  return tuple ? tuple : first;
}

const Expr* Parser::ParseConditional() {
  const Expr* value = ParseOr();
  for (int chained = depth_; IsName("if"); ++chained) {
    // `a if b if c` nests to the left and `a if b else c if d` to the right, both without brackets.
    if (chained >= max_depth_) FailDepth();
    const Nested nested(*this);
    Expr* conditional = NewExpr(ExprKind::kConditional);
    Next();
    const Expr* test = ParseOr();
    const Expr* otherwise = SkipName("else") ? ParseConditional() : nullptr;
    conditional->items = {value, test, otherwise};
    value = conditional;
  }
  return value;
}

const Expr* Parser::ParseOr() {
  const uint32_t offset = Current().offset;
  std::vector<const Expr*> items{ParseAnd()};
  while (SkipName("or")) items.push_back(ParseAnd());
  return Flat(ExprKind::kOr, std::move(items), {}, offset);
}

const Expr* Parser::ParseAnd() {
  const uint32_t offset = Current().offset;
  std::vector<const Expr*> items{ParseNot()};
  while (SkipName("and")) items.push_back(ParseNot());
  return Flat(ExprKind::kAnd, std::move(items), {}, offset);
}

const Expr* Parser::ParseNot() {
  if (!IsName("not")) return ParseCompare();
  Expr* expr = NewExpr(ExprKind::kNot);
  bool negated = false;
  while (SkipName("not")) negated = !negated;
  const Expr* inner = ParseCompare();
  if (!negated) {  // an even number: the truth value
    Expr* twice = NewExpr(ExprKind::kNot);
    twice->items = {inner};
    inner = twice;
  }
  expr->items = {inner};
  return expr;
}

const Expr* Parser::ParseCompare() {
  const uint32_t offset = Current().offset;
  std::vector<const Expr*> items{ParseSum()};
  std::vector<Op> ops;
  while (true) {
    if (const OpName* op = FindOp(kCompareOps, Current())) {
      ops.push_back(op->op);
      Next();
    } else if (SkipName("in")) {
      ops.push_back(Op::kIn);
    } else if (IsName("not") && Ahead().kind == TokenKind::kName && Ahead().text == "in") {
      ops.push_back(Op::kNotIn);
      Next();
      Next();
    } else {
      break;
    }
    items.push_back(ParseSum());
  }
  return Flat(ExprKind::kCompare, std::move(items), std::move(ops), offset);
}

const Expr* Parser::ParseSum() {
  const uint32_t offset = Current().offset;
  std::vector<const Expr*> items{ParseConcat()};
  std::vector<Op> ops;
  while (const OpName* op = FindOp(kSumOps, Current())) {
    Next();
    ops.push_back(op->op);
    items.push_back(ParseConcat());
  }
  return Flat(ExprKind::kArithmetic, std::move(items), std::move(ops), offset);
}

const Expr* Parser::ParseConcat() {
  const uint32_t offset = Current().offset;
  std::vector<const Expr*> items{ParseProduct()};
  while (SkipOperator("~")) items.push_back(ParseProduct());
  return Flat(ExprKind::kConcat, std::move(items), {}, offset);
}

const Expr* Parser::ParseProduct() {
  const uint32_t offset = Current().offset;
  std::vector<const Expr*> items{ParsePower()};
  std::vector<Op> ops;
  while (const OpName* op = FindOp(kProductOps, Current())) {
    Next();
    ops.push_back(op->op);
    items.push_back(ParsePower());
  }
  return Flat(ExprKind::kArithmetic, std::move(items), std::move(ops), offset);
}

// From the left, as in jinja2 (and unlike Python).
const Expr* Parser::ParsePower() {
  const uint32_t offset = Current().offset;
  std::vector<const Expr*> items{ParseUnary(true)};
  std::vector<Op> ops;
  while (SkipOperator("**")) {
    ops.push_back(Op::kPow);
    items.push_back(ParseUnary(true));
  }
  return Flat(ExprKind::kArithmetic, std::move(items), std::move(ops), offset);
}

const Expr* Parser::ParseUnary(bool with_filter) {
  const Expr* base = nullptr;
  if (IsOperator("-") || IsOperator("+")) {
    const Nested nested(*this);
    Expr* unary = NewExpr(IsOperator("-") ? ExprKind::kNegative : ExprKind::kPositive);
    Next();
    unary->items = {ParseUnary(false)};
    base = unary;
  } else {
    base = ParsePrimary();
  }
  return ParsePostfix(base, with_filter);
}

const Expr* Parser::ParsePrimary() {
  const Token& token = Current();
  Expr* expr = NewExpr(ExprKind::kConstant);
  switch (token.kind) {
    case TokenKind::kName:
      Next();
      if (token.text == "true" || token.text == "True") {
        expr->value = Value::Bool(true);
      } else if (token.text == "false" || token.text == "False") {
        expr->value = Value::Bool(false);
      } else if (token.text == "none" || token.text == "None") {
        expr->value = Value::None();
      } else {
        expr->kind = ExprKind::kName;
        expr->name = token.text;
        if (callable_ && token.text == "caller") callable_->uses_caller = true;
        if (callable_ && token.text == "varargs") callable_->uses_varargs = true;
        if (callable_ && token.text == "kwargs") callable_->uses_kwargs = true;
      }
      return expr;
    case TokenKind::kString: {
      Next();
      if (Current().kind != TokenKind::kString) {
        expr->value = Value::Text(token.text);
        return expr;
      }
      std::string& joined = program_->strings.emplace_back(token.text);
      while (Current().kind == TokenKind::kString) joined += Next().text;
      expr->value = Value::Text(joined);
      return expr;
    }
    case TokenKind::kInteger: expr->value = Value::Int(Next().integer); return expr;
    case TokenKind::kFloat: expr->value = Value::Float(Next().real); return expr;
    case TokenKind::kOperator:
      if (IsOperator("(")) {
        Next();
        const Expr* inner = ParseTuple(true, true);
        ExpectOperator(")");
        return inner;
      }
      if (IsOperator("[")) return ParseListLiteral();
      if (IsOperator("{")) return ParseDictLiteral();
      [[fallthrough]];
    default: Fail("unexpected " + Describe(token));
  }
}

const Expr* Parser::ParseListLiteral() {
  Expr* list = NewExpr(ExprKind::kList);
  Next();
  while (!IsOperator("]")) {
    if (!list->items.empty()) ExpectOperator(",");
    if (IsOperator("]")) break;
    list->items.push_back(ParseExpression());
  }
  Next();
  return list;
}

const Expr* Parser::ParseDictLiteral() {
  Expr* dict = NewExpr(ExprKind::kDict);
  Next();
  while (!IsOperator("}")) {
    if (!dict->items.empty()) ExpectOperator(",");
    if (IsOperator("}")) break;
    dict->items.push_back(ParseExpression());
    ExpectOperator(":");
    dict->items.push_back(ParseExpression());
  }
  Next();
  return dict;
}

const Expr* Parser::ParsePostfix(const Expr* base, bool with_filter) {
  std::vector<Postfix> chain;
  const uint32_t offset = Current().offset;
  bool filters = false;  // after the first filter or test, a . or [ no longer belongs to the chain
  while (true) {
    if (!filters && IsOperator(".")) {
      chain.push_back(ParseDot());
    } else if (!filters && IsOperator("[")) {
      chain.push_back(ParseSubscript());
    } else if (IsOperator("(")) {
      Postfix call;
      call.kind = PostfixKind::kCall;
      call.offset = Current().offset;
      call.arguments = ParseArguments();
      chain.push_back(call);
    } else if (with_filter && IsOperator("|")) {
      chain.push_back(ParseFilter());
      filters = true;
    } else if (with_filter && IsName("is")) {
      chain.push_back(ParseTest());
      filters = true;
    } else {
      break;
    }
  }
  if (chain.empty()) return base;
  Expr* expr = NewExpr(ExprKind::kPostfix);
  expr->offset = offset;
  expr->items = {base};
  expr->postfix = std::move(chain);
  return expr;
}

}  // namespace tradewind::jinja
