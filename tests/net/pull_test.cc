// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/pull.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "net/install_record.h"
#include "net/sha256.h"
#include "store_test_util.h"

namespace tradewind {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PullTest : public ::testing::Test {
 protected:
  PullTest() {
    options_.download.tries = 2;
    options_.download.first_backoff_ms = 1;
  }
  CatalogueEntry Entry(const HttpsServer& server, const std::vector<std::string>& behaviours) {
    options_.download.ca_file = server.ca_file();
    std::vector<std::vector<std::string>> sources;
    for (const std::string& behaviour : behaviours) sources.push_back({server.Url(behaviour)});
    return MakeEntry("demo", server.size(), server.sha256(), sources);
  }
  Result<PullReport> Pull(const CatalogueEntry& entry) { return MakeStore(models_, {entry}).Pull("demo", options_, control_); }
  static std::string HashOf(const std::string& path) {
    const auto digest = HashFile(path);
    return digest ? digest->sha256 : digest.error().ToString();
  }
  // Pulls in a process of its own, which exits with 0 when it went well.
  pid_t PullInChild(const CatalogueEntry& entry) {
    const pid_t pid = fork();
    if (pid == 0) _exit(Pull(entry) ? 0 : 1);
    return pid;
  }

  TempFolder folder_;
  std::string models_ = folder_ / "cache/models";
  std::string model_ = models_ + "/demo.gguf";
  PullOptions options_;
  TransferControl control_;
};

TEST_F(PullTest, InstallsVerifiesAndRecords) {
  TW_REQUIRE_HTTPS_SERVER(server);
  const CatalogueEntry entry = Entry(server, {"plain"});
  const auto report = Pull(entry);
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_FALSE(report->already_there);
  EXPECT_TRUE(report->model.installed);
  EXPECT_TRUE(report->model.verified);
  EXPECT_EQ(report->model.sha256, server.sha256());
  EXPECT_EQ(report->model.licence, "MIT");
  EXPECT_EQ(report->model.source, server.Url("plain"));
  EXPECT_THAT(FilesIn(models_), ElementsAre("demo.gguf", "demo.json"));
  const auto again = Pull(entry);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->already_there);
  EXPECT_THAT(server.Log(), SizeIs(1));
}

TEST_F(PullTest, InstallsNothingWithAWrongHash) {
  TW_REQUIRE_HTTPS_SERVER(server);
  const auto report = Pull(Entry(server, {"wrong"}));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), StatusCode::kInvalidInput);
  EXPECT_THAT(report.error().message(),
              AllOf(HasSubstr(server.sha256() + " expected"), HasSubstr("found"), HasSubstr("nothing was installed")));
  EXPECT_THAT(FilesIn(models_), IsEmpty());
}

TEST_F(PullTest, InstallsNothingOfAnotherSize) {
  TW_REQUIRE_HTTPS_SERVER(server);
  for (const std::string behaviour : {"long", "short", "quiet-long"}) {
    const auto report = Pull(Entry(server, {behaviour}));
    ASSERT_FALSE(report) << behaviour;
    EXPECT_EQ(report.error().code(), StatusCode::kInvalidInput);
    EXPECT_FALSE(std::filesystem::exists(model_));
  }
}

TEST_F(PullTest, TriesTheSourcesInTheirOrder) {
  TW_REQUIRE_HTTPS_SERVER(server);
  const auto report = Pull(Entry(server, {"missing", "wrong", "cut"}));
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_THAT(report->failed_sources, ElementsAre(HasSubstr("404"), HasSubstr("SHA-256")));
  EXPECT_EQ(report->model.source, server.Url("cut"));
}

TEST_F(PullTest, NamesEverySourceThatFailed) {
  TW_REQUIRE_HTTPS_SERVER(server);
  const auto report = Pull(Entry(server, {"missing", "down"}));
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message(), AllOf(HasSubstr("HTTP 404"), HasSubstr("HTTP 500")));
}

TEST_F(PullTest, GoesOnAfterKill9) {
  TW_REQUIRE_HTTPS_SERVER(server);
  const CatalogueEntry entry = Entry(server, {"slow"});
  const pid_t child = PullInChild(entry);
  std::error_code absent;
  for (int i = 0; i < 1000; ++i) {
    const auto size = std::filesystem::file_size(PartPath(model_), absent);
    if (!absent && size > 50'000) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_FALSE(std::filesystem::exists(model_));
  const auto kept = std::filesystem::file_size(PartPath(model_));
  ASSERT_GT(kept, 50'000u);
  const auto report = Pull(entry);
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(HashOf(model_), server.sha256());
  EXPECT_EQ(server.Log().back(), "/slow/model.gguf bytes=" + std::to_string(kept) + "- \"one\" 206");
}

TEST_F(PullTest, GoesOnAfterAKillBetweenRenameAndRecord) {
  TW_REQUIRE_HTTPS_SERVER(server);
  const CatalogueEntry entry = Entry(server, {"plain"});
  ASSERT_TRUE(Pull(entry));
  std::filesystem::remove(RecordPath(model_));
  const auto report = Pull(entry);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->already_there);
  EXPECT_TRUE(report->model.verified);
  EXPECT_THAT(server.Log(), SizeIs(1));
}

TEST_F(PullTest, ManyAtOnceFetchOnce) {
  TW_REQUIRE_HTTPS_SERVER(server);
  const CatalogueEntry entry = Entry(server, {"slow"});
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) children.push_back(PullInChild(entry));
  for (const pid_t child : children) {
    int status = -1;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(HashOf(model_), server.sha256());
  EXPECT_THAT(server.Log(), SizeIs(1));
}

TEST_F(PullTest, WaitingForAnotherCanBeStopped) {
  const CatalogueEntry entry = MakeEntry("demo", 3, kHashOfAbc, {{folder_ / "abc"}});
  const auto lock = LockModel(models_, "demo", nullptr);
  ASSERT_TRUE(lock);
  std::string stage;
  control_.progress = [&](const TransferProgress& progress) { stage = progress.stage; };
  control_.cancelled = [&] { return stage == "wait"; };
  const auto report = Pull(entry);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), StatusCode::kCancelled);
}

