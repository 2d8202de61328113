// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The native executor against the operators' definitions, on nets of every kind of layer; and its promises: the same bits at any number of
// threads and under every instruction set, memory that does not leak from one run into the next. Tests net.cc, net_builder.cc, op.cc,
// executor.cc, from_onnx.cc (from_onnx_layers.cc, from_onnx_moves.cc, from_onnx_pointwise.cc, from_onnx_quantized.cc), onnx_node.cc,
// tensor.cc and ops/ (convolution.cc, elementwise.cc, pool.cc, rearrange.cc), too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/random.h"
#include "graph/native/executor.h"
#include "graph/native/from_onnx.h"
#include "graph/net_script.h"
#include "graph/quantizers.h"
#include "reference_graph.h"

namespace tradewind {
namespace {

OnnxModel Net(const std::string& text) {
  const auto weights = RandomWeightSource(7);
  auto model = RunNetScript(text, "net.lua", {}, *weights);
  EXPECT_TRUE(model) << model.error().ToString();
  return model ? *std::move(model) : OnnxModel();
}

std::unique_ptr<NativeExecutor> Executor(const OnnxModel& model, Isa isa, int threads, int64_t batch = 1) {
  auto net = NativeFromOnnx(model, {.batch = batch});
  EXPECT_TRUE(net) << net.error().ToString();
  if (!net) return nullptr;
  auto executor = NativeExecutor::Make(std::move(*net), isa, threads);
  EXPECT_TRUE(executor);
  return executor ? std::move(*executor) : nullptr;
}

Tensor Picture(std::vector<int64_t> shape, uint64_t seed) {
  Tensor t = Tensor::Of<float>(std::move(shape));
  Random random(seed);
  for (float& v : t.Values<float>()) v = static_cast<float>(random.Normal());
  return t;
}

// Runs a net by the executor and by its definition; the numbers are near each other, of everything that has a size of about 1.
void ExpectAsDefined(const std::string& text, const std::vector<int64_t>& shape, double tolerance = 2e-5) {
  OnnxModel model = Net(text);
  // Batch norms that do something.
  Random random(9);
  for (OnnxTensor& t : model.graph.initializers) {
    if (t.name.find(".running") == std::string::npos && t.name.find(".bias") == std::string::npos) continue;
    std::vector<float> values;
    for (int64_t i = 0; i < t.values(); ++i) values.push_back(static_cast<float>(0.5 + random.Uniform()));
    t = OnnxTensor::Of(t.name, t.dims, values);
  }
  const auto executor = Executor(model, AvailableIsas().back(), 2, shape[0]);
  ASSERT_NE(executor, nullptr) << text;
  const Tensor input = Picture(shape, 11);
  const auto out = executor->Run({&input, 1});
  ASSERT_TRUE(out) << out.error().ToString();
  RefTensor reference_input{shape, {}};
  for (const float v : input.Values<float>()) reference_input.values.push_back(v);
  const RefTensor expected = ReferenceGraph(model).Run(reference_input);
  ASSERT_EQ((*out)[0].shape, expected.dims) << text;
  const auto values = (*out)[0].Values<float>();
  for (size_t i = 0; i < expected.values.size(); ++i) {
    ASSERT_NEAR(values[i], expected.values[i], tolerance * (1 + std::fabs(expected.values[i]))) << text << " at " << i;
  }
}
const std::string kImage = "local x = input('image', 3, 9, 7)\n";
void ExpectLayersAsDefined(const std::string& layers) {
  ExpectAsDefined(kImage + layers + "\noutput('y', x)", {2, 3, 9, 7});
}

TEST(NativeGraph, ConvolutionsAreAsDefined) {
  ExpectLayersAsDefined("x = conv(x, 5, 3)");
  ExpectLayersAsDefined("x = conv(x, 20, 1, {bias = true})");
  ExpectLayersAsDefined("x = conv(x, 33, 3, {stride = 2})");
  ExpectLayersAsDefined("x = conv(x, 16, 5, {padding = 0})");
  ExpectLayersAsDefined("x = conv(x, 16, 3, {dilation = 2})");
  ExpectLayersAsDefined("x = conv(x, 16, 1, {kernel_width = 7})");
  ExpectLayersAsDefined("x = conv(x, 8, 3, {padding = 3, stride = 3})");
  ExpectLayersAsDefined("x = conv(conv(x, 12, 3), 24, 3, {groups = 4})");
  ExpectLayersAsDefined("x = conv(conv(x, 36, 1), 36, 3, {groups = 36})");
  ExpectLayersAsDefined("x = conv(conv(x, 17, 1), 17, 5, {groups = 17, stride = 2, bias = true})");
  ExpectLayersAsDefined("x = conv(conv(x, 4, 1), 8, 3, {groups = 4})");
}

TEST(NativeGraph, WhatFollowsAConvolutionGoesIntoIt) {
  ExpectLayersAsDefined("x = relu(bn(conv(x, 20, 3)))");
  ExpectLayersAsDefined("x = relu6(bn(conv(conv(x, 20, 1), 20, 3, {groups = 20, bias = true})))");
  ExpectLayersAsDefined("x = bn(relu(conv(x, 20, 3)))");                       // too late to go in
  ExpectLayersAsDefined("local y = conv(x, 20, 3)\nx = add(relu(y), bn(y))");  // two readers
  ExpectLayersAsDefined("local y = conv(x, 20, 3)\nx = relu(add(conv(x, 20, 1), y))");
  ExpectLayersAsDefined("local y = conv(x, 20, 3)\nlocal z = conv(x, 20, 1)\nx = add(add(y, z), y)");
  ExpectLayersAsDefined("local y = relu(conv(x, 20, 3))\nx = add(y, y)");
  ExpectLayersAsDefined("x = conv(x, 8, 3)\nfor i = 1, 3 do x = relu(add(bn(conv(relu(bn(conv(x, 8, 3))), 8, 3)), x)) end");
}

TEST(NativeGraph, OtherLayersAreAsDefined) {
  ExpectLayersAsDefined("x = maxpool(x, 3, 2, 1)");
  ExpectLayersAsDefined("x = avgpool(x, 3, 2, 1)");
  ExpectLayersAsDefined("x = avgpool(conv(x, 20, 1), 2)");
  ExpectLayersAsDefined("x = gap(conv(x, 20, 3))");
  ExpectLayersAsDefined("x = concat({x, conv(x, 5, 1), relu(x)})");
  ExpectLayersAsDefined("x = mul(x, sigmoid(conv(gap(x), 3, 1, {bias = true})))");
  ExpectLayersAsDefined("x = hardswish(conv(x, 9, 3))");
  ExpectLayersAsDefined("x = hardsigmoid(conv(x, 9, 3))");
  ExpectLayersAsDefined("x = silu(conv(x, 9, 3))");
  ExpectLayersAsDefined("x = scale(relu(x), 0.5)");
  ExpectLayersAsDefined("x = slice(slice(x, 1, 0, 9, 2), 2, 0, 7, 3)");
  ExpectLayersAsDefined("x = pad_channels(x, 2, 3)");
  ExpectLayersAsDefined("x = linear(flatten(x), 10)");
  ExpectLayersAsDefined("x = linear(relu(linear(flatten(gap(conv(x, 20, 3))), 40)), 10, {bias = false})");
  ExpectLayersAsDefined("x = softmax(linear(flatten(conv(x, 4, 3)), 10), 0)");
  ExpectLayersAsDefined("x = concat({flatten(gap(x)), flatten(gap(relu(x)))})");
}

TEST(NativeGraph, NumbersMoveAsDefined) {
  ExpectLayersAsDefined("x = transpose(x, {1, 2, 0})");
  ExpectLayersAsDefined("x = relu(transpose(conv(x, 5, 3), {2, 0, 1}))");
  ExpectLayersAsDefined("x = reshape(x, {3, 63})");
  ExpectLayersAsDefined("x = reshape(transpose(conv(x, 4, 3), {1, 2, 0}), {126, 2})");
  ExpectLayersAsDefined(
      "x = conv(x, 12, 1)\nx = reshape(transpose(reshape(x, {2, 6, 9, 7}), {1, 0, 2, 3}), {12, 9, 7})\nx = conv(x, 5, 3)");
  ExpectLayersAsDefined("x = slice(x, 0, 1, 3)");
  ExpectLayersAsDefined("x = conv(slice(slice(x, 1, 1, 8, 3), 2, 2, 7), 6, 3)");
  ExpectLayersAsDefined("x = concat({x, relu(x)}, 1)");
  ExpectLayersAsDefined("x = concat({reshape(conv(x, 4, 3), {4, 63}), reshape(relu(conv(x, 2, 1)), {2, 63})}, 0)");
  ExpectLayersAsDefined("x = softmax(conv(x, 6, 1), 0)");
  ExpectLayersAsDefined("x = softmax(transpose(reshape(conv(x, 6, 1), {6, 63}), {1, 0}), 1)");
  ExpectLayersAsDefined("x = linear(reshape(transpose(conv(x, 4, 3), {1, 2, 0}), {252}), 6)");
  ExpectLayersAsDefined("x = linear(transpose(reshape(conv(x, 4, 3), {4, 63}), {1, 0}), 6)");
}

// What follows a part of a value must not go into what made the whole.
TEST(NativeGraph, PartsOfAValueAreOneAnothersNeighbours) {
  ExpectLayersAsDefined("local a = conv(x, 8, 3)\nx = concat({relu(slice(a, 0, 0, 4)), slice(a, 0, 4, 8)}, 0)");
  ExpectLayersAsDefined("local a = conv(x, 8, 3)\nx = add(relu(a), scale(slice(concat({a, a}, 0), 0, 8, 16), 0.5))");
}

TEST(NativeGraph, AWholeResidualNet) {
  ExpectAsDefined(R"(
    local x = relu(bn(conv(input('image', 3, 16, 16), 16, 3)))
    for _, width in ipairs {16, 24} do
      for block = 0, 1 do
        local stride = (width > 16 and block == 0) and 2 or 1
        local y = bn(conv(relu(bn(conv(x, width, 3, {stride = stride}))), width, 3))
        if stride > 1 then
          x = pad_channels(slice(slice(x, 1, 0, size(x, 1), 2), 2, 0, size(x, 2), 2), 4, 4)
        end
        x = relu(add(y, x))
      end
    end
    output('logits', linear(flatten(gap(x)), 10)))",
                  {3, 3, 16, 16}, 1e-4);
}

const std::string kMobile = R"(
  local x = relu6(bn(conv(input('image', 3, 33, 29), 8, 3, {stride = 2})))
  for _, width in ipairs {16, 24, 40} do
    local y = relu6(bn(conv(x, 3 * size(x), 1)))
    y = relu6(bn(conv(y, size(y), 3, {groups = size(y), stride = 2})))
    x = bn(conv(y, width, 1))
    x = add(bn(conv(relu6(conv(x, 2 * width, 1)), width, 1)), x)
  end
  output('logits', linear(flatten(gap(x)), 100)))";

