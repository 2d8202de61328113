// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Graphs taken apart and put together (surgery.cc, insertions.cc): each against the whole graph's numbers by the reference.
#include "graph/surgery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "base/random.h"
#include "graph/native/from_onnx.h"
#include "graph/net_script.h"
#include "reference_graph.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

OnnxModel NetOf(const std::string& text) {
  const auto weights = RandomWeightSource(5);
  auto model = RunNetScript(text, "net.lua", {}, *weights);
  EXPECT_TRUE(model) << model.error().ToString();
  Random random(6);
  for (OnnxTensor& t : model->graph.initializers) {  // norms that do something
    if (t.name.find(".running") == std::string::npos && t.name.find(".bias") == std::string::npos) continue;
    std::vector<float> values;
    for (int64_t i = 0; i < t.values(); ++i) values.push_back(static_cast<float>(0.5 + random.Uniform()));
    t = OnnxTensor::Of(t.name, t.dims, values);
  }
  return *std::move(model);
}
const std::string kResidual = R"(
  local x = relu(bn(conv(input('image', 3, 9, 9), 8, 3)))
  for block = 1, 3 do
    local y = bn(conv(relu(bn(conv(x, 8, 3))), 8, 3))
    x = relu(add(y, x))
  end
  output('logits', linear(flatten(gap(x)), 5)))";

RefTensor Picture(int64_t side = 9) {
  RefTensor t = RefMake({1, 3, side, side});
  Random random(8);
  for (double& v : t.values) v = static_cast<float>(random.Normal());
  return t;
}
void ExpectNear(const RefTensor& a, const RefTensor& b, double tolerance) {
  ASSERT_EQ(a.dims, b.dims);
  for (size_t i = 0; i < a.values.size(); ++i) ASSERT_NEAR(a.values[i], b.values[i], tolerance) << i;
}
size_t CountOf(const OnnxModel& model, const std::string& op) {
  return static_cast<size_t>(
      std::count_if(model.graph.nodes.begin(), model.graph.nodes.end(), [&](const OnnxNode& n) { return n.op_type == op; }));
}

TEST(Surgery, FoldedBatchNormsChangeNothing) {
  OnnxModel model = NetOf(kResidual);
  const RefTensor whole = ReferenceGraph(model).Run(Picture());
  const auto folded = FoldBatchNorms(model);
  ASSERT_TRUE(folded) << folded.error().ToString();
  EXPECT_EQ(*folded, 7);
  EXPECT_EQ(CountOf(model, "BatchNormalization"), 0u);
  EXPECT_EQ(model.graph.FindInitializer("layer0.weight"), nullptr) << "old weights stay";
  ExpectNear(ReferenceGraph(model).Run(Picture()), whole, 1e-5);
  EXPECT_TRUE(WriteOnnx(model));
}
TEST(Surgery, ABatchNormOfAValueThatOthersReadStays) {
  OnnxModel model = NetOf("local x = conv(input('image', 3, 9, 9), 8, 3)\noutput('y', add(bn(x), x))");
  EXPECT_EQ(*FoldBatchNorms(model), 0);
}

// The same weights over larger pictures are the net that is described for those.
TEST(Surgery, AnotherResolutionIsTheNetOfThatResolution) {
  const std::string text =
      "local x = conv(input('image', 3, SIDE, SIDE), 6, 3)\nx = relu(add(conv(x, 6, 3), x))\n"
      "x = slice(slice(x, 1, 0, size(x, 1), 2), 2, 0, size(x, 2), 2)\noutput('y', linear(flatten(gap(x)), 5))";
  const auto of_side = [&](const std::string& side) {
    std::string net = text;
    for (size_t at; (at = net.find("SIDE")) != std::string::npos;) net.replace(at, 4, side);
    return NetOf(net);
  };
  OnnxModel model = of_side("8");
  ASSERT_TRUE(SetResolution(model, 12, 12));
  ASSERT_TRUE(WriteOnnx(model));
  RefTensor picture = RefMake({1, 3, 12, 12});
  for (size_t i = 0; i < picture.values.size(); ++i) picture.values[i] = static_cast<double>(i % 17) / 17;
  ExpectNear(ReferenceGraph(model).Run(picture), ReferenceGraph(of_side("12")).Run(picture), 1e-12);
  const auto native = NativeFromOnnx(model, {});
  ASSERT_TRUE(native) << native.error().ToString();
  EXPECT_EQ(native->inputs[0].edge.shape, (std::vector<int64_t>{1, 3, 12, 12}));
}

