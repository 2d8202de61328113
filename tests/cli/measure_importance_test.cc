// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// `tradewind measure --imatrix` on the built program, and what `quantize --imatrix` makes of the file.
#include "cli/measure_importance.h"

#include <gmock/gmock.h>

#include "cli/program.h"
#include "formats/gguf.h"
#include "formats/importance_matrix.h"

namespace tradewind {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class MeasureImportanceTest : public CommandsTest {
 protected:
  void SetUp() override {
    CommandsTest::SetUp();
    std::string text;
    for (int i = 0; i < 150; ++i) text += "Once upon a time there were " + std::to_string(i) + " little dogs.\n";
    workload_ = "text:" + Write("dogs.txt", text);
  }
  std::string workload_;
};

TEST_F(MeasureImportanceTest, TheFileHoldsEveryMatrixOfTheLayersAndQuantizeTakesIt) {
  const Ran ran = Run({"measure", model_, "--workload", workload_, "--imatrix", Path("im.gguf"), "--chunks", "3", "-t", "2", "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const nlohmann::json json = ran.Json();
  EXPECT_EQ(json["path"], Path("im.gguf"));
  EXPECT_EQ(json["matrices"], 35);
  EXPECT_EQ(json["chunks"], 3);
  EXPECT_EQ(json["chunk_size"], 512);
  EXPECT_EQ(json["tokens"], 1536);
  EXPECT_TRUE(json["unreached"].empty());
  const auto matrix = ImportanceMatrix::Open(Path("im.gguf"));
  ASSERT_TRUE(matrix) << matrix.error().ToString();
  EXPECT_EQ(matrix->chunk_count(), 3u);
  EXPECT_THAT(matrix->datasets(), testing::ElementsAre(workload_));
  const auto model = Gguf::Open(model_);
  ASSERT_TRUE(model);
  for (const GgufTensor& tensor : model->tensors()) {
    if (!tensor.name.starts_with("blk.") || tensor.rows() == 1) continue;
    const std::vector<float>* columns = matrix->Find(tensor.name);
    ASSERT_NE(columns, nullptr) << tensor.name;
    EXPECT_EQ(columns->size(), tensor.row_length()) << tensor.name;
  }
  const Ran with = Run({"quantize", model_, Path("with.gguf"), "--type", "Q4_K_M", "--imatrix", Path("im.gguf")});
  ASSERT_EQ(with.code, 0) << with.err;
  ASSERT_EQ(Run({"quantize", model_, Path("without.gguf"), "--type", "Q4_K_M"}).code, 0);
  EXPECT_NE(Contents(Path("with.gguf")), Contents(Path("without.gguf")));
  const auto quantised = Gguf::Open(Path("with.gguf"));
  ASSERT_TRUE(quantised);
  EXPECT_EQ(*quantised->metadata().Uint("quantize.imatrix.chunks_count"), 3u);
}

TEST_F(MeasureImportanceTest, SaysWhatWasWrittenAndWhichExpertsNoTokenReached) {
  const Ran whole = Run({"measure", model_, "--workload", workload_, "--imatrix", Path("im.gguf")});
  ASSERT_EQ(whole.code, 0) << whole.err;
  EXPECT_THAT(whole.out, AllOf(HasSubstr("35 matrices"), HasSubstr("chunks of 512"), HasSubstr(Path("im.gguf"))));
  EXPECT_THAT(whole.err, testing::Not(HasSubstr("no token reached")));
  const std::vector<std::string> few = {"measure",    SourcePath("tests/llm/golden/tiny-olmoe.gguf"),
                                        "--workload", "text:" + Write("brief.txt", "a"),
                                        "--imatrix",  Path("experts.gguf"),
                                        "-t",         "1"};
  const Ran experts = Run(few);
  ASSERT_EQ(experts.code, 0) << experts.err;
  EXPECT_THAT(experts.err, AllOf(HasSubstr("no token reached"), HasSubstr("of 6 experts of blk.0."), HasSubstr("5 more tensors")));
  std::vector<std::string> as_json = few;
  as_json.emplace_back("--json");
  const nlohmann::json json = Run(as_json).Json();
  ASSERT_EQ(json["unreached"].size(), 6u);
  EXPECT_GE(json["unreached"][0]["experts"].size(), 1u);
  const Ran layers = Run({"measure", model_, "--workload", workload_, "--imatrix", Path("im.gguf"), "--set", "layers=4", "--json"});
  ASSERT_EQ(layers.code, 0) << layers.err;
  EXPECT_EQ(layers.Json()["unreached"].size(), 7u);
  EXPECT_FALSE(layers.Json()["unreached"][0].contains("experts"));
}

TEST_F(MeasureImportanceTest, WhatIsWrongIsNamedAndNothingIsWritten) {
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "measure");
    const Ran ran = Run(words);
    EXPECT_EQ(ran.code, 2) << ran.out;
    return ran.err;
  };
  EXPECT_THAT(run({model_, "--workload", workload_, "--imatrix", Path("no/such/im.gguf")}),
              HasSubstr("no folder '" + Path("no/such") + "'"));
  EXPECT_THAT(run({model_, "--workload", workload_, "--imatrix", Path("")}), HasSubstr("is a folder"));
  EXPECT_THAT(run({model_, "--workload", workload_, "--imatrix", model_}), HasSubstr("is the model"));
  EXPECT_THAT(run({model_, "--workload", "text:" + Write("empty.txt", ""), "--imatrix", Path("o.gguf")}), HasSubstr("needs some text"));
  EXPECT_THAT(run({model_, "--workload", workload_, "--imatrix", Path("o.gguf"), "--chunks", "0"}), HasSubstr("--chunks"));
  EXPECT_THAT(run({model_, "--workload", workload_, "--imatrix", Path("o.gguf"), "--metrics", "perplexity"}), HasSubstr("no metrics"));
  EXPECT_THAT(run({model_, "--workload", workload_, "--chunks", "3"}), HasSubstr("--windows"));
  EXPECT_THAT(run({"zdt1", "--imatrix", Path("o.gguf")}), HasSubstr("no language model"));
  EXPECT_THAT(run({SourcePath("tests/llm/golden/tiny-bert.gguf"), "--workload", workload_, "--imatrix", Path("o.gguf")}),
              HasSubstr("encoder"));
  EXPECT_FALSE(std::filesystem::exists(Path("o.gguf")));
}

}  // namespace
}  // namespace tradewind