TEST(NativeGraph, TheSameBitsForAnyThreadsAndInstructionSet) {
  const OnnxModel model = Net(kMobile);
  const Tensor input = Picture({1, 3, 33, 29}, 3);
  const auto expected = Executor(model, Isa::kGeneric, 1)->Run({&input, 1});
  ASSERT_TRUE(expected);
  for (const Isa isa : AvailableIsas()) {
    for (const int threads : {1, 2, 3, 7}) {
      const auto out = Executor(model, isa, threads)->Run({&input, 1});
      ASSERT_TRUE(out);
      EXPECT_EQ((*out)[0].data, (*expected)[0].data) << IsaName(isa) << " " << threads;
    }
  }
}

// A picture's numbers do not depend on its neighbours in a batch.
TEST(NativeGraph, TheSameBitsInAnyBatch) {
  const OnnxModel model = Net(kMobile);
  const Tensor three = Picture({3, 3, 33, 29}, 4);
  const auto batched = Executor(model, AvailableIsas().back(), 2, 3)->Run({&three, 1});
  ASSERT_TRUE(batched);
  const auto alone = Executor(model, AvailableIsas().back(), 2);
  const size_t picture = 3 * 33 * 29;
  for (size_t i = 0; i < 3; ++i) {
    Tensor one = Tensor::Of<float>({1, 3, 33, 29});
    std::memcpy(one.data.data(), three.data.data() + i * picture * 4, picture * 4);
    const auto out = alone->Run({&one, 1});
    ASSERT_TRUE(out);
    EXPECT_EQ(std::memcmp((*out)[0].data.data(), (*batched)[0].data.data() + i * 400, 400), 0) << i;
  }
}

