// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/script_layers.h"

#include <cmath>

namespace tradewind {
namespace {

using Given = ScriptLayers::Given;

Result<Given> Value(Result<int> value) {
  if (!value) return Fail(std::move(value).error());
  return Given{.kind = Given::Kind::kValue, .value = *value};
}
Given Number(double number) {
  return {.kind = Given::Kind::kNumber, .number = number};
}

Result<Given> Param(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const std::string key, a.Text(1));
  TW_ASSIGN(const double fallback, a.Real(2));
  return Number(layers.ParameterOr(key, fallback));
}

Result<Given> Input(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const std::string name, a.Text(1));
  std::vector<int64_t> shape;
  for (int i = 2; i <= a.count(); ++i) {
    TW_ASSIGN(const int64_t side, a.Integer(i));
    shape.push_back(side);
  }
  return Value(layers.builder().Input(name, std::move(shape)));
}

Result<Given> Output(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const std::string name, a.Text(1));
  TW_ASSIGN(const int x, a.Value(2));
  TW_RETURN_IF_ERROR(layers.builder().Output(name, x));
  return Given{};
}

Result<Given> Conv(ScriptLayers& layers, ScriptArguments& a) {
  ConvLayer layer;
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(layer.out, a.Integer(2));
  TW_ASSIGN(layer.kernel, a.Integer(3, 1));
  TW_ASSIGN(layer.kernel_width, a.Option("kernel_width", int64_t{0}));
  TW_ASSIGN(layer.stride, a.Option("stride", int64_t{1}));
  TW_ASSIGN(layer.groups, a.Option("groups", int64_t{1}));
  TW_ASSIGN(layer.dilation, a.Option("dilation", int64_t{1}));
  TW_ASSIGN(layer.padding, a.Option("padding", int64_t{-1}));
  TW_ASSIGN(layer.same, a.Option("same", false));
  TW_ASSIGN(layer.bias, a.Option("bias", false));
  TW_ASSIGN(layer.name, a.Option("name", std::string()));
  return Value(layers.builder().Conv(x, layer));
}

Result<Given> Linear(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const int64_t out, a.Integer(2));
  TW_ASSIGN(const bool bias, a.Option("bias", true));
  TW_ASSIGN(const std::string name, a.Option("name", std::string()));
  return Value(layers.builder().Linear(x, out, bias, name));
}

Result<Given> BatchNorm(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const std::string name, a.Option("name", std::string()));
  TW_ASSIGN(const double epsilon, a.Option("epsilon", 1e-5));
  return Value(layers.builder().BatchNorm(x, name, epsilon));
}

Result<Given> LayerNorm(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const std::string name, a.Option("name", std::string()));
  return Value(layers.builder().LayerNorm(x, name));
}

// One value, and what makes another of it.
template <typename Make>
Result<Given> OfOne(ScriptLayers& layers, ScriptArguments& a, const Make& make) {
  TW_ASSIGN(const int x, a.Value(1));
  return Value(make(layers.builder(), x));
}
template <typename Make>
Result<Given> OfTwo(ScriptLayers& layers, ScriptArguments& a, const Make& make) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const int y, a.Value(2));
  return Value(make(layers.builder(), x, y));
}

