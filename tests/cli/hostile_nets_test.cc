// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Files of nets that lie, through every command that takes one: exit code 2, one line that names the file and the part, and no memory that
// the file's own size does not explain. What each lie is about is tested where files are read (tests/formats).
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <fstream>

#include "cli/program.h"
#include "formats/raw_flatbuffer.h"
#include "formats/raw_onnx.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

// A picture's net: x of 1x3x8x8, through `nodes`, to y.
ProtobufWriter PictureGraph(const std::vector<ProtobufWriter>& nodes, const std::vector<int64_t>& shape = {1, 3, 8, 8}) {
  ProtobufWriter graph;
  for (const ProtobufWriter& node : nodes) graph.Message(1, node);
  graph.Message(11, RawValue("x", shape));
  graph.Message(12, RawValue("y", shape));
  return graph;
}

ProtobufWriter WithIntegers(ProtobufWriter node, const std::string& name, const std::vector<int64_t>& values) {
  ProtobufWriter attribute;
  attribute.Text(1, name);
  for (const int64_t v : values) attribute.Varint(8, static_cast<uint64_t>(v));
  attribute.Varint(20, 7);
  node.Message(5, attribute);
  return node;
}

// A tensor whose numbers lie in another file.
ProtobufWriter OutsideTensor(const std::string& location) {
  ProtobufWriter tensor;
  tensor.Varint(1, 8);
  tensor.Varint(2, 1);
  tensor.Text(8, "w");
  ProtobufWriter entry;
  entry.Text(1, "location");
  entry.Text(2, location);
  tensor.Message(13, entry);
  tensor.Varint(14, 1);
  return tensor;
}

struct Lie {
  std::string name;
  std::vector<std::byte> bytes;
  std::string words;  // what the line must say
  int code = 2;       // 1: sound, but more than any machine has
};

// Lies that reading finds, and lies that only who runs the net can find.
std::vector<Lie> OnnxLies() {
  std::vector<Lie> lies = {{"empty", {}, "no graph"}};
  const auto add = [&](const std::string& name, const ProtobufWriter& graph, const std::string& words) {
    lies.push_back({name, RawModel(graph), words});
  };
  const auto with = [&](const std::string& name, const ProtobufWriter& tensor, const std::string& words) {
    ProtobufWriter graph = PictureGraph({RawNode("Conv", {"x", "w"}, {"y"}, "only")});
    graph.Message(5, tensor);
    add(name, graph, words);
  };
  add("cycle", PictureGraph({RawNode("Relu", {"b"}, {"a"}, "one"), RawNode("Relu", {"a"}, {"b"}, "two"), RawNode("Relu", {"x"}, {"y"})}),
      "cycle");
  add("nothing", PictureGraph({RawNode("Relu", {"nobody"}, {"y"}, "only")}), "nobody");
  add("unknown", PictureGraph({RawNode("Frobnicate", {"x"}, {"y"}, "odd")}), "odd");
  add("foreign", PictureGraph({RawNode("Relu", {}, {"y"}, "bare")}), "bare");
  {
    const ProtobufWriter node = RawNode("Relu", {"x"}, {""});
    ProtobufWriter graph = PictureGraph({RawNode("Relu", {"x"}, {"y"})});
    for (int i = 0; i < 1'000'000; ++i) graph.Message(1, node);
    add("million", graph, "more than 65536 nodes");
  }
  for (const char* outside : {"../outside.bin", "/etc/passwd", "missing.bin"}) with("outside", OutsideTensor(outside), "external_data");
  with("short", RawTensor("w", {4, 3, 3, 3}, 12), "\"w\"");
  with("wraps", RawTensor("w", {int64_t{1} << 62, 16, 3, 3}, 12), "\"w\"");
  with("negative", RawTensor("w", {-4, 3, 3, 3}, 12), "\"w\"");
  with("narrow", RawTensor("w", {4, 7, 3, 3}, 4 * 7 * 9 * 4), "only");
  with("flat", RawTensor("w", {4, 3}, 48), "only");
  with("none", RawTensor("w", {0, 3, 3, 3}, 0), "only");
  // Sides that no machine holds.
  add("large", PictureGraph({RawNode("Relu", {"x"}, {"y"})}, {64, 3, 32768, 32768}), "value 'x'");
  lies.back().code = 1;
  add("larger", PictureGraph({RawNode("Relu", {"x"}, {"y"})}, {1, 3, int64_t{1} << 40, int64_t{1} << 40}), "'x'");
  add("pool", PictureGraph({WithIntegers(RawNode("MaxPool", {"x"}, {"y"}, "only"), "kernel_shape", {9, 9})}), "only");
  add("strides",
      PictureGraph({WithIntegers(WithIntegers(RawNode("MaxPool", {"x"}, {"y"}, "only"), "kernel_shape", {2, 2}), "strides", {0, 0})}),
      "only");
  add("perm", PictureGraph({WithIntegers(RawNode("Transpose", {"x"}, {"y"}, "only"), "perm", {0, 0, 7, -3})}), "only");
  {
    ProtobufWriter neuron = RawNode("IntegrateAndFire", {"x", "t"}, {"y"}, "neuron");
    neuron.Text(7, "tradewind");
    ProtobufWriter graph = PictureGraph({neuron});
    graph.Message(5, RawTensor("t", {1}, 4));
    add("threshold", graph, "not above 0 and finite (at node 'neuron'");
  }
  return lies;
}