// Borders are cleared: what another value left there does not come into the next run.
TEST(NativeGraph, ARunLeavesNothingForTheNext) {
  const OnnxModel model = Net(kMobile);
  const auto executor = Executor(model, AvailableIsas().back(), 2);
  const Tensor a = Picture({1, 3, 33, 29}, 5);
  const Tensor b = Picture({1, 3, 33, 29}, 6);
  const auto first = executor->Run({&a, 1});
  ASSERT_TRUE(executor->Run({&b, 1}));
  const auto again = executor->Run({&a, 1});
  ASSERT_TRUE(first && again);
  EXPECT_EQ((*first)[0].data, (*again)[0].data);
}

// A net with ONNX's quantisers, steps that are powers of two and zero points that are not 0: all sums are exact, so that no bit may differ.
OnnxModel QuantizedNet() {
  OnnxModel model = Net(kImage +
                        "x = relu(conv(x, 8, 3, {bias = true, name = 'a'}))\nx = add(conv(x, 8, 3, {bias = true, name = 'b'}), x)\n"
                        "output('y', linear(flatten(conv(x, 4, 3, {stride = 2, bias = true, name = 'c'})), 3, {name = 'd'}))");
  EXPECT_TRUE(InsertQuantizers(model, {.weight_bits = 4, .value_bits = 5}));
  for (OnnxTensor& t : model.graph.initializers) {
    if (t.name.ends_with(".scale"))
      t = OnnxTensor::Of(t.name, t.dims, std::vector<float>(static_cast<size_t>(t.values()), t.dims.empty() ? 0.25f : 0.125f));
    if (t.name.ends_with(".bias")) t = OnnxTensor::Of(t.name, t.dims, std::vector<float>(static_cast<size_t>(t.values()), 0.375f));
  }
  EXPECT_TRUE(LowerQuantizers(model));
  for (OnnxTensor& t : model.graph.initializers) {
    if (!t.name.ends_with(".zero")) continue;
    std::vector<std::byte> zeros;
    for (int64_t i = 0; i < t.values(); ++i) zeros.push_back(static_cast<std::byte>(t.type == OnnxType::kUint8 ? 7 : i % 3));
    t = OnnxTensor::OfBytes(t.name, t.type, t.dims, zeros);
  }
  return model;
}

