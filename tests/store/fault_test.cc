// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <random>

#include "store/store_error.h"
#include "store_testing.h"

namespace tradewind {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class StoreFaultTest : public StoreTest {
 protected:
  // A store of some pages, closed.
  void Fill(int trials = 60) {
    auto store = OpenWithNames(Path());
    ASSERT_TRUE(store) << store.error().ToString();
    for (int i = 0; i < trials; ++i) ASSERT_TRUE(store->AddTrial(SomeTrial("i=" + std::to_string(i))));
  }
  // Runs SQL behind the store's back.
  void Sql(const std::string& sql) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(Path().c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
    sqlite3_close(db);
  }
  Status OpenError(const StoreOptions& options = {}) const {
    const auto store = ProfileStore::Open(Path(), options);
    return store ? Status(StatusCode::kInternal, "opened") : store.error();
  }
};

// Everything that reads: whether any of it fails, and whether all failures are told as damage.
bool ReportsDamage(const std::string& path) {
  const auto store = ProfileStore::Open(path, {.read_only = true});
  if (!store) return store.error().ExitCode() == 2;
  const auto trials = store->Trials({.history = true});
  EXPECT_TRUE(trials || trials.error().code() == StatusCode::kInvalidInput);
  const auto whole = store->Check();
  return !trials || !whole;
}

TEST_F(StoreFaultTest, AFileOfSomethingElseIsRefusedAndLeftAsItIs) {
  for (const std::string& bytes : {std::string("not a database, and long enough that it could have been one\n") + std::string(4096, 'x'),
                                   std::string("short"), std::string("\0", 1), std::string(8192, '\0')}) {
    WriteBytes(Path(), bytes);
    const Status status = OpenError();
    EXPECT_EQ(status.code(), StatusCode::kInvalidInput) << status.ToString();
    EXPECT_THAT(status.message(), AllOf(HasSubstr(Path()), HasSubstr("TRADEWIND_STORE")));
    EXPECT_EQ(OpenError({.read_only = true}).ExitCode(), 2);
    EXPECT_EQ(Bytes(Path()), bytes);
  }
}

TEST_F(StoreFaultTest, AnEmptyFileIsANewStore) {
  WriteBytes(Path(), "");
  EXPECT_EQ(OpenError({.read_only = true}).code(), StatusCode::kUnsupported);
  EXPECT_EQ(Bytes(Path()), "");
  EXPECT_TRUE(ProfileStore::Open(Path()));
}

TEST_F(StoreFaultTest, AnotherProgramsDatabaseIsRefusedAndLeftAsItIs) {
  Sql("CREATE TABLE trial(id INTEGER PRIMARY KEY, theirs TEXT); INSERT INTO trial VALUES(1, 'x'); PRAGMA user_version=1");
  const std::string before = Bytes(Path());
  const Status status = OpenError();
  EXPECT_EQ(status.code(), StatusCode::kInvalidInput);
  EXPECT_THAT(status.message(), HasSubstr("another program"));
  EXPECT_EQ(Bytes(Path()), before);
}

TEST_F(StoreFaultTest, ANewerVersionIsRefusedWithTheRemedy) {
  Fill(1);
  Sql("PRAGMA user_version=99");
  for (const bool read_only : {false, true}) {
    const Status status = OpenError({.read_only = read_only});
    EXPECT_EQ(status.code(), StatusCode::kUnsupported);
    EXPECT_THAT(status.message(), AllOf(HasSubstr("99"), HasSubstr("update Tradewind"), HasSubstr(Path())));
  }
  Sql("PRAGMA user_version=1");
  EXPECT_EQ(ProfileStore::Open(Path())->Trials()->size(), 1u);
}

TEST_F(StoreFaultTest, AStoreThatLostItsVersionIsNotMadeAnew) {
  Fill(1);
  Sql("PRAGMA user_version=0");
  EXPECT_EQ(OpenError().code(), StatusCode::kInvalidInput);
  Sql("PRAGMA user_version=-3");
  EXPECT_EQ(OpenError().code(), StatusCode::kInvalidInput);
  Sql("PRAGMA user_version=1");
  EXPECT_EQ(ProfileStore::Open(Path())->Trials()->size(), 1u);
}

TEST_F(StoreFaultTest, AMissingTableIsAnErrorAndNoCrash) {
  Fill(1);
  Sql("DROP TABLE observation");
  const auto store = ProfileStore::Open(Path());
  ASSERT_TRUE(store);
  const Status status = store->Trials().error();
  EXPECT_EQ(status.code(), StatusCode::kInvalidInput);
  EXPECT_THAT(status.message(), AllOf(HasSubstr("observation"), HasSubstr(Path())));
}

TEST_F(StoreFaultTest, ValuesThatThisVersionCannotReadNameTheTrial) {
  Fill(2);
  Sql("UPDATE measurement SET origin='guessed' WHERE trial_id=2");
  EXPECT_THAT(ProfileStore::Open(Path())->Trials().error().message(), AllOf(HasSubstr("trial 2"), HasSubstr("origin")));
  Sql("UPDATE measurement SET origin='measured'; UPDATE observation SET features_json='[1,]' WHERE trial_id=1");
  EXPECT_THAT(ProfileStore::Open(Path())->Trials().error().message(), AllOf(HasSubstr("trial 1"), HasSubstr("features")));
}

TEST_F(StoreFaultTest, DamagedPagesAreReportedAndTheFileIsLeftAsItIs) {
  Fill();
  const std::string good = Bytes(Path());
  ASSERT_GT(good.size(), 8 * 4096u);
  std::string zeroed = good;
  std::fill(zeroed.begin() + 4096, zeroed.end(), '\0');
  std::string noise = good;
  std::mt19937 random(1);
  for (size_t i = 4096; i < noise.size(); ++i) noise[i] = static_cast<char>(random());
  for (const std::string& bad : {zeroed, noise, good.substr(0, good.size() / 2), good.substr(0, 4096), good.substr(0, 200)}) {
    WriteBytes(Path(), bad);
    EXPECT_TRUE(ReportsDamage(Path()));
    const auto store = ProfileStore::Open(Path());
    if (store) {
      const auto trials = store->Trials();
      if (!trials) {
        EXPECT_THAT(trials.error().message(), AllOf(HasSubstr(Path()), HasSubstr("damaged"), HasSubstr(".recover")));
      }
    }
    EXPECT_EQ(Bytes(Path()), bad);
  }
}

TEST_F(StoreFaultTest, FlippedBytesNeverCrashIt) {
  Fill(20);
  const std::string good = Bytes(Path());
  std::mt19937 random(2);
  int reported = 0;
  for (int round = 0; round < 120; ++round) {
    std::string bad = good;
    for (int flips = 1 + static_cast<int>(random() % 8); flips > 0; --flips) {
      // Half of them in the header and the schema, where they do most harm.
      const size_t at = random() % (random() % 2 ? 512 : bad.size());
      bad[at] = static_cast<char>(random());
    }
    WriteBytes(Path(), bad);
    reported += ReportsDamage(Path()) ? 1 : 0;
    auto store = ProfileStore::Open(Path());
    if (store) (void)store->AddTrial(SomeTrial("after"));
    store = Fail(StatusCode::kInternal, "closed");
    for (const char* beside : {"-wal", "-shm", "-journal"}) std::filesystem::remove(Path() + beside);
  }
  EXPECT_GT(reported, 12);
}

TEST_F(StoreFaultTest, ALogWhoseFileIsLostIsKept) {
  WriteBytes(Path() + "-wal", "holds trials");
  for (const bool empty_file : {false, true}) {
    if (empty_file) WriteBytes(Path(), "");
    const Status status = OpenError();
    EXPECT_EQ(status.code(), StatusCode::kInvalidInput);
    EXPECT_THAT(status.message(), HasSubstr("-wal"));
    EXPECT_EQ(Bytes(Path() + "-wal"), "holds trials");
  }
}

TEST_F(StoreFaultTest, AFolderOrAPipeInItsPlaceIsNamed) {
  std::filesystem::create_directory(Path());
  EXPECT_THAT(OpenError().message(), AllOf(HasSubstr(Path()), HasSubstr("is a folder")));
  EXPECT_EQ(OpenError().code(), StatusCode::kInvalidInput);
  std::filesystem::remove(Path());
  ASSERT_EQ(mkfifo(Path().c_str(), 0600), 0);
  EXPECT_THAT(OpenError().message(), HasSubstr("not a file"));  // and does not wait for a writer
  WriteBytes(Path("file"), "x");
  const Status below = ProfileStore::Open(Path("file/profile.db")).error();
  EXPECT_EQ(below.code(), StatusCode::kIo);
  EXPECT_THAT(below.message(), HasSubstr("file/profile.db"));
  EXPECT_EQ(ProfileStore::Open("").error().code(), StatusCode::kInvalidInput);
}

// Root may write everything, so this runs as somebody else where the tests run as root.
int AsSomebodyElse(const std::function<int()>& body) {
  return WaitFor(Spawn([&] {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return 99;
    return body();
  }));
}

TEST_F(StoreFaultTest, AFileThatMayNotBeWrittenCanBeReadAndSaysSo) {
  Fill(2);
  const std::string before = Bytes(Path());
  ASSERT_EQ(chmod(Path().c_str(), 0444), 0);
  for (const mode_t folder_mode : {0777, 0555}) {
    ASSERT_EQ(chmod(folder_.c_str(), folder_mode), 0);
    EXPECT_EQ(AsSomebodyElse([&] {
                const Status status = OpenError();
                if (status.code() != StatusCode::kIo || status.message().find("may not be written") == std::string::npos) {
                  fprintf(stderr, "%s\n", status.ToString().c_str());
                  return 1;
                }
                const auto store = ProfileStore::Open(Path(), {.read_only = true});
                if (!store) fprintf(stderr, "%s\n", store.error().ToString().c_str());
                if (!store) return 2;
                return store->Trials()->size() == 2 ? 0 : 3;
              }),
              0);
  }
  EXPECT_EQ(AsSomebodyElse([&] {
              const auto made = ProfileStore::Open(Path("deeper/profile.db"));
              return !made && made.error().code() == StatusCode::kIo ? 0 : 1;
            }),
            0);
  ASSERT_EQ(chmod(folder_.c_str(), 0755), 0);
  EXPECT_EQ(Bytes(Path()), before);
}

TEST_F(StoreFaultTest, AFullDiskLeavesWhatWasThere) {
  Fill(5);
  const int64_t pages = static_cast<int64_t>(std::filesystem::file_size(Path()) / 4096) + 4;
  auto store = ProfileStore::Open(Path(), {.max_pages = pages});
  ASSERT_TRUE(store);
  size_t added = 0;
  std::optional<Status> status;
  while (added < 10'000 && !status) {
    const auto id = store->AddTrial(SomeTrial("more=" + std::to_string(added)));
    if (id) ++added;
    if (!id) status = id.error();
  }
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code(), StatusCode::kResourceExhausted);
  EXPECT_THAT(status->message(), AllOf(HasSubstr(Path()), HasSubstr("free some space")));
  EXPECT_EQ(store->Trials()->size(), 5 + added);
  EXPECT_TRUE(store->Check());
  // With space again, work goes on.
  store = ProfileStore::Open(Path());
  ASSERT_TRUE(store->AddTrial(SomeTrial("again")));
  EXPECT_EQ(store->Trials()->size(), 6 + added);
}

