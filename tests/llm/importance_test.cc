// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Sums of squares against llama.cpp's (tests/llm/golden/make-imatrix), against a computation from another tap, and what holds of any sums.
#include "llm/importance.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>

#include "formats/gguf.h"
#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

// The text of make-imatrix.
std::string TimesTable() {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += std::to_string(i) + " times " + std::to_string(i + 1) + " is " + std::to_string(i * (i + 1)) + ".\n";
  }
  return text;
}

std::string TinyFile(const std::string& name) {
  return SourcePath("tests/llm/golden/tiny-" + name);
}

std::vector<float> FloatsOf(const GgufTensor& tensor) {
  std::vector<float> numbers(tensor.data.size() / sizeof(float));
  std::memcpy(numbers.data(), tensor.data.data(), tensor.data.size());
  return numbers;
}

ImportanceSums SumsOver(LanguageModelInstance& instance, std::initializer_list<std::vector<int32_t>> chunks) {
  auto collector = ImportanceCollector::Make(instance).value();
  for (const auto& chunk : chunks) EXPECT_TRUE(collector->Add(chunk));
  return std::move(*collector).Take();
}

std::vector<int32_t> TextIds(const LanguageModelInstance& instance, size_t from, size_t to) {
  const std::vector<int32_t> ids = instance.Tokenize(Greedy(TimesTable())).value();
  return {ids.begin() + static_cast<std::ptrdiff_t>(from), ids.begin() + static_cast<std::ptrdiff_t>(to)};
}

class ImportanceOfTiny : public testing::TestWithParam<const char*> {};

TEST_P(ImportanceOfTiny, TheFileIsThatOfAnotherImplementation) {
  const std::string name = GetParam();
  const auto instance = OpenModel(
      TinyFile(name + ".gguf"), SettingOf({{"kv_type_k", "f32"}, {"kv_type_v", "f32"}, {"context", int64_t{64}}}), {.widen_to_f32 = true});
  ASSERT_NE(instance, nullptr);
  auto sums = SumImportance(*instance, TimesTable(), {.chunks = 6});
  ASSERT_TRUE(sums) << sums.error().ToString();
  sums->datasets = {"products.txt"};
  const auto ours = Gguf::FromBytes(sums->ToGguf().value(), "ours");
  const auto theirs = Gguf::Open(TinyFile(name + ".imatrix.gguf"));
  ASSERT_TRUE(ours && theirs);
  EXPECT_EQ(ours->tensors().size(), theirs->tensors().size());
  for (const GgufTensor& expected : theirs->tensors()) {
    const GgufTensor* tensor = ours->FindTensor(expected.name);
    ASSERT_NE(tensor, nullptr) << expected.name;
    EXPECT_EQ(std::vector<uint64_t>(tensor->shape, tensor->shape + tensor->dimensions),
              std::vector<uint64_t>(expected.shape, expected.shape + expected.dimensions));
    const std::vector<float> a = FloatsOf(*tensor);
    const std::vector<float> b = FloatsOf(expected);
    ASSERT_EQ(a.size(), b.size()) << expected.name;
    for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-4 * b[i]) << expected.name << " " << i;
  }
  for (const char* key : {"imatrix.chunk_count", "imatrix.chunk_size"}) {
    EXPECT_EQ(ours->metadata().Uint(key).value(), theirs->metadata().Uint(key).value()) << key;
  }
}