TEST(NativeGraph, QuantisedNetsAreAsDefined) {
  const OnnxModel model = QuantizedNet();
  for (const Isa isa : AvailableIsas()) {
    const auto executor = Executor(model, isa, 2);
    ASSERT_NE(executor, nullptr);
    const Tensor input = Picture({1, 3, 9, 7}, 11);
    const auto out = executor->Run({&input, 1});
    ASSERT_TRUE(out) << out.error().ToString();
    RefTensor reference_input{{1, 3, 9, 7}, {}};
    for (const float v : input.Values<float>()) reference_input.values.push_back(v);
    const RefTensor expected = ReferenceGraph(model).Run(reference_input);
    const auto values = (*out)[0].Values<float>();
    ASSERT_EQ(values.size(), expected.values.size());
    for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i], expected.values[i]) << i;
  }
}

TEST(NativeGraph, QuantisedNetsThatItCannotRunAreNamed) {
  OnnxModel model = QuantizedNet();
  const auto error_with = [&](auto change) {
    OnnxModel changed = model;
    change(changed.graph);
    const auto net = NativeFromOnnx(changed, {});
    return net ? "" : net.error().ToString();
  };
  const auto first_of = [](OnnxGraph& graph, const std::string& op) -> OnnxNode& {
    return *std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](const OnnxNode& n) { return n.op_type == op; });
  };
  EXPECT_THAT(error_with([&](OnnxGraph& g) {
                const std::string whole = first_of(g, "QuantizeLinear").outputs[0];
                for (OnnxNode& n : g.nodes) {
                  if (n.op_type == "DequantizeLinear" && n.inputs[0] == whole) n.op_type = "Relu";
                }
              }),
              testing::HasSubstr("only DequantizeLinear takes"));
  EXPECT_THAT(error_with([&](OnnxGraph& g) {
                const OnnxNode quantize = first_of(g, "QuantizeLinear");
                g.initializers.push_back(OnnxTensor::Of("other", {}, std::vector<float>{0.5f}));
                for (OnnxNode& n : g.nodes) {
                  if (n.op_type == "DequantizeLinear" && n.inputs[0] == quantize.outputs[0]) n.inputs[1] = "other";
                }
              }),
              testing::HasSubstr("another scale"));
  EXPECT_THAT(error_with([&](OnnxGraph& g) { first_of(g, "QuantizeLinear").inputs[1] = first_of(g, "QuantizeLinear").inputs[2]; }),
              testing::HasSubstr("where float is due"));
  EXPECT_THAT(error_with([&](OnnxGraph& g) {
                for (OnnxTensor& t : g.initializers) {
                  if (t.name.ends_with("weight.zero")) t = OnnxTensor::OfBytes(t.name, OnnxType::kInt8, {1}, {std::byte{0}});
                }
              }),
              testing::HasSubstr("zero points that do not fit"));
}

