// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// kill -9 at random moments of a search with recorded costs, on the built program: begun again it ends with the same front as one that ran
// through, and no trial is counted twice. Ten moments here; TRADEWIND_KILLS=100 by `./test --long=kills`.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "base/random.h"
#include "cli/program.h"
#include "store/profile_store.h"

namespace tradewind {
namespace {

constexpr int kTrials = 40;
constexpr int kMostStarts = 10;  // for each moment asked: of a search that was over before it came

class KillsTest : public CommandsTest {
 protected:
  void SetUp() override {
    // 256 settings whose quality and cost follow no simple rule, so that what a search tries depends on what it saw.
    std::string csv = "a,b,c,d,quality,ms\n";
    for (int i = 0; i < 256; ++i) {
      const int a = i & 3, b = i >> 2 & 3, c = i >> 4 & 3, d = i >> 6;
      csv += std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(c) + "," + std::to_string(d) + "," +
             std::to_string(3 * a + 2 * b + c * d + (i * 37 % 11)) + "," + std::to_string(1 + a + 4 * b + 2 * c + d * d + (i * 53 % 7)) +
             "\n";
    }
    Write("table.csv", csv);
    spec_ = Write("table.yaml", R"(name: killed
description: A table of a test
tables: [{path: table.csv}]
knobs: [{name: a, column: a}, {name: b, column: b}, {name: c, column: c}, {name: d, column: d}]
metrics:
  - {name: quality, direction: higher, definition: How good., column: quality}
  - {name: latency_ms, unit: ms, direction: lower, definition: How slow., column: ms}
workloads: [{name: both, axes: [quality, latency_ms], reference: [0, worst]}]
)");
  }
  std::vector<std::string> Words() const {
    return {"search", spec_, "--strategy", "nsga2", "--seed", "3", "--trials", std::to_string(kTrials), "--json"};
  }
  void UseStore(const std::string& name) {
    store_ = Path(name);
    SetEnvironment("TRADEWIND_STORE", store_);
  }
  // Whether the search was killed that long after its start; false if it was over before.
  bool KillAfter(std::chrono::microseconds delay) const {
    std::vector<std::string> words = Words();
    words.insert(words.begin(), TRADEWIND_BINARY);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      const int nowhere = open("/dev/null", O_RDWR);
      for (int fd = 0; fd < 3; ++fd) dup2(nowhere, fd);
      execv(argv[0], argv.data());
      _exit(127);
    }
    std::this_thread::sleep_for(delay);
    kill(child, SIGKILL);
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }
  size_t Stored(bool history) const {
    const auto store = ProfileStore::Open(store_);
    EXPECT_TRUE(store) << store.error().ToString();
    EXPECT_TRUE(store->Check());
    return store->Trials({.history = history})->size();
  }

  std::string spec_, store_;
};

// What a search found, without the times of day.
nlohmann::json Found(const Ran& ran) {
  nlohmann::json json = ran.Json();
  for (auto& point : json["points"]) {
    point.erase("seconds");
    point.erase("started_at");
  }
  return {{"points", json["points"]}, {"hypervolume", json["hypervolume"]}};
}

TEST_F(KillsTest, TheFrontIsThatOfASearchThatRanThrough) {
  UseStore("whole.db");
  const auto begin = std::chrono::steady_clock::now();
  const Ran whole = Run(Words());
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
  ASSERT_EQ(whole.code, 0) << whole.err;
  ASSERT_EQ(whole.Json()["measured"], kTrials);
  const nlohmann::json expected = Found(whole);

  const char* asked = std::getenv("TRADEWIND_KILLS");
  const int moments = asked != nullptr ? std::atoi(asked) : 10;
  Random random(20260131);
  double latest_us = static_cast<double>(took.count());
  int in_the_middle = 0;
  // On a busy machine most kills may come before the first trial or after the last: it goes on until enough fell between.
  for (int moment = 0; moment < moments || (in_the_middle < moments / 4 && moment < 10 * moments); ++moment) {
    bool killed = false;
    for (int start = 0; start < kMostStarts && !killed; ++start) {
      UseStore("killed" + std::to_string(moment) + "_" + std::to_string(start) + ".db");
      const double delay_us = random.Uniform() * latest_us;
      killed = KillAfter(std::chrono::microseconds(static_cast<int64_t>(delay_us)));
      if (!killed) latest_us = std::min(latest_us, 1.1 * delay_us);  // a search takes less time than the first seemed to
    }
    ASSERT_TRUE(killed) << "every search was over before it could be killed";
    const size_t before = Stored(true);
    in_the_middle += before > 0 && before < kTrials ? 1 : 0;
    const Ran rest = Run(Words());
    ASSERT_EQ(rest.code, 0) << rest.err;
    EXPECT_EQ(rest.Json()["reused"], before) << "moment " << moment;
    EXPECT_EQ(rest.Json()["measured"], kTrials - before) << "moment " << moment;
    EXPECT_EQ(Found(rest), expected) << "moment " << moment;
    EXPECT_EQ(Stored(true), static_cast<size_t>(kTrials)) << "one trial was filed twice; moment " << moment;
    EXPECT_EQ(Stored(false), static_cast<size_t>(kTrials));
  }
  EXPECT_GE(in_the_middle, moments / 4) << "too few were killed while trials came in";
}

// Killed again and again, it comes to its end all the same.
TEST_F(KillsTest, ASearchKilledManyTimesInARowGoesOn) {
  UseStore("whole.db");
  const auto begin = std::chrono::steady_clock::now();
  const nlohmann::json expected = Found(Run(Words()));
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
  UseStore("often.db");
  Random random(7);
  size_t stored = 0;
  for (int i = 0; i < 6; ++i) {
    KillAfter(std::chrono::microseconds(static_cast<int64_t>((0.3 + 0.3 * random.Uniform()) * static_cast<double>(took.count()))));
    const size_t now = Stored(true);
    EXPECT_GE(now, stored) << "what was filed is lost";
    stored = now;
  }
  EXPECT_EQ(Found(Run(Words())), expected);
  EXPECT_EQ(Stored(true), static_cast<size_t>(kTrials));
}

}  // namespace
}  // namespace tradewind
