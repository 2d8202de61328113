// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The public interface (error.cc, frontier.cc, model.cc, sampling.cc, session.cc), through the shared library and the public headers alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>

#include "llm/stories_gguf.h"
#include "shared_data.h"
#include "tradewind/tradewind.h"

extern "C" int OpensNothing(void);

namespace {

using testing::HasSubstr;
using tradewind::v1::Event;
using tradewind::v1::Frontier;
using tradewind::v1::Model;
using tradewind::v1::Session;
using tradewind::v1::Status;

struct Said {
  std::string text;
  int tokens = 0;
  tw_finish finish{};
};

// Takes the events of an answer to its end.
Said Listen(Session& session) {
  Said said;
  for (Event event;;) {
    const Status status = session.Next(&event);
    EXPECT_TRUE(status.ok()) << status.message();
    if (!status.ok() || event.end) {
      said.finish = event.finish;
      return said;
    }
    said.text += event.text;
    ++said.tokens;
  }
}

class Api : public testing::Test {
 protected:
  void SetUp() override {
    const auto path = tradewind::StoriesGguf();
    if (!path) GTEST_SKIP() << "absent: stories260K";
    path_ = *path;
    setenv("TRADEWIND_STORE", tradewind::ScratchPath("api.db").c_str(), 1);
  }
  Model Opened(const std::string& setting = "") {
    Model model;
    const Status status = Model::Open(path_, {.setting = setting}, &model);
    EXPECT_TRUE(status.ok()) << status.message();
    return model;
  }
  static Session Started(const Model& model, const tradewind::v1::Options& options) {
    Session session;
    const Status status = model.Start(options, &session);
    EXPECT_TRUE(status.ok()) << status.message();
    return session;
  }
  std::string path_;
};

TEST(ApiHeader, IsC) {
  EXPECT_EQ(OpensNothing(), TW_NOT_FOUND);
  EXPECT_NE(std::string(tw_version()), "");
}

TEST_F(Api, AnswersAsTheCommandDoes) {
  Session session = Started(Opened("threads=2"), {.setting = "max_tokens=24"});
  ASSERT_TRUE(session.Push("Once upon a time", {.temperature = 0}).ok());
  const Said said = Listen(session);
  EXPECT_EQ(said.finish, TW_FINISH_LENGTH);
  EXPECT_EQ(said.tokens, 24);
  const std::string command = std::string(TRADEWIND_BINARY) + " run " + path_ + " --raw -p 'Once upon a time' -n 24 --temp 0 2>/dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string printed;
  for (int c; (c = std::fgetc(pipe)) != EOF;) printed += static_cast<char>(c);
  EXPECT_EQ(pclose(pipe), 0);
  EXPECT_EQ(said.text + "\n", printed);
  const tw_outcome outcome = session.outcome();
  EXPECT_EQ(outcome.output_tokens, 24);
  EXPECT_GE(outcome.ttft_ms, outcome.prefill_ms) << "the first token comes after the prompt was read";
  EXPECT_NEAR(outcome.tpot_ms * 23, outcome.decode_ms, 1e-3);
}

TEST_F(Api, ASessionOutlivesItsModelAndGoesOn) {
  Session session;
  {
    const Model model = Opened();
    session = Started(model, {.setting = "max_tokens=8"});
  }
  ASSERT_TRUE(session.Push("Once", {.temperature = 0}).ok());
  const std::string first = Listen(session).text;
  ASSERT_TRUE(session.Push("Once" + first, {.temperature = 0}).ok());
  EXPECT_EQ(Listen(session).tokens, 8);
  ASSERT_TRUE(session.Push("Once", {.temperature = 0}).ok());
  EXPECT_EQ(Listen(session).text, first);
}

TEST_F(Api, TheClockStartsWithEachPush) {
  Session session = Started(Opened(), {.setting = "max_tokens=2", .budget = {.deadline_ms = 60000}});
  for (int turn = 0; turn < 2; ++turn) {
    ASSERT_TRUE(session.Push("Once", {.temperature = 0}).ok());
    EXPECT_EQ(Listen(session).finish, TW_FINISH_LENGTH);
  }
  Session late = Started(Opened(), {.budget = {.deadline_ms = 0}});
  ASSERT_TRUE(late.Push("Once", {.temperature = 0}).ok());
  EXPECT_EQ(Listen(late).finish, TW_FINISH_DEADLINE);
}

TEST_F(Api, IsCancelledFromAnotherThread) {
  Session session = Started(Opened(), {.setting = "max_tokens=100000 context=512"});
  ASSERT_TRUE(session.Push("Once", {.temperature = 0}).ok());
  Event event;
  ASSERT_TRUE(session.Next(&event).ok());
  std::thread other([&] { session.Cancel(); });
  other.join();
  EXPECT_EQ(Listen(session).finish, TW_FINISH_CANCELLED);
}

TEST_F(Api, SamplingIsRead) {
  Session session = Started(Opened(), {.setting = "max_tokens=64"});
  ASSERT_TRUE(session.Push("Once upon a time", {.temperature = 0, .stop = "."}).ok());
  const Said said = Listen(session);
  EXPECT_EQ(said.finish, TW_FINISH_STOP);
  EXPECT_EQ(said.text.find('.'), std::string::npos);
  const auto drawn = [&](unsigned long long seed) {
    EXPECT_TRUE(session.Push("Once", {.temperature = 1.5, .top_k = 0, .top_p = 1, .min_p = 0, .seed = seed}).ok());
    return Listen(session).text;
  };
  const std::string one = drawn(1);
  EXPECT_EQ(drawn(1), one);
  EXPECT_NE(drawn(2), one);
}

TEST_F(Api, ASchemaIsKept) {
  Session session = Started(Opened(), {.setting = "max_tokens=64"});
  ASSERT_TRUE(session.Push("Once", {.temperature = 0, .json_schema = R"({"enum": ["left", "right"]})"}).ok());
  EXPECT_THAT(Listen(session).text, testing::AnyOf("\"left\"", "\"right\""));
  EXPECT_EQ(session.Push("Once", {.json_schema = "{"}).code(), TW_INVALID_INPUT);
  EXPECT_THAT(session.Push("Once", {.others = "typical=2"}).message(), HasSubstr("typical"));
}

TEST_F(Api, TokenizesWithoutMarks) {
  std::vector<int32_t> ids, none;
  const Model model = Opened();
  ASSERT_TRUE(model.Tokenize("Once upon a time", &ids).ok());
  EXPECT_GT(ids.size(), 3u);
  ASSERT_TRUE(model.Tokenize("", &none).ok());
  EXPECT_TRUE(none.empty());
}

TEST_F(Api, ErrorsNameTheThing) {
  Model model;
  Session session;
  const auto open = [&](const std::string& setting) { return Model::Open(path_, {.setting = setting}, &model); };
  EXPECT_EQ(open("thread=2").code(), TW_NOT_FOUND);
  EXPECT_THAT(open("thread=2").message(), HasSubstr("nearest: threads"));
  EXPECT_EQ(open("threads").code(), TW_INVALID_INPUT);
  EXPECT_THAT(open("threads=0").message(), HasSubstr("threads"));
  EXPECT_THAT(Model::Open("", {}, &model).message(), HasSubstr("no model is named"));
  EXPECT_EQ(Model::Open(path_, {.budget = {.memory_bytes = 1000}}, &model).code(), TW_BUDGET_MISSED);

  model = Opened("threads=1");
  EXPECT_THAT(model.Start({.setting = "threads=2"}, &session).message(), HasSubstr("fixed when a model is loaded"));
  EXPECT_THAT(model.Start({.budget = {.quality = 2}}, &session).message(), HasSubstr("quality"));
  session = Started(model, {.setting = "max_tokens=2"});
  Event event;
  EXPECT_THAT(session.Next(&event).message(), HasSubstr("push a prompt first"));
  EXPECT_THAT(session.Push("a", {.temperature = -1}).message(), HasSubstr("temperature"));
  EXPECT_EQ(session.Push(std::vector<tradewind::v1::Message>{}, {}).code(), TW_INVALID_INPUT);
  ASSERT_TRUE(session.Push("Once", {.temperature = 0}).ok());
  EXPECT_THAT(session.Push("Once", {}).message(), HasSubstr("still answering"));
  EXPECT_EQ(Listen(session).tokens, 2) << "a refused push changes nothing";
}

TEST_F(Api, NullIsRefused) {
  tw_model* model = nullptr;
  tw_event event;
  for (tw_error* error :
       {tw_open(path_.c_str(), nullptr, nullptr, nullptr), tw_start(nullptr, "", "", nullptr), tw_push(nullptr, nullptr, 0, nullptr),
        tw_push_text(nullptr, "a", 1, nullptr), tw_next(nullptr, &event), tw_frontier_open(nullptr, nullptr),
        tw_frontier_choose(nullptr, "", 1, 1, nullptr), tw_tokenize(nullptr, "a", 1, nullptr, nullptr)}) {
    ASSERT_NE(error, nullptr);
    EXPECT_EQ(tw_error_code(error), TW_INVALID_INPUT) << tw_error_message(error);
    EXPECT_THAT(tw_error_message(error), HasSubstr("NULL"));
    tw_error_free(error);
  }
  tw_close(nullptr);
  tw_session_free(nullptr);
  tw_frontier_free(nullptr);
  tw_cancel(nullptr);
  tw_ids_free(nullptr);
  tw_error_free(nullptr);
  ASSERT_EQ(tw_open(path_.c_str(), nullptr, nullptr, &model), nullptr) << "no setting and no budget";
  tw_close(model);
}

// A copy of the model that loses all its bytes amid an answer.
class TruncatedModel {
 public:
  explicit TruncatedModel(const std::string& original) : path_(tradewind::ScratchPath("truncated.gguf")) {
    std::filesystem::copy_file(original, path_, std::filesystem::copy_options::overwrite_existing);
  }
  Status Answer() const {
    Model model;
    Session session;
    Event event;
    EXPECT_TRUE(Model::Open(path_, {}, &model).ok());
    EXPECT_TRUE(model.Start({.setting = "max_tokens=8"}, &session).ok());
    EXPECT_TRUE(session.Push("Once upon a time", {.temperature = 0}).ok());
    EXPECT_TRUE(session.Next(&event).ok());
    std::filesystem::resize_file(path_, 0);
    Status status = session.Next(&event);
    EXPECT_EQ(model.Start({}, &session).code(), TW_IO) << "and so do later calls";
    return status;
  }