TEST(NativeGraph, MemoryIsSharedOverTime) {
  std::string deep = "local x = conv(input('image', 3, 32, 32), 16, 3)\n";
  for (int i = 0; i < 20; ++i) deep += "x = relu(conv(x, 16, 3))\n";
  auto net = NativeFromOnnx(Net(deep + "output('y', x)"), {});
  ASSERT_TRUE(net);
  const auto planned = PlanNet(*net);
  ASSERT_TRUE(planned);
  const MemoryPlan& plan = *planned;
  int64_t all = 0;
  int64_t largest = 0;
  for (const NativeValue& v : net->values) {
    all += v.bytes();
    largest = std::max(largest, v.bytes());
  }
  EXPECT_LE(plan.bytes, 2 * (largest + 64));
  EXPECT_GT(all, 10 * plan.bytes);
}

void ExpectNoNativeNet(const std::string& layers, const std::string& words) {
  const OnnxModel model = Net(kImage + layers + "\noutput('y', x)");
  const auto net = NativeFromOnnx(model, {});
  ASSERT_FALSE(net) << layers;
  EXPECT_EQ(net.error().code(), StatusCode::kUnsupported) << net.error().ToString();
  EXPECT_THAT(net.error().ToString(), testing::HasSubstr(words)) << layers;
  EXPECT_THAT(net.error().where(), testing::StartsWith("node ")) << layers;
}
TEST(NativeGraph, WhatItCannotRunIsNamed) {
  ExpectNoNativeNet("x = softmax(x, 1)", "another axis than channels");
  ExpectNoNativeNet("x = reshape(reshape(slice(x, 2, 0, 6), {3, 9, 2, 3}), {1, 3, 9, 6, 1})", "only two to four axes");
  ExpectNoNativeNet("x = conv(x, 64, 1)\nfor i = 1, 5000 do x = reshape(reshape(x, {4032}), {64, 9, 7}) end", "keeps track of");
  ExpectNoNativeNet("x = gelu(x)", "Erf");
}

// The file's check lets inputs be left out, as some operators' may be.
TEST(NativeGraph, InputsThatAreLeftOutAreNamed) {
  for (const OnnxNode& node :
       {OnnxNode{.op_type = "Identity", .outputs = {"z"}}, OnnxNode{.op_type = "Dropout", .inputs = {""}, .outputs = {"z"}},
        OnnxNode{.op_type = "Add", .inputs = {"image", ""}, .outputs = {"z"}}, OnnxNode{.op_type = "DequantizeLinear", .outputs = {"z"}},
        OnnxNode{.op_type = "Relu", .outputs = {"z"}}}) {
    OnnxModel model = Net(kImage + "output('y', relu(x))");
    model.graph.nodes.push_back(node);
    const auto net = NativeFromOnnx(model, {});
    ASSERT_FALSE(net) << node.op_type;
    EXPECT_THAT(net.error().ToString(), testing::HasSubstr(node.op_type));
  }
}

