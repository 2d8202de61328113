// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What TFLite files hold, and one lie a test. Tests flatbuffer.cc, tflite_parser.cc and tflite_operators.cc, too.
#include "formats/tflite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "raw_flatbuffer.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

Result<TfliteModel> Read(const RawTflite& raw) {
  return ReadTfliteBytes(raw.Bytes(), "bad.tflite");
}
void ExpectRefusedModel(const Result<TfliteModel>& model, const std::string& where, const std::string& words,
                        StatusCode code = StatusCode::kInvalidInput) {
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code(), code) << model.error().ToString();
  EXPECT_THAT(model.error().where(), HasSubstr(where)) << model.error().ToString();
  EXPECT_THAT(model.error().message(), HasSubstr(words));
  EXPECT_THAT(model.error().message(), testing::StartsWith("bad.tflite: "));
}
void ExpectRefusedBytes(const std::vector<std::byte>& bytes, const std::string& where, const std::string& words,
                        StatusCode code = StatusCode::kInvalidInput) {
  ExpectRefusedModel(ReadTfliteBytes(bytes, "bad.tflite"), where, words, code);
}
void ExpectRefusedRaw(const RawTflite& raw, const std::string& where, const std::string& words,
                      StatusCode code = StatusCode::kInvalidInput) {
  ExpectRefusedModel(Read(raw), where, words, code);
}

TEST(Tflite, ReadsAModel) {
  const auto model = Read(RawTflite());
  ASSERT_TRUE(model) << model.error().ToString();
  ASSERT_EQ(model->graphs.size(), 1u);
  const TfliteGraph& graph = model->graphs[0];
  ASSERT_EQ(graph.tensors.size(), 4u);
  EXPECT_EQ(graph.tensors[0].name, "input");
  EXPECT_EQ(graph.tensors[0].shape, (std::vector<int32_t>{1, 4, 4, 2}));
  EXPECT_EQ(graph.tensors[0].type, TfliteType::kUint8);
  EXPECT_FALSE(graph.tensors[0].constant);
  EXPECT_EQ(graph.tensors[1].quantization.scale, std::vector<float>{0.5f});
  EXPECT_EQ(graph.tensors[1].quantization.zero_point, std::vector<int64_t>{3});
  EXPECT_EQ(graph.tensors[1].data.size(), 6u);
  EXPECT_EQ(graph.tensors[1].data[5], std::byte{7});
  ASSERT_EQ(graph.operators.size(), 1u);
  EXPECT_EQ(graph.operators[0].name, "CONV_2D");
  const auto& conv = std::get<TfliteConv>(graph.operators[0].options);
  EXPECT_TRUE(conv.same_padding);
  EXPECT_EQ(conv.activation, TfliteActivation::kRelu);
  EXPECT_EQ(conv.dilation_w, 1);
}

TEST(Tflite, NumbersOfOperatorsFrom127UpStandInTheSecondField) {
  RawTflite raw;
  raw.code.Set<int8_t>(0, 127).Set<int32_t>(3, 150);
  raw.options.numbers.clear();
  const auto model = Read(raw);
  ASSERT_TRUE(model) << model.error().ToString();
  EXPECT_EQ(model->graphs[0].operators[0].name, "GELU");
  raw.code.Set<int32_t>(3, 999);
  EXPECT_EQ(Read(raw)->graphs[0].operators[0].name, "operator 999");
  raw.code.Set<int8_t>(0, 32).Set<int32_t>(3, 32).Set(1, RawFlat::Text("MyOp"));
  EXPECT_EQ(Read(raw)->graphs[0].operators[0].name, "MyOp");
}

