// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ScriptArguments: what a description of a net gives to a layer. Positions count from 1; options are a table in the last place, of which
// every key must have been asked for.
#pragma once

#include <lua.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/status.h"

namespace tradewind {

class ScriptArguments {
 public:
  explicit ScriptArguments(lua_State* lua);

  int count() const { return count_; }  // without the options
  Result<int> Value(int position) const;
  Result<std::vector<int>> Values(int position) const;  // a table of values
  Result<int64_t> Integer(int position) const;
  Result<int64_t> Integer(int position, int64_t fallback) const;
  Result<double> Real(int position) const;
  Result<std::string> Text(int position) const;
  Result<std::vector<int64_t>> Integers(int position) const;  // a table of whole numbers
  Result<std::vector<double>> Reals(int position) const;      // a table of numbers

  Result<int64_t> Option(const char* key, int64_t fallback);
  Result<double> Option(const char* key, double fallback);
  Result<bool> Option(const char* key, bool fallback);
  Result<std::string> Option(const char* key, const std::string& fallback);
  // kInvalidInput names an option that nobody asked for.
  Result<void> CheckOptions() const;

  // The values that a script holds: numbers of OnnxBuilder in a type of their own.
  static void PushValue(lua_State* lua, int value);
  static void RegisterValues(lua_State* lua);

 private:
  tl::unexpected<Status> Wrong(int position, std::string_view wanted) const;
  template <typename T, typename Read>
  Result<std::vector<T>> Table(int position, std::string_view wanted, const Read& read) const;
  bool FindOption(const char* key);  // leaves it on the stack if it is there

  lua_State* lua_;
  int count_;
  bool has_options_;
  std::set<std::string> asked_;
};

}  // namespace tradewind
