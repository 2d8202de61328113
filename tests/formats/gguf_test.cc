// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What the accessors give and refuse, on a small file by PyPI gguf's own writer (data/small.gguf, by make_gguf_golden.py).
#include "formats/gguf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "raw_gguf.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class GgufTest : public testing::Test {
 protected:
  void SetUp() override {
    auto file = Gguf::Open(SourcePath("tests/formats/data/small.gguf"));
    ASSERT_TRUE(file) << file.error().ToString();
    file_.emplace(std::move(*file));
  }
  const GgufMetadata& metadata() const { return file_->metadata(); }
  std::optional<Gguf> file_;
};

TEST_F(GgufTest, ScalarsOfEveryType) {
  EXPECT_EQ(metadata().Uint("scalar.uint8").value(), 250u);
  EXPECT_EQ(std::get<int64_t>(*metadata().Find("scalar.int8")), -7);
  EXPECT_EQ(metadata().Uint("scalar.uint16").value(), 65000u);
  EXPECT_EQ(std::get<int64_t>(*metadata().Find("scalar.int16")), -30000);
  EXPECT_EQ(metadata().Uint("scalar.uint32").value(), 4000000000u);
  EXPECT_EQ(std::get<int64_t>(*metadata().Find("scalar.int32")), -2000000000);
  EXPECT_EQ(metadata().Uint("scalar.uint64").value(), 1ull << 63);
  EXPECT_EQ(std::get<int64_t>(*metadata().Find("scalar.int64")), -(1ll << 62));
  EXPECT_EQ(metadata().Float("scalar.float32").value(), 0.15625);
  EXPECT_EQ(metadata().Float("scalar.float64").value(), 0.1);
  EXPECT_EQ(metadata().Bool("scalar.bool").value(), true);
  EXPECT_EQ(metadata().String("text").value(), "gr\u00fc\u00df \u4e16\u754c");
}

TEST_F(GgufTest, ArraysOfEveryShape) {
  const GgufArray& ints = *metadata().Array("array.int32", GgufValueType::kInt32).value();
  ASSERT_EQ(ints.count, 3u);
  EXPECT_THAT((std::vector{ints.At<int32_t>(0), ints.At<int32_t>(1), ints.At<int32_t>(2)}), ElementsAre(1, -2, 3));
  EXPECT_EQ(ints.raw.size(), 12u);
  const GgufArray& strings = *metadata().Array("array.string", GgufValueType::kString).value();
  EXPECT_THAT(strings.Strings(), ElementsAre("a", "", "ccc"));
  EXPECT_EQ(strings.raw.size(), 3 * 8 + 4u);
  EXPECT_EQ(metadata().Array("array.float32", GgufValueType::kFloat32).value()->At<float>(1), -1.25f);
}

TEST_F(GgufTest, TensorsInOrderAndByName) {
  ASSERT_EQ(file_->tensors().size(), 16u);
  EXPECT_EQ(file_->tensors()[3].name, "t.Q8_0");
  const GgufTensor* tensor = file_->FindTensor("t.Q6_K");
  ASSERT_NE(tensor, nullptr);
  EXPECT_EQ(tensor->type, TensorType::kQ6_K);
  EXPECT_EQ(tensor->dimensions, 2);
  EXPECT_EQ(tensor->row_length(), 256u);
  EXPECT_EQ(tensor->rows(), 3u);
  EXPECT_EQ(tensor->data.size(), 630u);
  EXPECT_EQ(tensor->data.data(), file_->file().bytes().data() + tensor->offset);
  EXPECT_EQ(file_->FindTensor("t.Q6_"), nullptr);
}

TEST_F(GgufTest, StaysValidWhenMoved) {
  const Gguf moved = std::move(*file_);
  EXPECT_EQ(moved.metadata().String("general.architecture").value(), "llama");
  EXPECT_NE(moved.FindTensor("t.F32"), nullptr);
}

