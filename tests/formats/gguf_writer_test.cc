// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The writer against PyPI gguf's (the same bytes for the same content) and against the reader (what goes in comes out).
#include "formats/gguf_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "base/file.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

template <typename T>
GgufArrayBytes ArrayOf(std::initializer_list<T> values) {
  return GgufArrayBytes::Of(std::span<const T>(values.begin(), values.size()));
}

// As make_gguf_golden.py's small().
TEST(GgufWriterTest, WritesTheBytesOfTheReferenceWriter) {
  GgufWriter writer;
  writer.Add("general.architecture", std::string("llama"));
  writer.Add("scalar.uint8", uint8_t{250});
  writer.Add("scalar.int8", int8_t{-7});
  writer.Add("scalar.uint16", uint16_t{65000});
  writer.Add("scalar.int16", int16_t{-30000});
  writer.Add("scalar.uint32", uint32_t{4000000000});
  writer.Add("scalar.int32", int32_t{-2000000000});
  writer.Add("scalar.float32", 0.15625f);
  writer.Add("scalar.bool", true);
  writer.Add("scalar.uint64", uint64_t{1} << 63);
  writer.Add("scalar.int64", -(int64_t{1} << 62));
  writer.Add("scalar.float64", 0.1);
  writer.Add("text", std::string("gr\u00fc\u00df \u4e16\u754c"));
  writer.Add("array.int32", ArrayOf<int32_t>({1, -2, 3}));
  writer.Add("array.float32", ArrayOf<float>({0.5f, -1.25f}));
  writer.Add("array.bool", ArrayOf<bool>({true, false}));
  writer.Add("array.string", GgufArrayBytes::OfStrings(std::vector<std::string>{"a", "", "ccc"}));
  writer.Add("array.uint64", ArrayOf<uint64_t>({7}));
  writer.Add("general.alignment", uint32_t{64});
  std::map<TensorType, std::vector<std::byte>> data;
  for (const TensorTypeInfo& info : AllTensorTypes()) {
    std::vector<std::byte>& bytes = data[info.type];
    bytes.resize(3 * RowBytes(info.type, 256).value());
    for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = std::byte(i * 7 % 251);
    writer.AddTensor("t." + std::string(info.name), info.type, {256, 3}, bytes);
  }
  const auto written = writer.Bytes();
  ASSERT_TRUE(written) << written.error().ToString();
  const auto expected = ReadFile(SourcePath("tests/formats/data/small.gguf"), 1 << 20);
  ASSERT_TRUE(expected) << expected.error().ToString();
  const auto expected_bytes = std::as_bytes(std::span(*expected));
  const auto [at, expected_at] = std::mismatch(written->begin(), written->end(), expected_bytes.begin(), expected_bytes.end());
  EXPECT_TRUE(at == written->end() && expected_at == expected_bytes.end()) << "differs at byte " << at - written->begin();
}

// Random files: every value type, random tensors of every type.
class RandomFile {
 public:
  explicit RandomFile(uint32_t seed) : random_(seed) {}

  std::string Text(size_t limit) {
    std::string text(1 + random_() % limit, ' ');
    for (char& c : text) c = static_cast<char>('a' + random_() % 26);
    return text;
  }
  uint64_t Number() { return random_() >> (random_() % 64); }

  GgufWriter::Value Value(int kind) {
    switch (kind) {
      case 0: return static_cast<uint8_t>(Number());
      case 1: return static_cast<int8_t>(Number());
      case 2: return static_cast<uint16_t>(Number());
      case 3: return static_cast<int16_t>(Number());
      case 4: return static_cast<uint32_t>(Number());
      case 5: return static_cast<int32_t>(Number());
      case 6: return static_cast<float>(Number());
      case 7: return Number() % 2 == 0;
      case 8: return Text(50);
      case 9: return GgufArrayBytes::OfStrings(std::vector<std::string>{Text(9), "", Text(99)});
      case 10: return Number();
      case 11: return static_cast<int64_t>(Number());
      case 12: return static_cast<double>(Number());
      default: return GgufArrayBytes::Of(std::span<const int16_t>(std::vector<int16_t>(Number() % 9, 5)));
    }
  }

