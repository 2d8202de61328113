// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What ONNX files hold, read and written again. Tests onnx_parser.cc, onnx_tensor.cc, onnx_check.cc and onnx_writer.cc, too.
#include "formats/onnx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <fstream>

#include "raw_onnx.h"
#include "shared_data.h"

namespace tradewind {
namespace {

Result<OnnxModel> Read(const ProtobufWriter& graph) {
  return ReadOnnxBytes(RawModel(graph), "test.onnx");
}

// A graph of one constant tensor, read.
OnnxTensor ReadTensor(const ProtobufWriter& tensor) {
  ProtobufWriter graph = RawGraph();
  graph.Message(5, tensor);
  auto model = Read(graph);
  EXPECT_TRUE(model) << model.error().ToString();
  return model ? model->graph.initializers.at(0) : OnnxTensor();
}

TEST(Onnx, ReadsAGraph) {
  ProtobufWriter graph = RawGraph();
  graph.Text(2, "net");
  graph.Message(5, RawTensor("w", {2, 3}, 24));
  ProtobufWriter open;  // a dimension with a name, and one that is not said
  {
    ProtobufWriter batch, dims, tensor, type;
    batch.Text(2, "batch");
    dims.Message(1, batch);
    dims.Message(1, ProtobufWriter());
    tensor.Varint(1, 7);
    tensor.Message(2, dims);
    type.Message(1, tensor);
    open.Text(1, "between");
    open.Message(2, type);
  }
  graph.Message(13, open);
  const auto model = Read(graph);
  ASSERT_TRUE(model) << model.error().ToString();
  EXPECT_EQ(model->ir_version, 8);
  EXPECT_EQ(model->opset(), 13);
  EXPECT_EQ(model->graph.name, "net");
  ASSERT_EQ(model->graph.nodes.size(), 1u);
  EXPECT_EQ(model->graph.nodes[0].op_type, "Relu");
  EXPECT_EQ(model->graph.nodes[0].inputs, std::vector<std::string>{"x"});
  EXPECT_EQ(model->graph.inputs[0].type, OnnxType::kFloat);
  EXPECT_EQ((*model->graph.inputs[0].shape)[1].value, 4);
  EXPECT_EQ((*model->graph.values[0].shape)[0].name, "batch");
  EXPECT_EQ((*model->graph.values[0].shape)[1].value, std::nullopt);
  EXPECT_EQ(model->graph.values[0].type, OnnxType::kInt64);
  const OnnxTensor* w = model->graph.FindInitializer("w");
  ASSERT_NE(w, nullptr);
  EXPECT_EQ(w->dims, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(w->data.size(), 24u);
  EXPECT_EQ(model->graph.FindInitializer("v"), nullptr);
}

TEST(Onnx, ReadsAttributesOfEveryType) {
  const auto attribute = [](const std::string& name, uint64_t type, const auto& put) {
    ProtobufWriter out;
    out.Text(1, name);
    put(out);
    if (type != 0) out.Varint(20, type);
    return out;
  };
  ProtobufWriter node = RawNode("Custom", {"x"}, {"y"});
  node.Message(5, attribute("f", 1, [](ProtobufWriter& a) { a.Float(2, 1.5f); }));
  node.Message(5, attribute("i", 2, [](ProtobufWriter& a) { a.Varint(3, static_cast<uint64_t>(-7)); }));
  node.Message(5, attribute("s", 3, [](ProtobufWriter& a) { a.Text(4, "same"); }));
  node.Message(5, attribute("t", 4, [](ProtobufWriter& a) { a.Message(5, RawTensor("", {1}, 4)); }));
  node.Message(5, attribute("floats", 6, [](ProtobufWriter& a) {
                 a.Float(7, 1);
                 a.Float(7, 2);
               }));
  const std::array packed{std::byte{1}, std::byte{0x80}, std::byte{2}};
  node.Message(5, attribute("packed", 7, [&](ProtobufWriter& a) { a.Bytes(8, packed); }));
  node.Message(5, attribute("strings", 8, [](ProtobufWriter& a) {
                 a.Text(9, "a");
                 a.Text(9, "");
               }));
  node.Message(5, attribute("empty", 7, [](ProtobufWriter&) {}));
  node.Message(5, attribute("zero", 2, [](ProtobufWriter&) {}));
  node.Message(5, attribute("untyped", 0, [](ProtobufWriter& a) {
                 a.Varint(8, 3);
                 a.Varint(8, 4);
               }));  // as the first versions wrote it
  ProtobufWriter graph;
  graph.Message(1, node);
  graph.Message(11, RawValue("x"));
  graph.Message(12, RawValue("y"));
  const auto model = Read(graph);
  ASSERT_TRUE(model) << model.error().ToString();
  const OnnxNode& read = model->graph.nodes[0];
  EXPECT_EQ(*read.Attribute<float>("f"), 1.5f);
  EXPECT_EQ(*read.Attribute<int64_t>("i"), -7);
  EXPECT_EQ(*read.Attribute<std::string>("s"), "same");
  EXPECT_EQ(read.Attribute<OnnxTensor>("t")->values(), 1);
  EXPECT_EQ(*read.Attribute<std::vector<float>>("floats"), (std::vector<float>{1, 2}));
  EXPECT_EQ(*read.Attribute<std::vector<int64_t>>("packed"), (std::vector<int64_t>{1, 256}));
  EXPECT_EQ(*read.Attribute<std::vector<std::string>>("strings"), (std::vector<std::string>{"a", ""}));
  EXPECT_TRUE(read.Attribute<std::vector<int64_t>>("empty")->empty());
  EXPECT_EQ(*read.Attribute<int64_t>("zero"), 0);
  EXPECT_EQ(*read.Attribute<std::vector<int64_t>>("untyped"), (std::vector<int64_t>{3, 4}));
  EXPECT_EQ(read.Attribute<int64_t>("f"), nullptr);
  EXPECT_EQ(read.Attribute<int64_t>("none"), nullptr);
}

TEST(OnnxTensors, ReadTypedDataOneByOneAndPacked) {
  ProtobufWriter floats;
  floats.Varint(1, 2);
  floats.Varint(2, 1);
  floats.Text(8, "w");
  floats.Float(4, 1.5f);
  floats.Float(4, -2);
  EXPECT_EQ(ReadTensor(floats).At<float>(1), -2);

  ProtobufWriter packed;
  packed.Varint(1, 2);
  packed.Varint(2, 1);
  packed.Text(8, "w");
  const std::array values{3.0f, 4.0f};
  packed.Bytes(4, std::as_bytes(std::span(values)));
  EXPECT_EQ(ReadTensor(packed).At<float>(0), 3);

  ProtobufWriter bytes;  // int8 in int32_data: a negative number takes ten bytes of a varint
  bytes.Varint(1, 2);
  bytes.Varint(2, 3);
  bytes.Text(8, "w");
  bytes.Varint(5, static_cast<uint64_t>(-5));
  bytes.Varint(5, 6);
  const OnnxTensor int8 = ReadTensor(bytes);
  EXPECT_EQ(int8.data.size(), 2u);
  EXPECT_EQ(int8.At<int8_t>(0), -5);

  ProtobufWriter longs;
  longs.Varint(1, 1);
  longs.Varint(2, 7);
  longs.Text(8, "w");
  longs.Varint(7, static_cast<uint64_t>(INT64_MIN));
  EXPECT_EQ(ReadTensor(longs).At<int64_t>(0), INT64_MIN);

  ProtobufWriter strings;
  strings.Varint(1, 2);
  strings.Varint(2, 8);
  strings.Text(8, "w");
  strings.Text(6, "one");
  strings.Text(6, "");
  EXPECT_EQ(ReadTensor(strings).strings, (std::vector<std::string>{"one", ""}));

  ProtobufWriter scalar;  // no dimension: one value
  scalar.Varint(2, 1);
  scalar.Text(8, "w");
  scalar.Float(4, 9);
  EXPECT_EQ(ReadTensor(scalar).values(), 1);
}

TEST(Onnx, SortsNodesThatStandBeforeWhatTheyNeed) {
  ProtobufWriter graph;
  graph.Message(1, RawNode("Relu", {"b"}, {"y"}, "last"));
  graph.Message(1, RawNode("Relu", {"x"}, {"a"}, "first"));
  graph.Message(1, RawNode("Relu", {"a"}, {"b"}, "second"));
  graph.Message(11, RawValue("x"));
  graph.Message(12, RawValue("y"));
  const auto model = Read(graph);
  ASSERT_TRUE(model) << model.error().ToString();
  std::vector<std::string> order;
  for (const OnnxNode& node : model->graph.nodes) order.push_back(node.name);
  EXPECT_EQ(order, (std::vector<std::string>{"first", "second", "last"}));
}

// If with a branch that uses the outer x: what a branch needs of its surroundings counts as the node's own need.
ProtobufWriter GraphWithBranch(const std::string& uses, const std::string& after) {
  ProtobufWriter branch;
  branch.Message(1, RawNode("Relu", {uses}, {"inner"}));
  branch.Message(12, RawValue("inner"));
  ProtobufWriter attribute;
  attribute.Text(1, "then_branch");
  attribute.Message(6, branch);
  attribute.Varint(20, 5);
  ProtobufWriter node = RawNode("If", {"x"}, {"y"});
  node.Message(5, attribute);
  ProtobufWriter graph;
  graph.Message(1, node);
  graph.Message(1, RawNode("Neg", {after}, {"late"}));
  graph.Message(11, RawValue("x"));
  graph.Message(12, RawValue("y"));
  return graph;
}
TEST(Onnx, SubgraphsSeeWhatIsAroundThem) {
  EXPECT_TRUE(Read(GraphWithBranch("x", "x")));
  const auto sorted = Read(GraphWithBranch("late", "x"));
  ASSERT_TRUE(sorted) << sorted.error().ToString();
  EXPECT_EQ(sorted->graph.nodes[0].op_type, "Neg");
  const auto cycle = Read(GraphWithBranch("late", "y"));
  ASSERT_FALSE(cycle);
  EXPECT_THAT(cycle.error().ToString(), testing::HasSubstr("cycle"));
  const auto unknown = Read(GraphWithBranch("nowhere", "x"));
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().ToString(), testing::HasSubstr("\"nowhere\""));
}

TEST(Onnx, WritesWhatItReads) {
  ProtobufWriter graph = GraphWithBranch("x", "x");
  graph.Message(5, RawTensor("w", {2, 3}, 24));
  const auto model = Read(graph);
  ASSERT_TRUE(model);
  const auto bytes = WriteOnnx(*model);
  ASSERT_TRUE(bytes) << bytes.error().ToString();
  const auto again = ReadOnnxBytes(*bytes, "again.onnx");
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(*WriteOnnx(*again), *bytes);
  const auto* branch = again->graph.nodes[0].Attribute<std::shared_ptr<const OnnxGraph>>("then_branch");
  ASSERT_NE(branch, nullptr);
  EXPECT_EQ((*branch)->nodes[0].op_type, "Relu");
}

TEST(Onnx, RefusesToWriteWhatItWouldNotRead) {
  auto model = Read(RawGraph());
  ASSERT_TRUE(model);
  model->graph.nodes[0].inputs[0] = "gone";
  const auto bytes = WriteOnnx(*model);
  ASSERT_FALSE(bytes);
  EXPECT_THAT(bytes.error().ToString(), testing::HasSubstr("\"gone\""));
}

// Weights outlive the bytes that they were read from, and copies of the model share them.
TEST(Onnx, CopiesKeepTheWeights) {
  std::optional<OnnxModel> copy;
  {
    ProtobufWriter graph = RawGraph();
    graph.Message(5, RawTensor("w", {1}, 4));
    auto model = Read(graph);
    ASSERT_TRUE(model);
    copy = *model;
  }
  EXPECT_EQ(copy->graph.initializers[0].At<float>(0), 0);
}

struct RealFile {
  const char* path;
  size_t nodes, initializers;
};
TEST(Onnx, ReadsRealFiles) {
  for (const RealFile& f : {RealFile{"assets/vision/FastestDet/example/onnx-runtime/FastestDet.onnx", 211, 195},
                            RealFile{"assets/vision/ultraface/version-RFB-320_simplified.onnx", 110, 112},
                            RealFile{"assets/speech/silero-vad/src/silero_vad/data/silero_vad_16k_op15.onnx", 121, 15}}) {
    TW_REQUIRE_DATA(path, SharedPath(f.path));
    const auto model = ReadOnnx(path);
    ASSERT_TRUE(model) << model.error().ToString();
    EXPECT_EQ(model->graph.nodes.size(), f.nodes) << f.path;
    EXPECT_EQ(model->graph.initializers.size(), f.initializers) << f.path;
    const auto bytes = WriteOnnx(*model);
    ASSERT_TRUE(bytes);
    const auto again = ReadOnnxBytes(*bytes, "again");
    ASSERT_TRUE(again) << again.error().ToString();
    EXPECT_EQ(*WriteOnnx(*again), *bytes);
  }
}

}  // namespace
}  // namespace tradewind
