// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Tokens to a Program: the grammar of jinja2 without template inheritance and inclusion. Nesting is counted and limited,
// so that the recursive descent cannot exhaust the stack. Throws Failure with line and column.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/jinja_ast.h"
#include "text/jinja_lexer.h"

namespace tradewind::jinja {

std::unique_ptr<Program> ParseProgram(std::string_view source, const TemplateLimits& limits);

// jinja_parser.cc holds the statements, jinja_parser_expr.cc the expressions.
class Parser {
 public:
  Parser(Program* program, std::vector<Token> tokens, int max_depth)
      : program_(program), tokens_(std::move(tokens)), max_depth_(max_depth) {}
  // Up to the end, or to a block whose name is in `ends` (its name is then the current token).
  Body ParseBody(std::initializer_list<std::string_view> ends);

 private:
  class Nested {
   public:
    explicit Nested(Parser& parser) : parser_(parser) {
      if (parser_.depth_ >= parser_.max_depth_) parser_.FailDepth();
      ++parser_.depth_;
    }
    ~Nested() { --parser_.depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;

   private:
    Parser& parser_;
  };

  const Token& Current() const { return tokens_[pos_]; }
  const Token& Ahead() const { return tokens_[std::min(pos_ + 1, tokens_.size() - 1)]; }
  bool IsOperator(std::string_view text) const { return Current().kind == TokenKind::kOperator && Current().text == text; }
  bool IsName(std::string_view text) const { return Current().kind == TokenKind::kName && Current().text == text; }
  const Token& Next() { return tokens_[pos_ + 1 < tokens_.size() ? pos_++ : pos_]; }
  bool SkipOperator(std::string_view text);
  bool SkipName(std::string_view text);
  void ExpectOperator(std::string_view text);
  void ExpectName(std::string_view text);
  std::string_view ExpectIdentifier();
  void ExpectBlockEnd();
  [[noreturn]] void Fail(std::string message) const;
  [[noreturn]] void FailUnsupported(std::string message) const;
  [[noreturn]] void FailDepth() const;

  const Stmt* ParseStatement();
  const Stmt* ParsePrint();
  void ParseIf(Stmt* stmt);
  void ParseFor(Stmt* stmt);
  void ParseSet(Stmt* stmt);
  void ParseMacro(Stmt* stmt);
  void ParseCallBlock(Stmt* stmt);
  void ParseFilterBlock(Stmt* stmt);
  void ParseWith(Stmt* stmt);
  void ParseSignature(Stmt* stmt);
  void ParseCallable(Stmt* stmt, std::string_view end);
  void FinishBody(Stmt* stmt, std::string_view end);
  std::vector<Postfix> ParseFilters();

  Expr* NewExpr(ExprKind kind);
  const Expr* ParseExpression(bool with_conditional = true);
  const Expr* ParseTuple(bool with_conditional, bool parenthesized);
  bool AtTupleEnd() const;
  const Expr* ParseTarget(bool with_namespace);
  const Expr* ParseOneTarget(bool with_namespace);
  const Expr* ParseConditional();
  const Expr* ParseOr();
  const Expr* ParseAnd();
  const Expr* ParseNot();
  const Expr* ParseCompare();
  const Expr* ParseSum();
  const Expr* ParseConcat();
  const Expr* ParseProduct();
  const Expr* ParsePower();
  const Expr* ParseUnary(bool with_filter);
  const Expr* ParsePrimary();
  const Expr* ParseListLiteral();
  const Expr* ParseDictLiteral();
  const Expr* ParsePostfix(const Expr* base, bool with_filter);
  Postfix ParseDot();
  Postfix ParseSubscript();
  Postfix ParseFilter();
  Postfix ParseTest();
  const CallArguments* ParseArguments();
  const Expr* Flat(ExprKind kind, std::vector<const Expr*> items, std::vector<Op> ops, uint32_t offset);

  Program* program_;
  std::vector<Token> tokens_;
  int max_depth_;
  size_t pos_ = 0;
  int depth_ = 0;
  int loops_ = 0;
  Stmt* callable_ = nullptr;  // the macro or call block that is being parsed
};

}  // namespace tradewind::jinja