// With a stride that is longer than what is missing, a quotient that is cut would give one place.
TEST(NativeGraph, WindowsLargerThanThePictureAreRefused) {
  for (const auto& [layer, op] : {std::pair{"conv(x, 4, 3, {padding = 1, stride = 8})", "Conv"}, {"maxpool(x, 3, 8, 1)", "MaxPool"}}) {
    OnnxModel model = Net("local x = input('image', 3, 1, 9)\noutput('y', " + std::string(layer) + ")");
    EXPECT_TRUE(NativeFromOnnx(model, {})) << op;
    for (OnnxAttribute& a : model.graph.nodes[0].attributes) {
      if (a.name == "pads") a.value = std::vector<int64_t>{0, 0, 0, 0};
    }
    const auto net = NativeFromOnnx(model, {});
    ASSERT_FALSE(net) << op;
    EXPECT_THAT(net.error().ToString(), testing::AllOf(testing::HasSubstr("larger than the picture"), testing::HasSubstr(op)));
  }
}

// Of the two outputs that such a node claims, the operator has one.
TEST(NativeGraph, OutputsThatNothingMakesAreNamedWhereTheyAreUsed) {
  OnnxModel model = Net(kImage + "output('y', relu(x))");
  model.graph.nodes.push_back({.op_type = "Sigmoid", .inputs = {"image"}, .outputs = {"z", "more"}});
  EXPECT_TRUE(NativeFromOnnx(model, {})) << "nobody asks for it";
  model.graph.nodes.push_back({.op_type = "Relu", .inputs = {"more"}, .outputs = {"last"}});
  const auto net = NativeFromOnnx(model, {});
  ASSERT_FALSE(net);
  EXPECT_THAT(net.error().ToString(), testing::HasSubstr("'more'"));
}

TEST(NativeGraph, InputsOfAnotherShapeAreRefused) {
  const auto executor = Executor(Net(kImage + "output('y', relu(x))"), Isa::kGeneric, 1);
  const Tensor wrong = Picture({1, 3, 7, 9}, 1);
  const auto out = executor->Run({&wrong, 1});
  ASSERT_FALSE(out);
  EXPECT_THAT(out.error().message(), testing::HasSubstr("1x3x9x7, not float 1x3x7x9"));
  const Tensor bytes = Tensor::Of<uint8_t>({1, 3, 9, 7});
  EXPECT_FALSE(executor->Run({&bytes, 1}));
  EXPECT_FALSE(executor->Run({}));
}

TEST(NativeGraph, AProfileHasEveryOperator) {
  const auto executor = Executor(Net(kImage + "output('y', gap(relu(conv(x, 20, 3))))"), Isa::kGeneric, 1);
  const Tensor input = Picture({1, 3, 9, 7}, 1);
  const auto times = executor->Profile({&input, 1});
  ASSERT_TRUE(times);
  ASSERT_EQ(times->size(), 2u);
  EXPECT_EQ((*times)[0].kind, "convolution");
  EXPECT_EQ((*times)[0].multiply_adds, 9 * 7 * 20 * 27);
  EXPECT_EQ((*times)[1].kind, "average pool");
}

TEST(NativeGraph, TooMuchMemoryIsRefused) {
  const OnnxModel model = Net("output('y', relu(conv(input('image', 64, 8192, 8192), 4, 1)))");
  auto net = NativeFromOnnx(model, {.batch = 1000});
  ASSERT_TRUE(net);
  const auto executor = NativeExecutor::Make(std::move(*net), Isa::kGeneric, 1);
  ASSERT_FALSE(executor);
  EXPECT_EQ(executor.error().code(), StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace tradewind
