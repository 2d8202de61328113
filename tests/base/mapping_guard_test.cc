// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Files that become shorter while they are mapped, through MappedFile: lost pages read as zeros, the reader hears of it, and every other
// SIGBUS does what it did before.
#include "base/mapping_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "base/file.h"

namespace tradewind {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class MappingGuardTest : public testing::Test {
 protected:
  MappingGuardTest() : page_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
    // Children that die are begun anew, with the handlers of a fresh process.
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    std::string pattern = (fs::temp_directory_path() / "tradewind-guard-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ + "/file";
  }
  ~MappingGuardTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  MappedFile Map(size_t size_bytes) const {
    std::ofstream(path_, std::ios::binary) << std::string(size_bytes, 'x');
    auto file = MappedFile::Open(path_);
    EXPECT_TRUE(file) << file.error().ToString();
    return std::move(*file);
  }
  static size_t Count(std::span<const std::byte> bytes, char c) {
    return static_cast<size_t>(std::count(bytes.begin(), bytes.end(), static_cast<std::byte>(c)));
  }
  void ExpectDamaged(const MappedFile& file) const {
    const auto whole = file.CheckWhole();
    ASSERT_FALSE(whole);
    EXPECT_EQ(whole.error().code(), StatusCode::kIo);
    EXPECT_EQ(whole.error().ExitCode(), 1);
    EXPECT_THAT(whole.error().message(), HasSubstr("'" + path_ + "' became shorter"));
    EXPECT_THAT(whole.error().message(), HasSubstr("; ")) << "no remedy";
  }

  const size_t page_;
  std::string folder_, path_;
};

TEST_F(MappingGuardTest, LostPagesReadAsZerosAndAreTold) {
  GuardMappings();
  const MappedFile file = Map(64 * page_ + 10);
  EXPECT_TRUE(file.CheckWhole());
  fs::resize_file(path_, 10 * page_);
  EXPECT_EQ(Count(file.bytes(), 'x'), 10 * page_);
  EXPECT_EQ(Count(file.bytes(), '\0'), 54 * page_ + 10);
  ExpectDamaged(file);
  file.Release(file.bytes());
  EXPECT_EQ(Count(file.bytes(), 'x'), 10 * page_);
}

// A file that was cut and mended is no more what it was: zeros may have been taken for it.
TEST_F(MappingGuardTest, DamageStays) {
  GuardMappings();
  const MappedFile file = Map(4 * page_);
  fs::resize_file(path_, 0);
  EXPECT_EQ(file.bytes()[3 * page_], std::byte{0});
  fs::resize_file(path_, 4 * page_);
  ExpectDamaged(file);
  const auto again = MappedFile::Open(path_);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->CheckWhole()) << "opened anew it is another mapping";
}

TEST_F(MappingGuardTest, ALossWithinThePageThatIsLastNeedsNoFault) {
  const MappedFile file = Map(100);
  fs::resize_file(path_, 50);
  EXPECT_EQ(Count(file.bytes(), 'x'), 50u);
  ExpectDamaged(file);
  fs::resize_file(path_, 100);
  ExpectDamaged(file);
}

TEST_F(MappingGuardTest, AFileThatWasReplacedOrRemovedIsWhole) {
  GuardMappings();
  const MappedFile file = Map(2 * page_);
  ASSERT_TRUE(WriteFileAtomically(path_, "short"));
  EXPECT_TRUE(file.CheckWhole());
  EXPECT_EQ(Count(file.bytes(), 'x'), 2 * page_);
  fs::remove(path_);
  EXPECT_TRUE(file.CheckWhole());
  EXPECT_EQ(Count(file.bytes(), 'x'), 2 * page_);
}

TEST_F(MappingGuardTest, OneThatGrewIsWhole) {
  const MappedFile file = Map(page_);
  fs::resize_file(path_, 3 * page_);
  EXPECT_TRUE(file.CheckWhole());
}

TEST_F(MappingGuardTest, TheMarkMovesWithTheMapping) {
  GuardMappings();
  MappedFile first = Map(2 * page_);
  MappedFile file = std::move(first);
  EXPECT_TRUE(first.CheckWhole()) << "nothing is mapped";
  fs::resize_file(path_, page_);
  EXPECT_EQ(file.bytes()[page_], std::byte{0});
  ExpectDamaged(file);
}

TEST_F(MappingGuardTest, TheResultOfADamagedSourceIsItsDamage) {
  GuardMappings();
  const MappedFile file = Map(2 * page_);
  EXPECT_EQ(IfWhole(file, Result<int>(3)).value_or(0), 3);
  EXPECT_EQ(IfWhole(file, Result<int>(Fail(StatusCode::kInvalidInput, "a"))).error().code(), StatusCode::kInvalidInput);
  fs::resize_file(path_, 0);
  EXPECT_EQ(IfWhole(file, Result<int>(3)).error().code(), StatusCode::kIo);
  EXPECT_EQ(IfWhole(file, Result<int>(Fail(StatusCode::kInvalidInput, "a"))).error().code(), StatusCode::kIo);
}

