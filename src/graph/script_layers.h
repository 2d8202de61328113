// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ScriptLayers: the functions that descriptions of nets call, over OnnxBuilder. docs/nets.md lists them for people.
#pragma once

#include <lua.hpp>
#include <map>
#include <set>
#include <string>

#include "graph/onnx_builder.h"
#include "graph/script_arguments.h"

namespace tradewind {

class ScriptLayers {
 public:
  ScriptLayers(const std::string& name, const std::map<std::string, double>& parameters, WeightSource& weights)
      : name_(name), parameters_(parameters), builder_(name, weights) {}

  // Makes them the script's globals; this must outlive the state.
  void Register(lua_State* lua);
  // kNotFound names a parameter that the script did not ask for.
  Result<OnnxModel> Finish() &&;

  // What a layer gives back: a value, a number, or nothing.
  struct Given {
    enum class Kind : uint8_t { kNothing, kValue, kNumber } kind = Kind::kNothing;
    int value = 0;
    double number = 0;
  };
  using Handler = Result<Given> (*)(ScriptLayers&, ScriptArguments&);

  OnnxBuilder& builder() { return builder_; }
  double ParameterOr(const std::string& key, double fallback);

 private:
  static int Call(lua_State* lua);
  std::string name_;
  const std::map<std::string, double>& parameters_;
  std::set<std::string> asked_;
  OnnxBuilder builder_;
};

}  // namespace tradewind
