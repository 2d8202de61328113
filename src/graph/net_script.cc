// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The sandbox around a description of a net. Lua is linked as built for C++: its errors are exceptions, which destroy what they pass.
#include "graph/net_script.h"

#include <cstdlib>
#include <lua.hpp>
#include <memory>

#include "graph/net_library.h"
#include "graph/script_layers.h"

namespace tradewind {
namespace {

constexpr int kStepsPerCheck = 1000;
constexpr size_t kBytesPerStep = 64;

// What a script may still use.
struct Allowance {
  size_t memory_bytes = 0;  // in use
  int64_t steps = NetScriptLimits::kSteps;
};

// Lua's allocator: an old block's size is given, so that use can be counted. Large blocks cost steps, as making one is a single
// instruction.
void* Allocate(void* context, void* block, size_t old_size, size_t new_size) {
  auto& allowance = *static_cast<Allowance*>(context);
  const size_t had = block == nullptr ? 0 : old_size;
  if (new_size == 0) {
    std::free(block);
    allowance.memory_bytes -= had;
    return nullptr;
  }
  if (new_size > had) {
    allowance.steps -= static_cast<int64_t>(new_size / kBytesPerStep);
    if (allowance.memory_bytes - had + new_size > NetScriptLimits::kMemoryBytes || allowance.steps < 0) return nullptr;
  }
  void* moved = std::realloc(block, new_size);
  if (moved != nullptr) allowance.memory_bytes += new_size - had;
  return moved;
}

void CountSteps(lua_State* lua, lua_Debug*) {
  void* context = nullptr;
  lua_getallocf(lua, &context);
  auto& allowance = *static_cast<Allowance*>(context);
  allowance.steps -= kStepsPerCheck;
  if (allowance.steps < 0) luaL_error(lua, "it runs for more than %d steps", static_cast<int>(NetScriptLimits::kSteps));
}

// What is harmless of Lua's own: no files, no code made at run time, no random numbers, no texts that grow by one call.
void OpenLibraries(lua_State* lua) {
  constexpr const char* kKept[] = {"assert", "error", "ipairs", "next", "pairs", "select", "tonumber", "tostring", "type"};
  luaL_requiref(lua, "_G", luaopen_base, 1);
  lua_newtable(lua);
  for (const char* name : kKept) {
    lua_getfield(lua, -2, name);
    lua_setfield(lua, -2, name);
  }
  const std::pair<const char*, lua_CFunction> libraries[] = {{"math", luaopen_math}, {"table", luaopen_table}};
  for (const auto& [name, open] : libraries) {
    luaL_requiref(lua, name, open, 0);
    for (const char* gone : {"random", "randomseed"}) {
      lua_pushnil(lua);
      lua_setfield(lua, -2, gone);
    }
    lua_setfield(lua, -2, name);
  }
  lua_rawseti(lua, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  lua_settop(lua, 0);
}

struct Script {
  std::string_view text;
  const std::string& name;
  ScriptLayers& layers;
};

// Everything that may fail in Lua, under its own protection.
int RunProtected(lua_State* lua) {
  const auto& script = *static_cast<const Script*>(lua_touserdata(lua, 1));
  OpenLibraries(lua);
  ScriptArguments::RegisterValues(lua);
  script.layers.Register(lua);
  lua_sethook(lua, CountSteps, LUA_MASKCOUNT, kStepsPerCheck);
  const auto run = [&](std::string_view text, const std::string& name) {
    if (luaL_loadbufferx(lua, text.data(), text.size(), ("=" + name).c_str(), "t") != LUA_OK) lua_error(lua);
    lua_call(lua, 0, 0);
  };
  run(NetPrelude(), "blocks.lua");
  run(script.text, script.name);
  return 0;
}

struct CloseLua {
  void operator()(lua_State* lua) const { lua_close(lua); }
};

}  // namespace

Result<OnnxModel> RunNetScript(std::string_view program, const std::string& name, const std::map<std::string, double>& parameters,
                               WeightSource& weights) {
  if (program.size() > NetScriptLimits::kTextBytes)
    return Fail(StatusCode::kInvalidInput, name + ": a description of " + std::to_string(program.size()) + " bytes is over the limit of " +
                                               std::to_string(NetScriptLimits::kTextBytes));
  Allowance allowance;
  ScriptLayers layers(name, parameters, weights);
  const std::unique_ptr<lua_State, CloseLua> lua(lua_newstate(Allocate, &allowance));
  if (!lua) return Fail(StatusCode::kResourceExhausted, name + ": there is no memory for the description's program");
  Script script{program, name, layers};
  lua_pushcfunction(lua.get(), RunProtected);
  lua_pushlightuserdata(lua.get(), &script);
  if (const int status = lua_pcall(lua.get(), 1, 0, 0); status != LUA_OK) {
    const char* message = lua_tostring(lua.get(), -1);
    if (status == LUA_ERRMEM)
      return Fail(StatusCode::kInvalidInput,
                  name + ": the description takes more than " + std::to_string(NetScriptLimits::kMemoryBytes) + " bytes or too many steps");
    const std::string text = message == nullptr ? "an error without a text" : message;
    return Fail(StatusCode::kInvalidInput, text.starts_with(name) ? text : name + ": " + text);
  }
  return std::move(layers).Finish();
}

}  // namespace tradewind