TEST(TfliteCorruption, AnEmptyFile) {
  ExpectRefusedBytes({}, "identifier", "no TFLite file");
}
TEST(TfliteCorruption, AnotherIdentifier) {
  ExpectRefusedBytes(FlatFile(RawFlat(), "TFL2"), "identifier", "no TFLite file");
}
TEST(TfliteCorruption, ARootBeyondTheFile) {
  auto bytes = RawTflite().Bytes();
  PutAt<uint32_t>(bytes, 0, 0x7FFFFFFF);
  ExpectRefusedBytes(bytes, "root", "beyond");
}
TEST(TfliteCorruption, AListOfFieldsBeforeTheFile) {
  auto bytes = RawTflite().Bytes();
  uint32_t root = 0;
  std::memcpy(&root, bytes.data(), 4);
  PutAt<int32_t>(bytes, root, INT32_MAX);
  ExpectRefusedBytes(bytes, "root", "before the file");
}
TEST(TfliteCorruption, AListOfFieldsBehindTheFile) {
  auto bytes = RawTflite().Bytes();
  uint32_t root = 0;
  std::memcpy(&root, bytes.data(), 4);
  PutAt<int32_t>(bytes, root, INT32_MIN);
  ExpectRefusedBytes(bytes, "root", "beyond");
}
TEST(TfliteCorruption, AListOfFieldsOfOneByte) {
  auto bytes = RawTflite().Bytes();
  uint32_t root = 0;
  std::memcpy(&root, bytes.data(), 4);
  int32_t back = 0;
  std::memcpy(&back, bytes.data() + root, 4);
  PutAt<uint16_t>(bytes, root - static_cast<uint32_t>(back), 1);
  ExpectRefusedBytes(bytes, "root", "1 bytes");
}
TEST(TfliteCorruption, ATableLongerThanTheFile) {
  auto bytes = RawTflite().Bytes();
  uint32_t root = 0;
  std::memcpy(&root, bytes.data(), 4);
  int32_t back = 0;
  std::memcpy(&back, bytes.data() + root, 4);
  PutAt<uint16_t>(bytes, root - static_cast<uint32_t>(back) + 2, 0xFFFF);
  ExpectRefusedBytes(bytes, "root", "65535 bytes");
}
TEST(TfliteCorruption, AFieldBeyondItsTable) {
  auto bytes = RawTflite().Bytes();
  uint32_t root = 0;
  std::memcpy(&root, bytes.data(), 4);
  int32_t back = 0;
  std::memcpy(&back, bytes.data() + root, 4);
  PutAt<uint16_t>(bytes, root - static_cast<uint32_t>(back) + 4, 0x7FFF);
  ExpectRefusedBytes(bytes, "version", "beyond its table");
}
TEST(TfliteCorruption, AnotherVersion) {
  RawTflite raw;
  raw.model.Set<uint32_t>(0, 4);
  ExpectRefusedRaw(raw, "version", "version 4", StatusCode::kUnsupported);
}
TEST(TfliteCorruption, NoGraph) {
  RawTflite raw;
  raw.model.Set(2, RawFlat::Tables({}));
  ExpectRefusedRaw(raw, "subgraphs", "no graph");
}
TEST(TfliteCorruption, AListLongerThanTheFile) {
  RawTflite raw;
  RawFlat shape = RawFlat::Vector(std::vector<int32_t>{1, 4, 4, 2});
  shape.count = 0x40000000;
  raw.input.Set(0, shape);
  ExpectRefusedRaw(raw, "tensor 0 \"input\": shape", "1073741824");
}
TEST(TfliteCorruption, AnOffsetOfZero) {
  auto bytes = RawTflite().Bytes();
  // The first tensor's name is referred to by the place whose offset leads to it: zero it.
  const std::string name = "input";
  const auto at = std::search(bytes.begin(), bytes.end(), reinterpret_cast<const std::byte*>(name.data()),
                              reinterpret_cast<const std::byte*>(name.data()) + name.size()) -
                  bytes.begin() - 4;
  for (size_t place = 0; place + 4 < bytes.size(); ++place) {
    uint32_t offset = 0;
    std::memcpy(&offset, bytes.data() + place, 4);
    if (place + offset == static_cast<size_t>(at)) {
      PutAt<uint32_t>(bytes, place, 0);
      break;
    }
  }
  ExpectRefusedBytes(bytes, "tensor 0", "leads out");
}

