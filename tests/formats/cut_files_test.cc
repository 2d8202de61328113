// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Files cut short: small ones at every byte, real ones at every 4 KiB and at the borders of their keys and tensors. Each is refused with
// exit code 2, naming the place. (Small GGUF files: gguf_tensor_corruption_test.cc.)
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "formats/gguf.h"
#include "formats/gguf_writer.h"
#include "formats/importance_matrix.h"
#include "formats/safetensors.h"
#include "shared_data.h"

namespace tradewind {
namespace {

namespace fs = std::filesystem;

class CutFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/tradewind_cut_XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string Put(const std::string& name, const std::vector<std::byte>& bytes) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return folder_ + "/" + name;
  }
  // Cuts the file to each of these lengths, the longest first, and opens what `opened` names each time.
  template <typename Open>
  static void ExpectEachRefused(const std::string& cut, const std::set<uint64_t>& lengths, const Open& open) {
    for (auto length = lengths.rbegin(); length != lengths.rend(); ++length) {
      fs::resize_file(cut, *length);
      const auto result = open();
      ASSERT_FALSE(result) << "cut to " << *length;
      const Status& error = result.error();
      EXPECT_EQ(error.ExitCode(), 2) << error.ToString();
      EXPECT_THAT(error.message(), testing::StartsWith(cut + ": ")) << *length;
      EXPECT_NE(error.where(), "") << error.ToString();
      EXPECT_TRUE(error.offset().has_value() && *error.offset() <= fs::file_size(cut)) << error.ToString() << " of " << *length;
    }
  }
  static std::set<uint64_t> EachByteOf(const std::string& path) {
    std::set<uint64_t> lengths;
    for (uint64_t length = 0; length < fs::file_size(path); ++length) lengths.insert(length);
    return lengths;
  }
  static std::vector<std::byte> PartBytes(uint16_t number, const std::string& tensor) {
    const std::vector<float> values(8, 1);
    GgufWriter writer;
    writer.Add("split.no", number);
    writer.Add("split.count", uint16_t{2});
    writer.Add("split.tensors.count", int32_t{2});
    writer.AddTensor(tensor, TensorType::kF32, {8}, std::as_bytes(std::span(values)));
    return *writer.Bytes();
  }
  std::string folder_;
};

TEST_F(CutFilesTest, SafetensorsAtEveryByte) {
  const std::string header =
      R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"I8","shape":[3],"data_offsets":[16,19]}})";
  std::vector<std::byte> bytes(8 + header.size() + 19);
  const uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, sizeof length);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  const std::string path = Put("f.safetensors", bytes);
  ASSERT_TRUE(Safetensors::Open(path));
  ExpectEachRefused(path, EachByteOf(path), [&] { return Safetensors::Open(path); });
}

TEST_F(CutFilesTest, AnImportanceMatrixAtEveryByte) {
  const std::vector<float> sums(32, 1);
  GgufWriter writer;
  writer.Add("general.type", std::string("imatrix"));
  writer.Add("imatrix.datasets", GgufArrayBytes::OfStrings(std::vector<std::string>{"words"}));
  writer.Add("imatrix.chunk_count", uint32_t{1});
  writer.Add("imatrix.chunk_size", uint32_t{1});
  writer.AddTensor("a.counts", TensorType::kF32, {8}, std::as_bytes(std::span(sums).first(8)));
  writer.AddTensor("a.in_sum2", TensorType::kF32, {32}, std::as_bytes(std::span(sums)));
  const std::string path = Put("imatrix.gguf", *writer.Bytes());
  ASSERT_TRUE(ImportanceMatrix::Open(path));
  ExpectEachRefused(path, EachByteOf(path), [&] { return ImportanceMatrix::Open(path); });
}

TEST_F(CutFilesTest, EachPartOfAModelAtEveryByte) {
  for (const uint16_t cut : {0, 1}) {
    std::vector<std::string> paths;
    for (const uint16_t number : {0, 1}) {
      paths.push_back(Put("m-0000" + std::to_string(number + 1) + "-of-00002.gguf", PartBytes(number, number == 0 ? "a" : "b")));
    }
    ASSERT_TRUE(Gguf::Open(paths[0]));
    ExpectEachRefused(paths[cut], EachByteOf(paths[cut]), [&] { return Gguf::Open(paths[0]); });
  }
}

// Every 4 KiB up to `each_page_to`, and where keys and the data of tensors begin and end, with a byte more and less.
std::set<uint64_t> Borders(const Gguf& file, uint64_t size, uint64_t each_page_to) {
  std::set<uint64_t> lengths;
  for (uint64_t at = 0; at < std::min(size, each_page_to); at += 4096) lengths.insert(at);
  const auto add = [&](uint64_t at) {
    for (const uint64_t length : {at - 1, at, at + 1}) {
      if (length < size) lengths.insert(length);
    }
  };
  for (const auto& entry : file.metadata().entries()) add(entry.offset);
  for (const GgufTensor& tensor : file.tensors()) {
    add(tensor.offset);
    lengths.insert(tensor.offset + tensor.data.size() - 1);
  }
  return lengths;
}

TEST_F(CutFilesTest, RealVocabularies) {
  for (const char* name : {"bert-bge", "gpt-2", "llama-spm", "phi-3"}) {
    TW_REQUIRE_DATA(original, SharedPath("assets/llm/tokenizers/ggml-vocab-" + std::string(name) + ".gguf"));
    const std::string path = folder_ + "/" + name + ".gguf";
    fs::copy_file(original, path);
    const auto file = Gguf::Open(original);
    ASSERT_TRUE(file) << file.error().ToString();
    // Without tensors the file ends with its header, but for padding that a reader may not need.
    const uint64_t end = file->metadata().entries().back().offset;
    ExpectEachRefused(path, Borders(*file, end, end), [&] { return Gguf::Open(path); });
  }
}

// Cuts within the data are found by the header alone, which is read anew each time: here at the tensors' borders, and by pages to where the
// data begin.
TEST_F(CutFilesTest, ARealModel) {
  TW_REQUIRE_DATA(original, ModelPath("smollm2-135m"));
  const std::string path = folder_ + "/model.gguf";
  fs::copy_file(original, path);
  const auto file = Gguf::Open(original);
  ASSERT_TRUE(file) << file.error().ToString();
  uint64_t data = fs::file_size(original);
  uint64_t last = 0;
  for (const GgufTensor& tensor : file->tensors()) {
    data = std::min(data, tensor.offset);
    last = std::max(last, tensor.offset + tensor.data.size());
  }
  ExpectEachRefused(path, Borders(*file, last, data), [&] { return Gguf::Open(path); });
}

}  // namespace
}  // namespace tradewind