TEST(Surgery, HeadAndTailAreTheWhole) {
  const OnnxModel model = NetOf(kResidual);
  const RefTensor whole = ReferenceGraph(model).Run(Picture());
  const auto points = CutPoints(model);
  ASSERT_TRUE(points) << points.error().ToString();
  EXPECT_GE(points->size(), 6u);
  for (const std::string& at : *points) {
    const auto cut = CutGraph(model, at);
    ASSERT_TRUE(cut) << at << ": " << cut.error().ToString();
    EXPECT_EQ(cut->crossing, std::vector<std::string>{at});
    EXPECT_EQ(cut->head.graph.nodes.size() + cut->tail.graph.nodes.size(), model.graph.nodes.size());
    const RefTensor between = ReferenceGraph(cut->head).Run(Picture());
    const RefTensor result = ReferenceGraph(cut->tail).Run(between);
    EXPECT_EQ(result.values, whole.values) << at;
    ASSERT_TRUE(cut->tail.graph.inputs[0].shape) << at;
    EXPECT_TRUE(WriteOnnx(cut->head) && WriteOnnx(cut->tail));
  }
}
TEST(Surgery, ACutInsideABlockSendsTheShortcutToo) {
  const OnnxModel model = NetOf(kResidual);
  const auto points = *CutPoints(model);
  for (const OnnxNode& node : model.graph.nodes) {
    if (node.op_type != "Conv" || node.name == "Conv_0") continue;
    const auto cut = CutGraph(model, node.outputs[0]);
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->crossing.size(), 2u) << node.name;
    EXPECT_EQ(std::count(points.begin(), points.end(), node.outputs[0]), 0);
  }
}
TEST(Surgery, CutsThatCannotBeAreNamed) {
  const OnnxModel model = NetOf(kResidual);
  const auto unknown = CutGraph(model, "nowhere");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(unknown.error().ToString(), HasSubstr("'nowhere'"));
  const auto last = CutGraph(model, "logits");
  ASSERT_FALSE(last);
  EXPECT_THAT(last.error().ToString(), HasSubstr("nothing is behind it"));
}

// The blocks' ends: what the additions' rectifiers give.
std::vector<std::string> RectifiedSums(const OnnxModel& model) {
  std::vector<std::string> ends;
  for (size_t i = 1; i < model.graph.nodes.size(); ++i) {
    if (model.graph.nodes[i].op_type == "Relu" && model.graph.nodes[i - 1].op_type == "Add")
      ends.push_back(model.graph.nodes[i].outputs[0]);
  }
  return ends;
}
TEST(Surgery, ABlockTakenOutIsANetWithoutIt) {
  OnnxModel model = NetOf(kResidual);
  const std::vector<std::string> ends = RectifiedSums(model);
  ASSERT_EQ(ends.size(), 3u);
  // The same by hand: the second block's end is the first's.
  OnnxModel by_hand = model;
  for (OnnxNode& node : by_hand.graph.nodes) std::replace(node.inputs.begin(), node.inputs.end(), ends[1], ends[0]);
  const RefTensor expected = ReferenceGraph(by_hand).Run(Picture());
  const size_t before = model.graph.nodes.size();
  ASSERT_TRUE(Bypass(model, ends[0], ends[1]));
  EXPECT_EQ(model.graph.nodes.size(), before - 7);
  EXPECT_EQ(ReferenceGraph(model).Run(Picture()).values, expected.values);
}
TEST(Surgery, ABypassKeepsTheOutputsName) {
  OnnxModel model = NetOf("local x = relu(conv(input('image', 3, 9, 9), 8, 3))\noutput('y', conv(x, 8, 3))");
  ASSERT_TRUE(Bypass(model, "Relu_1", "y"));
  EXPECT_EQ(model.graph.outputs[0].name, "y");
  EXPECT_EQ(ReferenceGraph(model).Run(Picture()).dims, (std::vector<int64_t>{1, 8, 9, 9}));
}
TEST(Surgery, BypassesThatCannotBeAreNamed) {
  OnnxModel model = NetOf(kResidual);
  const std::vector<std::string> ends = RectifiedSums(model);
  EXPECT_THAT(Bypass(model, "nowhere", ends[1]).error().ToString(), HasSubstr("'nowhere'"));
  EXPECT_THAT(Bypass(model, ends[1], ends[0]).error().ToString(), HasSubstr("cannot stand in its place"));
  EXPECT_THAT(Bypass(model, "image", ends[0]).error().ToString(), HasSubstr("another shape"));
}

