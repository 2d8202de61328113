// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The small files of the store: part files, locks, records, joining, progress.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "net/file_lock.h"
#include "net/install_record.h"
#include "net/join.h"
#include "net/part_file.h"
#include "net/transfer.h"
#include "store_test_util.h"

namespace tradewind {
namespace {

using ::testing::HasSubstr;

std::span<const std::byte> Bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

TEST(PartFileTest, AppendsKeepsAndEmpties) {
  const TempFolder folder;
  const std::string path = folder / "x.part";
  {
    auto file = PartFile::Open(path, false);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->Append(Bytes("abc")));
    ASSERT_TRUE(file->Append(Bytes("def")));
    ASSERT_TRUE(file->Sync());
    EXPECT_EQ(file->size(), 6u);
  }
  auto kept = PartFile::Open(path, true);
  EXPECT_EQ(kept->size(), 6u);
  ASSERT_TRUE(kept->Append(Bytes("g")));
  EXPECT_EQ(Slurp(path), "abcdefg");
  ASSERT_TRUE(kept->Truncate());
  ASSERT_TRUE(kept->Append(Bytes("h")));
  EXPECT_EQ(Slurp(path), "h");
  EXPECT_EQ(PartFile::Open(path, false)->size(), 0u);
}

TEST(PartFileTest, SaysWhatCannotBeWritten) {
  const TempFolder folder;
  EXPECT_EQ(PartFile::Open(folder / "absent/x", false).error().code(), StatusCode::kIo);
  EXPECT_EQ(PartFile::Open("/dev/full", true).error().code(), StatusCode::kIo) << "a device is no file to resume";
}

TEST(PartFileTest, KnowsHowMuchIsFree) {
  const TempFolder folder;
  EXPECT_TRUE(CheckFreeSpace(folder.path(), 1, "x"));
  const auto full = CheckFreeSpace(folder.path(), uint64_t{1} << 62, "the model");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code(), StatusCode::kResourceExhausted);
  EXPECT_THAT(full.error().message(), HasSubstr("the model needs 4611686018427387904 bytes"));
  EXPECT_FALSE(CheckFreeSpace(folder.path(), UINT64_MAX, "x"));
}

TEST(FileLockTest, HasOneHolder) {
  const TempFolder folder;
  const std::string path = folder / "lock";
  {
    const auto held = FileLock::Try(path, "it");
    ASSERT_TRUE(held);
    const auto second = FileLock::Try(path, "it");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code(), StatusCode::kUnavailable);
  }
  EXPECT_TRUE(FileLock::Try(path, "it"));
  EXPECT_EQ(FileLock::Try(folder / "absent/lock", "it").error().code(), StatusCode::kIo);
}

TEST(FileLockTest, EndsWithItsProcess) {
  const TempFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    const auto held = FileLock::Try(folder / "lock", "it");
    kill(getpid(), SIGKILL);
  }
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(FileLock::Acquire(folder / "lock", "it", {}));
}

TEST(InstallRecordTest, ComesBackAsItWas) {
  const TempFolder folder;
  const std::string model = folder / "a.b.gguf";
  Spill(model, "abc");
  InstallRecord record;
  record.sha256 = kHashOfAbc;
  record.licence = "words, \"quoted\" \xff";
  record.source = "hf:a/b/c";
  ASSERT_TRUE(SaveRecord(model, record));
  EXPECT_EQ(RecordPath(model), folder / "a.b.json");
  const auto loaded = LoadRecord(model);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->sha256, kHashOfAbc);
  EXPECT_EQ(loaded->size_bytes, 3u);
  EXPECT_EQ(loaded->mtime_ns, LookAt(model)->mtime_ns);
  EXPECT_EQ(loaded->source, "hf:a/b/c");
}

TEST(InstallRecordTest, ADamagedOneCountsAsNone) {
  const TempFolder folder;
  const std::string model = folder / "m.gguf";
  for (const std::string& text : {std::string(), std::string("{"), std::string("[]"), std::string("null"), std::string("{}"),
                                  std::string("{\"version\": 99}"), std::string(100'000, '['), std::string(1 << 17, ' ')}) {
    Spill(RecordPath(model), text);
    EXPECT_FALSE(LoadRecord(model)) << text.substr(0, 20);
  }
  Spill(RecordPath(model), "{\"version\": 1, \"sha256\": 7, \"size_bytes\": \"x\", \"mtime_ns\": 1.5}");
  ASSERT_TRUE(LoadRecord(model));
  EXPECT_EQ(LoadRecord(model)->sha256, "");
  EXPECT_FALSE(SaveRecord(folder / "absent.gguf", {}));
}

TEST(JoinTest, HashesWhatItWrites) {
  const TempFolder folder;
  Spill(folder / "1", "abc");
  Spill(folder / "2", "def");
  JoinRequest request{
      .parts = {{folder / "1", ""}, {folder / "2", ""}}, .out = folder / "out", .limit_bytes = 6, .what = "it", .total_bytes = 6};
  const auto digest = JoinParts(request, {});
  ASSERT_TRUE(digest) << digest.error().ToString();
  EXPECT_EQ(digest->sha256, kHashOfAbcdef);
  EXPECT_EQ(digest->size_bytes, 6u);
  EXPECT_EQ(Slurp(request.out), "abcdef");
  request.limit_bytes = 5;
  EXPECT_EQ(JoinParts(request, {}).error().code(), StatusCode::kInvalidInput);
  request.parts[1].path = folder / "absent";
  EXPECT_EQ(JoinParts(request, {}).error().code(), StatusCode::kNotFound);
}

TEST(ProgressMeterTest, ReportsTheFirstAndTheLast) {
  std::vector<uint64_t> reports;
  TransferControl control;
  control.progress = [&](const TransferProgress& progress) {
    EXPECT_EQ(progress.stage, "stage");
    EXPECT_EQ(progress.total_bytes, 1000u);
    EXPECT_GE(progress.bytes_per_second, 0);
    reports.push_back(progress.bytes);
  };
  ProgressMeter meter(control, "stage", 1000);
  for (uint64_t i = 0; i < 1000; ++i) meter.Report(i);
  meter.Report(1000, true);
  ASSERT_GE(reports.size(), 2u);
  EXPECT_LT(reports.size(), 500u) << "a report for each piece would flood a terminal";
  EXPECT_EQ(reports.front(), 0u);
  EXPECT_EQ(reports.back(), 1000u);
}

}  // namespace
}  // namespace tradewind
