// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/jinja_eval.h"

#include <algorithm>
#include <utility>

#include "text/jinja_print.h"

namespace tradewind::jinja {

void Evaluator::Run(std::string* out) {
  ExecBody(program_.body, NewScope(globals_), out);
}

Scope* Evaluator::NewScope(Scope* parent) {
  Scope* scope = rt_.Make<Scope>();
  scope->parent = parent;
  return scope;
}

Evaluator::Flow Evaluator::ExecBody(const Body& body, Scope* scope, std::string* out) {
  for (const Stmt* stmt : body) {
    if (const Flow flow = Exec(*stmt, scope, out); flow != Flow::kNext) return flow;
  }
  return Flow::kNext;
}

Evaluator::Flow Evaluator::Exec(const Stmt& stmt, Scope* scope, std::string* out) {
  const Runtime::Level level(rt_);
  rt_.SetOffset(stmt.offset);
  rt_.Charge(1);
  switch (stmt.kind) {
    case StmtKind::kData: rt_.Emit(out, stmt.text); break;
    case StmtKind::kPrint: {
      const Value value = Eval(*stmt.value, scope);
      rt_.Emit(out, Text(rt_, value));
      break;
    }
    case StmtKind::kIf: return ExecIf(stmt, scope, out);
    case StmtKind::kFor: return ExecFor(stmt, scope, out);
    case StmtKind::kSet: Assign(*stmt.target, Eval(*stmt.value, scope), scope); break;
    case StmtKind::kSetBlock: {
      const Value text = CaptureBody(stmt, NewScope(scope));
      Assign(*stmt.target, ApplyFilters(stmt.filters, text, scope), scope);
      break;
    }
    case StmtKind::kMacro: scope->variables.Set(rt_, stmt.text, MakeMacro(stmt, scope)); break;
    case StmtKind::kCallBlock: ExecCallBlock(stmt, scope, out); break;
    case StmtKind::kFilterBlock: {
      const Value text = CaptureBody(stmt, NewScope(scope));
      const Value filtered = ApplyFilters(stmt.filters, text, scope);
      rt_.Emit(out, Text(rt_, filtered));
      break;
    }
    case StmtKind::kWith: return ExecWith(stmt, scope, out);
    case StmtKind::kScope: return ExecBody(stmt.body, NewScope(scope), out);
    case StmtKind::kBreak: return Flow::kBreak;
    case StmtKind::kContinue: return Flow::kContinue;
  }
  return Flow::kNext;
}

Evaluator::Flow Evaluator::ExecIf(const Stmt& stmt, Scope* scope, std::string* out) {
  for (const Branch& branch : stmt.branches) {
    if (!branch.test || Truthy(rt_, Eval(*branch.test, scope))) return ExecBody(branch.body, scope, out);
  }
  return Flow::kNext;
}

bool Evaluator::LoopItemPasses(LoopState& loop, const Value& item) {
  if (!loop.filtered) return true;
  Scope* scope = NewScope(loop.outer);
  Assign(*loop.stmt->target, item, scope);
  return Truthy(rt_, Eval(*loop.stmt->test, scope));
}

bool Evaluator::PeekLoop(LoopState& loop) {
  if (loop.peeked) return loop.has_next;
  loop.has_next = false;
  while (!loop.has_next && loop.cursor < loop.items.size()) {
    rt_.Charge(1);
    loop.next = loop.items[loop.cursor++];
    loop.has_next = LoopItemPasses(loop, loop.next);
  }
  loop.peeked = true;
  return loop.has_next;
}

Evaluator::Flow Evaluator::ExecFor(const Stmt& stmt, Scope* scope, std::string* out) {
  LoopState* loop = rt_.Make<LoopState>();
  loop->stmt = &stmt;
  loop->outer = scope;
  loop->items = Iterate(rt_, Eval(*stmt.value, scope));
  loop->filtered = stmt.test != nullptr;
  Value loop_value = Value::Of(Kind::kLoop);
  loop_value.loop = loop;
  Scope* turn = nullptr;
  while (PeekLoop(*loop)) {
    rt_.Charge(1);
    loop->peeked = false;
    loop->previous = loop->current;
    loop->current = loop->next;
    ++loop->index0;
    if (!turn || turn->captured) turn = NewScope(scope);
    turn->variables.size = 0;
    turn->variables.Set(rt_, "loop", loop_value);
    Assign(*stmt.target, loop->current, turn);
    if (ExecBody(stmt.body, turn, out) == Flow::kBreak) break;
  }
  if (loop->index0 < 0 && !stmt.otherwise.empty()) return ExecBody(stmt.otherwise, NewScope(scope), out);
  return Flow::kNext;
}

Evaluator::Flow Evaluator::ExecWith(const Stmt& stmt, Scope* scope, std::string* out) {
  Scope* inner = NewScope(scope);
  for (const auto& [target, value] : stmt.assignments) Assign(*target, Eval(*value, scope), inner);
  return ExecBody(stmt.body, inner, out);
}

Value Evaluator::CaptureBody(const Stmt& stmt, Scope* scope) {
  Capture capture(rt_);
  // break and continue cannot leave the block: what they would skip is skipped up to its end.
  ExecBody(stmt.body, scope, capture.out());
  return capture.Finish();
}

void Evaluator::ExecCallBlock(const Stmt& stmt, Scope* scope, std::string* out) {
  const Value caller = MakeMacro(stmt, scope);
  const Value result = EvalPostfix(*stmt.value, scope, stmt.value->postfix.size(), &caller);
  rt_.Emit(out, Text(rt_, result));
}

Value Evaluator::MakeMacro(const Stmt& stmt, Scope* scope) {
  for (Scope* s = scope; s && !s->captured; s = s->parent) s->captured = true;
  Value value = Value::Of(Kind::kMacro);
  value.macro = rt_.Make<Macro>();
  value.macro->stmt = &stmt;
  value.macro->closure = scope;
  return value;
}

void Evaluator::Assign(const Expr& target, const Value& value, Scope* scope) {
  const Runtime::Level level(rt_);
  if (target.kind == ExprKind::kName) {
    scope->variables.Set(rt_, target.name, value);
    return;
  }
  if (target.kind == ExprKind::kNamespaceRef) {
    const Scope* s = scope;
    Value* found = nullptr;
    for (; s && !found; s = s->parent) found = const_cast<Scope*>(s)->variables.Find(target.name);
    if (!found || !found->Is(Kind::kNamespace)) {
      rt_.Fail("cannot set an attribute of '" + std::string(target.name) + "': it is no namespace object");
    }
    found->ns->Set(rt_, target.attribute, value);
    return;
  }
  const auto items = Iterate(rt_, value);
  if (items.size() != target.items.size()) {
    rt_.Fail("cannot unpack " + std::to_string(items.size()) + " values into " + std::to_string(target.items.size()) + " names");
  }
  for (size_t i = 0; i < items.size(); ++i) Assign(*target.items[i], items[i], scope);
}

void Evaluator::BindMacro(const Macro& macro, Arguments& arguments, Scope* scope) {
  const Stmt& stmt = *macro.stmt;
  Namespace& variables = scope->variables;
  auto& named = arguments.named;
  const size_t given = std::min(arguments.positional.size(), stmt.params.size());
  const auto take = [&](std::string_view name) -> std::optional<Value> {
    const auto found = std::find_if(named.begin(), named.end(), [&](const Variable& v) { return v.name == name; });
    if (found == named.end()) return std::nullopt;
    const Value value = found->value;
    named.erase(found);
    return value;
  };
  bool explicit_caller = false;
  for (size_t i = 0; i < stmt.params.size(); ++i) {
    const NamedExpr& param = stmt.params[i];
    std::optional<Value> value;
    if (i < given) value = arguments.positional[i];
    if (i >= given) value = take(param.name);
    explicit_caller |= param.name == "caller";
    if (!value) value = param.value ? Eval(*param.value, scope) : Value::Undefined(param.name);
    variables.Set(rt_, param.name, *value);
  }
  if (stmt.uses_caller && !explicit_caller) variables.Set(rt_, "caller", take("caller").value_or(Value::Undefined("caller")));
  if (stmt.uses_kwargs) {
    std::vector<Entry> entries;
    for (const Variable& v : named) entries.push_back({Value::Text(v.name), v.value});
    variables.Set(rt_, "kwargs", MakeDict(rt_, entries));
  } else if (!named.empty()) {
    rt_.Fail("macro '" + std::string(stmt.text) + "' takes no argument '" + std::string(named[0].name.substr(0, 100)) + "'");
  }
  if (stmt.uses_varargs) {
    const std::span<const Value> rest = std::span<const Value>(arguments.positional).subspan(given);
    variables.Set(rt_, "varargs", MakeList(rt_, rest, Kind::kTuple));
  } else if (arguments.positional.size() > stmt.params.size()) {
    rt_.Fail("macro '" + std::string(stmt.text) + "' takes at most " + std::to_string(stmt.params.size()) + " arguments");
  }
}

Value Evaluator::CallMacro(const Macro& macro, Arguments& arguments) {
  if (rt_.macro_depth >= rt_.limits().depth) {
    rt_.Fail(StatusCode::kInvalidInput, "macro calls nested deeper than " + std::to_string(rt_.limits().depth) + " (limit: depth)");
  }
  ++rt_.macro_depth;
  Scope* scope = NewScope(macro.closure);
  BindMacro(macro, arguments, scope);
  const Value result = CaptureBody(*macro.stmt, scope);
  --rt_.macro_depth;
  return result;
}

}  // namespace tradewind::jinja