TEST(TfliteCorruption, ANegativeSide) {
  RawTflite raw;
  raw.input.Set(0, RawFlat::Vector(std::vector<int32_t>{1, -4, 4, 2}));
  ExpectRefusedRaw(raw, "tensor 0 \"input\": shape", "-4");
}
TEST(TfliteCorruption, ManyDimensions) {
  RawTflite raw;
  raw.input.Set(0, RawFlat::Vector(std::vector<int32_t>(17, 1)));
  ExpectRefusedRaw(raw, "tensor 0 \"input\": shape", "more than 16");
}
TEST(TfliteCorruption, ASizeThatWraps) {
  RawTflite raw;
  raw.weights.Set(0, RawFlat::Vector(std::vector<int32_t>(3, 1 << 30)));
  ExpectRefusedRaw(raw, "tensor 1 \"weights\": shape", "overflows");
}
TEST(TfliteCorruption, AnUnknownType) {
  RawTflite raw;
  raw.input.Set<int8_t>(1, 77);
  ExpectRefusedRaw(raw, "tensor 0 \"input\": type", "type 77", StatusCode::kUnsupported);
}
TEST(TfliteCorruption, ABufferThatIsNotThere) {
  RawTflite raw;
  raw.weights.Set<uint32_t>(2, 9);
  ExpectRefusedRaw(raw, "tensor 1 \"weights\": buffer", "no buffer 9");
}
TEST(TfliteCorruption, AConstantWithTooFewBytes) {
  RawTflite raw;
  raw.buffers[1].Set(0, RawFlat::Vector(std::vector<uint8_t>(5, 7)));
  ExpectRefusedRaw(raw, "tensor 1 \"weights\": buffer", "5 bytes");
}
TEST(TfliteCorruption, ABufferBehindTheFile) {
  RawTflite raw;
  raw.buffers[1].children.clear();
  raw.buffers[1].Set<uint64_t>(1, 1u << 30).Set<uint64_t>(2, 6);
  ExpectRefusedRaw(raw, "buffer 1: offset", "beyond");
}
TEST(TfliteCorruption, ABufferWhoseSizeWraps) {
  RawTflite raw;
  raw.buffers[1].children.clear();
  raw.buffers[1].Set<uint64_t>(1, 8).Set<uint64_t>(2, UINT64_MAX);
  ExpectRefusedRaw(raw, "buffer 1: offset", "beyond");
}
TEST(TfliteCorruption, ASparseTensor) {
  RawTflite raw;
  raw.weights.Set(6, RawFlat());
  ExpectRefusedRaw(raw, "tensor 1 \"weights\": sparsity", "dense", StatusCode::kUnsupported);
}
TEST(TfliteCorruption, AScaleOfZero) {
  RawTflite raw;
  raw.input.children[4].Set(2, RawFlat::Vector(std::vector<float>{0.0f}));
  ExpectRefusedRaw(raw, "tensor 0 \"input\": quantization.scale", "above 0");
}
TEST(TfliteCorruption, AScaleThatIsNoNumber) {
  RawTflite raw;
  raw.input.children[4].Set(2, RawFlat::Vector(std::vector<float>{std::numeric_limits<float>::quiet_NaN()}));
  ExpectRefusedRaw(raw, "tensor 0 \"input\": quantization.scale", "above 0");
}
TEST(TfliteCorruption, ScalesThatDoNotFitTheirDimension) {
  RawTflite raw;
  raw.weights.children[4].Set(2, RawFlat::Vector(std::vector<float>(5, 0.5f))).Set(3, RawFlat());
  raw.weights.children[4].children.erase(3);
  ExpectRefusedRaw(raw, "tensor 1 \"weights\": quantization.scale", "5 scales");
}
TEST(TfliteCorruption, AQuantisedDimensionThatIsNotThere) {
  RawTflite raw;
  raw.weights.children[4].Set(2, RawFlat::Vector(std::vector<float>(3, 0.5f))).Set<int32_t>(6, 4);
  ExpectRefusedRaw(raw, "quantized_dimension", "no dimension 4");
}
TEST(TfliteCorruption, ZeroPointsOfAnotherCount) {
  RawTflite raw;
  raw.weights.children[4].Set(2, RawFlat::Vector(std::vector<float>(3, 0.5f))).Set(3, RawFlat::Vector(std::vector<int64_t>(2, 0)));
  ExpectRefusedRaw(raw, "quantization.zero_point", "2 for 3");
}