 private:
  std::mt19937_64 random_;
};

void ExpectSame(const GgufValue& read, const GgufWriter::Value& written) {
  std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::string>) {
          EXPECT_EQ(std::get<std::string_view>(read), value);
        } else if constexpr (std::is_same_v<T, GgufArrayBytes>) {
          const auto& array = std::get<GgufArray>(read);
          EXPECT_EQ(array.element_type, value.element_type);
          EXPECT_EQ(array.count, value.count);
          EXPECT_TRUE(std::ranges::equal(array.raw, value.raw));
        } else if constexpr (std::is_same_v<T, bool>) {
          EXPECT_EQ(std::get<bool>(read), value);
        } else if constexpr (std::is_floating_point_v<T>) {
          EXPECT_EQ(std::get<double>(read), value);
        } else if constexpr (std::is_signed_v<T>) {
          EXPECT_EQ(std::get<int64_t>(read), value);
        } else {
          EXPECT_EQ(std::get<uint64_t>(read), value);
        }
      },
      written);
}

TEST(GgufWriterTest, TheReaderGivesBackWhatWasWritten) {
  for (uint32_t seed = 0; seed < 100; ++seed) {
    RandomFile random(seed);
    GgufWriter writer;
    std::vector<std::pair<std::string, GgufWriter::Value>> entries;
    for (int i = 0; i < 20; ++i) {
      entries.emplace_back(random.Text(20) + "." + std::to_string(i), random.Value(i % 14));
      writer.Add(entries.back().first, entries.back().second);
    }
    const uint32_t alignment = 8u << seed % 6;
    writer.Add("general.alignment", alignment);
    std::map<std::string, std::vector<std::byte>> tensors;
    for (const TensorTypeInfo& info : AllTensorTypes()) {
      const std::string name = random.Text(40) + std::string(info.name);
      const std::vector<uint64_t> shape = {info.block_values * (1 + random.Number() % 3), 1 + random.Number() % 5, 2};
      auto& data = tensors[name];
      data.resize(RowBytes(info.type, shape[0]).value() * shape[1] * shape[2], std::byte(seed + info.gguf_id));
      writer.AddTensor(name, info.type, shape, data);
    }
    auto bytes = writer.Bytes();
    ASSERT_TRUE(bytes) << bytes.error().ToString();
    const auto file = Gguf::FromBytes(std::move(*bytes), "written");
    ASSERT_TRUE(file) << file.error().ToString();
    ASSERT_EQ(file->metadata().entries().size(), entries.size() + 1);
    for (size_t i = 0; i < entries.size(); ++i) {
      EXPECT_EQ(file->metadata().entries()[i].key, entries[i].first);
      ExpectSame(file->metadata().entries()[i].value, entries[i].second);
    }
    ASSERT_EQ(file->tensors().size(), tensors.size());
    for (const GgufTensor& tensor : file->tensors()) {
      EXPECT_EQ(tensor.offset % alignment, 0u);
      EXPECT_TRUE(std::ranges::equal(tensor.data, tensors.at(std::string(tensor.name)))) << tensor.name;
    }
  }
}

TEST(GgufWriterTest, TheHeaderIsTheBeginningOfTheFile) {
  const std::vector<std::byte> data(36 * 2);
  GgufWriter writer;
  writer.AddTensor("t", TensorType::kQ4_0, {64, 2}, data);
  const auto header = writer.Header();
  const auto bytes = writer.Bytes();
  ASSERT_TRUE(header && bytes);
  EXPECT_EQ(header->size() % 32, 0u);
  EXPECT_EQ(bytes->size(), header->size() + 96);
  EXPECT_TRUE(std::equal(header->begin(), header->end(), bytes->begin()));
}

