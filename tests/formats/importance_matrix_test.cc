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

}  // namespace
}  // namespace tradewind
