// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "text/jinja_parser.h"

namespace tradewind::jinja {

Postfix Parser::ParseDot() {
  Postfix postfix;
  postfix.offset = Next().offset;
  if (Current().kind == TokenKind::kName) {
    postfix.name = Next().text;
    return postfix;
  }
  if (Current().kind != TokenKind::kInteger) Fail("expected a name or a number after '.', found " + Describe(Current()));
  Expr* index = NewExpr(ExprKind::kConstant);
  index->value = Value::Int(Next().integer);
  postfix.kind = PostfixKind::kItem;
  postfix.item = index;
  return postfix;
}

Postfix Parser::ParseSubscript() {
  Postfix postfix;
  postfix.kind = PostfixKind::kItem;
  postfix.offset = Next().offset;
  const auto part = [&]() -> const Expr* { return IsOperator(":") || IsOperator("]") ? nullptr : ParseExpression(); };
  postfix.item = part();
  if (IsOperator(":")) {
    postfix.kind = PostfixKind::kSlice;
    Next();
    postfix.slice_stop = part();
    if (SkipOperator(":")) postfix.slice_step = part();
  } else if (!postfix.item) {
    Fail("expected a subscript, found " + Describe(Current()));
  } else if (IsOperator(",")) {
    Expr* tuple = NewExpr(ExprKind::kTuple);
    tuple->items.push_back(postfix.item);
    while (SkipOperator(",")) tuple->items.push_back(ParseExpression());
    postfix.item = tuple;
  }
  ExpectOperator("]");
  return postfix;
}

// At the | (or the token that stands in its place).
Postfix Parser::ParseFilter() {
  Postfix postfix;
  postfix.kind = PostfixKind::kFilter;
  Next();
  postfix.offset = Current().offset;
  postfix.name = ExpectIdentifier();
  if (IsOperator(".")) FailUnsupported("filters with dotted names are not supported");
  if (IsOperator("(")) postfix.arguments = ParseArguments();
  return postfix;
}

Postfix Parser::ParseTest() {
  Postfix postfix;
  postfix.kind = PostfixKind::kTest;
  Next();
  postfix.negated = SkipName("not");
  postfix.offset = Current().offset;
  postfix.name = ExpectIdentifier();
  if (IsOperator("(")) {
    postfix.arguments = ParseArguments();
    return postfix;
  }
  const TokenKind kind = Current().kind;
  const bool begins = kind == TokenKind::kString || kind == TokenKind::kInteger || kind == TokenKind::kFloat || IsOperator("[") ||
                      IsOperator("{") || (kind == TokenKind::kName && !IsName("else") && !IsName("or") && !IsName("and"));
  if (begins) {
    if (IsName("is")) Fail("tests cannot be chained with 'is'");
    // One argument without brackets: `is divisibleby 3`.
    const Nested nested(*this);
    CallArguments& arguments = program_->calls.emplace_back();
    arguments.positional.push_back(ParsePostfix(ParsePrimary(), false));
    postfix.arguments = &arguments;
  }
  return postfix;
}

const CallArguments* Parser::ParseArguments() {
  CallArguments& arguments = program_->calls.emplace_back();
  Next();
  bool first = true;
  while (!IsOperator(")")) {
    if (!std::exchange(first, false)) {
      ExpectOperator(",");
      if (IsOperator(")")) break;
    }
    const bool keyword = Current().kind == TokenKind::kName && Ahead().kind == TokenKind::kOperator && Ahead().text == "=";
    if (SkipOperator("*")) {
      if (arguments.star || arguments.star_star) Fail("a second * in a call");
      arguments.star = ParseExpression();
    } else if (SkipOperator("**")) {
      if (arguments.star_star) Fail("a second ** in a call");
      arguments.star_star = ParseExpression();
    } else if (keyword) {
      if (arguments.star_star) Fail("an argument after **");
      const std::string_view name = Next().text;
      Next();
      arguments.named.push_back({name, ParseExpression()});
    } else {
      if (!arguments.named.empty() || arguments.star || arguments.star_star) Fail("a positional argument after a named one");
      arguments.positional.push_back(ParseExpression());
    }
  }
  Next();
  return &arguments;
}

}  // namespace tradewind::jinja
