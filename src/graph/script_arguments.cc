// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/script_arguments.h"

#include <cmath>

#include "formats/onnx.h"

namespace tradewind {
namespace {

constexpr const char* kValueType = "tradewind.value";

// Whether a table lists things (1, 2, ...) and so is no table of options.
bool IsList(lua_State* lua, int position) {
  return lua_rawlen(lua, position) > 0;
}

}  // namespace

ScriptArguments::ScriptArguments(lua_State* lua) : lua_(lua), count_(lua_gettop(lua)) {
  has_options_ = count_ > 1 && lua_istable(lua, count_) && !IsList(lua, count_);
  if (has_options_) --count_;
}

void ScriptArguments::RegisterValues(lua_State* lua) {
  luaL_newmetatable(lua, kValueType);
  lua_pushstring(lua, "a value");
  lua_setfield(lua, -2, "__metatable");  // scripts cannot change it
  lua_pop(lua, 1);
}

void ScriptArguments::PushValue(lua_State* lua, int value) {
  *static_cast<int*>(lua_newuserdatauv(lua, sizeof(int), 0)) = value;
  luaL_setmetatable(lua, kValueType);
}

tl::unexpected<Status> ScriptArguments::Wrong(int position, std::string_view wanted) const {
  return Fail(StatusCode::kInvalidInput,
              "argument " + std::to_string(position) + " should be " + std::string(wanted) + ", not " + luaL_typename(lua_, position));
}

Result<int> ScriptArguments::Value(int position) const {
  const auto* value = static_cast<const int*>(luaL_testudata(lua_, position, kValueType));
  if (value == nullptr) return Wrong(position, "a value that a layer gave");
  return *value;
}

Result<int64_t> ScriptArguments::Integer(int position) const {
  int whole = 0;
  const lua_Integer value = lua_type(lua_, position) == LUA_TNUMBER ? lua_tointegerx(lua_, position, &whole) : 0;
  if (whole == 0) return Wrong(position, "a whole number");
  return value;
}

Result<int64_t> ScriptArguments::Integer(int position, int64_t fallback) const {
  if (position > count_ || lua_isnil(lua_, position)) return fallback;
  return Integer(position);
}

Result<double> ScriptArguments::Real(int position) const {
  if (lua_type(lua_, position) != LUA_TNUMBER || !std::isfinite(lua_tonumber(lua_, position))) return Wrong(position, "a finite number");
  return lua_tonumber(lua_, position);
}

Result<std::string> ScriptArguments::Text(int position) const {
  if (lua_type(lua_, position) != LUA_TSTRING) return Wrong(position, "a text");
  size_t size = 0;
  const char* text = lua_tolstring(lua_, position, &size);
  if (size == 0 || size > OnnxLimits::kNameBytes)
    return Wrong(position, "a text of 1 to " + std::to_string(OnnxLimits::kNameBytes) + " bytes");
  return std::string(text, size);
}

template <typename T, typename Read>
Result<std::vector<T>> ScriptArguments::Table(int position, std::string_view wanted, const Read& read) const {
  constexpr lua_Unsigned kMost = 1 << 14;  // a bias for each pair of 49 and 196 places
  if (!lua_istable(lua_, position)) return Wrong(position, wanted);
  const lua_Unsigned size = lua_rawlen(lua_, position);
  if (size == 0 || size > kMost) return Wrong(position, wanted);
  std::vector<T> out;
  for (lua_Unsigned i = 1; i <= size; ++i) {
    lua_rawgeti(lua_, position, static_cast<lua_Integer>(i));
    const auto item = read(lua_gettop(lua_));
    lua_pop(lua_, 1);
    if (!item) return Wrong(position, wanted);
    out.push_back(*item);
  }
  return out;
}

Result<std::vector<int>> ScriptArguments::Values(int position) const {
  return Table<int>(position, "a list of values", [&](int at) { return Value(at); });
}

Result<std::vector<int64_t>> ScriptArguments::Integers(int position) const {
  return Table<int64_t>(position, "a list of whole numbers", [&](int at) { return Integer(at); });
}

Result<std::vector<double>> ScriptArguments::Reals(int position) const {
  return Table<double>(position, "a list of numbers", [&](int at) { return Real(at); });
}

bool ScriptArguments::FindOption(const char* key) {
  asked_.insert(key);
  if (!has_options_) return false;
  lua_pushstring(lua_, key);
  lua_rawget(lua_, count_ + 1);
  if (!lua_isnil(lua_, -1)) return true;
  lua_pop(lua_, 1);
  return false;
}

Result<int64_t> ScriptArguments::Option(const char* key, int64_t fallback) {
  if (!FindOption(key)) return fallback;
  const auto value = Integer(lua_gettop(lua_));
  lua_pop(lua_, 1);
  if (!value) return Fail(StatusCode::kInvalidInput, "option '" + std::string(key) + "' should be a whole number");
  return *value;
}

Result<double> ScriptArguments::Option(const char* key, double fallback) {
  if (!FindOption(key)) return fallback;
  const auto value = Real(lua_gettop(lua_));
  lua_pop(lua_, 1);
  if (!value) return Fail(StatusCode::kInvalidInput, "option '" + std::string(key) + "' should be a number");
  return *value;
}

Result<bool> ScriptArguments::Option(const char* key, bool fallback) {
  if (!FindOption(key)) return fallback;
  const bool is_bool = lua_isboolean(lua_, -1);
  const bool value = lua_toboolean(lua_, -1) != 0;
  lua_pop(lua_, 1);
  if (!is_bool) return Fail(StatusCode::kInvalidInput, "option '" + std::string(key) + "' should be true or false");
  return value;
}

Result<std::string> ScriptArguments::Option(const char* key, const std::string& fallback) {
  if (!FindOption(key)) return fallback;
  const auto value = Text(lua_gettop(lua_));
  lua_pop(lua_, 1);
  if (!value) return Fail(StatusCode::kInvalidInput, "option '" + std::string(key) + "' should be a text");
  return *value;
}

Result<void> ScriptArguments::CheckOptions() const {
  if (!has_options_) return {};
  std::string unknown;
  lua_pushnil(lua_);
  while (unknown.empty() && lua_next(lua_, count_ + 1) != 0) {
    lua_pop(lua_, 1);  // the value; the key stays for the next step
    const bool text = lua_type(lua_, -1) == LUA_TSTRING;
    if (!text || !asked_.contains(lua_tostring(lua_, -1))) unknown = text ? lua_tostring(lua_, -1) : "(no text)";
  }
  if (unknown.empty()) return {};
  lua_pop(lua_, 1);
  std::string known;
  for (const std::string& key : asked_) known += (known.empty() ? "" : ", ") + key;
  return Fail(StatusCode::kInvalidInput, "there is no option '" + unknown + "'; there are: " + (known.empty() ? "none" : known));
}

}  // namespace tradewind
