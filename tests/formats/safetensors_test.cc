// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tests safetensors_parser.cc, too.
#include "formats/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace tradewind {
namespace {

std::vector<std::byte> SafetensorsBytes(const std::string& header, size_t data_bytes) {
  std::vector<std::byte> bytes(8 + header.size() + data_bytes);
  const uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  for (size_t i = 0; i < data_bytes; ++i) bytes[8 + header.size() + i] = static_cast<std::byte>(i + 1);
  return bytes;
}

Result<Safetensors> ReadHeader(const std::string& header, size_t data_bytes) {
  return Safetensors::FromBytes(SafetensorsBytes(header, data_bytes), "bad.safetensors");
}

// One tensor of eight bytes with these fields.
std::string Tensor(const std::string& fields) {
  return R"({"w":{)" + fields + "}}";
}
const std::string kSound = R"("dtype":"F32","shape":[2],"data_offsets":[0,8])";

void ExpectHeaderRefused(const Result<Safetensors>& file, const std::string& where, uint64_t offset, const std::string& words) {
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(file.error().where(), where) << file.error().ToString();
  EXPECT_EQ(file.error().offset(), offset) << file.error().ToString();
  EXPECT_THAT(file.error().message(), testing::StartsWith("bad.safetensors: "));
  EXPECT_THAT(file.error().message(), testing::HasSubstr(words));
}

TEST(Safetensors, ReadsTypesShapesAndPlaces) {
  const auto file = ReadHeader(
      "{ \"__metadata__\": {\"format\": \"pt\", \"a\\\"\\u00e9\\ud83d\\ude00\": \"\\n\"},\n"
      "\"b\": {\"shape\": [2, 3], \"dtype\": \"F16\", \"data_offsets\": [4, 16]}, "
      "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
      "\"none\":{\"dtype\":\"I64\",\"shape\":[0,5],\"data_offsets\":[16,16]}}  ",
      16);
  ASSERT_TRUE(file) << file.error().ToString();
  EXPECT_EQ(file->tensors().size(), 3u);
  const SafetensorsTensor* b = file->FindTensor("b");
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(b->shape, (std::vector<uint64_t>{2, 3}));
  EXPECT_EQ(b->values(), 6u);
  EXPECT_EQ(b->tensor_type(), TensorType::kF16);
  EXPECT_EQ(b->data.size(), 12u);
  EXPECT_EQ(b->data[0], std::byte{5});
  EXPECT_EQ(file->FindTensor("a")->values(), 1u);
  EXPECT_EQ(file->FindTensor("none")->tensor_type(), std::nullopt);
  EXPECT_EQ(file->FindTensor("c"), nullptr);
  EXPECT_EQ(file->metadata().at("format"), "pt");
  EXPECT_EQ(file->metadata().at("a\"\u00e9\U0001F600"), "\n");
}

TEST(Safetensors, ReadsAFileOfNothing) {
  EXPECT_TRUE(ReadHeader("{}", 0));
}

// One lie a test: what is wrong, where it is said to be, and at which byte (the header begins at byte 8).
TEST(SafetensorsCorruption, AFileTooShortForALength) {
  ExpectHeaderRefused(Safetensors::FromBytes(std::vector<std::byte>(7), "bad.safetensors"), "header: length", 0, "too few");
}
TEST(SafetensorsCorruption, AHeaderLongerThanTheFile) {
  auto bytes = SafetensorsBytes("{}", 4);
  bytes[0] = std::byte{7};
  ExpectHeaderRefused(Safetensors::FromBytes(bytes, "bad.safetensors"), "header: length", 0, "does not fit");
}
TEST(SafetensorsCorruption, AHeaderOverTheLimit) {
  auto bytes = SafetensorsBytes("{}", 4);
  bytes[7] = std::byte{0x80};
  ExpectHeaderRefused(Safetensors::FromBytes(bytes, "bad.safetensors"), "header: length", 0, "over the limit");
}
TEST(SafetensorsCorruption, AnEmptyHeader) {
  ExpectHeaderRefused(ReadHeader("", 0), "header: start", 8, "'{'");
}
TEST(SafetensorsCorruption, NoObject) {
  ExpectHeaderRefused(ReadHeader("[]", 0), "header: start", 8, "'{'");
}
TEST(SafetensorsCorruption, AHeaderWithoutEnd) {
  ExpectHeaderRefused(ReadHeader("{", 0), "header: name", 9, "'\"'");
}
TEST(SafetensorsCorruption, SomethingAfterTheHeader) {
  ExpectHeaderRefused(ReadHeader("{} x", 0), "header: end", 11, "follows");
}
TEST(SafetensorsCorruption, ACommaTooMany) {
  ExpectHeaderRefused(ReadHeader(R"({"w":{)" + kSound + "},}", 8), "header: name", 8 + 6 + kSound.size() + 2, "'\"'");
}
TEST(SafetensorsCorruption, ANameWithoutEnd) {
  ExpectHeaderRefused(ReadHeader(R"({"w)", 0), "header: name", 10, "no end");
}
TEST(SafetensorsCorruption, ANameOverTheLimit) {
  ExpectHeaderRefused(ReadHeader("{\"" + std::string(600, 'n') + "\":1}", 0), "header: name", 10, "over the limit");
}
TEST(SafetensorsCorruption, AnEmptyName) {
  ExpectHeaderRefused(ReadHeader(R"({"":{)" + kSound + "}}", 8), "tensor \"\": name", 9, "no name");
}
TEST(SafetensorsCorruption, AControlCharacter) {
  ExpectHeaderRefused(ReadHeader("{\"a\nb\":1}", 0), "header: name", 11, "control");
}
TEST(SafetensorsCorruption, AnUnknownEscape) {
  ExpectHeaderRefused(ReadHeader(R"({"a\x":1})", 0), "header: name", 12, "escape");
}
TEST(SafetensorsCorruption, AnEscapeCutShort) {
  ExpectHeaderRefused(ReadHeader(R"({"\u12":1})", 0), "header: name", 14, "hexadecimal");
}
TEST(SafetensorsCorruption, HalfASurrogatePair) {
  ExpectHeaderRefused(ReadHeader(R"({"\ud800":1})", 0), "header: name", 16, "surrogate");
  ExpectHeaderRefused(ReadHeader(R"({"\udc00":1})", 0), "header: name", 16, "surrogate");
  ExpectHeaderRefused(ReadHeader(R"({"\ud800\u0041":1})", 0), "header: name", 22, "surrogate");
}
TEST(SafetensorsCorruption, ATensorTwice) {
  ExpectHeaderRefused(ReadHeader(R"({"w":{)" + kSound + R"(},"w":{)" + kSound + "}}", 8), "tensor \"w\": name", 8 + 6 + kSound.size() + 2,
                      "twice");
}
TEST(SafetensorsCorruption, MetadataTwice) {
  ExpectHeaderRefused(ReadHeader(R"({"__metadata__":{},"__metadata__":{}})", 0), "header: name", 27, "twice");
}
TEST(SafetensorsCorruption, AKeyOfMetadataTwice) {
  ExpectHeaderRefused(ReadHeader(R"({"__metadata__":{"a":"","a":""}})", 0), "__metadata__: key", 32, "twice");
}
TEST(SafetensorsCorruption, MetadataThatIsNoText) {
  ExpectHeaderRefused(ReadHeader(R"({"__metadata__":{"a":1}})", 0), "__metadata__: value", 29, "'\"'");
}
TEST(SafetensorsCorruption, AnUnknownKey) {
  ExpectHeaderRefused(ReadHeader(Tensor(R"("stride":[1],)" + kSound), 8), "tensor \"w\": key", 14, "unknown");
}
TEST(SafetensorsCorruption, AKeyTwice) {
  ExpectHeaderRefused(ReadHeader(Tensor(kSound + R"(,"dtype":"F32")"), 8), "tensor \"w\": key", 14 + kSound.size() + 1, "twice");
}
TEST(SafetensorsCorruption, NoType) {
  ExpectHeaderRefused(ReadHeader(Tensor(R"("shape":[2],"data_offsets":[0,8])"), 8), "tensor \"w\": dtype", 9, "no dtype");
}
TEST(SafetensorsCorruption, NoShape) {
  ExpectHeaderRefused(ReadHeader(Tensor(R"("dtype":"F32","data_offsets":[0,8])"), 8), "tensor \"w\": shape", 9, "no shape");
}
TEST(SafetensorsCorruption, NoPlace) {
  ExpectHeaderRefused(ReadHeader(Tensor(R"("dtype":"F32","shape":[2])"), 8), "tensor \"w\": data_offsets", 9, "no data_offsets");
}
TEST(SafetensorsCorruption, AnUnknownType) {
  ExpectHeaderRefused(ReadHeader(Tensor(R"("dtype":"F33","shape":[2],"data_offsets":[0,8])"), 8), "tensor \"w\": dtype", 9, "unknown");
}
TEST(SafetensorsCorruption, ATypeOverTheLimit) {
  ExpectHeaderRefused(ReadHeader(Tensor(R"("dtype":"FFFFFFFFFFFFFFFFF")"), 8), "tensor \"w\": dtype", 23, "over the limit");
}
TEST(SafetensorsCorruption, TooManyDimensions) {
  ExpectHeaderRefused(ReadHeader(Tensor(R"("shape":[1,1,1,1,1,1,1,1,1])"), 8), "tensor \"w\": shape", 39, "more than 8");
}
TEST(SafetensorsCorruption, ANegativeDimension) {
  ExpectHeaderRefused(ReadHeader(Tensor(R"("shape":[-2])"), 8), "tensor \"w\": shape", 23, "whole number");
}
TEST(SafetensorsCorruption, ADimensionThatIsNoWholeNumber) {
  for (const char* number : {"2.0", "2e0", "02", "\"2\"", ""}) {
    ExpectHeaderRefused(ReadHeader(Tensor(std::string(R"("shape":[)") + number + ",1]"), 8), "tensor \"w\": shape", 23, "whole number");
  }
}
TEST(SafetensorsCorruption, ADimensionOver64Bits) {
  ExpectHeaderRefused(ReadHeader(Tensor(R"("shape":[18446744073709551616])"), 8), "tensor \"w\": shape", 23, "64 bits");
}
TEST(SafetensorsCorruption, ASizeOver64Bits) {
  ExpectHeaderRefused(ReadHeader(Tensor(R"("dtype":"F32","shape":[4611686018427387904,2],"data_offsets":[0,8])"), 8), "tensor \"w\": shape",
                      9, "overflows");
}
TEST(SafetensorsCorruption, OnlyABegin) {
  ExpectHeaderRefused(ReadHeader(Tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0])"), 8), "tensor \"w\": data_offsets", 9,
                      "two numbers");
}
TEST(SafetensorsCorruption, AnEndBeyondTheFile) {
  ExpectHeaderRefused(ReadHeader(Tensor(kSound), 7), "tensor \"w\": data_offsets", 9, "cut short");
}
TEST(SafetensorsCorruption, ABeginBeyondTheEnd) {
  ExpectHeaderRefused(ReadHeader(Tensor(R"("dtype":"F32","shape":[2],"data_offsets":[8,0])"), 8), "tensor \"w\": data_offsets", 9,
                      "8 to 0");
}
TEST(SafetensorsCorruption, AShapeOfAnotherSize) {
  ExpectHeaderRefused(ReadHeader(Tensor(R"("dtype":"F32","shape":[3],"data_offsets":[0,8])"), 8), "tensor \"w\": data_offsets", 9,
                      "8 bytes; its shape and type ask for 12");
}
TEST(SafetensorsCorruption, TensorsThatOverlap) {
  const std::string header =
      R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})";
  ExpectHeaderRefused(ReadHeader(header, 12), "tensor \"b\": data_offsets", 8 + header.size() + 4, "overlap");
}
TEST(SafetensorsCorruption, AHoleBetweenTensors) {
  const std::string header =
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})";
  ExpectHeaderRefused(ReadHeader(header, 12), "tensor \"b\": data_offsets", 8 + header.size() + 8, "no tensor");
}
TEST(SafetensorsCorruption, BytesAfterTheLastTensor) {
  const std::string header = Tensor(kSound);
  ExpectHeaderRefused(ReadHeader(header, 9), "data: end", 8 + header.size() + 8, "no tensor");
}
TEST(SafetensorsCorruption, DeepNestingIsNoDeeperStack) {
  EXPECT_FALSE(ReadHeader("{\"w\":" + std::string(1 << 20, '['), 0));
  EXPECT_FALSE(ReadHeader("{\"w\":" + std::string(1 << 20, '{'), 0));
}

}  // namespace
}  // namespace tradewind
