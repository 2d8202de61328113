// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// One lie a test: each is refused with its part, its field and its byte. Tests protobuf.cc and onnx_external.cc, too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "formats/onnx.h"
#include "raw_onnx.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

void ExpectBytesRefused(const std::vector<std::byte>& bytes, const std::string& where, const std::string& words,
                        StatusCode code = StatusCode::kInvalidInput) {
  const auto model = ReadOnnxBytes(bytes, "bad.onnx");
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code(), code) << model.error().ToString();
  EXPECT_THAT(model.error().where(), HasSubstr(where)) << model.error().ToString();
  EXPECT_THAT(model.error().message(), HasSubstr(words));
  EXPECT_THAT(model.error().message(), testing::StartsWith("bad.onnx: "));
  EXPECT_LE(model.error().offset().value_or(0), bytes.size());
}
void ExpectRefusedGraph(const ProtobufWriter& graph, const std::string& where, const std::string& words,
                        StatusCode code = StatusCode::kInvalidInput) {
  ExpectBytesRefused(RawModel(graph), where, words, code);
}
void ExpectRefusedTensor(const ProtobufWriter& tensor, const std::string& where, const std::string& words,
                         StatusCode code = StatusCode::kInvalidInput) {
  ProtobufWriter graph = RawGraph();
  graph.Message(5, tensor);
  ExpectRefusedGraph(graph, where, words, code);
}
void ExpectRefusedAttribute(const ProtobufWriter& attribute, const std::string& where, const std::string& words,
                            StatusCode code = StatusCode::kInvalidInput) {
  ProtobufWriter node = RawNode("Relu", {"x"}, {"y"}, "only");
  node.Message(5, attribute);
  ProtobufWriter graph;
  graph.Message(1, node);
  graph.Message(11, RawValue("x"));
  graph.Message(12, RawValue("y"));
  ExpectRefusedGraph(graph, where, words, code);
}
std::vector<std::byte> Bytes(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int v : values) bytes.push_back(static_cast<std::byte>(v));
  return bytes;
}

TEST(OnnxCorruption, AnEmptyFile) {
  ExpectBytesRefused({}, "model: graph", "no graph");
}
TEST(OnnxCorruption, AnotherFormat) {
  ExpectBytesRefused(Bytes({'G', 'G', 'U', 'F'}), "model: message", "wire type");
}
TEST(OnnxCorruption, AFieldOfNumberZero) {
  ExpectBytesRefused(Bytes({0x00, 0x01}), "model: message", "number 0");
}
TEST(OnnxCorruption, AGroup) {
  ExpectBytesRefused(Bytes({0x0B}), "model: message", "wire type 3");
}
TEST(OnnxCorruption, ANumberWithoutAnEnd) {
  ExpectBytesRefused(Bytes({0x08, 0x80}), "model: message", "no end");
}
TEST(OnnxCorruption, ANumberOver64Bits) {
  ExpectBytesRefused(Bytes({0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02}), "model: message", "64 bits");
}
TEST(OnnxCorruption, AFixedNumberWithoutAnEnd) {
  ExpectBytesRefused(Bytes({0x0D, 1, 2}), "model: message", "no end");
}
TEST(OnnxCorruption, ALengthBeyondTheFile) {
  ExpectBytesRefused(Bytes({0x3A, 0x05, 0x00}), "model: message", "5 bytes");
}
TEST(OnnxCorruption, ALengthThatWraps) {
  ExpectBytesRefused(Bytes({0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01}), "model: message", "does not fit");
}
TEST(OnnxCorruption, AGraphThatIsANumber) {
  ExpectBytesRefused(Bytes({0x38, 0x01}), "graph", "wire type");
}

TEST(OnnxCorruption, NoOpset) {
  ProtobufWriter model;
  model.Message(7, RawGraph());
  ExpectBytesRefused(model.Take(), "opset_import", "which version");
}
TEST(OnnxCorruption, AnOpsetFromTheFuture) {
  ProtobufWriter opset, model;
  opset.Varint(2, 5000);
  model.Message(7, RawGraph());
  model.Message(8, opset);
  ExpectBytesRefused(model.Take(), "opset_import.version", "5000");
}
TEST(OnnxCorruption, TwoGraphs) {
  ProtobufWriter model;
  model.Message(7, RawGraph());
  model.Message(7, RawGraph());
  ExpectBytesRefused(model.Take(), "graph", "two graphs");
}
TEST(OnnxCorruption, Functions) {
  ProtobufWriter model;
  model.Message(7, RawGraph());
  model.Message(25, ProtobufWriter());
  ExpectBytesRefused(model.Take(), "functions", "inline", StatusCode::kUnsupported);
}
TEST(OnnxCorruption, SparseTensors) {
  ProtobufWriter graph = RawGraph();
  graph.Message(15, ProtobufWriter());
  ExpectRefusedGraph(graph, "sparse_initializer", "dense", StatusCode::kUnsupported);
}