Result<Given> Relu(ScriptLayers& l, ScriptArguments& a) {
  return OfOne(l, a, [](OnnxBuilder& b, int x) { return b.Unary("Relu", x); });
}
Result<Given> Relu6(ScriptLayers& l, ScriptArguments& a) {
  return OfOne(l, a, [](OnnxBuilder& b, int x) { return b.Clip(x, 0, 6); });
}
Result<Given> Sigmoid(ScriptLayers& l, ScriptArguments& a) {
  return OfOne(l, a, [](OnnxBuilder& b, int x) { return b.Unary("Sigmoid", x); });
}
Result<Given> HardSigmoid(ScriptLayers& l, ScriptArguments& a) {
  return OfOne(l, a, [](OnnxBuilder& b, int x) { return b.HardSigmoid(x); });
}
Result<Given> HardSwish(ScriptLayers& l, ScriptArguments& a) {
  return OfOne(l, a, [](OnnxBuilder& b, int x) { return b.Unary("HardSwish", x); });
}
Result<Given> Silu(ScriptLayers& l, ScriptArguments& a) {
  return OfOne(l, a, [](OnnxBuilder& b, int x) -> Result<int> {
    TW_ASSIGN(const int gate, b.Unary("Sigmoid", x));
    return b.Binary("Mul", x, gate);
  });
}
// x / 2 * (1 + erf(x / sqrt(2))).
Result<Given> Gelu(ScriptLayers& l, ScriptArguments& a) {
  return OfOne(l, a, [](OnnxBuilder& b, int x) -> Result<int> {
    TW_ASSIGN(const int scaled, b.Scale(x, static_cast<float>(1 / std::sqrt(2.0))));
    TW_ASSIGN(const int erf, b.Unary("Erf", scaled));
    TW_ASSIGN(const int product, b.Binary("Mul", x, erf));
    TW_ASSIGN(const int sum, b.Binary("Add", x, product));
    return b.Scale(sum, 0.5f);
  });
}
Result<Given> Add(ScriptLayers& l, ScriptArguments& a) {
  return OfTwo(l, a, [](OnnxBuilder& b, int x, int y) { return b.Binary("Add", x, y); });
}
Result<Given> Sub(ScriptLayers& l, ScriptArguments& a) {
  return OfTwo(l, a, [](OnnxBuilder& b, int x, int y) { return b.Binary("Sub", x, y); });
}
Result<Given> Mul(ScriptLayers& l, ScriptArguments& a) {
  return OfTwo(l, a, [](OnnxBuilder& b, int x, int y) { return b.Binary("Mul", x, y); });
}
Result<Given> MatMul(ScriptLayers& l, ScriptArguments& a) {
  return OfTwo(l, a, [](OnnxBuilder& b, int x, int y) { return b.MatMul(x, y); });
}
Result<Given> Gap(ScriptLayers& l, ScriptArguments& a) {
  return OfOne(l, a, [](OnnxBuilder& b, int x) { return b.GlobalAveragePool(x); });
}
Result<Given> Flatten(ScriptLayers& l, ScriptArguments& a) {
  return OfOne(l, a, [](OnnxBuilder& b, int x) { return b.Flatten(x); });
}

Result<Given> Scale(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const double factor, a.Real(2));
  return Value(layers.builder().Scale(x, static_cast<float>(factor)));
}

Result<PoolLayer> PoolOf(ScriptArguments& a) {
  PoolLayer layer;
  TW_ASSIGN(layer.kernel, a.Integer(2));
  TW_ASSIGN(layer.stride, a.Integer(3, layer.kernel));
  TW_ASSIGN(layer.padding, a.Integer(4, 0));
  return layer;
}
Result<Given> MaxPool(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const PoolLayer layer, PoolOf(a));
  return Value(layers.builder().MaxPool(x, layer));
}
Result<Given> AveragePool(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const PoolLayer layer, PoolOf(a));
  return Value(layers.builder().AveragePool(x, layer));
}

Result<Given> Concat(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const std::vector<int> values, a.Values(1));
  TW_ASSIGN(const int64_t axis, a.Integer(2, 0));
  return Value(layers.builder().Concat(values, axis));
}

Result<Given> Slice(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const int64_t axis, a.Integer(2));
  TW_ASSIGN(const int64_t begin, a.Integer(3));
  TW_ASSIGN(const int64_t end, a.Integer(4));
  TW_ASSIGN(const int64_t step, a.Integer(5, 1));
  return Value(layers.builder().Slice(x, axis, begin, end, step));
}

Result<Given> PadChannels(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const int64_t before, a.Integer(2));
  TW_ASSIGN(const int64_t behind, a.Integer(3));
  return Value(layers.builder().PadChannels(x, before, behind));
}

Result<Given> Reshape(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(std::vector<int64_t> shape, a.Integers(2));
  return Value(layers.builder().Reshape(x, std::move(shape)));
}

Result<Given> Transpose(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const std::vector<int64_t> order, a.Integers(2));
  return Value(layers.builder().Transpose(x, order));
}

Result<Given> Softmax(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const int64_t axis, a.Integer(2, 0));
  return Value(layers.builder().Softmax(x, axis));
}

Result<Given> Mean(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const int64_t axis, a.Integer(2));
  return Value(layers.builder().Mean(x, axis));
}

Result<Given> Learned(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const std::vector<int64_t> sides, a.Integers(1));
  TW_ASSIGN(const std::string name, a.Option("name", std::string()));
  return Value(layers.builder().Learned(sides, name));
}

