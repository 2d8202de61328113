// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Files in, files out, on a small model of random weights: what is copied, what is encoded, and what stops it.
#include "compress/quantize_model.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <random>

#include "base/file.h"
#include "base/mapping_guard.h"
#include "formats/gguf.h"
#include "formats/gguf_writer.h"
#include "formats/quantize.h"

namespace tradewind {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr uint64_t kWidth = 256;

class QuantizeModelTest : public testing::Test {
 protected:
  QuantizeModelTest() {
    std::string pattern = (fs::temp_directory_path() / "tradewind_quantize_XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  ~QuantizeModelTest() override { fs::remove_all(folder_); }
  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  size_t Files() const { return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator())); }

  std::vector<float>& Tensor(const std::string& name, std::vector<uint64_t> shape) {
    std::mt19937 random(static_cast<uint32_t>(tensors_.size() + 1));
    std::normal_distribution<float> normal(0, 0.05f);
    uint64_t count = 1;
    for (const uint64_t length : shape) count *= length;
    std::vector<float>& values = tensors_.emplace_back(name, std::move(shape), std::vector<float>(count)).values;
    for (float& v : values) v = normal(random);
    return values;
  }
  void AddUsualTensors() {
    Tensor("token_embd.weight", {kWidth, 100});
    Tensor("blk.0.attn_norm.weight", {kWidth});
    Tensor("blk.0.attn_v.weight", {kWidth, 130});
    Tensor("blk.0.attn_q.weight", {kWidth, 700});
    Tensor("blk.0.ffn_down.weight", {96, kWidth});  // no multiple of 256
  }
  std::string WriteModel(const std::string& architecture = "llama") const {
    GgufWriter writer = WriterOf(architecture);
    writer.Add("split.count", uint16_t{0});
    for (const auto& t : tensors_) writer.AddTensor(t.name, TensorType::kF32, t.shape, std::as_bytes(std::span(t.values)));
    return WriteBytes("in.gguf", writer);
  }
  // The first tensor in one part, the others in another.
  std::string WriteParts() const {
    for (const uint16_t number : {0, 1}) {
      GgufWriter writer = number == 0 ? WriterOf("llama") : GgufWriter();
      writer.Add("split.no", number);
      writer.Add("split.count", uint16_t{2});
      writer.Add("split.tensors.count", static_cast<int32_t>(tensors_.size()));
      for (const auto& t : tensors_) {
        if ((&t == tensors_.data()) == (number == 0))
          writer.AddTensor(t.name, TensorType::kF32, t.shape, std::as_bytes(std::span(t.values)));
      }
      WriteBytes("in-0000" + std::to_string(number + 1) + "-of-00002.gguf", writer);
    }
    return Path("in-00001-of-00002.gguf");
  }
  static GgufWriter WriterOf(const std::string& architecture) {
    GgufWriter writer;
    writer.Add("general.architecture", architecture);
    writer.Add("general.file_type", uint32_t{0});
    writer.Add("a.small", int8_t{-3});
    writer.Add("a.list", GgufArrayBytes::OfStrings(std::vector<std::string>{"x", "", "long"}));
    writer.Add("llama.block_count", uint32_t{1});
    writer.Add("llama.embedding_length", static_cast<uint32_t>(kWidth));
    writer.Add("llama.context_length", uint32_t{128});
    writer.Add("llama.feed_forward_length", uint32_t{96});
    writer.Add("llama.attention.head_count", uint32_t{4});
    writer.Add("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    return writer;
  }
  std::string WriteMatrix(const std::map<std::string, std::vector<float>>& columns) const {
    GgufWriter writer;
    writer.Add("general.type", std::string("imatrix"));
    writer.Add("imatrix.datasets", GgufArrayBytes::OfStrings(std::vector<std::string>{"words.txt"}));
    writer.Add("imatrix.chunk_count", uint32_t{7});
    writer.Add("imatrix.chunk_size", uint32_t{512});
    const float one = 1;
    for (const auto& [name, values] : columns) {
      writer.AddTensor(name + ".in_sum2", TensorType::kF32, {values.size()}, std::as_bytes(std::span(values)));
      writer.AddTensor(name + ".counts", TensorType::kF32, {1}, std::as_bytes(std::span(&one, 1)));
    }
    return WriteBytes("imatrix.gguf", writer);
  }
  std::string WriteBytes(const std::string& name, const GgufWriter& writer) const {
    const auto bytes = writer.Bytes();
    EXPECT_TRUE(bytes) << bytes.error().ToString();
    EXPECT_TRUE(WriteFileAtomically(Path(name), {reinterpret_cast<const char*>(bytes->data()), bytes->size()}));
    return Path(name);
  }
  Result<QuantizeReport> Quantize(const std::string& in, std::string_view recipe, int threads = 1,
                                  const ImportanceMatrix* importance = nullptr) const {
    return QuantizeModel(in, Path("out.gguf"), {.recipe = *FindRecipe(recipe), .importance = importance, .threads = threads});
  }
  std::string Failure(const Result<QuantizeReport>& result, StatusCode code) const {
    EXPECT_FALSE(result);
    if (result) return "";
    EXPECT_EQ(result.error().code(), code) << result.error().ToString();
    EXPECT_FALSE(fs::exists(Path("out.gguf")));
    return result.error().ToString();
  }

  struct Named {
    std::string name;
    std::vector<uint64_t> shape;
    std::vector<float> values;
    Named(std::string n, std::vector<uint64_t> s, std::vector<float> v) : name(std::move(n)), shape(std::move(s)), values(std::move(v)) {}
  };
  std::vector<Named> tensors_;
  std::string folder_;
};

TEST_F(QuantizeModelTest, MetadataAndVectorsAreCopiedAndMatricesEncoded) {
  AddUsualTensors();
  const std::string in = WriteModel();
  const auto report = Quantize(in, "Q4_K_M");
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(Files(), 2u);
  const auto before = Gguf::Open(in);
  const auto after = Gguf::Open(Path("out.gguf"));
  ASSERT_TRUE(after) << after.error().ToString();
  EXPECT_EQ(*after->metadata().Uint("general.file_type"), 15u);
  EXPECT_EQ(*after->metadata().Uint("general.quantization_version"), 2u);
  EXPECT_FALSE(after->metadata().Has("split.count"));
  for (const auto& entry : after->metadata().entries()) {
    if (entry.key == "a.small") {
      EXPECT_EQ(entry.type, GgufValueType::kInt8);
      EXPECT_EQ(std::get<int64_t>(entry.value), -3);
    }
  }
  EXPECT_THAT((*after->metadata().Array("a.list", GgufValueType::kString))->Strings(), testing::ElementsAre("x", "", "long"));
  const std::map<std::string_view, TensorType> types = {{"token_embd.weight", TensorType::kQ6_K},
                                                        {"blk.0.attn_norm.weight", TensorType::kF32},
                                                        {"blk.0.attn_v.weight", TensorType::kQ6_K},
                                                        {"blk.0.attn_q.weight", TensorType::kQ4_K},
                                                        {"blk.0.ffn_down.weight", TensorType::kQ8_0}};
  ASSERT_EQ(after->tensors().size(), types.size());
  for (const auto& t : tensors_) {
    const GgufTensor* tensor = after->FindTensor(t.name);
    ASSERT_NE(tensor, nullptr) << t.name;
    EXPECT_EQ(tensor->type, types.at(t.name)) << t.name;
    std::vector<float> values(t.values.size());
    DequantizeRow(tensor->type, tensor->data.data(), values);
    double error = 0;
    for (size_t i = 0; i < values.size(); ++i) error += std::pow(static_cast<double>(values[i] - t.values[i]), 2);
    EXPECT_LE(std::sqrt(error / static_cast<double>(values.size())), tensor->type == TensorType::kF32 ? 0 : 0.005) << t.name;
  }
  ASSERT_EQ(report->fallbacks.size(), 1u);
  EXPECT_EQ(report->fallbacks[0].tensor, "blk.0.ffn_down.weight");
  EXPECT_EQ(report->types.at(TensorType::kQ4_K).values, kWidth * 700);
  EXPECT_EQ(report->types.at(TensorType::kF32).encoded_values, 0u);
  uint64_t bytes = 0;
  for (const GgufTensor& t : after->tensors()) bytes += t.data.size();
  EXPECT_EQ(report->bytes_out, bytes);
}

TEST_F(QuantizeModelTest, TheErrorReportedIsThatOfTheFile) {
  AddUsualTensors();
  const auto report = Quantize(WriteModel(), "Q4_K_M");
  ASSERT_TRUE(report);
  const auto after = Gguf::Open(Path("out.gguf"));
  std::vector<float> values(kWidth * 700);
  DequantizeRow(TensorType::kQ4_K, after->FindTensor("blk.0.attn_q.weight")->data.data(), values);
  double error = 0;
  for (size_t i = 0; i < values.size(); ++i)
    error += std::pow(static_cast<double>(values[i]) - static_cast<double>(tensors_[3].values[i]), 2);
  EXPECT_NEAR(report->types.at(TensorType::kQ4_K).squared_error / error, 1, 1e-9);
}

TEST_F(QuantizeModelTest, TheBytesDoNotDependOnThreads) {
  AddUsualTensors();
  const std::string in = WriteModel();
  for (const char* recipe : {"Q4_K_M", "Q2_K", "Q4_0", "BF16"}) {
    ASSERT_TRUE(Quantize(in, recipe, 1));
    const auto one = ReadFile(Path("out.gguf"), 1 << 24);
    ASSERT_TRUE(Quantize(in, recipe, 3));
    EXPECT_EQ(*one, *ReadFile(Path("out.gguf"), 1 << 24)) << recipe;
  }
}

TEST_F(QuantizeModelTest, ATensorOfTheTypeAskedForIsCopiedBitForBit) {
  AddUsualTensors();
  ASSERT_TRUE(Quantize(WriteModel(), "Q4_K_M"));
  fs::rename(Path("out.gguf"), Path("first.gguf"));
  const auto report = Quantize(Path("first.gguf"), "Q4_K_M");
  ASSERT_TRUE(report);
  EXPECT_EQ(*ReadFile(Path("first.gguf"), 1 << 24), *ReadFile(Path("out.gguf"), 1 << 24));
  EXPECT_TRUE(report->requantized.empty());
  const auto other = Quantize(Path("first.gguf"), "Q8_0");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->requantized.at(TensorType::kQ6_K), 2u);
}

TEST_F(QuantizeModelTest, AValueThatIsNoNumberNamesItsTensorAndRow) {
  AddUsualTensors();
  tensors_[3].values[kWidth * 650 + 7] = std::nanf("");
  const std::string in = WriteModel();
  for (const int threads : {1, 3}) {
    EXPECT_THAT(Failure(Quantize(in, "Q4_K_M", threads), StatusCode::kInvalidInput),
                testing::AllOf(HasSubstr("value 7 of the row"), HasSubstr("blk.0.attn_q.weight"), HasSubstr("row 650")));
  }
  EXPECT_EQ(Files(), 1u) << "the temporary file stayed";
}

TEST_F(QuantizeModelTest, ImportanceIsUsedAndNoted) {
  AddUsualTensors();
  const std::string in = WriteModel();
  std::vector<float> columns(kWidth, 0.01f);
  for (size_t i = 0; i < kWidth; i += 8) columns[i] = 10;
  const std::string path = WriteMatrix(
      {{"blk.0.attn_v.weight", columns}, {"blk.0.attn_q.weight", columns}, {"blk.0.ffn_down.weight", std::vector<float>(96, 1.0f)}});
  const auto matrix = ImportanceMatrix::Open(path);
  ASSERT_TRUE(matrix) << matrix.error().ToString();
  const auto weighted_error = [&](const ImportanceMatrix* with) {
    EXPECT_TRUE(Quantize(in, "Q4_K_M", 2, with));
    const auto after = Gguf::Open(Path("out.gguf"));
    std::vector<float> values(kWidth * 700);
    DequantizeRow(TensorType::kQ4_K, after->FindTensor("blk.0.attn_q.weight")->data.data(), values);
    double error = 0;
    for (size_t i = 0; i < values.size(); ++i) error += columns[i % kWidth] * std::pow(values[i] - tensors_[3].values[i], 2);
    return error;
  };
  EXPECT_LT(weighted_error(&*matrix), 0.5 * weighted_error(nullptr));
  ASSERT_TRUE(Quantize(in, "Q4_K_M", 1, &*matrix));
  const auto after = Gguf::Open(Path("out.gguf"));
  EXPECT_EQ(*after->metadata().String("quantize.imatrix.file"), path);
  EXPECT_EQ(*after->metadata().String("quantize.imatrix.dataset"), "words.txt");
  EXPECT_EQ(*after->metadata().Uint("quantize.imatrix.entries_count"), 3u);
  EXPECT_EQ(*after->metadata().Uint("quantize.imatrix.chunks_count"), 7u);
}

TEST_F(QuantizeModelTest, AnImportanceMatrixOfAnotherModelIsRefused) {
  AddUsualTensors();
  const std::string in = WriteModel();
  const auto absent = ImportanceMatrix::Open(WriteMatrix({{"blk.0.attn_v.weight", std::vector<float>(kWidth, 1.0f)}}));
  EXPECT_THAT(Failure(Quantize(in, "Q4_K_M", 1, &*absent), StatusCode::kInvalidInput), HasSubstr("blk.0.attn_q.weight"));
  const auto longer = ImportanceMatrix::Open(WriteMatrix({{"blk.0.attn_v.weight", std::vector<float>(kWidth + 1, 1.0f)}}));
  EXPECT_THAT(Failure(Quantize(in, "Q4_K_M", 1, &*longer), StatusCode::kInvalidInput),
              testing::AllOf(HasSubstr("blk.0.attn_v.weight"), HasSubstr("257 numbers"), HasSubstr("rows of 256")));
}

TEST_F(QuantizeModelTest, WhatCannotBeReadOrWrittenIsNamed) {
  AddUsualTensors();
  const std::string in = WriteModel();
  const auto to = [&](const std::string& out) { return QuantizeModel(in, out, {.recipe = *FindRecipe("Q8_0")}); };
  const std::string before = *ReadFile(in, 1 << 24);
  EXPECT_THAT(Failure(to(in), StatusCode::kInvalidInput), HasSubstr("is the model that is read"));
  fs::create_symlink("in.gguf", Path("link.gguf"));
  EXPECT_THAT(Failure(to(Path("link.gguf")), StatusCode::kInvalidInput), HasSubstr("is the model that is read"));
  EXPECT_EQ(*ReadFile(in, 1 << 24), before);
  EXPECT_THAT(Failure(to(folder_), StatusCode::kInvalidInput), HasSubstr("is a folder"));
  EXPECT_THAT(Failure(to(Path("absent/out.gguf")), StatusCode::kNotFound), HasSubstr("absent/out.gguf"));
  EXPECT_THAT(Failure(Quantize(Path("absent.gguf"), "Q8_0"), StatusCode::kNotFound), HasSubstr("absent.gguf"));
  EXPECT_THAT(Failure(Quantize(WriteModel("unheard_of"), "Q8_0"), StatusCode::kUnsupported),
              testing::AllOf(HasSubstr("unheard_of"), HasSubstr("llama")));
}

TEST_F(QuantizeModelTest, APartedModelBecomesTheSameFileAsAWholeOne) {
  AddUsualTensors();
  std::vector<std::string> made;
  for (const std::string& in : {WriteModel(), WriteParts()}) {
    const auto report = Quantize(in, "Q8_0", 2);
    ASSERT_TRUE(report) << report.error().ToString();
    made.push_back(*ReadFile(Path("out.gguf"), 1u << 26));
  }
  EXPECT_TRUE(made[0] == made[1]);
}

// Truncated after the first part of the work: what is encoded then reads zeros, what is copied cannot be written, and neither stays.
TEST_F(QuantizeModelTest, AModelThatBecomesShorterMeanwhileLeavesNothing) {
  GuardMappings();
  AddUsualTensors();
  for (const char* recipe : {"Q8_0", "F32"}) {
    const std::string in = WriteModel();
    int calls = 0;
    const auto result = QuantizeModel(in, Path("out.gguf"), {.recipe = *FindRecipe(recipe), .progress = [&](double, std::string_view) {
                                                               if (++calls == 1) fs::resize_file(in, 0);
                                                               return true;
                                                             }});
    EXPECT_THAT(Failure(result, StatusCode::kIo), testing::AllOf(HasSubstr("'" + in + "' became shorter"), HasSubstr("; ")));
    EXPECT_GE(calls, 1);
    for (const auto& left : fs::directory_iterator(folder_)) EXPECT_EQ(left.path().filename(), "in.gguf");
  }
}

TEST_F(QuantizeModelTest, ProgressCoversTheModelAndMayCancel) {
  AddUsualTensors();
  const std::string in = WriteModel();
  std::vector<double> shares;
  QuantizeOptions options{.recipe = *FindRecipe("Q8_0")};
  options.progress = [&](double share, std::string_view) {
    shares.push_back(share);
    return true;
  };
  ASSERT_TRUE(QuantizeModel(in, Path("out.gguf"), options));
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  EXPECT_DOUBLE_EQ(shares.back(), 1);
  fs::remove(Path("out.gguf"));
  options.progress = [](double share, std::string_view) { return share < 0.5; };
  EXPECT_THAT(Failure(QuantizeModel(in, Path("out.gguf"), options), StatusCode::kCancelled), HasSubstr("cancelled"));
  EXPECT_EQ(Files(), 1u);
}

}  // namespace
}  // namespace tradewind