std::vector<Lie> TfliteLies() {
  std::vector<std::byte> cut = RawTflite().Bytes();
  cut.resize(cut.size() / 2);
  std::vector<Lie> lies = {{"cut", cut, ""}};
  const auto bent = [&](const std::string& name, const std::string& words, const auto& bend) {
    RawTflite raw;
    bend(raw);
    lies.push_back({name, raw.Bytes(), words});
  };
  bent("unknown", "operator 999", [](RawTflite& raw) {
    raw.code.Set<int8_t>(0, 127).Set<int32_t>(3, 999);
    raw.options.numbers.clear();
  });
  bent("negative", "\"input\"", [](RawTflite& raw) { raw.input.Set(0, RawFlat::Vector(std::vector<int32_t>{1, -4, 4, 2})); });
  bent("wraps", "\"weights\"", [](RawTflite& raw) { raw.weights.Set(0, RawFlat::Vector(std::vector<int32_t>(3, 1 << 30))); });
  bent("buffer", "no buffer 9", [](RawTflite& raw) { raw.weights.Set<uint32_t>(2, 9); });
  bent("narrow", "CONV_2D", [](RawTflite& raw) { raw.input.Set(0, RawFlat::Vector(std::vector<int32_t>{1, 4, 4, 7})); });
  bent("output", "CONV_2D", [](RawTflite& raw) { raw.output.Set(0, RawFlat::Vector(std::vector<int32_t>{1, 9, 9, 3})); });
  bent("large", "", [](RawTflite& raw) {
    raw.input.Set(0, RawFlat::Vector(std::vector<int32_t>{1, 1 << 20, 1 << 20, 2}));
    raw.output.Set(0, RawFlat::Vector(std::vector<int32_t>{1, 1 << 20, 1 << 20, 3}));
  });
  bent("missing", "no tensor 99", [](RawTflite& raw) { raw.op.Set(1, RawFlat::Vector(std::vector<int32_t>{0, 1, 99})); });
  bent("stride", "stride", [](RawTflite& raw) { raw.options.Set<int32_t>(1, 0); });
  return lies;
}

class HostileNetsTest : public CommandsTest {
 protected:
  void ExpectRefused(const Lie& lie, const std::string& ending) {
    const std::string file = Path("lie-" + lie.name + ending);
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(lie.bytes.data()), static_cast<std::streamsize>(lie.bytes.size()));
    std::ofstream(file + ".card.yaml") << "name: any\nlabels: [a, b]\n";
    const std::vector<std::vector<std::string>> commands = {
        {"run", file, "--image", picture_}, {"bench", file, "-r", "1"}, {"measure", file, "--workload", "pictures:" + pictures_}};
    for (const auto& command : commands) {
      const Ran ran = Run(command);
      const std::string told = lie.name + ending + " by " + command[0] + ": " + ran.err;
      EXPECT_EQ(ran.code, lie.code) << told;
      EXPECT_THAT(ran.err, HasSubstr(lie.words)) << told;
      EXPECT_THAT(ran.err, HasSubstr("lie-" + lie.name)) << told;
      size_t lines = 0;  // beside progress
      for (size_t at = ran.err.find("tradewind: "); at != std::string::npos; at = ran.err.find("\ntradewind: ", at + 1)) ++lines;
      EXPECT_EQ(lines, 1u) << told;
      EXPECT_EQ(ran.out, "") << told;
    }
  }
  void SetUp() override {
    CommandsTest::SetUp();
    pictures_ = Path("pictures");
    std::filesystem::create_directories(pictures_);
    picture_ = pictures_ + "/a.bmp";
    // Two pixels of a BMP.
    std::string bmp = "BM";
    const auto put = [&](uint32_t value, int bytes) {
      for (int i = 0; i < bytes; ++i) bmp += static_cast<char>(value >> (8 * i));
    };
    for (const auto& [value, bytes] : std::initializer_list<std::pair<uint32_t, int>>{{62, 4},
                                                                                      {0, 4},
                                                                                      {54, 4},
                                                                                      {40, 4},
                                                                                      {2, 4},
                                                                                      {1, 4},
                                                                                      {1, 2},
                                                                                      {24, 2},
                                                                                      {0, 4},
                                                                                      {8, 4},
                                                                                      {0, 4},
                                                                                      {0, 4},
                                                                                      {0, 4},
                                                                                      {0, 4},
                                                                                      {0x808080, 4},
                                                                                      {0x8080, 4}})
      put(value, bytes);
    std::ofstream(picture_, std::ios::binary) << bmp;
  }
  std::string pictures_, picture_;
};

TEST_F(HostileNetsTest, EveryLieOfOnnxIsNamed) {
  for (const Lie& lie : OnnxLies()) ExpectRefused(lie, ".onnx");
  // The largest of all children so far: the file of a million nodes has 12 MB.
  struct rusage used{};
  ASSERT_EQ(getrusage(RUSAGE_CHILDREN, &used), 0);
  EXPECT_LT(used.ru_maxrss, 1 << 20) << "KiB";
}

TEST_F(HostileNetsTest, EveryLieOfTfliteIsNamed) {
  for (const Lie& lie : TfliteLies()) ExpectRefused(lie, ".tflite");
}

}  // namespace
}  // namespace tradewind