TEST_F(GgufTest, AMissingKeyIsNamedWithItsFile) {
  const auto result = metadata().Uint("llama.block_count");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), StatusCode::kNotFound);
  EXPECT_EQ(result.error().where(), "key \"llama.block_count\"");
  EXPECT_THAT(result.error().message(), HasSubstr("small.gguf"));
  EXPECT_FALSE(metadata().Has("llama.block_count"));
  EXPECT_EQ(metadata().Find("llama.block_count"), nullptr);
}

TEST_F(GgufTest, AWrongTypeIsNamedWithItsPlace) {
  const auto expect_refused = [](const auto& result, std::string_view key) {
    ASSERT_FALSE(result) << key;
    EXPECT_EQ(result.error().code(), StatusCode::kInvalidInput) << key;
    EXPECT_THAT(result.error().where(), HasSubstr(std::string(key)));
    EXPECT_TRUE(result.error().offset()) << key;
  };
  expect_refused(metadata().Uint("text"), "text");
  expect_refused(metadata().Uint("scalar.int8"), "scalar.int8");  // negative
  expect_refused(metadata().Uint("scalar.float32"), "scalar.float32");
  expect_refused(metadata().Float("scalar.bool"), "scalar.bool");
  expect_refused(metadata().Bool("scalar.uint8"), "scalar.uint8");
  expect_refused(metadata().String("scalar.uint8"), "scalar.uint8");
  expect_refused(metadata().Array("array.int32", GgufValueType::kUint32), "array.int32");
  expect_refused(metadata().Array("text", GgufValueType::kString), "text");
  expect_refused(metadata().UintOr("text", 1), "text");
  expect_refused(metadata().FloatOr("text", 1), "text");
  expect_refused(metadata().BoolOr("text", true), "text");
  expect_refused(metadata().StringOr("scalar.bool", "x"), "scalar.bool");
  EXPECT_EQ(metadata().Uint("general.architecture").error().offset(), 24u);  // the first key, after the header
}

TEST_F(GgufTest, AFallbackStandsForAMissingKeyOnly) {
  EXPECT_EQ(metadata().UintOr("none", 7).value(), 7u);
  EXPECT_EQ(metadata().UintOr("scalar.uint8", 7).value(), 250u);
  EXPECT_EQ(metadata().FloatOr("none", 0.5).value(), 0.5);
  EXPECT_EQ(metadata().FloatOr("scalar.uint8", 0.5).value(), 250.0);
  EXPECT_EQ(metadata().BoolOr("none", true).value(), true);
  EXPECT_EQ(metadata().StringOr("none", "x").value(), "x");
}

TEST(GgufOpenTest, AnAbsentFileIsNotFound) {
  const auto result = Gguf::Open("no/such/model.gguf");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(result.error().message(), HasSubstr("no/such/model.gguf"));
}

TEST(GgufFromBytesTest, AFileWithNothingInItIsGood) {
  RawGguf raw;
  raw.PutHeader(0, 0);
  const auto file = Gguf::FromBytes(raw.bytes, "nothing");
  ASSERT_TRUE(file) << file.error().ToString();
  EXPECT_TRUE(file->tensors().empty());
  EXPECT_TRUE(file->metadata().entries().empty());
  EXPECT_EQ(file->source(), "nothing");
}

TEST(GgufFromBytesTest, KeepsEntriesInOrderWithTheirOffsets) {
  RawGguf raw;
  raw.PutHeader(0, 2);
  const uint64_t first = raw.PutKey("b", 0);
  raw.Put<uint8_t>(1);
  const uint64_t second = raw.PutKey("a", 7);
  raw.Put<uint8_t>(0);
  const auto file = Gguf::FromBytes(raw.bytes, "two");
  ASSERT_TRUE(file) << file.error().ToString();
  const auto& entries = file->metadata().entries();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].key, "b");
  EXPECT_EQ(entries[0].offset, first);
  EXPECT_EQ(entries[1].offset, second);
  EXPECT_EQ(std::get<bool>(entries[1].value), false);
}

}  // namespace
}  // namespace tradewind