TEST(TfliteCorruption, AnInputThatIsNotThere) {
  RawTflite raw;
  raw.graph.Set(1, RawFlat::Vector(std::vector<int32_t>{7}));
  ExpectRefusedRaw(raw, "graph: inputs", "no tensor 7");
}
TEST(TfliteCorruption, ANegativeOutput) {
  RawTflite raw;
  raw.graph.Set(2, RawFlat::Vector(std::vector<int32_t>{-1}));
  ExpectRefusedRaw(raw, "graph: outputs", "no tensor -1");
}
TEST(TfliteCorruption, NoOutputs) {
  RawTflite raw;
  raw.graph.Set(2, RawFlat::Vector(std::vector<int32_t>{}));
  ExpectRefusedRaw(raw, "graph: outputs", "no outputs");
}
TEST(TfliteCorruption, AnOperatorsInputThatIsNotThere) {
  RawTflite raw;
  raw.op.Set(1, RawFlat::Vector(std::vector<int32_t>{0, 1, 99}));
  ExpectRefusedRaw(raw, "operator 0 (\"CONV_2D\"): inputs", "no tensor 99");
}
TEST(TfliteCorruption, AnOperatorCodeThatIsNotThere) {
  RawTflite raw;
  raw.op.Set<uint32_t>(0, 5);
  ExpectRefusedRaw(raw, "operator 0: opcode_index", "no operator code 5");
}
TEST(TfliteCorruption, OptionsOfAnotherKind) {
  RawTflite raw;
  raw.op.Set<uint8_t>(3, 8);
  ExpectRefusedRaw(raw, "builtin_options", "kind 8");
}
TEST(TfliteCorruption, NoOptions) {
  RawTflite raw;
  raw.options.numbers.clear();
  ExpectRefusedRaw(raw, "builtin_options", "due");
}
TEST(TfliteCorruption, AStrideOfZero) {
  RawTflite raw;
  raw.options.Set<int32_t>(1, 0);
  ExpectRefusedRaw(raw, "stride_w", "0 is not");
}
TEST(TfliteCorruption, ADilationOverEveryPicture) {
  RawTflite raw;
  raw.options.Set<int32_t>(5, 1 << 20);
  ExpectRefusedRaw(raw, "dilation_h_factor", "1048576");
}
TEST(TfliteCorruption, AnUnknownActivation) {
  RawTflite raw;
  raw.options.Set<int8_t>(3, 9);
  ExpectRefusedRaw(raw, "fused_activation_function", "activation 9", StatusCode::kUnsupported);
}
TEST(TfliteCorruption, AnInputMadeByNobody) {
  RawTflite raw;
  raw.graph.Set(1, RawFlat::Vector(std::vector<int32_t>{}));
  ExpectRefusedRaw(raw, "operator 0", "made by no operator");
}
TEST(TfliteCorruption, AnOutputThatIsAConstant) {
  RawTflite raw;
  raw.op.Set(2, RawFlat::Vector(std::vector<int32_t>{1}));
  ExpectRefusedRaw(raw, "operator 0", "there already");
}
TEST(TfliteCorruption, AnOutputThatNobodyMakes) {
  RawTflite raw;
  raw.graph.Set(3, RawFlat::Tables({}));
  ExpectRefusedRaw(raw, "graph: outputs", "nothing makes");
}
TEST(TfliteCorruption, ACycle) {
  RawTflite raw;
  RawFlat other;  // takes what comes behind it
  other.Set<uint32_t>(0, 0)
      .Set(1, RawFlat::Vector(std::vector<int32_t>{3, 1, 2}))
      .Set(2, RawFlat::Vector(std::vector<int32_t>{0}))
      .Set<uint8_t>(3, 1)
      .Set(4, raw.options);
  RawFlat op = raw.op;
  op.Set(4, raw.options);
  raw.graph.Set(1, RawFlat::Vector(std::vector<int32_t>{})).Set(3, RawFlat::Tables({other, op}));
  ExpectRefusedRaw(raw, "operator 0", "cycle");
}
TEST(TfliteCorruption, AMillionOperators) {
  RawTflite raw;
  raw.graph.Set(3, RawFlat::Tables(std::vector<RawFlat>(70'000)));
  ExpectRefusedRaw(raw, "graph: operators", "over the limit");
}
TEST(TfliteCorruption, ANameOverTheLimit) {
  RawTflite raw;
  raw.input.Set(3, RawFlat::Text(std::string(5000, 'n')));
  ExpectRefusedRaw(raw, "tensor 0: name", "5000 bytes");
}

TEST(TfliteCorruption, EveryCut) {
  const std::vector<std::byte> whole = RawTflite().Bytes();
  ASSERT_TRUE(ReadTfliteBytes(whole, "whole"));
  for (size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(ReadTfliteBytes(std::span(whole).first(size), "cut")) << size;
}

// Every byte turned: no crash, and what is taken can be walked.
TEST(TfliteCorruption, EveryByteTurned) {
  const std::vector<std::byte> whole = RawTflite().Bytes();
  for (size_t i = 0; i < whole.size(); ++i) {
    for (const int turn : {0x01, 0x80, 0xFF}) {
      std::vector<std::byte> bytes = whole;
      bytes[i] ^= static_cast<std::byte>(turn);
      const auto model = ReadTfliteBytes(bytes, "turned");
      if (!model) {
        EXPECT_FALSE(model.error().where().empty());
        continue;
      }
      for (const TfliteOperator& op : model->graphs[0].operators) {
        for (const int32_t input : op.inputs) EXPECT_LT(input, static_cast<int32_t>(model->graphs[0].tensors.size()));
      }
    }
  }
}

struct RealTflite {
  const char* path;
  size_t tensors, operators;
};
TEST(Tflite, ReadsRealFiles) {
  for (const RealTflite& f : {RealTflite{"assets/vision/coral/mobilenet_v1_0.25_128_quant.tflite", 89, 31},
                              RealTflite{"assets/vision/coral/mobilenet_v2_1.0_224_quant.tflite", 174, 66},
                              RealTflite{"assets/vision/coral/deeplabv3_mnv2_dm05_pascal_quant.tflite", 186, 72},
                              RealTflite{"assets/vision/tflite-micro/tensorflow/lite/micro/models/person_detect.tflite", 0, 0}}) {
    TW_REQUIRE_DATA(path, SharedPath(f.path));
    const auto model = ReadTflite(path);
    ASSERT_TRUE(model) << model.error().ToString();
    if (f.tensors == 0) continue;
    EXPECT_EQ(model->graphs[0].tensors.size(), f.tensors) << f.path;
    EXPECT_EQ(model->graphs[0].operators.size(), f.operators) << f.path;
  }
}

}  // namespace
}  // namespace tradewind