TEST_F(MappingGuardTest, ThreadsMayMeetTheLossTogether) {
  GuardMappings();
  for (int round = 0; round < 20; ++round) {
    const MappedFile file = Map(256 * page_);
    fs::resize_file(path_, page_);
    std::vector<size_t> seen(4);
    std::vector<std::thread> readers;
    for (size_t i = 0; i < seen.size(); ++i) {
      readers.emplace_back([&, i] {
        // From both ends, so that a later page may be lost first.
        for (size_t p = 0; p < 256; ++p) seen[i] += file.bytes()[(i % 2 == 0 ? p : 255 - p) * page_] == std::byte{'x'} ? 1 : 0;
      });
    }
    for (std::thread& reader : readers) reader.join();
    EXPECT_EQ(seen, std::vector<size_t>(4, 1));
    ExpectDamaged(file);
  }
}

// Places in the table that were used before, while others come and go, guard what lies in them now.
TEST_F(MappingGuardTest, MappingsThatComeAndGoDisturbNone) {
  GuardMappings();
  std::atomic<bool> stop{false};
  const std::string other = folder_ + "/other";
  std::ofstream(other) << std::string(3 * page_, 'y');
  std::thread churn([&] {
    while (!stop) EXPECT_TRUE(MappedFile::Open(other)->CheckWhole());
  });
  for (int round = 0; round < 200; ++round) {
    const MappedFile file = Map(8 * page_);
    fs::resize_file(path_, page_);
    EXPECT_EQ(Count(file.bytes(), 'x'), page_);
    ExpectDamaged(file);
  }
  stop = true;
  churn.join();
}

TEST_F(MappingGuardTest, AFullTableIsSaid) {
  std::ofstream(path_) << "x";
  std::vector<MappedFile> files;
  while (files.size() <= kMostMappings) {
    auto file = MappedFile::Open(path_);
    if (!file) {
      EXPECT_EQ(file.error().code(), StatusCode::kResourceExhausted);
      break;
    }
    files.push_back(std::move(*file));
  }
  EXPECT_LE(files.size(), static_cast<size_t>(kMostMappings));
  files.clear();
  EXPECT_TRUE(MappedFile::Open(path_));
}

// The ends of processes that SIGBUS still ends; a sanitizer reports it by an exit code of its own.
bool DiesOfSigbus(int status) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
#else
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS;
#endif
}

// Reads a page that is gone, of a mapping that is in no table.
char ReadLostPage(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "w+");
  if (file == nullptr || ftruncate(fileno(file), 4096) != 0) _exit(90);
  void* data = mmap(nullptr, 4096, PROT_READ, MAP_SHARED, fileno(file), 0);
  if (data == MAP_FAILED || ftruncate(fileno(file), 0) != 0) _exit(91);
  return *static_cast<const volatile char*>(data);
}

using MappingGuardDeathTest = MappingGuardTest;

TEST_F(MappingGuardDeathTest, AFaultElsewhereStillKills) {
  EXPECT_EXIT((GuardMappings(), ReadLostPage(path_)), DiesOfSigbus, "");
}

TEST_F(MappingGuardDeathTest, ASignalThatWasSentStillKills) {
  EXPECT_EXIT((GuardMappings(), raise(SIGBUS), _exit(0)), DiesOfSigbus, "");
}

TEST_F(MappingGuardDeathTest, WithoutAGuardTheLossKills) {
  EXPECT_EXIT(
      {
        const MappedFile file = Map(2 * page_);
        fs::resize_file(path_, 0);
        _exit(file.bytes()[page_] == std::byte{'x'} ? 1 : 0);
      },
      DiesOfSigbus, "");
}

TEST_F(MappingGuardDeathTest, AMappingThatWasClosedIsGuardedNoMore) {
  EXPECT_EXIT(
      {
        GuardMappings();
        const std::byte* old = nullptr;
        {
          const MappedFile file = Map(page_);
          old = file.bytes().data();
        }
        std::FILE* file = std::fopen(path_.c_str(), "r+");
        void* data = mmap(const_cast<std::byte*>(old), page_, PROT_READ, MAP_SHARED | MAP_FIXED, fileno(file), 0);
        if (data == MAP_FAILED || ftruncate(fileno(file), 0) != 0) _exit(92);
        _exit(static_cast<const volatile char*>(data)[0]);
      },
      DiesOfSigbus, "");
}

void LeaveBySeven(int) {
  _exit(7);
}
void LeaveByEight(int, siginfo_t*, void*) {
  _exit(8);
}

TEST_F(MappingGuardDeathTest, TheHandlerBeforeGetsTheOthers) {
  EXPECT_EXIT((std::signal(SIGBUS, LeaveBySeven), GuardMappings(), ReadLostPage(path_)), testing::ExitedWithCode(7), "");
  EXPECT_EXIT((std::signal(SIGBUS, LeaveBySeven), GuardMappings(), raise(SIGBUS)), testing::ExitedWithCode(7), "");
  EXPECT_EXIT(
      {
        struct sigaction action = {};
        action.sa_sigaction = LeaveByEight;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGBUS, &action, nullptr);
        GuardMappings();
        ReadLostPage(path_);
      },
      testing::ExitedWithCode(8), "");
}

TEST_F(MappingGuardDeathTest, ASignalThatIsIgnoredStaysSo) {
  EXPECT_EXIT((std::signal(SIGBUS, SIG_IGN), GuardMappings(), raise(SIGBUS), _exit(9)), testing::ExitedWithCode(9), "");
}

}  // namespace
}  // namespace tradewind
