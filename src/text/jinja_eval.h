// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The evaluator: walks a Program over values, charging every node to the Runtime. Scopes are lexical: loops, macros and
// blocks have their own, `if` has not, and `set` writes to the innermost. One evaluator a run; used by one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/jinja_ast.h"
#include "text/jinja_value.h"

namespace tradewind::jinja {

struct Scope {
  Scope* parent = nullptr;
  Namespace variables;
  bool captured = false;  // by a macro: a loop may not use it again for its next turn
};

struct Macro {
  const Stmt* stmt = nullptr;
  Scope* closure = nullptr;
};

struct Arguments {
  std::vector<Value> positional;  // of a filter or test: the subject first
  std::vector<Variable> named;
};

// The state behind the variable `loop`. The filter of a loop is asked turn by turn, as its body may change what it sees.
struct LoopState {
  const Stmt* stmt = nullptr;
  Scope* outer = nullptr;
  std::span<const Value> items;
  size_t cursor = 0;
  bool filtered = false;
  bool peeked = false, has_next = false;
  Value next, current, previous;
  int64_t index0 = -1;
  int64_t length = -1;
  Value changed;
  bool has_changed = false;
};

class Evaluator {
 public:
  // `globals` holds the variables of the call (messages, ...). `now_s` is what strftime_now shows.
  Evaluator(Runtime& runtime, const Program& program, Scope* globals, std::optional<int64_t> now_s)
      : rt_(runtime), program_(program), globals_(globals), now_s_(now_s) {}

  void Run(std::string* out);

  Runtime& rt() { return rt_; }
  std::optional<int64_t> now_s() const { return now_s_; }

  // jinja_call.cc
  Value Call(const Value& callable, Arguments& arguments);
  // jinja_access.cc: `a.name`, `a[key]` and `a[start:stop:step]`; what is not there is undefined.
  Value Attribute(const Value& object, std::string_view name);
  Value Item(const Value& object, const Value& key);
  Value Slice(const Value& object, const Value* start, const Value* stop, const Value* step);
  bool PeekLoop(LoopState& loop);
  int64_t LoopLength(LoopState& loop);

 private:
  enum class Flow : uint8_t { kNext, kBreak, kContinue };
  // Text that is written into a buffer of its own; gives its output budget back at the end.
  class Capture {
   public:
    explicit Capture(Runtime& runtime) : runtime_(runtime) {}
    ~Capture() { runtime_.Release(text_.size()); }
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;
    std::string* out() { return &text_; }
    Value Finish() { return MakeString(runtime_, text_); }

   private:
    Runtime& runtime_;
    std::string text_;
  };

  // jinja_eval.cc: statements
  Flow ExecBody(const Body& body, Scope* scope, std::string* out);
  Flow Exec(const Stmt& stmt, Scope* scope, std::string* out);
  Flow ExecIf(const Stmt& stmt, Scope* scope, std::string* out);
  Flow ExecFor(const Stmt& stmt, Scope* scope, std::string* out);
  Flow ExecWith(const Stmt& stmt, Scope* scope, std::string* out);
  void ExecCallBlock(const Stmt& stmt, Scope* scope, std::string* out);
  Value CaptureBody(const Stmt& stmt, Scope* scope);
  void Assign(const Expr& target, const Value& value, Scope* scope);
  Value MakeMacro(const Stmt& stmt, Scope* scope);
  Scope* NewScope(Scope* parent);
  Value CallMacro(const Macro& macro, Arguments& arguments);
  void BindMacro(const Macro& macro, Arguments& arguments, Scope* scope);

  // jinja_expr.cc: expressions
  Value Eval(const Expr& expr, Scope* scope);
  Value EvalNode(const Expr& expr, Scope* scope);
  Value EvalName(const Expr& expr, Scope* scope);
  Value EvalDict(const Expr& expr, Scope* scope);
  Value EvalConcat(const Expr& expr, Scope* scope);
  Value EvalCompare(const Expr& expr, Scope* scope);
  Value EvalPostfix(const Expr& expr, Scope* scope, size_t count, const Value* caller);
  Value ApplyPostfix(const Postfix& postfix, const Value& base, Scope* scope, const Value* caller);
  Value ApplyFilters(const std::vector<Postfix>& filters, Value value, Scope* scope);
  void EvalArguments(const CallArguments& source, Scope* scope, Arguments* out);
  bool LoopItemPasses(LoopState& loop, const Value& item);

  Value LoopAttribute(LoopState& loop, std::string_view name, const Value& self);

  Runtime& rt_;
  const Program& program_;
  Scope* globals_;
  std::optional<int64_t> now_s_;
};

}  // namespace tradewind::jinja