TEST(OnnxCorruption, ANodeWithoutAnOperator) {
  ProtobufWriter graph = RawGraph();
  ProtobufWriter node;
  node.Text(3, "nameless");
  graph.Message(1, node);
  ExpectRefusedGraph(graph, "node 1 \"nameless\": op_type", "no operator");
}
TEST(OnnxCorruption, AnInputThatNothingMakes) {
  ProtobufWriter graph = RawGraph();
  graph.Message(1, RawNode("Relu", {"nowhere"}, {"z"}, "lost"));
  ExpectRefusedGraph(graph, "node 1 \"lost\" (Relu): input", "\"nowhere\"");
}
TEST(OnnxCorruption, AnOutputThatNothingMakes) {
  ProtobufWriter graph = RawGraph();
  graph.Message(12, RawValue("z"));
  ExpectRefusedGraph(graph, "output \"z\"", "nothing makes it");
}
TEST(OnnxCorruption, AGraphWithoutOutputs) {
  ProtobufWriter graph;
  graph.Message(1, RawNode("Relu", {"x"}, {"y"}));
  graph.Message(11, RawValue("x"));
  ExpectRefusedGraph(graph, "output", "no outputs");
}
TEST(OnnxCorruption, ANameMadeTwice) {
  ProtobufWriter graph = RawGraph();
  graph.Message(1, RawNode("Neg", {"x"}, {"y"}, "second"));
  ExpectRefusedGraph(graph, "node 1 \"second\" (Neg): output", "made twice");
}
TEST(OnnxCorruption, AnInputMadeByANode) {
  ProtobufWriter graph = RawGraph();
  graph.Message(1, RawNode("Neg", {"y"}, {"x"}));
  ExpectRefusedGraph(graph, "node 1 (Neg): output", "too");
}
TEST(OnnxCorruption, TwoInitializersOfOneName) {
  ProtobufWriter graph = RawGraph();
  graph.Message(5, RawTensor("w", {1}, 4));
  graph.Message(5, RawTensor("w", {1}, 4));
  ExpectRefusedGraph(graph, "initializer \"w\"", "two initializers");
}
TEST(OnnxCorruption, TwoInputsOfOneName) {
  ProtobufWriter graph = RawGraph();
  graph.Message(11, RawValue("x"));
  ExpectRefusedGraph(graph, "input \"x\"", "two inputs");
}
TEST(OnnxCorruption, ACycle) {
  ProtobufWriter graph = RawGraph();
  graph.Message(1, RawNode("Neg", {"c"}, {"a"}, "one"));
  graph.Message(1, RawNode("Neg", {"a"}, {"b"}, "two"));
  graph.Message(1, RawNode("Neg", {"b"}, {"c"}, "three"));
  ExpectRefusedGraph(graph, "(Neg)", "cycle");
}
TEST(OnnxCorruption, ANodeThatTakesItsOwnOutput) {
  ProtobufWriter graph = RawGraph();
  graph.Message(1, RawNode("Neg", {"a"}, {"a"}, "itself"));
  ExpectRefusedGraph(graph, "\"itself\"", "cycle");
}
TEST(OnnxCorruption, AMillionNodes) {
  ProtobufWriter graph = RawGraph();
  const ProtobufWriter node = RawNode("Neg", {"x"}, {""});
  for (int i = 0; i < 1'000'000; ++i) graph.Message(1, node);
  ExpectRefusedGraph(graph, "node", "more than 65536 nodes");
}
TEST(OnnxCorruption, AMillionNamesOnOneNode) {
  ProtobufWriter node = RawNode("Concat", {}, {"z"});
  for (int i = 0; i < 1'100'000; ++i) node.Text(1, "");
  ProtobufWriter graph = RawGraph();
  graph.Message(1, node);
  ExpectRefusedGraph(graph, "node 1", "more than");
}
TEST(OnnxCorruption, ANameOverTheLimit) {
  ProtobufWriter graph = RawGraph();
  graph.Message(1, RawNode("Neg", {"x"}, {std::string(5000, 'n')}));
  ExpectRefusedGraph(graph, "node 1: output", "5000 bytes");
}
// Thirty subgraphs inside each other.
TEST(OnnxCorruption, SubgraphsDeepInEachOther) {
  ProtobufWriter inner = RawGraph();
  for (int depth = 0; depth < 30; ++depth) {
    ProtobufWriter attribute;
    attribute.Text(1, "body");
    attribute.Message(6, inner);
    ProtobufWriter node = RawNode("Loop", {}, {"y"});
    node.Message(5, attribute);
    ProtobufWriter graph;
    graph.Message(1, node);
    graph.Message(12, RawValue("y"));
    inner = graph;
  }
  ExpectRefusedGraph(inner, "depth", "deep");
}
TEST(OnnxCorruption, ASubgraphThatUsesANameBeforeItIsMade) {
  ProtobufWriter branch;
  branch.Message(1, RawNode("Neg", {"b"}, {"a"}));
  branch.Message(1, RawNode("Neg", {"a"}, {"b"}));
  branch.Message(12, RawValue("b"));
  ProtobufWriter attribute;
  attribute.Text(1, "body");
  attribute.Message(6, branch);
  ExpectRefusedAttribute(attribute, "subgraph", "before it is made");
}

