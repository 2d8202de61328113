// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <map>
#include <random>
#include <sstream>

#include "store_testing.h"

namespace tradewind {
namespace {

using StoreCrashTest = StoreTest;

std::string KeyOf(int round, int index) {
  return "round=" + std::to_string(round) + " index=" + std::to_string(index);
}
double ValueOf(int round, int index) {
  return round * 1000.0 + index + 0.25;
}

// Writes trials for ever; says each one's index on the pipe once the store said that it is kept.
int WriteForEver(const std::string& path, int round, int pipe_end) {
  auto store = OpenWithNames(path);
  if (!store) return 3;
  for (int index = 0;; ++index) {
    if (!store->AddTrial(SomeTrial(KeyOf(round, index), ValueOf(round, index)))) return 4;
    const std::string line = std::to_string(index) + "\n";
    if (write(pipe_end, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return 5;
  }
}

std::string ReadAll(int end) {
  std::string all;
  char buffer[4096];
  for (ssize_t size = 0; (size = read(end, buffer, sizeof buffer)) > 0;) all.append(buffer, static_cast<size_t>(size));
  return all;
}

// The next `count` lines, byte by byte, so that none of a later one is taken.
std::string ReadLines(int end, size_t count) {
  std::string all;
  for (char c; count > 0 && read(end, &c, 1) == 1;) {
    all += c;
    if (c == '\n') --count;
  }
  return all;
}

TEST_F(StoreCrashTest, KilledAtAnyMomentItKeepsEveryTrialThatItReported) {
  std::mt19937 random(11);
  std::map<std::string, double> reported;
  for (int round = 0; round < 30; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = Spawn([&] {
      close(ends[0]);
      return WriteForEver(Path(), round, ends[1]);
    });
    close(ends[1]);
    // Ten rounds are killed at a moment between before the file exists and some trials later; the others a moment after so many
    // trials, however slow the machine is.
    std::string lines_text = round < 10 ? "" : ReadLines(ends[0], random() % 8);
    usleep(static_cast<useconds_t>(random() % (round < 10 ? 12'000 : 2'000)));
    kill(child, SIGKILL);
    ASSERT_EQ(WaitFor(child), 128 + SIGKILL) << "the writer failed by itself";
    std::istringstream lines(lines_text + ReadAll(ends[0]));
    close(ends[0]);
    for (int index = 0; lines >> index;) reported[KeyOf(round, index)] = ValueOf(round, index);

    const auto store = ProfileStore::Open(Path());
    ASSERT_TRUE(store) << store.error().ToString();
    const auto whole = store->Check();
    ASSERT_TRUE(whole) << whole.error().ToString();
    const auto trials = store->Trials({.history = true}).value();
    std::map<std::string, double> stored;
    for (const TrialRecord& trial : trials) {
      ASSERT_EQ(trial.measurements.size(), 2u) << "half a trial";
      ASSERT_EQ(trial.observations.size(), 2u) << "half a trial";
      stored[trial.key.setting] = trial.measurements[0].value;
    }
    ASSERT_EQ(stored.size(), trials.size()) << "a trial is there twice";
    for (const auto& [key, value] : reported) {
      ASSERT_TRUE(stored.count(key)) << key << " was reported and is lost";
      ASSERT_EQ(stored[key], value);
    }
    // At most the one in flight of each round was kept without having been reported.
    ASSERT_LE(stored.size(), reported.size() + static_cast<size_t>(round) + 1);
  }
  EXPECT_GT(reported.size(), 30u) << "the writers hardly wrote: the test shows nothing";
}

TEST_F(StoreCrashTest, ProcessesThatCreateAndWriteAtOnceLoseNothing) {
  constexpr int kWriters = 3;
  constexpr int kTrials = 40;
  for (int round = 0; round < 3; ++round) {
    const std::string path = Path("store" + std::to_string(round));
    int gate[2];
    ASSERT_EQ(pipe(gate), 0);
    std::vector<pid_t> writers;
    for (int writer = 0; writer < kWriters; ++writer) {
      writers.push_back(Spawn([&] {
        close(gate[1]);
        char byte;
        (void)!read(gate[0], &byte, 1);  // all start when the parent closes its end
        auto store = OpenWithNames(path, {.busy_timeout = Duration::Seconds(60)});
        if (!store) {
          fprintf(stderr, "%s\n", store.error().ToString().c_str());
          return 3;
        }
        for (int index = 0; index < kTrials; ++index) {
          const auto added = store->AddTrial(SomeTrial(KeyOf(writer, index)));
          if (!added) fprintf(stderr, "%s\n", added.error().ToString().c_str());
          if (!added) return 4;
        }
        return 0;
      }));
    }
    close(gate[0]);
    close(gate[1]);
    for (const pid_t writer : writers) EXPECT_EQ(WaitFor(writer), 0);
    const auto store = ProfileStore::Open(path);
    ASSERT_TRUE(store) << store.error().ToString();
    EXPECT_TRUE(store->Check());
    EXPECT_EQ(store->Trials()->size(), static_cast<size_t>(kWriters * kTrials));
    EXPECT_EQ(store->Trials({.history = true})->size(), static_cast<size_t>(kWriters * kTrials));
  }
}

TEST_F(StoreCrashTest, AReaderSeesWholeTrialsWhileAnotherProcessWrites) {
  {
    ASSERT_TRUE(OpenWithNames(Path()));
  }
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = Spawn([&] { return WriteForEver(Path(), 0, ends[1]); });
  close(ends[1]);
  const auto store = ProfileStore::Open(Path(), {.read_only = true});
  ASSERT_TRUE(store) << store.error().ToString();
  size_t before = 0;
  for (int look = 0; look < 200; ++look) {
    const auto trials = store->Trials();
    ASSERT_TRUE(trials) << trials.error().ToString();
    ASSERT_GE(trials->size(), before);
    before = trials->size();
    for (const TrialRecord& trial : *trials) ASSERT_EQ(trial.measurements.size(), 2u);
    if (look >= 20 && before > 5) break;
    usleep(2000);
  }
  kill(child, SIGKILL);
  WaitFor(child);
  close(ends[0]);
}

}  // namespace
}  // namespace tradewind
