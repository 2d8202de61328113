// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// One test for each lie that the header or a key of a file can tell. Each must be refused with its field, its byte and a remedy.
#include "expect_refused.h"

namespace tradewind {
namespace {

constexpr uint64_t kMax = ~0ull;
constexpr uint32_t kU8 = 0, kU32 = 4, kBool = 7, kString = 8, kArray = 9, kU64 = 10;

// A file with one key named "k" of the given type, whose value the test writes.
struct OneKey : RawGguf {
  explicit OneKey(uint32_t type, std::string_view name = "k") {
    PutHeader(0, 1);
    PutKey(name, type);
  }
};

TEST(GgufHeaderCorruptionTest, EmptyFile) {
  ExpectRefused({}, kInvalid, "header: magic", 0);
}

TEST(GgufHeaderCorruptionTest, WrongMagic) {
  RawGguf file;
  file.PutHeader(0, 0);
  file.bytes[3] = std::byte{'L'};
  ExpectRefused(file, kInvalid, "header: magic", 0);
}

TEST(GgufHeaderCorruptionTest, AnotherFormat) {
  RawGguf file;
  file.PutString("{\"__metadata__\": {}}");
  ExpectRefused(file, kInvalid, "header: magic", 0);
}

TEST(GgufHeaderCorruptionTest, VersionZero) {
  RawGguf file;
  file.PutHeader(0, 0, 0);
  ExpectRefused(file, kUnsupported, "header: version", 4);
}

TEST(GgufHeaderCorruptionTest, VersionOne) {
  RawGguf file;
  file.PutHeader(0, 0, 1);
  ExpectRefused(file, kUnsupported, "header: version", 4);
}

TEST(GgufHeaderCorruptionTest, VersionTwo) {
  RawGguf file;
  file.PutHeader(0, 0, 2);
  ExpectRefused(file, kUnsupported, "header: version", 4, "version 2");
}

TEST(GgufHeaderCorruptionTest, VersionOfTheFuture) {
  RawGguf file;
  file.PutHeader(0, 0, 4);
  ExpectRefused(file, kUnsupported, "header: version", 4);
}

TEST(GgufHeaderCorruptionTest, BigEndianVersion) {
  RawGguf file;
  file.PutHeader(0, 0, 0x03000000);
  ExpectRefused(file, kUnsupported, "header: version", 4, "big-endian");
}

TEST(GgufHeaderCorruptionTest, TensorCountOfAllOnes) {
  RawGguf file;
  file.PutHeader(kMax, 0);
  ExpectRefused(file, kInvalid, "header: tensor count", 8, "limit");
}

TEST(GgufHeaderCorruptionTest, TensorCountBeyondTheFile) {
  RawGguf file;
  file.PutHeader(2, 0);
  file.bytes.resize(24 + 2 * 33 - 1);
  ExpectRefused(file, kInvalid, "header: tensor count", 8, "do not fit");
}

TEST(GgufHeaderCorruptionTest, KeyCountOfAllOnes) {
  RawGguf file;
  file.PutHeader(0, kMax);
  ExpectRefused(file, kInvalid, "header: key count", 16, "limit");
}

TEST(GgufHeaderCorruptionTest, KeyCountBeyondTheFile) {
  RawGguf file;
  file.PutHeader(0, 1000);
  file.bytes.resize(1000);
  ExpectRefused(file, kInvalid, "header: key count", 16, "do not fit");
}

TEST(GgufHeaderCorruptionTest, KeyCountOneTooMany) {
  RawGguf file;
  file.PutHeader(0, 2);
  file.PutKey("a key with a long enough name", kU32);
  const uint64_t end = file.Put<uint32_t>(1) + 4;
  ExpectRefused(file, kInvalid, "key 1: name", end);
}

TEST(GgufKeyCorruptionTest, NameLengthOfAllOnes) {
  RawGguf file;
  file.PutHeader(0, 1);
  file.Put(kMax);
  file.bytes.resize(64);
  ExpectRefused(file, kInvalid, "key 0: name", 24, "limit");
}

TEST(GgufKeyCorruptionTest, NameLengthOverTheLimit) {
  RawGguf file;
  file.PutHeader(0, 1);
  file.PutKey(std::string(65536, 'k'), kU8);
  file.Put<uint8_t>(0);
  ExpectRefused(file, kInvalid, "key 0: name", 24, "65535");
}

TEST(GgufKeyCorruptionTest, NameReachesBeyondTheFile) {
  RawGguf file;
  file.PutHeader(0, 1);
  file.Put<uint64_t>(7);
  file.bytes.resize(32 + 6);
  ExpectRefused(file, kInvalid, "key 0: name", 32, "cut short");
}

TEST(GgufKeyCorruptionTest, EmptyName) {
  OneKey file(kU32, "");
  file.Put<uint32_t>(0);
  ExpectRefused(file, kInvalid, "key 0: name", 24);
}

TEST(GgufKeyCorruptionTest, NameWithControlCharacters) {
  OneKey file(kU32, "k\x1b[2J");
  file.Put<uint32_t>(0);
  ExpectRefused(file, kInvalid, "key 0 \"k\\x1b[2J\": name", 32, "ASCII");
}

TEST(GgufKeyCorruptionTest, TheSameKeyTwice) {
  RawGguf file;
  file.PutHeader(0, 2);
  file.PutKey("k", kU32);
  file.Put<uint32_t>(1);
  const uint64_t second = file.PutKey("k", kU8);
  file.Put<uint8_t>(1);
  ExpectRefused(file, kInvalid, "key 1 \"k\": name", second, "twice");
}

TEST(GgufKeyCorruptionTest, TypeJustBeyondTheLast) {
  OneKey file(13);
  file.Put<uint64_t>(0);
  ExpectRefused(file, kInvalid, "key 0 \"k\": type", 33, "13");
}

TEST(GgufKeyCorruptionTest, TypeOfAllOnes) {
  OneKey file(~0u);
  file.Put<uint64_t>(0);
  ExpectRefused(file, kInvalid, "key 0 \"k\": type", 33);
}

TEST(GgufKeyCorruptionTest, BoolOfTwo) {
  OneKey file(kBool);
  const uint64_t at = file.Put<uint8_t>(2);
  ExpectRefused(file, kInvalid, "key 0 \"k\": value", at, "0 or 1");
}

TEST(GgufKeyCorruptionTest, ScalarCutShort) {
  OneKey file(kU64);
  const uint64_t at = file.Put<uint32_t>(0);
  ExpectRefused(file, kInvalid, "key 0 \"k\": value", at, "cut short");
}

TEST(GgufKeyCorruptionTest, StringLengthOfAllOnes) {
  OneKey file(kString);
  const uint64_t at = file.Put(kMax);
  ExpectRefused(file, kInvalid, "key 0 \"k\": value", at, "limit");
}

TEST(GgufKeyCorruptionTest, StringLengthThatWrapsTheOffset) {
  OneKey file(kString);
  const uint64_t at = file.Put<uint64_t>(0 - uint64_t{32});
  ExpectRefused(file, kInvalid, "key 0 \"k\": value", at, "limit");
}

TEST(GgufKeyCorruptionTest, StringOneByteBeyondTheFile) {
  OneKey file(kString);
  file.PutString("value");
  file.bytes.pop_back();
  ExpectRefused(file, kInvalid, "key 0 \"k\": value", file.bytes.size() - 4, "cut short");
}

TEST(GgufArrayCorruptionTest, ArrayOfArrays) {
  OneKey file(kArray);
  const uint64_t at = file.Put(kArray);
  file.Put<uint64_t>(0);
  ExpectRefused(file, kUnsupported, "key 0 \"k\": array's element type", at);
}

TEST(GgufArrayCorruptionTest, UnknownElementType) {
  OneKey file(kArray);
  const uint64_t at = file.Put<uint32_t>(77);
  file.Put<uint64_t>(0);
  ExpectRefused(file, kInvalid, "key 0 \"k\": array's element type", at, "77");
}

TEST(GgufArrayCorruptionTest, CountOfAllOnes) {
  OneKey file(kArray);
  file.Put(kU8);
  const uint64_t at = file.Put(kMax);
  ExpectRefused(file, kInvalid, "key 0 \"k\": array's count", at, "limit");
}

TEST(GgufArrayCorruptionTest, CountWhoseBytesWrap) {
  OneKey file(kArray);
  file.Put(kU64);
  const uint64_t at = file.Put(1ull << 61);
  ExpectRefused(file, kInvalid, "key 0 \"k\": array's count", at, "limit");
}

TEST(GgufArrayCorruptionTest, CountBeyondTheFile) {
  OneKey file(kArray);
  file.Put(kU32);
  const uint64_t at = file.Put<uint64_t>(1 << 24) + 8;
  file.Put<uint32_t>(0);
  ExpectRefused(file, kInvalid, "key 0 \"k\": array's elements", at, "67108864");
}

TEST(GgufArrayCorruptionTest, CountOneTooMany) {
  OneKey file(kArray);
  file.Put(kU32);
  const uint64_t at = file.Put<uint64_t>(2) + 8;
  file.Put<uint32_t>(0);
  ExpectRefused(file, kInvalid, "key 0 \"k\": array's elements", at, "cut short");
}

TEST(GgufArrayCorruptionTest, CountOfStringsBeyondTheFile) {
  OneKey file(kArray);
  file.Put(kString);
  const uint64_t at = file.Put<uint64_t>(1 << 24) + 8;
  file.PutString("one");
  ExpectRefused(file, kInvalid, "key 0 \"k\": array's elements", at, "cut short");
}

TEST(GgufArrayCorruptionTest, StringElementLengthOfAllOnes) {
  OneKey file(kArray);
  file.Put(kString);
  file.Put<uint64_t>(2);
  file.PutString("one");
  const uint64_t at = file.Put(kMax);
  ExpectRefused(file, kInvalid, "key 0 \"k\": array's element", at, "limit");
}

TEST(GgufArrayCorruptionTest, StringElementBeyondTheFile) {
  OneKey file(kArray);
  file.Put(kString);
  file.Put<uint64_t>(2);
  file.PutString("one");
  const uint64_t at = file.PutString("two") + 8;
  file.bytes.pop_back();
  ExpectRefused(file, kInvalid, "key 0 \"k\": array's element", at, "cut short");
}

TEST(GgufArrayCorruptionTest, BoolElementOfTwo) {
  OneKey file(kArray);
  file.Put(kBool);
  const uint64_t at = file.Put<uint64_t>(3) + 8;
  for (const uint8_t value : {0, 1, 2}) file.Put(value);
  ExpectRefused(file, kInvalid, "key 0 \"k\": array's element", at + 2, "0 or 1");
}

TEST(GgufAlignmentCorruptionTest, Zero) {
  OneKey file(kU32, "general.alignment");
  const uint64_t at = file.Put<uint32_t>(0);
  ExpectRefused(file, kInvalid, "key 0 \"general.alignment\": value", at, "power of two");
}

TEST(GgufAlignmentCorruptionTest, NoPowerOfTwo) {
  OneKey file(kU32, "general.alignment");
  const uint64_t at = file.Put<uint32_t>(48);
  ExpectRefused(file, kInvalid, "key 0 \"general.alignment\": value", at, "48");
}

TEST(GgufAlignmentCorruptionTest, TooSmallForAFloat) {
  OneKey file(kU32, "general.alignment");
  const uint64_t at = file.Put<uint32_t>(2);
  ExpectRefused(file, kInvalid, "key 0 \"general.alignment\": value", at, "from 8");
}

TEST(GgufAlignmentCorruptionTest, LargerThanAPage) {
  OneKey file(kU32, "general.alignment");
  const uint64_t at = file.Put<uint32_t>(1u << 31);
  ExpectRefused(file, kInvalid, "key 0 \"general.alignment\": value", at, "to 65536");
}

TEST(GgufAlignmentCorruptionTest, AnotherType) {
  OneKey file(kU64, "general.alignment");
  const uint64_t at = file.Put<uint64_t>(32);
  ExpectRefused(file, kInvalid, "key 0 \"general.alignment\": value", at, "uint64");
}

}  // namespace
}  // namespace tradewind