TEST(Surgery, AnExitIsAPooledLinearHead) {
  OnnxModel model = NetOf(kResidual);
  const std::string at = RectifiedSums(model)[0];
  const auto weights = RandomWeightSource(9);
  ASSERT_TRUE(InsertExit(model, at, {.classes = 7, .name = "exit.0"}, *weights));
  ASSERT_EQ(model.graph.outputs.size(), 2u);
  EXPECT_EQ(model.graph.outputs[0].name, "exit.0");
  // The exit alone, against the pooled head worked out from the cut's head.
  const auto cut = CutGraph(model, at);
  ASSERT_TRUE(cut);
  const RefTensor value = ReferenceGraph(cut->head).Run(Picture());
  OnnxModel only = model;
  only.graph.outputs = {model.graph.outputs[0]};
  ASSERT_TRUE(RemoveUnused(only));
  const RefTensor exit = ReferenceGraph(only).Run(Picture());
  ASSERT_EQ(exit.dims, (std::vector<int64_t>{1, 7}));
  const OnnxTensor* matrix = model.graph.FindInitializer("exit.0.weight");
  for (int64_t n = 0; n < 7; ++n) {
    double sum = 0;
    for (int64_t c = 0; c < 8; ++c) {
      double mean = 0;
      for (int64_t p = 0; p < 81; ++p) mean += value.values[static_cast<size_t>(c * 81 + p)] / 81;
      sum += mean * matrix->At<float>(n * 8 + c);
    }
    EXPECT_NEAR(exit.values[static_cast<size_t>(n)], sum, 1e-6);
  }
  // A grid of 3 sees nine means a channel, channels first.
  ASSERT_TRUE(InsertExit(model, at, {.classes = 7, .name = "exit.grid", .grid = 3}, *weights));
  OnnxModel grid = model;
  grid.graph.outputs = {model.graph.outputs[1]};
  ASSERT_TRUE(RemoveUnused(grid));
  const RefTensor seen = ReferenceGraph(grid).Run(Picture());
  const OnnxTensor* fine = model.graph.FindInitializer("exit.grid.weight");
  ASSERT_EQ(fine->dims, (std::vector<int64_t>{7, 72}));
  double sum = 0;
  for (int64_t c = 0; c < 8; ++c) {
    for (int64_t y = 0; y < 9; ++y) {
      for (int64_t x = 0; x < 9; ++x)
        sum += value.values[static_cast<size_t>(c * 81 + y * 9 + x)] / 9 * fine->At<float>(c * 9 + y / 3 * 3 + x / 3);
    }
  }
  EXPECT_NEAR(seen.values[0], sum, 1e-6);
  const auto native = NativeFromOnnx(grid, {});
  EXPECT_TRUE(native) << native.error().ToString();
  EXPECT_FALSE(InsertExit(model, at, {.classes = 7, .name = "exit.1", .grid = 2}, *weights)) << "9 is no multiple of 2";
  EXPECT_FALSE(InsertExit(model, "nowhere", {.classes = 7, .name = "exit.1"}, *weights));
  EXPECT_FALSE(InsertExit(model, at, {.classes = 0, .name = "exit.1"}, *weights));
  EXPECT_FALSE(InsertExit(model, at, {.classes = 7, .name = "exit.0"}, *weights)) << "a name that is taken";
}

