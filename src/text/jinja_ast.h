// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The parsed form of a template. Nodes are owned by the Program and point at each other; left-associative operators and
// postfix chains are flat lists, so that only brackets and blocks nest (and the parser limits those). Immutable once parsed.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "text/jinja_value.h"

namespace tradewind::jinja {

enum class ExprKind : uint8_t {
  kConstant,
  kName,
  kTuple,
  kList,
  kDict,        // items: key, value, key, value, ...
  kArithmetic,  // items[0] op items[1] op items[2] ..., from the left
  kConcat,      // items[0] ~ items[1] ~ ...
  kCompare,     // items[0] op items[1] op ..., chained as in Python
  kAnd,
  kOr,
  kNot,
  kNegative,
  kPositive,
  kConditional,  // items: value, test, otherwise (may be null)
  kPostfix,      // items[0], then `postfix` in turn
  kNamespaceRef  // as a target only: name.attribute
};

enum class Op : uint8_t { kAdd, kSub, kMul, kDiv, kFloorDiv, kMod, kPow, kEq, kNe, kLt, kLe, kGt, kGe, kIn, kNotIn };

struct Expr;

struct NamedExpr {
  std::string_view name;
  const Expr* value = nullptr;
};

struct CallArguments {
  std::vector<const Expr*> positional;
  std::vector<NamedExpr> named;
  const Expr* star = nullptr;       // *args
  const Expr* star_star = nullptr;  // **kwargs
};

enum class PostfixKind : uint8_t { kAttribute, kItem, kSlice, kCall, kFilter, kTest };

struct Postfix {
  PostfixKind kind = PostfixKind::kAttribute;
  bool negated = false;  // `is not`
  uint32_t offset = 0;
  std::string_view name;       // attribute, filter or test
  const Expr* item = nullptr;  // subscript, or the start of a slice
  const Expr* slice_stop = nullptr;
  const Expr* slice_step = nullptr;
  const CallArguments* arguments = nullptr;  // null: none
};

struct Expr {
  ExprKind kind = ExprKind::kConstant;
  uint32_t offset = 0;
  Value value;            // kConstant
  std::string_view name;  // kName, kNamespaceRef
  std::string_view attribute;
  std::vector<const Expr*> items;
  std::vector<Op> ops;
  std::vector<Postfix> postfix;
};

enum class StmtKind : uint8_t {
  kData,
  kPrint,
  kIf,           // branches in turn; the last may have no test
  kFor,          // target, value, test (the loop's filter); bodies: the body, `else`
  kSet,          // target, value
  kSetBlock,     // target, body, filters in value's place (`filters`)
  kMacro,        // name, params, body
  kCallBlock,    // value: the call; params and body: the caller
  kFilterBlock,  // filters, body
  kWith,         // assignments, body
  kScope,        // body, in a scope of its own ({% generation %})
  kBreak,
  kContinue,
};

struct Stmt;
using Body = std::vector<const Stmt*>;

struct Branch {
  const Expr* test = nullptr;
  Body body;
};

struct Stmt {
  StmtKind kind = StmtKind::kData;
  uint32_t offset = 0;
  std::string_view text;  // kData; the name of a macro
  const Expr* target = nullptr;
  const Expr* value = nullptr;
  const Expr* test = nullptr;
  Body body;
  Body otherwise;
  std::vector<Branch> branches;
  std::vector<NamedExpr> params;  // a null value: no default
  std::vector<Postfix> filters;
  std::vector<std::pair<const Expr*, const Expr*>> assignments;
  bool uses_caller = false, uses_varargs = false, uses_kwargs = false;
};

struct Program {
  std::string source;  // normalised
  std::deque<std::string> strings;
  std::deque<Expr> exprs;
  std::deque<Stmt> stmts;
  std::deque<CallArguments> calls;
  Body body;
};

}  // namespace tradewind::jinja