Result<Given> Fixed(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const std::vector<double> numbers, a.Reals(1));
  TW_ASSIGN(std::vector<int64_t> sides, a.Integers(2));
  return Value(layers.builder().Fixed(std::vector<float>(numbers.begin(), numbers.end()), std::move(sides)));
}

Result<Given> Gather(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const int64_t axis, a.Integer(2));
  TW_ASSIGN(const std::vector<int64_t> indices, a.Integers(3));
  return Value(layers.builder().Gather(x, axis, indices));
}

Result<Given> Upsample(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const int64_t factor, a.Integer(2));
  return Value(layers.builder().Upsample(x, factor));
}

// A value's side: size(x, 0) are a picture's channels.
Result<Given> Size(ScriptLayers& layers, ScriptArguments& a) {
  TW_ASSIGN(const int x, a.Value(1));
  TW_ASSIGN(const int64_t axis, a.Integer(2, 0));
  const std::vector<int64_t>& shape = layers.builder().shape(x);
  if (axis < 0 || axis >= static_cast<int64_t>(shape.size()))
    return Fail(StatusCode::kInvalidInput, "there is no dimension " + std::to_string(axis));
  return Number(static_cast<double>(shape[static_cast<size_t>(axis)]));
}

struct Named {
  const char* name;
  ScriptLayers::Handler handler;
};
constexpr Named kLayers[] = {{"param", Param},
                             {"input", Input},
                             {"output", Output},
                             {"conv", Conv},
                             {"linear", Linear},
                             {"bn", BatchNorm},
                             {"layernorm", LayerNorm},
                             {"relu", Relu},
                             {"relu6", Relu6},
                             {"sigmoid", Sigmoid},
                             {"hardsigmoid", HardSigmoid},
                             {"hardswish", HardSwish},
                             {"silu", Silu},
                             {"gelu", Gelu},
                             {"add", Add},
                             {"sub", Sub},
                             {"mul", Mul},
                             {"matmul", MatMul},
                             {"gap", Gap},
                             {"flatten", Flatten},
                             {"scale", Scale},
                             {"maxpool", MaxPool},
                             {"avgpool", AveragePool},
                             {"concat", Concat},
                             {"slice", Slice},
                             {"pad_channels", PadChannels},
                             {"reshape", Reshape},
                             {"transpose", Transpose},
                             {"softmax", Softmax},
                             {"mean", Mean},
                             {"learned", Learned},
                             {"constant", Fixed},
                             {"gather", Gather},
                             {"upsample", Upsample},
                             {"size", Size}};

}  // namespace

double ScriptLayers::ParameterOr(const std::string& key, double fallback) {
  asked_.insert(key);
  const auto found = parameters_.find(key);
  return found == parameters_.end() ? fallback : found->second;
}

int ScriptLayers::Call(lua_State* lua) {
  auto& layers = *static_cast<ScriptLayers*>(lua_touserdata(lua, lua_upvalueindex(1)));
  const auto& layer = *static_cast<const Named*>(lua_touserdata(lua, lua_upvalueindex(2)));
  ScriptArguments arguments(lua);
  auto given = layer.handler(layers, arguments);
  if (given) {
    if (auto options = arguments.CheckOptions(); !options) given = Fail(std::move(options).error());
  }
  if (!given) return luaL_error(lua, "%s: %s", layer.name, given.error().ToString().c_str());
  switch (given->kind) {
    case Given::Kind::kNothing: return 0;
    case Given::Kind::kValue: ScriptArguments::PushValue(lua, given->value); return 1;
    case Given::Kind::kNumber:
      if (std::fabs(given->number) < 1e15 && std::floor(given->number) == given->number) {
        lua_pushinteger(lua, static_cast<lua_Integer>(given->number));
      } else {
        lua_pushnumber(lua, given->number);
      }
      return 1;
  }
  return 0;
}

void ScriptLayers::Register(lua_State* lua) {
  for (const Named& layer : kLayers) {
    lua_pushlightuserdata(lua, this);
    lua_pushlightuserdata(lua, const_cast<Named*>(&layer));
    lua_pushcclosure(lua, Call, 2);
    lua_setglobal(lua, layer.name);
  }
}

Result<OnnxModel> ScriptLayers::Finish() && {
  for (const auto& [key, value] : parameters_) {
    if (!asked_.contains(key)) return Fail(StatusCode::kNotFound, name_ + " has no parameter '" + key + "'");
  }
  return std::move(builder_).Finish();
}

}  // namespace tradewind