 private:
  std::string path_;
};

TEST_F(Api, AModelThatIsTruncatedFailsAndOthersGoOn) {
  const Model other = Opened("threads=1");
  const Status lost = TruncatedModel(path_).Answer();
  EXPECT_EQ(lost.code(), TW_IO);
  EXPECT_THAT(lost.message(), HasSubstr("became shorter"));
  Session session = Started(other, {.setting = "max_tokens=4"});
  ASSERT_TRUE(session.Push("Once", {.temperature = 0}).ok());
  EXPECT_EQ(Listen(session).tokens, 4);
}

using ApiDeathTest = Api;

TEST_F(ApiDeathTest, SigbusIsLeftAloneWhereThatIsAsked) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // a process whose first call this is
  EXPECT_DEATH(
      {
        tw_leave_sigbus_alone();
        (void)TruncatedModel(path_).Answer();
        _exit(0);
      },
      "");
}

TEST_F(Api, ModelsServeManyThreads) {
  const Model model = Opened("threads=2");
  std::vector<std::string> said(4);
  std::vector<std::thread> threads;
  for (std::string& text : said) {
    threads.emplace_back([&] {
      Session session = Started(model, {.setting = "max_tokens=16"});
      EXPECT_TRUE(session.Push("Once upon a time", {.temperature = 0}).ok());
      text = Listen(session).text;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& text : said) EXPECT_EQ(text, said[0]);
}

TEST_F(Api, TheFrontierChoosesWithinTheBudget) {
  Frontier frontier;
  EXPECT_THAT(Frontier::Open("", &frontier).message(), HasSubstr("tradewind search"));
  const std::string text = tradewind::ScratchPath("story.txt");
  FILE* file = std::fopen(text.c_str(), "w");
  for (int i = 0; i < 200; ++i) std::fputs("Once upon a time there was a small boat. ", file);
  std::fclose(file);
  const std::string search =
      std::string(TRADEWIND_BINARY) + " search " + path_ + " --workload text:" + text + " --over layers=2,5 --time 2s >/dev/null 2>&1";
  ASSERT_EQ(std::system(search.c_str()), 0) << search;
  const Status opened = Frontier::Open("text:" + text, &frontier);
  ASSERT_TRUE(opened.ok()) << opened.message();
  ASSERT_GE(frontier.size(), 1u);
  EXPECT_EQ(frontier.setting(frontier.size()), "") << "beyond the last";
  EXPECT_FALSE(frontier.Measured(0, "no_such_metric"));

  size_t best = 0;
  for (size_t i = 0; i < frontier.size(); ++i) {
    ASSERT_TRUE(frontier.Measured(i, "bits_per_byte") && frontier.Measured(i, "tpot_ms")) << frontier.setting(i);
    if (frontier.Measured(i, "bits_per_byte")->value < frontier.Measured(best, "bits_per_byte")->value) best = i;
  }
  tw_choice choice;
  ASSERT_TRUE(frontier.Choose({.deadline_ms = 1e7}, 8, 8, &choice).ok());
  EXPECT_EQ(choice.fits, 1);
  EXPECT_EQ(choice.point, best) << choice.reason;
  EXPECT_TRUE(choice.tpot_ms.low <= choice.tpot_ms.value && choice.tpot_ms.value <= choice.tpot_ms.high);
  ASSERT_TRUE(frontier.Choose({.tpot_ms = 1e-6}, 8, 8, &choice).ok());
  EXPECT_EQ(choice.fits, 0);
  EXPECT_EQ(frontier.Choose({}, 0, 8, &choice).code(), TW_INVALID_INPUT);

  Model model;
  const std::string setting = frontier.setting(best);
  const Status loaded = Model::Open("", {.setting = setting}, &model);
  ASSERT_TRUE(loaded.ok()) << loaded.message() << ": " << setting;
  Session session = Started(model, {.setting = setting + " max_tokens=4"});
  ASSERT_TRUE(session.Push("Once", {.temperature = 0}).ok());
  EXPECT_EQ(Listen(session).tokens, 4);
}

}  // namespace
