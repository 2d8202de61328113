// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Descriptions of nets: what they build, and what the sandbox refuses. Tests script_arguments.cc, script_layers.cc, onnx_builder.cc and
// onnx_layers.cc, too.
#include "graph/net_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradewind {
namespace {

using testing::HasSubstr;

Result<OnnxModel> Build(const std::string& text, const std::map<std::string, double>& parameters = {}) {
  const auto weights = RandomWeightSource(1);
  return RunNetScript(text, "net.lua", parameters, *weights);
}
void ExpectRefusedScript(const std::string& text, const std::string& words) {
  const auto model = Build(text);
  ASSERT_FALSE(model) << text.substr(0, 80);
  EXPECT_THAT(model.error().message(), HasSubstr("net.lua")) << text.substr(0, 80);
  EXPECT_THAT(model.error().message(), HasSubstr(words)) << text.substr(0, 80);
}
const std::string kSmallImage = "local x = input('image', 3, 8, 8)\n";

// The shape that a layer gives, of one sample.
std::vector<int64_t> ShapeAfter(const std::string& layers) {
  const auto model = Build(kSmallImage + layers + "\noutput('y', x)");
  EXPECT_TRUE(model) << model.error().ToString();
  std::vector<int64_t> shape;
  if (!model) return shape;
  for (const OnnxDimension& d : *model->graph.outputs[0].shape) {
    if (d.value) shape.push_back(*d.value);
  }
  return shape;
}

TEST(NetScript, BuildsANet) {
  const auto model =
      Build(kSmallImage +
            "x = relu(bn(conv(x, 4, 3, {stride = 2, name = 'c'}), {name = 'b'}))\noutput('y', linear(flatten(gap(x)), 10, {name = 'fc'}))");
  ASSERT_TRUE(model) << model.error().ToString();
  std::vector<std::string> ops;
  for (const OnnxNode& node : model->graph.nodes) ops.push_back(node.op_type);
  EXPECT_EQ(ops, (std::vector<std::string>{"Conv", "BatchNormalization", "Relu", "GlobalAveragePool", "Flatten", "Gemm", "Identity"}));
  EXPECT_EQ(model->graph.FindInitializer("c.weight")->dims, (std::vector<int64_t>{4, 3, 3, 3}));
  EXPECT_EQ(model->graph.FindInitializer("b.running_var")->At<float>(0), 1);
  EXPECT_EQ(model->graph.FindInitializer("fc.weight")->dims, (std::vector<int64_t>{10, 4}));
  EXPECT_EQ((*model->graph.inputs[0].shape)[0].name, "N");
  EXPECT_TRUE(WriteOnnx(*model));
}

TEST(NetScript, ShapesFollowTheLayers) {
  using Shape = std::vector<int64_t>;
  EXPECT_EQ(ShapeAfter("x = conv(x, 5, 3)"), (Shape{5, 8, 8}));
  EXPECT_EQ(ShapeAfter("x = conv(x, 5, 3, {padding = 0})"), (Shape{5, 6, 6}));
  EXPECT_EQ(ShapeAfter("x = conv(x, 6, 5, {stride = 2, groups = 3})"), (Shape{6, 4, 4}));
  EXPECT_EQ(ShapeAfter("x = conv(x, 6, 3, {dilation = 2})"), (Shape{6, 8, 8}));
  EXPECT_EQ(ShapeAfter("x = conv(x, 6, 3, {stride = 3, same = true})"), (Shape{6, 3, 3}));
  EXPECT_EQ(ShapeAfter("x = conv(x, 6, 1, {stride = 2, same = true})"), (Shape{6, 4, 4}));
  EXPECT_EQ(ShapeAfter("x = conv(x, 6, 1, {kernel_width = 7})"), (Shape{6, 8, 8}));
  EXPECT_EQ(ShapeAfter("x = maxpool(x, 3, 2, 1)"), (Shape{3, 4, 4}));
  EXPECT_EQ(ShapeAfter("x = avgpool(x, 2)"), (Shape{3, 4, 4}));
  EXPECT_EQ(ShapeAfter("x = concat({x, x, relu(x)})"), (Shape{9, 8, 8}));
  EXPECT_EQ(ShapeAfter("x = slice(x, 1, 0, 8, 2)"), (Shape{3, 4, 8}));
  EXPECT_EQ(ShapeAfter("x = pad_channels(x, 1, 2)"), (Shape{6, 8, 8}));
  EXPECT_EQ(ShapeAfter("x = mul(x, gap(x))"), (Shape{3, 8, 8}));
  EXPECT_EQ(ShapeAfter("x = transpose(reshape(x, {3, 64}), {1, 0})"), (Shape{64, 3}));
  EXPECT_EQ(ShapeAfter("x = reshape(x, {3, 64})\nx = matmul(x, transpose(x, {1, 0}))"), (Shape{3, 3}));
  EXPECT_EQ(ShapeAfter("x = linear(transpose(reshape(x, {3, 64}), {1, 0}), 7)"), (Shape{64, 7}));
  EXPECT_EQ(ShapeAfter("x = mean(layernorm(reshape(x, {3, 64})), 0)"), (Shape{64}));
  EXPECT_EQ(ShapeAfter("x = softmax(gelu(silu(hardswish(x))), 0)"), (Shape{3, 8, 8}));
  EXPECT_EQ(ShapeAfter("x = sub(x, learned({3, 1, 1}))"), (Shape{3, 8, 8}));
  EXPECT_EQ(ShapeAfter("x = gather(x, 1, {7, 0, 0})"), (Shape{3, 3, 8}));
  EXPECT_EQ(ShapeAfter("x = mul(constant({1, -2.5, 3}, {3, 1, 1}), x)"), (Shape{3, 8, 8}));
  EXPECT_EQ(ShapeAfter("x = upsample(x, 2)"), (Shape{3, 16, 16}));
  EXPECT_EQ(ShapeAfter("x = picture(tokens(x), 4, 16)"), (Shape{3, 4, 16}));
}

// As TensorFlow pads: of two rows of zeros one is before, of one it is behind.
TEST(NetScript, ZerosOfTheSamePaddingAreBehindFirst) {
  const auto pads = [](const std::string& convolution) {
    const auto model = Build(kSmallImage + "output('y', " + convolution + ")");
    EXPECT_TRUE(model) << model.error().ToString();
    return *model->graph.nodes[0].Attribute<std::vector<int64_t>>("pads");
  };
  using testing::ElementsAre;
  EXPECT_THAT(pads("conv(x, 4, 3, {same = true})"), ElementsAre(1, 1, 1, 1));
  EXPECT_THAT(pads("conv(x, 4, 3, {same = true, stride = 2})"), ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(pads("conv(x, 4, 5, {same = true, stride = 2})"), ElementsAre(1, 1, 2, 2));
  EXPECT_THAT(pads("conv(x, 4, 1, {same = true, stride = 2})"), ElementsAre(0, 0, 0, 0));
}

TEST(NetScript, SizesAndParametersAreNumbers) {
  const std::string text = kSmallImage + "x = conv(x, size(x) * param('width', 2), size(x, 1) // 3, {name = 'c'})\noutput('y', x)";
  EXPECT_EQ(Build(text)->graph.FindInitializer("c.weight")->dims[0], 6);
  EXPECT_EQ(Build(text, {{"width", 5}})->graph.FindInitializer("c.weight")->dims[0], 15);
  const auto unknown = Build(text, {{"depth", 5}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(unknown.error().message(), HasSubstr("'depth'"));
}

TEST(NetScript, TheSameTextGivesTheSameBytes) {
  const std::string text = kSmallImage + "output('y', conv(x, 4, 3))";
  const auto other_seed = RandomWeightSource(2);
  EXPECT_EQ(*WriteOnnx(*Build(text)), *WriteOnnx(*Build(text)));
  EXPECT_NE(*WriteOnnx(*Build(text)), *WriteOnnx(*RunNetScript(text, "net.lua", {}, *other_seed)));
}

TEST(NetScript, MistakesNameTheLine) {
  ExpectRefusedScript(kSmallImage + "\nx = conv(x, 4", "net.lua:3");
  ExpectRefusedScript(kSmallImage + "conv(y, 4, 3)", "net.lua:2: conv: argument 1 should be a value");
  ExpectRefusedScript(kSmallImage + "conv(x, 'four', 3)", "argument 2 should be a whole number");
  ExpectRefusedScript(kSmallImage + "conv(x, 2.5, 3)", "argument 2 should be a whole number");
  ExpectRefusedScript(kSmallImage + "conv(x, 4, 3, {strides = 2})", "no option 'strides'; there are: ");
  ExpectRefusedScript(kSmallImage + "conv(x, 4, 3, {stride = 'two'})", "option 'stride' should be a whole number");
  ExpectRefusedScript(kSmallImage + "bn(x, {epsilon = 'small'})", "option 'epsilon' should be a number");
  ExpectRefusedScript(kSmallImage + "conv(x, 4, 3, {groups = 2})", "2 groups do not divide 3");
  ExpectRefusedScript(kSmallImage + "conv(x, 4, 30, {padding = 0})", "larger than");
  ExpectRefusedScript(kSmallImage + "conv(x, 0, 3)", "from 1 to");
  ExpectRefusedScript(kSmallImage + "add(x, conv(x, 4, 3))", "do not go together");
  ExpectRefusedScript(kSmallImage + "concat({})", "argument 1");
  ExpectRefusedScript(kSmallImage + "reshape(x, {5, 5})", "cannot become");
  ExpectRefusedScript(kSmallImage + "transpose(x, {0, 0, 1})", "no order");
  ExpectRefusedScript(kSmallImage + "slice(x, 1, 4, 4)", "no part of");
  ExpectRefusedScript(kSmallImage + "linear(x, 10)", "flatten it first");
  ExpectRefusedScript(kSmallImage + "size(x, 9)", "no dimension 9");
  ExpectRefusedScript(kSmallImage + "gather(x, 1, {8})", "no place 8 among 8");
  ExpectRefusedScript(kSmallImage + "gather(x, 3, {0})", "no dimension 3");
  ExpectRefusedScript("constant({1, 2, 3}, {2, 2})", "3 numbers do not fill");
  ExpectRefusedScript("constant({1, 'two'}, {2})", "list of numbers");
  ExpectRefusedScript("learned({0})", "its parameters would be");
  ExpectRefusedScript(kSmallImage + "upsample(x, 0)", "its factor");
  ExpectRefusedScript(kSmallImage + "upsample(flatten(x), 2)", "takes a picture");
  ExpectRefusedScript(kSmallImage + "relu(conv(x, 4, 3, {name = 'c'}))\nconv(x, 4, 3, {name = 'c'})", "two layers have this name");
  ExpectRefusedScript("error('on purpose')", "on purpose");
  ExpectRefusedScript(kSmallImage, "no output");
  ExpectRefusedScript("input('image', 0, 8)", "the input's sides");
}

TEST(NetScriptSandbox, NothingButLayersAndArithmetic) {
  for (const std::string name : {"io", "os", "require", "package", "load", "loadfile", "dofile", "debug", "string", "coroutine", "pcall",
                                 "setmetatable", "rawset", "collectgarbage", "print", "_G", "utf8"})
    ExpectRefusedScript("local y = " + name + ".x", "nil value");
  ExpectRefusedScript("math.random()", "nil value");
  ExpectRefusedScript("(''):rep(10)", "string value");  // texts have no methods
  ExpectRefusedScript("\x1bLua", "binary");             // code made elsewhere
}

TEST(NetScriptSandbox, EndsWhatDoesNotEnd) {
  ExpectRefusedScript("while true do end", "more than");
  ExpectRefusedScript("local function f() return f() end f()", "more than");
  ExpectRefusedScript("local function f() return 1 + f() end f()", "bytes");
  ExpectRefusedScript("local t = {} for i = 1, 1e9 do t[i] = i end", "net.lua");
  ExpectRefusedScript("local s = 'x' while true do s = s .. s end", "bytes");
  ExpectRefusedScript("local s = 'x' for i = 1, 20 do s = s .. s end for i = 1, 1e9 do local t = s .. i end", "net.lua");
  ExpectRefusedScript("table.concat({}, 'x', 1, 1e9)", "net.lua");
  ExpectRefusedScript(std::string(5000, '(') + std::string(5000, ')'), "net.lua");
}

TEST(NetScriptSandbox, NetsAreBounded) {
  ExpectRefusedScript(kSmallImage + "conv(x, 32768, 8000)", "parameters");
  ExpectRefusedScript("local x = input('i', 32768, 32768, 32768) relu(x)", "too large");
  ExpectRefusedScript(kSmallImage + "for i = 1, 1e9 do x = relu(x) end", "net.lua");
}

TEST(WeightSources, ATorchFileGivesItsTensorsOrSaysWhy) {
  const auto random = RandomWeightSource(3);
  const auto a = random->Get("w", {4, 2}, WeightKind::kWeights, 2);
  const auto b = random->Get("w", {4, 2}, WeightKind::kWeights, 2);
  ASSERT_TRUE(a);
  EXPECT_EQ(*a, *b);
  EXPECT_NE(*a, *random->Get("v", {4, 2}, WeightKind::kWeights, 2));
  double square = 0;
  const auto many = random->Get("m", {100, 1000}, WeightKind::kWeights, 50);
  for (const float v : *many) square += static_cast<double>(v) * v;
  EXPECT_NEAR(square / 100000, 2.0 / 50, 0.001);  // 4 standard errors are 0.0007
}

}  // namespace
}  // namespace tradewind