TEST(OnnxCorruption, ATensorWithTooFewBytes) {
  ExpectRefusedTensor(RawTensor("w", {2, 3}, 20), "initializer \"w\": data", "20 bytes");
}
TEST(OnnxCorruption, ATensorWithTooManyBytes) {
  ExpectRefusedTensor(RawTensor("w", {2, 3}, 28), "initializer \"w\": data", "28 bytes");
}
TEST(OnnxCorruption, ATensorWithANegativeSide) {
  ExpectRefusedTensor(RawTensor("w", {-1, 3}, 12), "initializer \"w\": dims", "-1");
}
TEST(OnnxCorruption, ATensorWhoseSizeWraps) {
  ExpectRefusedTensor(RawTensor("w", {int64_t{1} << 40, int64_t{1} << 40}, 16), "dims", "overflows");
}
TEST(OnnxCorruption, ATensorWhoseSizeWrapsToWhatIsThere) {
  ExpectRefusedTensor(RawTensor("w", {int64_t{1} << 32, int64_t{1} << 30, 4}, 0), "dims", "overflows");
}
TEST(OnnxCorruption, ATensorOfManyDimensions) {
  ExpectRefusedTensor(RawTensor("w", std::vector<int64_t>(17, 1), 4), "dims", "more than 16");
}
TEST(OnnxCorruption, ATensorOfAnUnknownType) {
  ExpectRefusedTensor(RawTensor("w", {1}, 4, 99), "data_type", "type 99", StatusCode::kUnsupported);
}
TEST(OnnxCorruption, ATensorOfNoType) {
  ExpectRefusedTensor(RawTensor("w", {1}, 4, 0), "data_type", "type 0", StatusCode::kUnsupported);
}
TEST(OnnxCorruption, ATensorWithoutAName) {
  ExpectRefusedTensor(RawTensor("", {1}, 4), "initializer", "no name");
}
TEST(OnnxCorruption, ATensorInSegments) {
  ProtobufWriter tensor = RawTensor("w", {1}, 4);
  tensor.Message(3, ProtobufWriter());
  ExpectRefusedTensor(tensor, "segment", "whole", StatusCode::kUnsupported);
}
TEST(OnnxCorruption, DataInTwoPlaces) {
  ProtobufWriter tensor = RawTensor("w", {1}, 4);
  tensor.Float(4, 1);
  ExpectRefusedTensor(tensor, "data", "two places");
}
TEST(OnnxCorruption, DataOfTwoTypes) {
  ProtobufWriter tensor;
  tensor.Varint(1, 2);
  tensor.Varint(2, 1);
  tensor.Text(8, "w");
  tensor.Float(4, 1);
  tensor.Varint(7, 1);
  ExpectRefusedTensor(tensor, "data", "two types");
}
TEST(OnnxCorruption, DataOfAnotherType) {
  ProtobufWriter tensor;
  tensor.Varint(1, 1);
  tensor.Varint(2, 1);
  tensor.Text(8, "w");
  tensor.Varint(7, 1);
  ExpectRefusedTensor(tensor, "data", "another type");
}
TEST(OnnxCorruption, PackedFloatsCutInside) {
  ProtobufWriter attribute;
  attribute.Text(1, "scales");
  attribute.Bytes(7, Bytes({0, 0, 0}));
  ExpectRefusedAttribute(attribute, "attribute.floats", "inside a number");
}
TEST(OnnxCorruption, PackedNumbersCutInside) {
  ProtobufWriter attribute;
  attribute.Text(1, "axes");
  attribute.Bytes(8, Bytes({0x80}));
  ExpectRefusedAttribute(attribute, "attribute.ints", "no end");
}
TEST(OnnxCorruption, AnAttributeWithoutAName) {
  ProtobufWriter attribute;
  attribute.Varint(3, 1);
  ExpectRefusedAttribute(attribute, "node 0 \"only\": attribute.name", "no name");
}
TEST(OnnxCorruption, AnAttributeTwice) {
  ProtobufWriter attribute;
  attribute.Text(1, "axis");
  attribute.Varint(3, 1);
  ProtobufWriter node = RawNode("Relu", {"x"}, {"z"});
  node.Message(5, attribute);
  node.Message(5, attribute);
  ProtobufWriter graph = RawGraph();
  graph.Message(1, node);
  ExpectRefusedGraph(graph, "attribute \"axis\"", "twice");
}
TEST(OnnxCorruption, AnAttributeWhoseTypeIsALie) {
  ProtobufWriter attribute;
  attribute.Text(1, "value");
  attribute.Varint(3, 1);
  attribute.Varint(20, 4);  // a tensor, which is not there
  ExpectRefusedAttribute(attribute, "attribute \"value\"", "type 4");
}
TEST(OnnxCorruption, AnAttributeOfTypeProtos) {
  ProtobufWriter attribute;
  attribute.Text(1, "type");
  attribute.Message(14, ProtobufWriter());
  ExpectRefusedAttribute(attribute, "attribute", "field 14", StatusCode::kUnsupported);
}
TEST(OnnxCorruption, AShapeOfManyDimensions) {
  ProtobufWriter graph = RawGraph();
  graph.Message(13, RawValue("v", std::vector<int64_t>(17, 1)));
  ExpectRefusedGraph(graph, "value \"v\": shape.dim", "more than 16");
}

