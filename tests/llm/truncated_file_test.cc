// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Models whose file is truncated while they are open, at moments that the test chooses: what is asked of them fails and says so, and other
// models of the same process go on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/mapping_guard.h"
#include "llm/embedder.h"
#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"
#include "llm/throughput.h"

namespace tradewind {
namespace {

namespace fs = std::filesystem;

class TruncatedFileTest : public testing::Test {
 protected:
  void SetUp() override {
    GuardMappings();
    const auto stories = StoriesGguf();
    if (!stories) GTEST_SKIP() << "absent: assets/llm/stories260K";
    path_ = Copied(*stories, "truncated.gguf");
  }
  static std::string Copied(const std::string& from, const std::string& name) {
    const std::string to = ScratchPath(name);
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
    return to;
  }
  void Truncate(uintmax_t size_bytes = 0) const { fs::resize_file(path_, size_bytes); }
  template <typename T>
  void ExpectLost(const Result<T>& result) const {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), StatusCode::kIo) << result.error().ToString();
    EXPECT_EQ(result.error().ExitCode(), 1);
    EXPECT_THAT(result.error().message(), testing::HasSubstr("'" + path_ + "' became shorter"));
  }
  static std::unique_ptr<Session> Started(Instance& instance, int64_t tokens) {
    auto session = instance.Start({.setting = SettingOf({{"max_tokens", tokens}})});
    EXPECT_TRUE(session) << session.error().ToString();
    return std::move(*session);
  }
  std::string path_;
};

TEST_F(TruncatedFileTest, AnAnswerFailsAtItsNextTokenAndOtherModelsGoOn) {
  const auto sound = OpenModel(*StoriesGguf());
  const std::vector<int32_t> whole = Generate(*sound, Greedy("Once upon a time"), 12);
  const auto instance = OpenModel(path_);
  const auto cut = Started(*instance, 12);
  const auto other = Started(*sound, 12);
  for (Session* session : {cut.get(), other.get()}) ASSERT_TRUE(session->Push({{}, Greedy("Once upon a time")}));
  std::vector<int32_t> ids;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(std::get<Token>(cut->Next()->body).id, whole[static_cast<size_t>(i)]);
    ids.push_back(std::get<Token>(other->Next()->body).id);
  }
  Truncate();
  ExpectLost(cut->Next());
  for (int i = 3; i < 12; ++i) ids.push_back(std::get<Token>(other->Next()->body).id);
  EXPECT_EQ(ids, whole);
  // For good, in this session and in others, also when the file is mended: zeros may have been read.
  fs::copy_file(*StoriesGguf(), path_, fs::copy_options::overwrite_existing);
  ASSERT_TRUE(cut->Push({{}, Greedy("Once")}));
  ExpectLost(cut->Next());
  ExpectLost(instance->Start({}));
  EXPECT_EQ(Generate(*OpenModel(path_), Greedy("Once upon a time"), 12), whole) << "opened anew";
}

TEST_F(TruncatedFileTest, AByteLessIsTold) {
  const auto instance = OpenModel(path_);
  const auto session = Started(*instance, 4);
  ASSERT_TRUE(session->Push({{}, Greedy("Once")}));
  Truncate(fs::file_size(path_) - 1);
  ExpectLost(session->Next());
}

// Tokens of the prompt that an echo made of zeros are not handed out either.
TEST_F(TruncatedFileTest, NothingIsLeftOfTheStepThatFailed) {
  const auto instance = OpenModel(path_);
  const auto session = Started(*instance, 4);
  Prompt prompt = Greedy("Once upon a time");
  prompt.echo = true;
  ASSERT_TRUE(session->Push({{}, prompt}));
  ASSERT_TRUE(session->Next()) << "the first token has no probability and was there from the push on";
  Truncate();
  ExpectLost(session->Next());
  const auto after = session->Next();
  ASSERT_FALSE(after);
  EXPECT_THAT(after.error().message(), testing::HasSubstr("push a prompt first"));
}

TEST_F(TruncatedFileTest, BetweenOpeningAndPacking) {
  auto file = Gguf::Open(path_);
  ASSERT_TRUE(file);
  Truncate();
  ThreadPool pool(2);
  ExpectLost(Model::Load(std::move(*file), {}, pool));
}

TEST_F(TruncatedFileTest, BetweenOpeningAndPackingOfWhatIsExpanded) {
  auto file = Gguf::Open(path_);
  ASSERT_TRUE(file);
  Truncate(fs::file_size(path_) / 2);
  ThreadPool pool(2);
  ExpectLost(Model::Load(std::move(*file), {.widen_to_f32 = true}, pool));
}

TEST_F(TruncatedFileTest, Timing) {
  const auto instance = OpenModel(path_);
  const auto TimeOnce = [](LanguageModelInstance& timed, const ThroughputTest& test) {
    return ThroughputRun::Prepare(timed, test).value().Time();
  };
  ASSERT_TRUE(TimeOnce(*instance, {.prompt = 16}));
  Truncate();
  ExpectLost(TimeOnce(*instance, {.prompt = 16}));
  ExpectLost(TimeOnce(*instance, {.generated = 4, .depth = 4}));
}

TEST_F(TruncatedFileTest, Embedding) {
  path_ = Copied(SourcePath("tests/llm/golden/tiny-bert.gguf"), "encoder.gguf");
  const auto instance = OpenModel(path_);
  Embedder embedder(*instance, {});
  ASSERT_TRUE(embedder.EmbedIds({1, 2, 3}));
  Truncate();
  ExpectLost(embedder.EmbedIds({1, 2, 3}));
}

}  // namespace
}  // namespace tradewind