TEST(Surgery, ValuesAreDescribedAsTheDescriptionSaysThem) {
  OnnxModel model = NetOf(kResidual);
  const auto of = [](const OnnxModel& m) {
    std::map<std::string, std::vector<int64_t>> shapes;
    for (const OnnxValue& v : m.graph.values) {
      for (const OnnxDimension& d : *v.shape) shapes[v.name].push_back(d.value.value_or(1));
    }
    return shapes;
  };
  const auto before = of(model);
  ASSERT_GT(before.size(), 20u);
  model.graph.values.clear();
  const auto described = DescribeValues(model);
  ASSERT_TRUE(described) << described.error().ToString();
  const auto after = of(model);
  for (const auto& [name, shape] : before) {
    ASSERT_TRUE(after.contains(name)) << name;
    EXPECT_EQ(after.at(name), shape) << name;
  }
}

TEST(Surgery, WithoutItsSoftmaxANetGivesLogits) {
  OnnxModel model = NetOf("output('p', softmax(linear(flatten(gap(relu(input('image', 3, 9, 9)))), 5), 0))");
  const RefTensor shares = ReferenceGraph(model).Run(Picture());
  EXPECT_EQ(*RemoveSoftmaxes(model), 1);
  const RefTensor logits = ReferenceGraph(model).Run(Picture());
  double sum = 0;
  for (const double v : logits.values) sum += std::exp(v);
  for (size_t i = 0; i < 5; ++i) EXPECT_NEAR(std::exp(logits.values[i]) / sum, shares.values[i], 1e-6);
  EXPECT_EQ(*RemoveSoftmaxes(model), 0);
}

TEST(Surgery, WeightsListedAsInputsGo) {
  TW_REQUIRE_DATA(path, SharedPath("assets/vision/ultraface/version-slim-320_simplified.onnx"));
  auto model = ReadOnnx(path);
  ASSERT_TRUE(model) << model.error().ToString();
  EXPECT_EQ(model->graph.inputs.size(), 93u);
  EXPECT_EQ(RemoveWeightsFromInputs(*model), 92);
  ASSERT_EQ(model->graph.inputs.size(), 1u);
  EXPECT_EQ(model->graph.inputs[0].name, "input");
  EXPECT_TRUE(WriteOnnx(*model));
}

TEST(Surgery, BlocksEndAtTheirSums) {
  const OnnxModel model = NetOf(kResidual);
  const auto ends = BlockEnds(model);
  ASSERT_TRUE(ends) << ends.error().ToString();
  ASSERT_EQ(ends->size(), 3u);
  EXPECT_EQ(*ends, RectifiedSums(model));
  // Without an activation behind it, the sum itself.
  const OnnxModel plain = NetOf("local x = conv(input('image', 3, 9, 9), 4, 3)\noutput('y', flatten(conv(add(conv(x, 4, 3), x), 4, 3)))");
  EXPECT_THAT(*BlockEnds(plain), testing::ElementsAre(testing::StartsWith("Add_")));
}