TEST_P(ImportanceOfTiny, ThreadsAndChunksDoNotChangeABit) {
  const auto sum = [&](int64_t threads, int64_t ubatch) {
    const auto instance = OpenModel(TinyFile(std::string(GetParam()) + ".gguf"),
                                    SettingOf({{"threads", threads}, {"ubatch", ubatch}, {"context", int64_t{64}}}));
    return SumsOver(*instance, {TextIds(*instance, 0, 60), TextIds(*instance, 60, 100)});
  };
  const ImportanceSums expected = sum(1, 64);
  EXPECT_EQ(expected.chunk_count, 2u);
  EXPECT_EQ(expected.chunk_size, 60u);
  for (const auto& [threads, ubatch] : {std::pair<int64_t, int64_t>{2, 64}, {2, 7}, {1, 1}}) {
    const ImportanceSums other = sum(threads, ubatch);
    ASSERT_EQ(other.tensors.size(), expected.tensors.size());
    for (const auto& [name, tensor] : expected.tensors) {
      EXPECT_EQ(other.tensors.at(name).squares, tensor.squares) << name << ", " << threads << " threads, ubatch " << ubatch;
      EXPECT_EQ(other.tensors.at(name).counts, tensor.counts);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Importance, ImportanceOfTiny, testing::Values("granitemoe", "olmoe", "lfm2"),
                         [](const auto& test) { return std::string(test.param); });

// What the first block gives, which another tap shows, is what the second block's norm turns into the input of its queries.
class SecondBlocksInput final : public Tap {
 public:
  explicit SecondBlocksInput(const Model& model) : squares(static_cast<size_t>(model.spec().width)), model_(model) {}
  bool Wants(std::string_view layer) override { return layer == "blk.0.out"; }
  void Read(std::string_view, std::span<const float> values, int64_t rows, int64_t width) override {
    const Vector& norm = model_.blocks()[1].attention_norm;
    for (int64_t row = 0; row < rows; ++row) {
      const auto x = values.subspan(static_cast<size_t>(row * width), static_cast<size_t>(width));
      double mean = static_cast<double>(model_.spec().norm_eps);
      for (const float v : x) mean += static_cast<double>(v) * static_cast<double>(v) / static_cast<double>(width);
      for (size_t c = 0; c < x.size(); ++c) {
        const double normed = static_cast<double>(x[c]) * static_cast<double>(norm[c]);
        squares[c] += normed * normed / mean;
      }
    }
  }
  std::vector<double> squares;

 private:
  const Model& model_;
};

TEST(Importance, SumsAreThoseOfWhatGoesIn) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto instance = OpenModel(path);
  ASSERT_NE(instance, nullptr);
  const std::vector<int32_t> ids = TextIds(*instance, 0, 100);
  SecondBlocksInput tap(instance->model());
  Prompt prompt;
  prompt.ids = ids;
  Drive(**instance->Start({.setting = SettingOf({{"max_tokens", int64_t{0}}}), .tap = &tap}), prompt);
  const ImportanceSums sums = SumsOver(*instance, {ids});
  for (const char* name : {"blk.1.attn_q.weight", "blk.1.attn_k.weight", "blk.1.attn_v.weight"}) {
    const ImportanceSums::OfTensor& tensor = sums.tensors.at(name);
    EXPECT_THAT(tensor.counts, testing::ElementsAre(100));
    ASSERT_EQ(tensor.squares.size(), tap.squares.size());
    for (size_t c = 0; c < tensor.squares.size(); ++c) EXPECT_NEAR(tensor.squares[c], tap.squares[c], 1e-5 * tap.squares[c]) << c;
  }
  // Every matrix of the blocks, and nothing else.
  EXPECT_EQ(sums.tensors.size(), 5u * 7u);
}

TEST(Importance, SumsOfTwoTextsAddUp) {
  const auto instance = OpenModel(TinyFile("olmoe.gguf"));
  ASSERT_NE(instance, nullptr);
  const std::vector<int32_t> a = TextIds(*instance, 0, 70), b = TextIds(*instance, 70, 100);
  const ImportanceSums both = SumsOver(*instance, {a, b});
  const ImportanceSums first = SumsOver(*instance, {a});
  const ImportanceSums second = SumsOver(*instance, {b});
  for (const auto& [name, tensor] : both.tensors) {
    const ImportanceSums::OfTensor& x = first.tensors.at(name);
    const ImportanceSums::OfTensor& y = second.tensors.at(name);
    for (size_t i = 0; i < tensor.squares.size(); ++i) {
      EXPECT_NEAR(tensor.squares[i], x.squares[i] + y.squares[i], 1e-12 * tensor.squares[i]) << name << " " << i;
    }
    for (size_t i = 0; i < tensor.counts.size(); ++i) EXPECT_EQ(tensor.counts[i], x.counts[i] + y.counts[i]) << name << " " << i;
  }
}

// Each token goes to two of the six experts; the others' sums stay at nothing.
TEST(Importance, ExpertsThatNoTokenReachedHaveNothing) {
  const auto instance = OpenModel(TinyFile("olmoe.gguf"));
  ASSERT_NE(instance, nullptr);
  const ImportanceSums sums = SumsOver(*instance, {{1}});
  const ImportanceSums::OfTensor& tensor = sums.tensors.at("blk.0.ffn_down_exps.weight");
  ASSERT_EQ(tensor.counts.size(), 6u);
  EXPECT_EQ(std::count(tensor.counts.begin(), tensor.counts.end(), 1), 2);
  EXPECT_EQ(std::count(tensor.counts.begin(), tensor.counts.end(), 0), 4);
  const size_t columns = tensor.squares.size() / 6;
  for (size_t i = 0; i < tensor.squares.size(); ++i) EXPECT_EQ(tensor.squares[i] != 0, tensor.counts[i / columns] != 0) << i;
}

TEST(Importance, BlocksThatDoNotRunAreNotCounted) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto instance = OpenModel(path, SettingOf({{"layers", int64_t{4}}}));
  ASSERT_NE(instance, nullptr);
  const ImportanceSums sums = SumsOver(*instance, {{1, 300, 301}});
  int64_t left_out = 0;
  for (const auto& [name, tensor] : sums.tensors) left_out += tensor.counts[0] == 0;
  EXPECT_EQ(left_out, 7);
}