void ExpectUnwritable(const GgufWriter& writer, const std::string& where) {
  const auto result = writer.Bytes();
  ASSERT_FALSE(result) << where;
  EXPECT_EQ(result.error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(result.error().where(), where);
}

TEST(GgufWriterTest, RefusesKeysThatNoReaderTakes) {
  GgufWriter empty, twice, control, alignment, alignment_type;
  empty.Add("", true);
  ExpectUnwritable(empty, "key \"\"");
  twice.Add("k", true);
  twice.Add("k", false);
  ExpectUnwritable(twice, "key \"k\"");
  control.Add("k\n", true);
  ExpectUnwritable(control, "key \"k\\x0a\"");
  alignment.Add("general.alignment", uint32_t{33});
  ExpectUnwritable(alignment, "key \"general.alignment\"");
  alignment_type.Add("general.alignment", uint64_t{32});
  ExpectUnwritable(alignment_type, "key \"general.alignment\"");
}

TEST(GgufWriterTest, RefusesTensorsThatNoReaderTakes) {
  const std::vector<std::byte> data(128);
  struct Case {
    std::string name;
    TensorType type;
    std::vector<uint64_t> shape;
  };
  const Case cases[] = {{"", TensorType::kF32, {32}},        {std::string(65, 'n'), TensorType::kF32, {32}},
                        {"none", TensorType::kF32, {}},      {"five", TensorType::kF32, {32, 1, 1, 1, 1}},
                        {"zero", TensorType::kF32, {32, 0}}, {"short", TensorType::kF32, {31}},
                        {"half", TensorType::kQ8_0, {16}},   {"wraps", TensorType::kF32, {32, 1ull << 63}}};
  for (const Case& c : cases) {
    GgufWriter writer;
    writer.AddTensor(c.name, c.type, c.shape, data);
    ExpectUnwritable(writer, "tensor \"" + c.name + "\"");
  }
  GgufWriter twice;
  twice.AddTensor("t", TensorType::kF32, {32}, data);
  twice.AddTensor("t", TensorType::kF32, {32}, data);
  ExpectUnwritable(twice, "tensor \"t\"");
}

// Every value type and tensor type is in small.gguf.
TEST(GgufWriterTest, AFileCopiedKeyByKeyIsTheSameFile) {
  const auto source = Gguf::Open(SourcePath("tests/formats/data/small.gguf"));
  ASSERT_TRUE(source) << source.error().ToString();
  GgufWriter whole, header_only;
  for (const auto& entry : source->metadata().entries()) {
    whole.Add(entry);
    header_only.Add(entry);
  }
  for (const GgufTensor& t : source->tensors()) {
    whole.AddTensor(std::string(t.name), t.type, {t.shape, t.shape + t.dimensions}, t.data);
    header_only.AddTensor(std::string(t.name), t.type, {t.shape, t.shape + t.dimensions});
  }
  const auto written = whole.Bytes();
  ASSERT_TRUE(written) << written.error().ToString();
  EXPECT_TRUE(std::ranges::equal(*written, source->file().bytes()));
  EXPECT_EQ(*header_only.Header(), *whole.Header());
  ExpectUnwritable(header_only, "tensor \"" + std::string(source->tensors()[0].name) + "\"");
}

TEST(GgufWriterTest, SetReplacesInPlaceOrAdds) {
  GgufWriter set, added;
  set.Add("a", uint32_t{1});
  set.Add("b", uint32_t{2});
  set.Set("a", std::string("one"));
  set.Set("c", 3.0f);
  added.Add("a", std::string("one"));
  added.Add("b", uint32_t{2});
  added.Add("c", 3.0f);
  EXPECT_EQ(*set.Bytes(), *added.Bytes());
}

}  // namespace
}  // namespace tradewind
