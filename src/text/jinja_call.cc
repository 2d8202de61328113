// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <ctime>

#include "text/jinja_builtins.h"
#include "text/jinja_print.h"

namespace tradewind::jinja {
namespace {

constexpr int64_t kMaxRange = 100'000;  // jinja2's sandbox has the same

Value CallRange(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const auto& args = arguments.positional;
  if (args.empty() || args.size() > 3 || !arguments.named.empty()) rt.Fail("range takes one to three arguments");
  for (const Value& arg : args) {
    if (!arg.IsInteger()) rt.Fail("range takes integers, not " + std::string(TypeName(arg)));
  }
  Range range;
  range.start = args.size() > 1 ? args[0].AsInt() : 0;
  range.stop = args.size() > 1 ? args[1].AsInt() : args[0].AsInt();
  range.step = args.size() > 2 ? args[2].AsInt() : 1;
  if (range.step == 0) rt.Fail("range's step must not be zero");
  const __int128 distance = static_cast<__int128>(range.stop) - range.start;
  const __int128 step = range.step;
  __int128 size = step > 0 ? (distance + step - 1) / step : (distance + step + 1) / step;
  if ((step > 0) != (distance > 0)) size = 0;
  if (size > kMaxRange) rt.Fail(StatusCode::kInvalidInput, "a range of more than " + std::to_string(kMaxRange) + " items (limit: range)");
  range.size = static_cast<int64_t>(size);
  Value value = Value::Of(Kind::kRange);
  value.range = rt.Make<Range>();
  *value.range = range;
  return value;
}

std::vector<Entry> DictArguments(Runtime& rt, std::string_view callee, const Arguments& arguments) {
  std::vector<Entry> entries;
  if (arguments.positional.size() > 1) rt.Fail(std::string(callee) + " takes at most one positional argument");
  if (!arguments.positional.empty()) {
    const Value& source = arguments.positional[0];
    if (source.Is(Kind::kDict)) {
      entries.assign(source.dict->entries, source.dict->entries + source.dict->size);
    } else {
      for (const Value& pair : Iterate(rt, source)) {
        const auto items = Iterate(rt, pair);
        if (items.size() != 2) rt.Fail(std::string(callee) + " takes a mapping or pairs");
        entries.push_back({items[0], items[1]});
      }
    }
  }
  for (const Variable& v : arguments.named) entries.push_back({Value::Text(v.name), v.value});
  rt.Charge(entries.size());
  return entries;
}

Value CallDict(Evaluator& eval, Arguments& arguments) {
  return MakeDict(eval.rt(), DictArguments(eval.rt(), "dict", arguments));
}

Value CallNamespace(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  Value value = Value::Of(Kind::kNamespace);
  value.ns = rt.Make<Namespace>();
  for (const Entry& entry : DictArguments(rt, "namespace", arguments)) {
    if (entry.key.IsString()) value.ns->Set(rt, entry.key.text(), entry.value);
  }
  return value;
}

Value CallRaiseException(Evaluator& eval, Arguments& arguments) {
  const Bound bound(eval.rt(), "raise_exception", arguments, {"message"}, 1);
  const std::string_view message = Text(eval.rt(), bound.At(0));
  eval.rt().Fail("the template refuses this conversation: " + std::string(message.substr(0, 1000)));
}

Value CallStrftimeNow(Evaluator& eval, Arguments& arguments) {
  Runtime& rt = eval.rt();
  const Bound bound(rt, "strftime_now", arguments, {"format"}, 1);
  const std::string format(bound.String(0, ""));
  std::tm parts{};
  std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  if (eval.now_s()) {
    now = static_cast<std::time_t>(*eval.now_s());
    gmtime_r(&now, &parts);
  } else {
    localtime_r(&now, &parts);
  }
  if (format.empty()) return Value::Text({});
  char buffer[1024];
  const size_t size = std::strftime(buffer, sizeof(buffer), format.c_str(), &parts);
  if (size == 0) rt.Fail("strftime_now: the format gives nothing, or more than " + std::to_string(sizeof(buffer)) + " bytes");
  return MakeString(rt, {buffer, size});
}

struct Function {
  std::string_view name;
  Value (*call)(Evaluator&, Arguments&);
};
constexpr Function kFunctions[] = {
    {"range", CallRange},
    {"dict", CallDict},
    {"namespace", CallNamespace},
    {"raise_exception", CallRaiseException},
    {"strftime_now", CallStrftimeNow},
};

}  // namespace

std::optional<Value> FindFunction(std::string_view name) {
  for (size_t i = 0; i < std::size(kFunctions); ++i) {
    if (kFunctions[i].name != name) continue;
    Value value = Value::Of(Kind::kFunction);
    value.integer = static_cast<int64_t>(i);
    return value;
  }
  return std::nullopt;
}

Value CallFunction(Evaluator& eval, int64_t index, Arguments& arguments) {
  return kFunctions[static_cast<size_t>(index)].call(eval, arguments);
}

Value Evaluator::Call(const Value& callable, Arguments& arguments) {
  const Runtime::Level level(rt_);
  rt_.Charge(1);
  switch (callable.kind) {
    case Kind::kFunction: return CallFunction(*this, callable.integer, arguments);
    case Kind::kMacro: return CallMacro(*callable.macro, arguments);
    case Kind::kMethod: return CallMethod(*this, *callable.method, arguments);
    case Kind::kLoop: rt_.Fail(StatusCode::kUnsupported, "recursive loops are not supported: use a macro that calls itself");
    case Kind::kUndefined: FailUndefined(rt_, callable);
    default: rt_.Fail("'" + std::string(TypeName(callable)) + "' object is not callable");
  }
}

Bound::Bound(Runtime& rt, std::string_view callee, const Arguments& arguments, std::initializer_list<std::string_view> parameters,
             size_t required)
    : rt_(rt), callee_(callee), values_(parameters.size()) {
  const auto fail = [&](const std::string& what) { rt_.Fail(std::string(callee_) + ": " + what); };
  if (arguments.positional.size() > parameters.size()) fail("too many arguments");
  for (size_t i = 0; i < arguments.positional.size(); ++i) values_[i] = arguments.positional[i];
  for (const Variable& named : arguments.named) {
    const auto found = std::find(parameters.begin(), parameters.end(), named.name);
    if (found == parameters.end()) fail("unexpected argument '" + std::string(named.name.substr(0, 100)) + "'");
    auto& slot = values_[static_cast<size_t>(found - parameters.begin())];
    if (slot) fail("two values for '" + std::string(named.name) + "'");
    slot = named.value;
  }
  for (size_t i = 0; i < required; ++i) {
    if (!values_[i]) fail("argument '" + std::string(parameters.begin()[i]) + "' is missing");
  }
}

int64_t Bound::Int(size_t i, int64_t otherwise) const {
  if (!values_[i]) return otherwise;
  if (values_[i]->IsUndefined()) FailUndefined(rt_, *values_[i]);
  if (!values_[i]->IsInteger()) rt_.Fail(std::string(callee_) + ": expected an integer, not " + std::string(TypeName(*values_[i])));
  return values_[i]->AsInt();
}

bool Bound::Truth(size_t i, bool otherwise) const {
  return values_[i] ? Truthy(rt_, *values_[i]) : otherwise;
}

std::string_view Bound::String(size_t i, std::string_view otherwise) const {
  if (!values_[i]) return otherwise;
  if (values_[i]->IsUndefined()) FailUndefined(rt_, *values_[i]);
  if (!values_[i]->IsString()) rt_.Fail(std::string(callee_) + ": expected a string, not " + std::string(TypeName(*values_[i])));
  return values_[i]->text();
}

}  // namespace tradewind::jinja