TEST(Importance, ATextIsCutIntoChunks) {
  const auto instance = OpenModel(TinyFile("lfm2.gguf"), SettingOf({{"context", int64_t{64}}}));
  ASSERT_NE(instance, nullptr);
  const std::string text = TimesTable();
  const auto tokens = static_cast<int64_t>(instance->Tokenize(Greedy(text))->size());
  std::vector<std::pair<int64_t, int64_t>> seen;
  const auto progress = [&](int64_t done, int64_t all) {
    seen.emplace_back(done, all);
    return done < 3;
  };
  const auto cancelled = SumImportance(*instance, text, {.progress = progress});
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().code(), StatusCode::kCancelled);
  EXPECT_THAT(seen, testing::ElementsAre(testing::Pair(1, tokens / 64), testing::Pair(2, tokens / 64), testing::Pair(3, tokens / 64)));
  const auto two = SumImportance(*instance, text, {.chunks = 2});
  ASSERT_TRUE(two);
  EXPECT_EQ(two->chunk_count, 2u);
  EXPECT_EQ(two->chunk_size, 64u);
  EXPECT_EQ(two->tensors.at("blk.0.ffn_down.weight").counts[0], 128);
  // Less than a chunk is one.
  const auto brief = SumImportance(*instance, "1 times 2");
  ASSERT_TRUE(brief);
  EXPECT_EQ(brief->chunk_count, 1u);
  EXPECT_EQ(brief->chunk_size, instance->Tokenize(Greedy("1 times 2"))->size());
}

TEST(Importance, WhatCannotBeReadIsNamed) {
  const auto instance = OpenModel(TinyFile("lfm2.gguf"), SettingOf({{"context", int64_t{64}}}));
  ASSERT_NE(instance, nullptr);
  EXPECT_THAT(SumImportance(*instance, TimesTable(), {.chunks = 0}).error().ToString(), HasSubstr("one at least"));
  const auto collector = ImportanceCollector::Make(*instance).value();
  EXPECT_THAT(collector->Add({}).error().ToString(), HasSubstr("no tokens"));
  EXPECT_THAT(collector->Add(std::vector<int32_t>(65, 1)).error().ToString(), HasSubstr("raise -c"));
  const auto encoder = OpenModel(TinyFile("bert.gguf"));
  ASSERT_NE(encoder, nullptr);
  const auto refused = SumImportance(*encoder, "a text");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kUnsupported);
  EXPECT_THAT(refused.error().ToString(), HasSubstr("encoder"));
}

}  // namespace
}  // namespace tradewind
