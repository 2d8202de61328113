// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/jinja_parser.h"

#include <algorithm>
#include <utility>

namespace tradewind::jinja {

std::unique_ptr<Program> ParseProgram(std::string_view source, const TemplateLimits& limits) {
  if (source.size() > limits.source_bytes) {
    throw Failure{Status(StatusCode::kInvalidInput, "chat template: " + std::to_string(source.size()) + " bytes of source, at most " +
                                                        std::to_string(limits.source_bytes) + " are allowed (limit: source)")};
  }
  auto program = std::make_unique<Program>();
  program->source = NormalizeSource(source);
  Parser parser(program.get(), Tokenize(program->source, &program->strings), limits.depth);
  program->body = parser.ParseBody({});
  return program;
}

void Parser::Fail(std::string message) const {
  FailAt(StatusCode::kInvalidInput, std::move(message), program_->source, Current().offset);
}

void Parser::FailUnsupported(std::string message) const {
  FailAt(StatusCode::kUnsupported, std::move(message), program_->source, Current().offset);
}

void Parser::FailDepth() const {
  FailAt(StatusCode::kInvalidInput, "nested deeper than " + std::to_string(max_depth_) + " (limit: depth)", program_->source,
         Current().offset);
}

bool Parser::SkipOperator(std::string_view text) {
  if (!IsOperator(text)) return false;
  Next();
  return true;
}

bool Parser::SkipName(std::string_view text) {
  if (!IsName(text)) return false;
  Next();
  return true;
}

void Parser::ExpectOperator(std::string_view text) {
  if (!SkipOperator(text)) Fail("expected '" + std::string(text) + "', found " + Describe(Current()));
}

void Parser::ExpectName(std::string_view text) {
  if (!SkipName(text)) Fail("expected '" + std::string(text) + "', found " + Describe(Current()));
}

std::string_view Parser::ExpectIdentifier() {
  if (Current().kind != TokenKind::kName) Fail("expected a name, found " + Describe(Current()));
  return Next().text;
}

void Parser::ExpectBlockEnd() {
  if (Current().kind != TokenKind::kBlockEnd) Fail("expected '%}', found " + Describe(Current()));
  Next();
}

Body Parser::ParseBody(std::initializer_list<std::string_view> ends) {
  const Nested nested(*this);
  Body body;
  while (true) {
    switch (Current().kind) {
      case TokenKind::kEnd: {
        if (ends.size() == 0) return body;
        Fail("unexpected end of the template, expected '" + std::string(*std::prev(ends.end())) + "'");
      }
      case TokenKind::kData: {
        Stmt& stmt = program_->stmts.emplace_back();
        stmt.offset = Current().offset;
        stmt.text = Next().text;
        body.push_back(&stmt);
        break;
      }
      case TokenKind::kPrintBegin: body.push_back(ParsePrint()); break;
      case TokenKind::kBlockBegin: {
        Next();
        if (Current().kind != TokenKind::kName) Fail("expected the name of a tag, found " + Describe(Current()));
        if (std::find(ends.begin(), ends.end(), Current().text) != ends.end()) return body;
        body.push_back(ParseStatement());
        break;
      }
      default: Fail("unexpected " + Describe(Current()));
    }
  }
}

const Stmt* Parser::ParsePrint() {
  Stmt& stmt = program_->stmts.emplace_back();
  stmt.kind = StmtKind::kPrint;
  stmt.offset = Next().offset;
  stmt.value = ParseTuple(true, false);
  if (Current().kind != TokenKind::kPrintEnd) Fail("expected '}}', found " + Describe(Current()));
  Next();
  return &stmt;
}

const Stmt* Parser::ParseStatement() {
  Stmt* stmt = &program_->stmts.emplace_back();
  stmt->offset = Current().offset;
  const std::string_view tag = Current().text;
  static constexpr std::string_view kUnsupportedTags[] = {"block",      "extends", "include", "import", "from",
                                                          "autoescape", "do",      "trans",   "print"};
  if (std::find(std::begin(kUnsupportedTags), std::end(kUnsupportedTags), tag) != std::end(kUnsupportedTags)) {
    FailUnsupported("tag '" + std::string(tag) + "' is not supported in chat templates");
  }
  Next();
  if (tag == "if") {
    ParseIf(stmt);
  } else if (tag == "for") {
    ParseFor(stmt);
  } else if (tag == "set") {
    ParseSet(stmt);
  } else if (tag == "macro") {
    ParseMacro(stmt);
  } else if (tag == "call") {
    ParseCallBlock(stmt);
  } else if (tag == "filter") {
    ParseFilterBlock(stmt);
  } else if (tag == "with") {
    ParseWith(stmt);
  } else if (tag == "generation") {
    stmt->kind = StmtKind::kScope;
    FinishBody(stmt, "endgeneration");
  } else if (tag == "break" || tag == "continue") {
    if (loops_ == 0) Fail("'" + std::string(tag) + "' outside of a loop");
    stmt->kind = tag == "break" ? StmtKind::kBreak : StmtKind::kContinue;
  } else {
    --pos_;
    Fail("unknown tag '" + std::string(tag.substr(0, 40)) + "'");
  }
  ExpectBlockEnd();
  return stmt;
}

// From before the %} of the opening tag to the closing tag's name.
void Parser::FinishBody(Stmt* stmt, std::string_view end) {
  ExpectBlockEnd();
  stmt->body = ParseBody({end});
  Next();
}

void Parser::ParseIf(Stmt* stmt) {
  stmt->kind = StmtKind::kIf;
  while (true) {
    Branch& branch = stmt->branches.emplace_back();
    branch.test = ParseTuple(false, false);
    ExpectBlockEnd();
    branch.body = ParseBody({"elif", "else", "endif"});
    const std::string_view end = Next().text;
    if (end == "elif") continue;
    if (end == "else") {
      ExpectBlockEnd();
      stmt->branches.push_back({nullptr, ParseBody({"endif"})});
      Next();
    }
    return;
  }
}

void Parser::ParseFor(Stmt* stmt) {
  stmt->kind = StmtKind::kFor;
  stmt->target = ParseTarget(false);
  ExpectName("in");
  stmt->value = ParseTuple(false, false);
  if (SkipName("if")) stmt->test = ParseExpression();
  if (IsName("recursive")) FailUnsupported("recursive loops are not supported: use a macro that calls itself");
  ExpectBlockEnd();
  ++loops_;
  stmt->body = ParseBody({"else", "endfor"});
  --loops_;
  if (Next().text == "else") {
    ExpectBlockEnd();
    stmt->otherwise = ParseBody({"endfor"});
    Next();
  }
}

void Parser::ParseSet(Stmt* stmt) {
  stmt->target = ParseTarget(true);
  if (SkipOperator("=")) {
    stmt->kind = StmtKind::kSet;
    stmt->value = ParseTuple(true, false);
    return;
  }
  stmt->kind = StmtKind::kSetBlock;
  while (IsOperator("|")) stmt->filters.push_back(ParseFilter());
  FinishBody(stmt, "endset");
}

void Parser::ParseSignature(Stmt* stmt) {
  ExpectOperator("(");
  while (!IsOperator(")")) {
    if (!stmt->params.empty()) ExpectOperator(",");
    NamedExpr param{ExpectIdentifier(), nullptr};
    if (SkipOperator("=")) {
      param.value = ParseExpression();
    } else if (!stmt->params.empty() && stmt->params.back().value) {
      Fail("a parameter without a default follows one with a default");
    }
    stmt->params.push_back(param);
  }
  Next();
}

// The body of a macro or call block: a loop outside of it cannot be left from inside.
void Parser::ParseCallable(Stmt* stmt, std::string_view end) {
  Stmt* outer = std::exchange(callable_, stmt);
  const int outer_loops = std::exchange(loops_, 0);
  FinishBody(stmt, end);
  loops_ = outer_loops;
  callable_ = outer;
}

void Parser::ParseMacro(Stmt* stmt) {
  stmt->kind = StmtKind::kMacro;
  stmt->text = ExpectIdentifier();
  ParseSignature(stmt);
  ParseCallable(stmt, "endmacro");
}

void Parser::ParseCallBlock(Stmt* stmt) {
  stmt->kind = StmtKind::kCallBlock;
  stmt->text = "caller";
  if (IsOperator("(")) ParseSignature(stmt);
  stmt->value = ParseExpression();
  if (stmt->value->kind != ExprKind::kPostfix || stmt->value->postfix.back().kind != PostfixKind::kCall) Fail("expected a call");
  ParseCallable(stmt, "endcall");
}

void Parser::ParseFilterBlock(Stmt* stmt) {
  stmt->kind = StmtKind::kFilterBlock;
  --pos_;  // ParseFilter skips one token, the | that an inline filter has
  stmt->filters.push_back(ParseFilter());
  while (IsOperator("|")) stmt->filters.push_back(ParseFilter());
  FinishBody(stmt, "endfilter");
}

void Parser::ParseWith(Stmt* stmt) {
  stmt->kind = StmtKind::kWith;
  while (Current().kind != TokenKind::kBlockEnd) {
    if (!stmt->assignments.empty()) ExpectOperator(",");
    const Expr* target = ParseTarget(false);
    ExpectOperator("=");
    stmt->assignments.emplace_back(target, ParseExpression());
  }
  FinishBody(stmt, "endwith");
}

}  // namespace tradewind::jinja