TEST_F(StoreFaultTest, AFileSizeLimitLeavesWhatWasThere) {
  Fill(5);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const int code = WaitFor(Spawn([&] {
    signal(SIGXFSZ, SIG_IGN);  // a write past the limit then fails with EFBIG
    const rlimit limit{120'000, 120'000};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 10;
    auto store = ProfileStore::Open(Path());
    if (!store) return 11;
    for (int i = 0; i < 10'000; ++i) {
      const auto id = store->AddTrial(SomeTrial("more=" + std::to_string(i)));
      if (id) {
        if (write(ends[1], "x", 1) != 1) return 12;
        continue;
      }
      fprintf(stderr, "%s\n", id.error().ToString().c_str());
      if (id.error().code() != StatusCode::kResourceExhausted) return 13;
      return store->Trials()->size() == 5 + static_cast<size_t>(i) ? 0 : 14;
    }
    return 15;
  }));
  EXPECT_EQ(code, 0);
  close(ends[1]);
  std::string reported(100'000, ' ');
  const ssize_t added = read(ends[0], reported.data(), reported.size());
  close(ends[0]);
  ASSERT_GT(added, 0);
  const auto store = ProfileStore::Open(Path());
  ASSERT_TRUE(store) << store.error().ToString();
  EXPECT_TRUE(store->Check());
  EXPECT_EQ(store->Trials()->size(), 5 + static_cast<size_t>(added));
}

TEST_F(StoreFaultTest, ALockThatIsHeldTooLongIsNamed) {
  Fill(1);
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(Path().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  auto store = ProfileStore::Open(Path(), {.busy_timeout = Duration::Millis(30)});
  ASSERT_TRUE(store) << "readers do not wait for a writer";
  EXPECT_EQ(store->Trials()->size(), 1u);
  const Status status = store->AddTrial(SomeTrial("s")).error();
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_THAT(status.message(), AllOf(HasSubstr(Path()), HasSubstr("another process"), HasSubstr("try again")));
  sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
  EXPECT_TRUE(store->AddTrial(SomeTrial("s")));
  sqlite3_close(other);
}

// Every code that SQLite can give has a message with the path; those that a user can cause have a remedy.
TEST(StoreError, NamesThePathForEveryCode) {
  for (int code = 1; code < 32; ++code) {
    const Status status = store::StoreError("/some/profile.db", code, 0, "detail");
    EXPECT_THAT(status.message(), HasSubstr("/some/profile.db")) << code;
  }
  EXPECT_EQ(store::StoreError("p", SQLITE_IOERR_WRITE, ENOSPC, "").code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(store::StoreError("p", SQLITE_IOERR_READ, EIO, "").code(), StatusCode::kIo);
  EXPECT_EQ(store::StoreError("p", SQLITE_BUSY_SNAPSHOT, 0, "").code(), StatusCode::kUnavailable);
  EXPECT_EQ(store::StoreError("p", SQLITE_CORRUPT_INDEX, 0, "").code(), StatusCode::kInvalidInput);
  EXPECT_EQ(store::StoreError("p", SQLITE_MISUSE, 0, "").code(), StatusCode::kInternal);
}

}  // namespace
}  // namespace tradewind