// Every cut of a sound file is refused, or is a shorter sound file: never a crash.
TEST(OnnxCorruption, EveryCut) {
  ProtobufWriter graph = RawGraph();
  graph.Message(5, RawTensor("w", {2, 3}, 24));
  const std::vector<std::byte> whole = RawModel(graph);
  ASSERT_TRUE(ReadOnnxBytes(whole, "whole"));
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(ReadOnnxBytes(std::span(whole).first(size), "cut")) << size;
  }
}

class OnnxExternalData : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("onnx_external_" + std::to_string(getpid()) + "_" + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_ / "model" / "below");
    Write("outside.bin", std::string(64, 'o'));
    Write("model/weights.bin", std::string("0123") + std::string(28, 'w'));
    Write("model/below/weights.bin", std::string(32, 'b'));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void Write(const std::string& name, const std::string& contents) { std::ofstream(folder_ / name, std::ios::binary) << contents; }

  // A model with a tensor of eight floats whose data lie at `location`.
  Result<OnnxModel> Open(const std::string& location, const std::string& offset = "0", const std::string& length = "32") {
    ProtobufWriter tensor;
    tensor.Varint(1, 8);
    tensor.Varint(2, 1);
    tensor.Text(8, "w");
    for (const auto& [key, value] : {std::pair<std::string, std::string>{"location", location}, {"offset", offset}, {"length", length}}) {
      ProtobufWriter entry;
      entry.Text(1, key);
      entry.Text(2, value);
      tensor.Message(13, entry);
    }
    tensor.Varint(14, 1);
    ProtobufWriter graph = RawGraph();
    graph.Message(5, tensor);
    const std::vector<std::byte> bytes = RawModel(graph);
    Write("model/net.onnx", std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    return ReadOnnx(folder_ / "model" / "net.onnx");
  }
  void ExpectLocationRefused(const std::string& location, const std::string& words) {
    const auto model = Open(location);
    ASSERT_FALSE(model) << location;
    EXPECT_THAT(model.error().where(), HasSubstr("initializer \"w\": external_data.location")) << model.error().ToString();
    EXPECT_THAT(model.error().message(), HasSubstr(words));
  }
  std::filesystem::path folder_;
};