TEST_F(PullTest, ReplacesAFileThatIsNotTheModel) {
  TW_REQUIRE_HTTPS_SERVER(server);
  std::filesystem::create_directories(models_);
  Spill(model_, "something else");
  const auto report = Pull(Entry(server, {"plain"}));
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_FALSE(report->already_there);
  EXPECT_EQ(HashOf(model_), server.sha256());
}

TEST_F(PullTest, JoinsPartsInOrderAndResumesThem) {
  TW_REQUIRE_HTTPS_SERVER(server);
  Spill(folder_ / "head", "abc");
  options_.download.ca_file = server.ca_file();
  options_.download.tries = 1;
  // The expected hash by the rule itself: of the bytes one behind the other.
  const std::string joined = folder_ / "joined";
  {
    PullOptions plain = options_;
    ASSERT_TRUE(MakeStore(folder_ / "other", {Entry(server, {"plain"})}).Pull("demo", plain, control_));
    Spill(joined, "abc" + Slurp(folder_ / "other/demo.gguf"));
  }
  const CatalogueEntry entry = MakeEntry("demo", 3 + server.size(), HashOf(joined), {{folder_ / "head", server.Url("cut")}});
  ASSERT_FALSE(Pull(entry));
  const auto report = Pull(entry);
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_TRUE(Slurp(model_) == Slurp(joined));
  EXPECT_THAT(server.Log().back(), HasSubstr("206"));
  EXPECT_THAT(FilesIn(models_), ElementsAre("demo.gguf", "demo.json"));
}

TEST_F(PullTest, PartsInTheWrongOrderAreRefused) {
  Spill(folder_ / "1", "abc");
  Spill(folder_ / "2", "def");
  EXPECT_FALSE(Pull(MakeEntry("demo", 6, kHashOfAbcdef, {{folder_ / "2", folder_ / "1"}})));
  const auto report = Pull(MakeEntry("demo", 6, kHashOfAbcdef, {{folder_ / "1", folder_ / "2"}}));
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(Slurp(model_), "abcdef");
}

TEST_F(PullTest, OfflineTouchesNoNetwork) {
  TW_REQUIRE_HTTPS_SERVER(server);
  options_.offline = true;
  CatalogueEntry entry = Entry(server, {"plain"});
  const auto report = Pull(entry);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), StatusCode::kUnavailable);
  EXPECT_THAT(report.error().message(), AllOf(HasSubstr("offline"), HasSubstr("300 kB"), HasSubstr(server.Url("plain"))));
  EXPECT_THAT(server.Log(), IsEmpty());
  Spill(folder_ / "abc", "abc");
  EXPECT_TRUE(Pull(MakeEntry("demo", 3, kHashOfAbc, {{server.Url("plain")}, {folder_ / "abc"}}))) << "a local source needs none";
  EXPECT_THAT(server.Log(), IsEmpty());
  EXPECT_TRUE(Pull(MakeEntry("demo", 3, kHashOfAbc, {{server.Url("plain")}}))) << "nor does a model that is here";
}

TEST_F(PullTest, TakesTheFileFromAFolder) {
  const CatalogueEntry entry = MakeEntry("demo", 3, kHashOfAbc, {{"https://127.0.0.1:1/x"}});
  options_.from = folder_.path();
  const auto absent = Pull(entry);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code(), StatusCode::kNotFound);
  Spill(folder_ / "Original.gguf", "abd");
  EXPECT_FALSE(Pull(entry)) << "what a user names is verified like any other";
  Spill(folder_ / "Original.gguf", "abc");
  ASSERT_TRUE(Pull(entry));
  EXPECT_EQ(Slurp(model_), "abc");
  EXPECT_EQ(Slurp(folder_ / "Original.gguf"), "abc") << "the user's own file stays";
}

TEST_F(PullTest, TakesASourceThatStandsInNoCatalogue) {
  Spill(folder_ / "New_Model.gguf", "abc");
  const ModelStore store = MakeStore(models_, {});
  const auto entry = EntryForSource(folder_ / "New_Model.gguf", "", "");
  ASSERT_TRUE(entry);
  const auto report = store.Pull(*entry, options_, control_);
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->model.name, "new_model");
  EXPECT_EQ(report->model.sha256, kHashOfAbc);
  EXPECT_EQ(report->model.licence, "unknown");
  const auto again = store.Pull(*entry, options_, control_);
  ASSERT_FALSE(again) << "without a hash nobody knows whether it is the same";
  EXPECT_THAT(again.error().message(), HasSubstr("--name"));
  EXPECT_FALSE(store.Pull(*EntryForSource(folder_ / "New_Model.gguf", "x", kHashOfAbcdef), options_, control_));
}

TEST_F(PullTest, LooksForRoomFirst) {
  Spill(folder_ / "abc", "abc");
  const auto report = Pull(MakeEntry("demo", uint64_t{1} << 50, kHashOfAbc, {{folder_ / "abc"}}));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), StatusCode::kResourceExhausted);
  EXPECT_THAT(report.error().message(), HasSubstr(models_));
}

}  // namespace
}  // namespace tradewind
