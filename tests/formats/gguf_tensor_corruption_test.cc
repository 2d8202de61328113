// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// One test for each lie that the description of a tensor can tell, and files cut short or damaged at every byte.
#include "base/file.h"
#include "expect_refused.h"
#include "shared_data.h"

namespace tradewind {
namespace {

constexpr uint32_t kF32 = 0, kQ4_0 = 2, kQ4_K = 12, kIQ2_XS = 17;
// Where the fields of the first tensor lie, when its name is "t" and nothing stands before it.
constexpr uint64_t kName = 24, kDimensions = kName + 9, kFirstLength = kDimensions + 4;

void ExpectTensorRefused(std::initializer_list<uint64_t> shape, uint32_t type, uint64_t relative_offset, StatusCode code,
                         std::string_view field, uint64_t offset, std::string_view words = "") {
  RawGguf file;
  file.PutHeader(1, 0);
  file.PutTensor("t", shape, type, relative_offset);
  file.PutData(4096);
  ExpectRefused(file, code, "tensor 0 \"t\": " + std::string(field), offset, words);
}

TEST(GgufTensorCorruptionTest, AWellFormedOneIsRead) {
  RawGguf file;
  file.PutHeader(1, 0);
  file.PutTensor("t", {32, 2}, kF32, 32);
  file.PutData(32 + 256);
  const auto result = Gguf::FromBytes(file.bytes, "good");
  ASSERT_TRUE(result) << result.error().ToString();
  EXPECT_EQ(result->tensors()[0].data.size(), 256u);
}

TEST(GgufTensorCorruptionTest, NameLengthOfAllOnes) {
  RawGguf file;
  file.PutHeader(1, 0);
  file.Put(~0ull);
  file.PutData(4096);
  ExpectRefused(file, kInvalid, "tensor 0: name", kName, "limit");
}

TEST(GgufTensorCorruptionTest, NameOverTheLimit) {
  RawGguf file;
  file.PutHeader(1, 0);
  file.PutTensor(std::string(65, 't'), {1}, kF32, 0);
  file.PutData(4);
  ExpectRefused(file, kInvalid, "tensor 0: name", kName, "64");
}

TEST(GgufTensorCorruptionTest, EmptyName) {
  RawGguf file;
  file.PutHeader(1, 0);
  file.PutTensor("", {1}, kF32, 0);
  file.PutData(64);
  ExpectRefused(file, kInvalid, "tensor 0: name", kName);
}

TEST(GgufTensorCorruptionTest, TheSameNameTwice) {
  RawGguf file;
  file.PutHeader(2, 0);
  file.PutTensor("t", {1}, kF32, 0);
  const uint64_t second = file.bytes.size();
  file.PutTensor("t", {1}, kF32, 32);
  file.PutData(36);
  ExpectRefused(file, kInvalid, "tensor 1 \"t\": name", second, "twice");
}

TEST(GgufTensorCorruptionTest, NoDimensions) {
  ExpectTensorRefused({}, kF32, 0, kInvalid, "number of dimensions", kDimensions, "1 to 4");
}

TEST(GgufTensorCorruptionTest, FiveDimensions) {
  ExpectTensorRefused({1, 1, 1, 1, 1}, kF32, 0, kInvalid, "number of dimensions", kDimensions, "5");
}

TEST(GgufTensorCorruptionTest, DimensionCountOfAllOnes) {
  RawGguf file;
  file.PutHeader(1, 0);
  file.PutString("t");
  file.Put(~0u);
  file.PutData(4096);
  ExpectRefused(file, kInvalid, "tensor 0 \"t\": number of dimensions", kDimensions);
}

TEST(GgufTensorCorruptionTest, ZeroDimension) {
  ExpectTensorRefused({4, 0}, kF32, 0, kInvalid, "dimension", kFirstLength + 8, "0");
}

TEST(GgufTensorCorruptionTest, DimensionOfAllOnes) {
  ExpectTensorRefused({~0ull}, kF32, 0, kInvalid, "dimension", kFirstLength, "overflows");
}

TEST(GgufTensorCorruptionTest, DimensionThatIsNegativeWhenSigned) {
  ExpectTensorRefused({1ull << 63}, kF32, 0, kInvalid, "dimension", kFirstLength, "overflows");
}

TEST(GgufTensorCorruptionTest, DimensionsWhoseProductWrapsToZero) {
  ExpectTensorRefused({1ull << 32, 1ull << 32}, kF32, 0, kInvalid, "dimension", kFirstLength + 8, "overflows");
}

TEST(GgufTensorCorruptionTest, DimensionsWhoseProductWrapsToASmallNumber) {
  // (2^32 + 1) * (2^32 + 1) = 2^33 + 1 modulo 2^64; and the last factor is caught, too.
  ExpectTensorRefused({4, (1ull << 32) + 1, 1, (1ull << 32) + 1}, kF32, 0, kInvalid, "dimension", kFirstLength + 24, "overflows");
}

TEST(GgufTensorCorruptionTest, SizeInBytesThatOverflows) {
  ExpectTensorRefused({1ull << 31, 1ull << 31}, kF32, 0, kInvalid, "type", kFirstLength + 16, "overflows");
}

TEST(GgufTensorCorruptionTest, UnknownType) {
  ExpectTensorRefused({32}, 99, 0, kUnsupported, "type", kFirstLength + 8, "99 (unknown)");
}

TEST(GgufTensorCorruptionTest, TypeOfAllOnes) {
  ExpectTensorRefused({32}, ~0u, 0, kUnsupported, "type", kFirstLength + 8);
}

TEST(GgufTensorCorruptionTest, RetiredType) {
  ExpectTensorRefused({32}, 4, 0, kUnsupported, "type", kFirstLength + 8);
}

TEST(GgufTensorCorruptionTest, TypeThatIsNotReadHere) {
  ExpectTensorRefused({256}, kIQ2_XS, 0, kUnsupported, "type", kFirstLength + 8, "17 (IQ2_XS)");
}

TEST(GgufTensorCorruptionTest, RowOfHalfABlock) {
  ExpectTensorRefused({48, 2}, kQ4_0, 0, kInvalid, "type", kFirstLength + 16, "no whole number of Q4_0 blocks of 32");
}

TEST(GgufTensorCorruptionTest, RowTooShortForALargeBlock) {
  // 4 rows of 64 make 256 values, but no row is a whole block.
  ExpectTensorRefused({64, 4}, kQ4_K, 0, kInvalid, "type", kFirstLength + 16, "256");
}

TEST(GgufTensorCorruptionTest, MisalignedOffset) {
  ExpectTensorRefused({8}, kF32, 16, kInvalid, "offset", kFirstLength + 12, "multiple of the alignment 32");
}

TEST(GgufTensorCorruptionTest, OffsetMisalignedToTheAlignmentOfTheFile) {
  RawGguf file;
  file.PutHeader(1, 1);
  file.PutKey("general.alignment", 4);
  file.Put<uint32_t>(128);
  const uint64_t at = file.PutTensor("t", {8}, kF32, 64);
  file.PutData(4096);
  ExpectRefused(file, kInvalid, "tensor 0 \"t\": offset", at, "alignment 128");
}

TEST(GgufTensorCorruptionTest, OffsetBeyondTheFile) {
  ExpectTensorRefused({8}, kF32, 4096, kInvalid, "offset", kFirstLength + 12, "beyond the file");
}

TEST(GgufTensorCorruptionTest, OffsetThatWraps) {
  ExpectTensorRefused({8}, kF32, 0 - uint64_t{32}, kInvalid, "offset", kFirstLength + 12, "beyond the file");
}

TEST(GgufTensorCorruptionTest, DataLongerThanTheFile) {
  ExpectTensorRefused({1025}, kF32, 0, kInvalid, "offset", kFirstLength + 12, "4100 bytes");
}

TEST(GgufTensorCorruptionTest, HugeDataInASmallFile) {
  ExpectTensorRefused({1ull << 40}, kF32, 0, kInvalid, "offset", kFirstLength + 12, "cut short");
}

TEST(GgufTensorCorruptionTest, NoDataAtAll) {
  RawGguf file;
  file.PutHeader(1, 0);
  const uint64_t at = file.PutTensor("t", {8}, kF32, 0);
  ExpectRefused(file, kInvalid, "tensor 0 \"t\": offset", at, "cut short");
}

TEST(GgufTensorCorruptionTest, TwoTensorsInOnePlace) {
  RawGguf file;
  file.PutHeader(2, 0);
  file.PutTensor("a", {8}, kF32, 0);
  const uint64_t at = file.PutTensor("b", {8}, kF32, 0);
  file.PutData(64);
  ExpectRefused(file, kInvalid, "tensor 1 \"b\": offset", at, "overlaps that of \"a\"");
}

TEST(GgufTensorCorruptionTest, DataThatReachesIntoTheNext) {
  RawGguf file;
  file.PutHeader(2, 0);
  file.PutTensor("a", {9}, kF32, 0);
  const uint64_t at = file.PutTensor("b", {8}, kF32, 32);
  file.PutData(96);
  ExpectRefused(file, kInvalid, "tensor 1 \"b\": offset", at, "overlaps that of \"a\"");
}

TEST(GgufTensorCorruptionTest, OverlapOfTensorsOutOfOrder) {
  RawGguf file;
  file.PutHeader(3, 0);
  const uint64_t at = file.PutTensor("last", {8}, kF32, 96);
  file.PutTensor("first", {8}, kF32, 0);
  file.PutTensor("long", {17}, kF32, 32);
  file.PutData(160);
  ExpectRefused(file, kInvalid, "tensor 0 \"last\": offset", at, "overlaps that of \"long\"");
}

TEST(GgufTensorCorruptionTest, TensorsOutOfOrderAndWithGapsAreGood) {
  RawGguf file;
  file.PutHeader(2, 0);
  file.PutTensor("b", {8}, kF32, 128);
  file.PutTensor("a", {8}, kF32, 0);
  file.PutData(160);
  EXPECT_TRUE(Gguf::FromBytes(file.bytes, "good"));
}

std::vector<std::byte> SmallFile() {
  const auto text = ReadFile(SourcePath("tests/formats/data/small.gguf"), 1 << 20);
  EXPECT_TRUE(text);
  const auto bytes = std::as_bytes(std::span(text.value()));
  return {bytes.begin(), bytes.end()};
}

TEST(GgufTruncationTest, EveryShorterFileIsRefusedWithAPlace) {
  const std::vector<std::byte> whole = SmallFile();
  const auto file = Gguf::FromBytes(whole, "whole");
  ASSERT_TRUE(file) << file.error().ToString();
  const uint64_t end = file->tensors().back().offset + file->tensors().back().data.size();  // padding after it may be missing
  for (uint64_t length = 0; length < end; ++length) {
    const auto result = Gguf::FromBytes({whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length)}, "cut");
    ASSERT_FALSE(result) << length;
    ASSERT_TRUE(result.error().offset()) << length;
    ASSERT_LE(*result.error().offset(), length);
    ASSERT_EQ(result.error().code(), kInvalid) << length;
  }
  EXPECT_TRUE(Gguf::FromBytes({whole.begin(), whole.begin() + static_cast<ptrdiff_t>(end)}, "cut"));
}

// Whatever single bit is wrong in the header: a refusal with a place, or a file whose every tensor lies inside it.
TEST(GgufTruncationTest, EveryFlippedBitOfTheHeaderIsSurvived) {
  const std::vector<std::byte> whole = SmallFile();
  const uint64_t header = Gguf::FromBytes(whole, "whole").value().tensors()[0].offset;
  for (uint64_t bit = 0; bit < header * 8; ++bit) {
    std::vector<std::byte> damaged = whole;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    const auto result = Gguf::FromBytes(std::move(damaged), "damaged");
    if (!result) {
      ASSERT_TRUE(result.error().offset()) << bit;
      continue;
    }
    for (const GgufTensor& tensor : result->tensors()) {
      ASSERT_LE(tensor.offset + tensor.data.size(), whole.size()) << bit;
      ASSERT_EQ(RowBytes(tensor.type, tensor.row_length()).value() * tensor.rows(), tensor.data.size()) << bit;
    }
  }
}

}  // namespace
}  // namespace tradewind