TEST_F(OnnxExternalData, IsReadBelowTheFolder) {
  const auto model = Open("weights.bin");
  ASSERT_TRUE(model) << model.error().ToString();
  EXPECT_EQ(model->graph.initializers[0].At<char>(1), '1');
  const auto below = Open("below/weights.bin");
  ASSERT_TRUE(below) << below.error().ToString();
  EXPECT_EQ(below->graph.initializers[0].At<char>(0), 'b');
}
TEST_F(OnnxExternalData, IsWrittenInside) {
  const auto model = Open("weights.bin");
  ASSERT_TRUE(model);
  const auto bytes = WriteOnnx(*model);
  ASSERT_TRUE(bytes);
  const auto again = ReadOnnxBytes(*bytes, "inside");
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(again->graph.initializers[0].At<char>(1), '1');
}
TEST_F(OnnxExternalData, AParentFolder) {
  ExpectLocationRefused("../outside.bin", "plain names");
}
TEST_F(OnnxExternalData, AParentFolderOnTheWay) {
  ExpectLocationRefused("below/../../outside.bin", "plain names");
}
TEST_F(OnnxExternalData, AnAbsolutePath) {
  ExpectLocationRefused("/etc/passwd", "plain names");
}
TEST_F(OnnxExternalData, NoPath) {
  ExpectLocationRefused("", "plain names");
}
TEST_F(OnnxExternalData, AFolder) {
  ExpectLocationRefused("below", "not a regular file");
}
TEST_F(OnnxExternalData, ATrailingSlash) {
  ExpectLocationRefused("weights.bin/", "link or a file");
}
TEST_F(OnnxExternalData, AMissingFile) {
  ExpectLocationRefused("gone.bin", "gone.bin");
}
TEST_F(OnnxExternalData, ASymbolicLink) {
  std::filesystem::create_symlink(folder_ / "outside.bin", folder_ / "model" / "link.bin");
  ExpectLocationRefused("link.bin", "link");
}
TEST_F(OnnxExternalData, ASymbolicLinkOnTheWay) {
  std::filesystem::create_directory_symlink(folder_, folder_ / "model" / "up");
  ExpectLocationRefused("up/outside.bin", "link");
}
TEST_F(OnnxExternalData, AHardLink) {
  std::filesystem::create_hard_link(folder_ / "outside.bin", folder_ / "model" / "hard.bin");
  ExpectLocationRefused("hard.bin", "hard link");
}
TEST_F(OnnxExternalData, ANamedPipe) {
  ASSERT_EQ(mkfifo((folder_ / "model" / "pipe").c_str(), 0600), 0);
  ExpectLocationRefused("pipe", "not a regular file");
}
TEST_F(OnnxExternalData, AnOffsetBeyondTheFile) {
  const auto model = Open("weights.bin", "4");
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().where(), HasSubstr("external_data.offset"));
}
TEST_F(OnnxExternalData, AnOffsetThatWraps) {
  const auto model = Open("weights.bin", "18446744073709551615");
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().where(), HasSubstr("external_data.offset"));
}
TEST_F(OnnxExternalData, AnOffsetThatIsNoNumber) {
  const auto model = Open("weights.bin", "-1");
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().where(), HasSubstr("external_data.offset"));
}
TEST_F(OnnxExternalData, ALengthOfAnotherShape) {
  const auto model = Open("weights.bin", "0", "28");
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().where(), HasSubstr("external_data.length"));
}
TEST_F(OnnxExternalData, InMemoryThereIsNone) {
  ASSERT_TRUE(Open("weights.bin"));
  std::ifstream file(folder_ / "model" / "net.onnx", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  const auto model = ReadOnnxBytes(std::as_bytes(std::span(bytes)), "memory");
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().message(), HasSubstr("in memory"));
}

}  // namespace
}  // namespace tradewind
