// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Importance matrices, built field by field: what is read, and each lie that a file can tell.
#include "formats/importance_matrix.h"

#include <gmock/gmock.h>

#include <cmath>

#include "formats/gguf.h"
#include "formats/gguf_writer.h"

namespace tradewind {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct MatrixFile {
  std::string type = "imatrix";
  std::vector<float> sums = {2, 4, 8, 0, 6, 6, 6, 6};  // two shares of four
  std::vector<float> counts = {2, 0};
  TensorType sums_type = TensorType::kF32;
  bool with_sums = true, with_counts = true, with_metadata = true;

  Result<ImportanceMatrix> Read() const {
    GgufWriter writer;
    writer.Add("general.type", type);
    if (with_metadata) {
      writer.Add("imatrix.datasets", GgufArrayBytes::OfStrings(std::vector<std::string>{"wiki.txt"}));
      writer.Add("imatrix.chunk_count", uint32_t{12});
      writer.Add("imatrix.chunk_size", uint32_t{512});
    }
    const auto bytes_of = [](const std::vector<float>& v) { return std::as_bytes(std::span(v)); };
    const uint64_t half = sums_type == TensorType::kF16 ? 2 : 1;
    if (with_sums) writer.AddTensor("blk.0.attn_q.weight.in_sum2", sums_type, {half * sums.size()}, bytes_of(sums));
    if (with_counts) writer.AddTensor("blk.0.attn_q.weight.counts", TensorType::kF32, {counts.size()}, bytes_of(counts));
    auto bytes = writer.Bytes();
    EXPECT_TRUE(bytes) << bytes.error().ToString();
    TW_ASSIGN(const Gguf file, Gguf::FromBytes(std::move(*bytes), "im.gguf"));
    return ImportanceMatrix::FromGguf(file);
  }
  std::string Error() const {
    const auto read = Read();
    EXPECT_FALSE(read);
    return read ? "" : read.error().ToString();
  }
};

TEST(ImportanceMatrixTest, SumsOverCountsAreMeansAndWhatNothingMetHasOne) {
  const auto matrix = MatrixFile().Read();
  ASSERT_TRUE(matrix) << matrix.error().ToString();
  ASSERT_NE(matrix->Find("blk.0.attn_q.weight"), nullptr);
  EXPECT_THAT(*matrix->Find("blk.0.attn_q.weight"), ElementsAre(1, 2, 4, 0, 1, 1, 1, 1));
  EXPECT_EQ(matrix->Find("blk.0.attn_q.weight.in_sum2"), nullptr);
  EXPECT_EQ(matrix->size(), 1u);
  EXPECT_EQ(matrix->chunk_count(), 12u);
  EXPECT_THAT(matrix->datasets(), ElementsAre("wiki.txt"));
  EXPECT_EQ(matrix->source(), "im.gguf");
}

TEST(ImportanceMatrixTest, EachLieIsNamed) {
  EXPECT_THAT(MatrixFile{.type = "model"}.Error(), HasSubstr("no importance matrix"));
  EXPECT_THAT(MatrixFile{.with_metadata = false}.Error(), HasSubstr("imatrix.datasets"));
  EXPECT_THAT(MatrixFile{.with_sums = false}.Error(), HasSubstr("there is no \"blk.0.attn_q.weight.in_sum2\""));
  EXPECT_THAT(MatrixFile{.with_counts = false}.Error(), HasSubstr("there are no \"blk.0.attn_q.weight.counts\""));
  EXPECT_THAT((MatrixFile{.with_sums = false, .with_counts = false}.Error()), HasSubstr("no sums"));
  EXPECT_THAT((MatrixFile{.counts = {1, 1, 1}}.Error()), HasSubstr("8 sums cannot be shared among 3 counts"));
  EXPECT_THAT(MatrixFile{.sums_type = TensorType::kF16}.Error(), HasSubstr("must be F32"));
  EXPECT_THAT((MatrixFile{.sums = {1, std::nanf(""), 1, 1}}.Error()),
              testing::AllOf(HasSubstr("blk.0.attn_q.weight.in_sum2"), HasSubstr("number 1 is")));
  EXPECT_THAT((MatrixFile{.sums = {1, INFINITY, 1, 1}}.Error()), HasSubstr("number 1 is"));
  EXPECT_THAT((MatrixFile{.sums = {1, 1, -1, 1}}.Error()), HasSubstr("number 2 is"));
  EXPECT_THAT((MatrixFile{.counts = {-1, 1}}.Error()), HasSubstr("blk.0.attn_q.weight.counts"));
}

ImportanceSums TwoTensors() {
  ImportanceSums sums;
  sums.tensors["blk.0.ffn_up_exps.weight"] = {.squares = {2, 4, 8, 10, 0, 0}, .counts = {2, 4, 0}};
  sums.tensors["blk.0.attn_q.weight"] = {.squares = {3, 6, 9}, .counts = {3}};
  sums.datasets = {"text:a", "text:b"};
  sums.chunk_count = 7;
  sums.chunk_size = 512;
  return sums;
}

TEST(ImportanceSumsTest, WhatIsWrittenIsRead) {
  const auto file = Gguf::FromBytes(TwoTensors().ToGguf().value(), "im.gguf");
  ASSERT_TRUE(file) << file.error().ToString();
  const auto matrix = ImportanceMatrix::FromGguf(*file);
  ASSERT_TRUE(matrix) << matrix.error().ToString();
  EXPECT_EQ(matrix->size(), 2u);
  EXPECT_THAT(*matrix->Find("blk.0.attn_q.weight"), ElementsAre(1, 2, 3));
  EXPECT_THAT(*matrix->Find("blk.0.ffn_up_exps.weight"), ElementsAre(1, 2, 2, 2.5, 1, 1));
  EXPECT_THAT(matrix->datasets(), ElementsAre("text:a", "text:b"));
  EXPECT_EQ(matrix->chunk_count(), 7u);
  EXPECT_EQ(file->metadata().Uint("imatrix.chunk_size").value(), 512u);
  // An expert's share is a row.
  const GgufTensor* sums = file->FindTensor("blk.0.ffn_up_exps.weight.in_sum2");
  EXPECT_EQ(sums->row_length(), 2u);
  EXPECT_EQ(sums->rows(), 3u);
  const GgufTensor* counts = file->FindTensor("blk.0.ffn_up_exps.weight.counts");
  EXPECT_EQ(counts->row_length(), 1u);
  EXPECT_EQ(counts->rows(), 3u);
}

TEST(ImportanceSumsTest, ASumThatNoReaderTakesIsNamed) {
  for (const double bad : {1e39, static_cast<double>(INFINITY), std::nan("")}) {
    ImportanceSums sums = TwoTensors();
    sums.tensors["blk.0.attn_q.weight"].squares[1] = bad;
    const auto bytes = sums.ToGguf();
    ASSERT_FALSE(bytes) << bad;
    EXPECT_THAT(bytes.error().ToString(), HasSubstr("blk.0.attn_q.weight"));
  }
}

}  // namespace
}  // namespace tradewind
