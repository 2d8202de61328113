// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Real files, and one by PyPI gguf's writer, key by key and tensor by tensor as PyPI gguf's reader sees them (data/NAME.gguf.tsv, by
// make_gguf_golden.py).
#include <gtest/gtest.h>

#include <array>
#include <sstream>

#include "base/file.h"
#include "formats/gguf.h"
#include "formats/gguf_parser.h"
#include "shared_data.h"

namespace tradewind {
namespace {

// CRC-32 (IEEE 802.3), as zlib's.
std::string Crc32(std::span<const std::byte> bytes) {
  static const auto table = [] {
    std::array<uint32_t, 256> t{};
    for (uint32_t i = 0; i < 256; ++i) {
      t[i] = i;
      for (int bit = 0; bit < 8; ++bit) t[i] = t[i] & 1 ? t[i] >> 1 ^ 0xEDB88320 : t[i] >> 1;
    }
    return t;
  }();
  uint32_t crc = 0xFFFFFFFF;
  for (const std::byte b : bytes) crc = crc >> 8 ^ table[(crc ^ static_cast<uint32_t>(b)) & 0xFF];
  return std::to_string(~crc);
}

template <typename T>
std::string CrcOf(T value) {
  return Crc32(std::as_bytes(std::span(&value, 1)));
}

// The CRC of a scalar as stored, from its widened value and the type that it has in the file.
std::string ScalarCrc(const GgufValue& value, const std::string& type) {
  if (const auto* text = std::get_if<std::string_view>(&value); text && type == "string") return Crc32(std::as_bytes(std::span(*text)));
  if (const auto* flag = std::get_if<bool>(&value); flag && type == "bool") return CrcOf<uint8_t>(*flag);
  if (const auto* number = std::get_if<uint64_t>(&value)) {
    if (type == "uint8") return CrcOf(static_cast<uint8_t>(*number));
    if (type == "uint16") return CrcOf(static_cast<uint16_t>(*number));
    if (type == "uint32") return CrcOf(static_cast<uint32_t>(*number));
    if (type == "uint64") return CrcOf(*number);
  }
  if (const auto* number = std::get_if<int64_t>(&value)) {
    if (type == "int8") return CrcOf(static_cast<int8_t>(*number));
    if (type == "int16") return CrcOf(static_cast<int16_t>(*number));
    if (type == "int32") return CrcOf(static_cast<int32_t>(*number));
    if (type == "int64") return CrcOf(*number);
  }
  if (const auto* number = std::get_if<double>(&value)) {
    if (type == "float32") return CrcOf(static_cast<float>(*number));
    if (type == "float64") return CrcOf(*number);
  }
  return "not a " + type;
}

void CheckKey(const GgufMetadata::Entry& entry, const std::vector<std::string>& line) {
  EXPECT_EQ(entry.key, line[1]);
  if (line[2] != "array") {
    EXPECT_EQ(ScalarCrc(entry.value, line[2]), line[3]) << line[1];
    return;
  }
  const auto* array = std::get_if<GgufArray>(&entry.value);
  ASSERT_NE(array, nullptr) << line[1];
  EXPECT_EQ(GgufValueTypeName(array->element_type), line[3]) << line[1];
  EXPECT_EQ(std::to_string(array->count), line[4]) << line[1];
  EXPECT_EQ(Crc32(array->raw), line[5]) << line[1];
  EXPECT_EQ(array->Strings().size(), line[3] == "string" ? array->count : 0) << line[1];
}

void CheckTensor(const GgufTensor& tensor, const std::vector<std::string>& line) {
  EXPECT_EQ(tensor.name, line[1]);
  EXPECT_EQ(InfoOf(tensor.type).name, line[2]) << line[1];
  std::string shape;
  for (int i = 0; i < tensor.dimensions; ++i) shape += (i ? "x" : "") + std::to_string(tensor.shape[i]);
  EXPECT_EQ(shape, line[3]) << line[1];
  EXPECT_EQ(std::to_string(tensor.offset), line[4]) << line[1];
  const size_t end_bytes = std::min<size_t>(256, tensor.data.size());
  std::vector<std::byte> ends(tensor.data.begin(), tensor.data.begin() + end_bytes);
  ends.insert(ends.end(), tensor.data.end() - end_bytes, tensor.data.end());
  EXPECT_EQ(Crc32(ends), line[5]) << line[1];
}

void CheckFile(const std::string& path, const std::string& golden_name) {
  const auto file = Gguf::Open(path);
  ASSERT_TRUE(file) << file.error().ToString();
  const auto golden = ReadFile(SourcePath("tests/formats/data/" + golden_name + ".tsv"), 1 << 20);
  ASSERT_TRUE(golden) << golden.error().ToString();
  size_t keys = 0;
  size_t tensors = 0;
  std::istringstream lines(*golden);
  for (std::string text; std::getline(lines, text);) {
    std::vector<std::string> line;
    std::istringstream cells(text);
    for (std::string cell; std::getline(cells, cell, '\t');) line.push_back(cell);
    if (line.at(0) == "key") {
      ASSERT_LT(keys, file->metadata().entries().size());
      CheckKey(file->metadata().entries()[keys++], line);
    } else {
      ASSERT_LT(tensors, file->tensors().size());
      CheckTensor(file->tensors()[tensors++], line);
    }
  }
  EXPECT_EQ(keys, file->metadata().entries().size());
  EXPECT_EQ(tensors, file->tensors().size());
}

TEST(GgufRealFileTest, SmallFileByTheReferenceWriter) {
  CheckFile(SourcePath("tests/formats/data/small.gguf"), "small.gguf");
}

class GgufVocabularyTest : public testing::TestWithParam<const char*> {};

TEST_P(GgufVocabularyTest, AgreesWithTheReferenceReader) {
  const std::string name = std::string("ggml-vocab-") + GetParam() + ".gguf";
  TW_REQUIRE_DATA(path, SharedPath("assets/llm/tokenizers/" + name));
  CheckFile(path, name);
}

INSTANTIATE_TEST_SUITE_P(Vocabularies, GgufVocabularyTest, testing::Values("bert-bge", "gpt-2", "llama-bpe", "llama-spm", "phi-3", "qwen2"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase(name, '-');
                           return name;
                         });

class GgufModelTest : public testing::TestWithParam<const char*> {};

TEST_P(GgufModelTest, AgreesWithTheReferenceReader) {
  const std::string name = GetParam();
  TW_REQUIRE_DATA(path, ModelPath(name));
  CheckFile(path, name + ".gguf");
}

INSTANTIATE_TEST_SUITE_P(Models, GgufModelTest, testing::Values("smollm2-135m", "gemma-3-270m", "qwen2.5-coder-0.5b"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase_if(name, [](char c) { return c == '-' || c == '.'; });
                           return name;
                         });

}  // namespace
}  // namespace tradewind
