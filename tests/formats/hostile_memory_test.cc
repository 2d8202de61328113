// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Reading allocates in proportion to the header's bytes, never to what a count claims; and what is refused takes at most 16 MiB of heap
// beside its mapping, however it was built to expand. Every allocation of this program is counted.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "formats/gguf.h"
#include "formats/gguf_parser.h"
#include "formats/gguf_writer.h"
#include "formats/importance_matrix.h"
#include "formats/safetensors.h"
#include "heap_count.h"
#include "raw_gguf.h"

namespace tradewind {
namespace {

// All bytes ever allocated while reading, freed or not.
uint64_t AllocatedByReading(RawGguf file, bool readable) {
  bool read = !readable;
  const HeapUse use = HeapUsedBy([&] {
    auto result = Gguf::FromBytes(std::move(file.bytes), "memory");
    read = result.has_value();
    return result;
  });
  EXPECT_EQ(read, readable);
  return use.allocated_bytes;
}

TEST(GgufMemoryTest, ClaimedCountsAllocateNothing) {
  // Behind each claim lies a file that would pass the limit by count, but has no bytes for it.
  RawGguf tensors, keys, strings;
  tensors.PutHeader(32768, 0);
  tensors.bytes.resize(4096);
  keys.PutHeader(0, 16384);
  keys.bytes.resize(4096);
  strings.PutHeader(0, 1);
  strings.PutKey("k", 9);
  strings.Put<uint32_t>(8);
  strings.Put<uint64_t>(1 << 24);
  strings.bytes.resize(4096);
  EXPECT_LT(AllocatedByReading(tensors, false), 4096u);
  EXPECT_LT(AllocatedByReading(keys, false), 4096u);
  EXPECT_LT(AllocatedByReading(strings, false), 4096u);
}

TEST(GgufMemoryTest, ACountThatTensorDataWouldCoverAllocatesWhatIsRead) {
  // 2^20 strings fit into the bytes that follow, but the third is broken.
  RawGguf file;
  file.PutHeader(0, 1);
  file.PutKey("k", 9);
  file.Put<uint32_t>(8);
  file.Put<uint64_t>(1 << 20);
  file.PutString("one");
  file.PutString("two");
  file.Put(~0ull);
  file.bytes.resize(file.bytes.size() + (8 << 20));
  EXPECT_LT(AllocatedByReading(std::move(file), false), 4096u);
}

TEST(GgufMemoryTest, ManyKeysCostAFewTimesTheirBytes) {
  RawGguf file;
  file.PutHeader(0, 16000);
  for (uint32_t i = 0; i < 16000; ++i) {
    file.PutKey(std::to_string(i), 0);
    file.Put<uint8_t>(0);
  }
  const uint64_t header_bytes = file.bytes.size();
  EXPECT_LT(AllocatedByReading(std::move(file), true), 32 * header_bytes);
}

TEST(GgufMemoryTest, ManyEmptyStringsCostAFewTimesTheirBytes) {
  RawGguf file;
  file.PutHeader(0, 1);
  file.PutKey("k", 9);
  file.Put<uint32_t>(8);
  file.Put<uint64_t>(1 << 20);
  file.bytes.resize(file.bytes.size() + (8 << 20));
  const uint64_t header_bytes = file.bytes.size();
  EXPECT_LT(AllocatedByReading(std::move(file), true), 8 * header_bytes);
}

// Files that are as large as the limits allow and wrong at their very end: all that is read of them is read before they are refused.
class HostileMemoryTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/tradewind_memory_XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string Put(const std::string& name, std::string_view bytes) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return folder_ + "/" + name;
  }
  std::string Put(const std::string& name, const std::vector<std::byte>& bytes) const {
    return Put(name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  // Refused, within the limit of heap, and in all with no more allocated than `times` the file's header.
  template <typename Open>
  static void ExpectRefused(const std::string& path, uint64_t header_bytes, uint64_t times, const Open& open) {
    std::string error;
    StatusCode code = StatusCode::kInternal;
    const HeapUse use = HeapUsedBy([&] {
      auto result = open(path);
      EXPECT_FALSE(result);
      if (!result) {
        error = result.error().ToString();
        code = result.error().code();
      }
      return result;
    });
    EXPECT_EQ(Status(code, "").ExitCode(), 2) << error;
    EXPECT_LE(use.peak_bytes, kHostileHeap_bytes) << error;
    EXPECT_LE(use.allocated_bytes, times * header_bytes + 16384) << error;
  }
  std::string folder_;
};

TEST_F(HostileMemoryTest, KeysAndTensorsAtTheirLimits) {
  RawGguf file;
  file.PutHeader(GgufLimits::kTensors, GgufLimits::kKeys);
  for (uint64_t i = 0; i < GgufLimits::kKeys; ++i) {
    file.PutKey(std::to_string(i), 0);
    file.Put<uint8_t>(0);
  }
  for (uint64_t i = 0; i < GgufLimits::kTensors; ++i) file.PutTensor(std::to_string(i), {8}, 0, i * 32);
  const uint64_t header = file.bytes.size();
  file.PutData(32 * (GgufLimits::kTensors - 1));  // none for the last
  ExpectRefused(Put("file.gguf", file.bytes), header, 12, Gguf::Open);
}

TEST_F(HostileMemoryTest, MillionsOfStringsBeforeTheError) {
  RawGguf file;
  file.PutHeader(0, 3);
  for (const char* key : {"a", "b"}) {
    file.PutKey(key, 9);
    file.Put<uint32_t>(8);
    file.Put<uint64_t>(4 << 20);
    file.bytes.resize(file.bytes.size() + (8 * (4 << 20)));
  }
  file.PutKey("a", 0);
  file.Put<uint8_t>(0);
  ExpectRefused(Put("file.gguf", file.bytes), 4096, 1, Gguf::Open);
}

// A metadata bomb that is no error of the format: what it claims costs nothing until somebody asks for it.
TEST_F(HostileMemoryTest, MillionsOfStringsThatNobodyAsksFor) {
  RawGguf file;
  file.PutHeader(0, 1);
  file.PutKey("a", 9);
  file.Put<uint32_t>(8);
  file.Put<uint64_t>(GgufLimits::kArrayElements);
  file.bytes.resize(file.bytes.size() + 8 * GgufLimits::kArrayElements);
  const std::string path = Put("file.gguf", file.bytes);
  EXPECT_LE(HeapUsedBy([&] { return Gguf::Open(path); }).allocated_bytes, 16384u);
}

TEST_F(HostileMemoryTest, PartsThatTogetherHoldMoreThanTheyMay) {
  constexpr uint64_t kParts = 8;
  for (uint64_t part = 0; part < kParts; ++part) {
    RawGguf file;
    const uint64_t tensors = part == 0 ? 1 : GgufLimits::kTensors;
    file.PutHeader(tensors, 3);
    for (const auto& [key, value] : {std::pair{"split.no", part}, {"split.count", kParts}, {"split.tensors.count", GgufLimits::kTensors}}) {
      file.PutKey(key, 10);
      file.Put(value);
    }
    for (uint64_t i = 0; i < tensors; ++i) file.PutTensor(std::to_string(part) + "." + std::to_string(i), {8}, 0, i * 32);
    file.PutData(32 * tensors);
    Put("m-0000" + std::to_string(part + 1) + "-of-00008.gguf", file.bytes);
  }
  ExpectRefused(folder_ + "/m-00001-of-00008.gguf", uint64_t{2} << 20, 12, Gguf::Open);
}

// Numbers are looked at where they lie: a matrix that is wrong in its last number is not copied first.
TEST_F(HostileMemoryTest, AnImportanceMatrixWithABadLastNumber) {
  constexpr uint64_t kColumns = 8 << 20;
  GgufWriter writer;
  writer.Add("general.type", std::string("imatrix"));
  writer.Add("imatrix.datasets", GgufArrayBytes::OfStrings(std::vector<std::string>(1000)));
  writer.Add("imatrix.chunk_count", uint32_t{1});
  writer.Add("imatrix.chunk_size", uint32_t{1});
  std::vector<float> sums(kColumns, 1);
  const float one = 1;
  for (const char* name : {"a", "b"}) {
    writer.AddTensor(std::string(name) + ".in_sum2", TensorType::kF32, {kColumns}, std::as_bytes(std::span(sums)));
    writer.AddTensor(std::string(name) + ".counts", TensorType::kF32, {1}, std::as_bytes(std::span(&one, 1)));
  }
  std::vector<std::byte> bytes = *writer.Bytes();
  const uint32_t nan = 0x7FC00000;
  std::memcpy(bytes.data() + bytes.size() - 64, &nan, sizeof nan);  // before the last tensor and its padding
  ExpectRefused(Put("imatrix.gguf", bytes), 16384, 4, ImportanceMatrix::Open);
}

std::string SafetensorsBytes(const std::string& header, uint64_t data_bytes) {
  const uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
  return bytes + header + std::string(data_bytes, '\0');
}

TEST_F(HostileMemoryTest, SafetensorsAtTheirLimits) {
  std::string header = "{";
  for (uint64_t i = 0; i < SafetensorsLimits::kTensors; ++i) {
    const std::string at = std::to_string(i);
    header += '"' + at + R"(":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1],"data_offsets":[)" + at + "," + std::to_string(i + 1) + "]},";
  }
  header.back() = '}';
  ASSERT_LE(header.size(), SafetensorsLimits::kHeaderBytes);
  ExpectRefused(Put("f.safetensors", SafetensorsBytes(header, SafetensorsLimits::kTensors + 1)), header.size(), 12, Safetensors::Open);
}

TEST_F(HostileMemoryTest, SafetensorsMetadataAtItsLimits) {
  std::string header = R"({"__metadata__":{)";
  for (uint64_t i = 0; i < SafetensorsLimits::kMetadata; ++i) header += '"' + std::to_string(i) + R"(":")" + std::string(990, 'x') + "\",";
  header.back() = '}';
  header.resize(SafetensorsLimits::kHeaderBytes, ' ');
  ExpectRefused(Put("f.safetensors", SafetensorsBytes(header, 0)), header.size(), 4, Safetensors::Open);
}

TEST_F(HostileMemoryTest, SafetensorsOfOneText) {
  ExpectRefused(Put("f.safetensors", SafetensorsBytes(R"({"__metadata__":{"a":")" + std::string((4 << 20) - 64, 'x'), 0)), 4 << 20, 6,
                Safetensors::Open);
}

}  // namespace
}  // namespace tradewind