// The parts' means and the hidden sums, worked out from what the head of a cut gives.
TEST(Surgery, AnExitMayPoolToAGridAndHaveHiddenSums) {
  OnnxModel model = NetOf(kResidual);
  const std::string at = BlockEnds(model)->front();
  const auto weights = RandomWeightSource(2);
  const auto exit = InsertExit(model, at, {.classes = 4, .name = "exit.0", .grid = 3, .hidden = 6}, *weights);
  ASSERT_TRUE(exit) << exit.error().ToString();
  EXPECT_FALSE(InsertExit(model, at, {.classes = 4, .name = "exit.1", .grid = 2}, *weights)) << "2 does not divide 9";
  OnnxModel only = model;
  only.graph.outputs = {model.graph.outputs.at(0)};
  const RefTensor given = ReferenceGraph(only).Run(Picture());
  OnnxModel head = CutGraph(model, at)->head;
  const RefTensor x = ReferenceGraph(head).Run(Picture());
  const auto number = [&](const char* name, int64_t i) { return static_cast<double>(model.graph.FindInitializer(name)->At<float>(i)); };
  std::vector<double> pooled;
  for (int64_t c = 0; c < 8; ++c) {
    for (int64_t p = 0; p < 9; ++p) {
      double sum = 0;
      for (int64_t i = 0; i < 9; ++i) sum += x.At(0, c, p / 3 * 3 + i / 3, p % 3 * 3 + i % 3);
      pooled.push_back(sum / 9);
    }
  }
  for (int64_t n = 0; n < 4; ++n) {
    double logit = number("exit.0.bias", n);
    for (int64_t h = 0; h < 6; ++h) {
      double sum = number("exit.0.hidden.bias", h);
      for (int64_t i = 0; i < 72; ++i) sum += number("exit.0.hidden.weight", h * 72 + i) * pooled[static_cast<size_t>(i)];
      logit += number("exit.0.weight", n * 6 + h) * std::max(0.0, sum);
    }
    EXPECT_NEAR(given.values[static_cast<size_t>(n)], logit, 1e-5);
  }
}

// A cut at the code sends it alone, and it is as narrow as was asked for.
TEST(Surgery, ABottleneckIsWhereACutSendsTheCode) {
  OnnxModel model = NetOf(R"(
    local x = relu(bn(conv(input('image', 3, 12, 12), 8, 3)))
    for block = 1, 2 do x = relu(add(bn(conv(x, 8, 3)), x)) end
    output('logits', linear(flatten(gap(x)), 5)))");
  const OnnxModel before = model;
  const std::string at = BlockEnds(model)->front();
  const auto weights = RandomWeightSource(2);
  const auto put = InsertBottleneck(model, at, {.channels = 2, .stride = 3, .kernel = 3, .name = "narrow"}, *weights);
  ASSERT_TRUE(put) << put.error().ToString();
  EXPECT_TRUE(WriteOnnx(model));
  const auto cut = CutGraph(model, "narrow.code");
  ASSERT_TRUE(cut) << cut.error().ToString();
  EXPECT_EQ(cut->crossing, std::vector<std::string>{"narrow.code"});
  const auto native = NativeFromOnnx(model, {});
  ASSERT_TRUE(native) << native.error().ToString();
  EXPECT_EQ(model.metadata.back(), (std::pair<std::string, std::string>(kBottleneckKey, "narrow.code")));
  const OnnxValue& code = cut->head.graph.outputs.at(0);
  EXPECT_EQ(*(*code.shape)[1].value * *(*code.shape)[2].value * *(*code.shape)[3].value, 2 * 4 * 4);
  // What reads the picture now reads what comes back; the head up to it is as it was.
  for (const OnnxNode& node : model.graph.nodes) {
    if (node.name != "narrow.code") {
      EXPECT_THAT(node.inputs, testing::Not(testing::Contains(at))) << node.name;
    }
  }
  OnnxModel old_head = CutGraph(before, at)->head, new_head = CutGraph(model, at)->head;
  ExpectNear(ReferenceGraph(old_head).Run(Picture(12)), ReferenceGraph(new_head).Run(Picture(12)), 0);
  EXPECT_FALSE(InsertBottleneck(model, at, {.channels = 2, .stride = 5, .name = "other"}, *weights)) << "5 does not divide 12";
  EXPECT_FALSE(InsertBottleneck(model, at, {.channels = 0, .name = "other"}, *weights));
  EXPECT_FALSE(InsertBottleneck(model, "nowhere", {.channels = 2, .name = "other"}, *weights));
}

}  // namespace
}  // namespace tradewind
