// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Whole commands while the n-th allocation or system call fails, for n = 1, 2, ... until none does: each ends with an exit code and leaves
// what was there before. The first hundred n and a sample of the rest are tried, or every one where TRADEWIND_EVERY_FAILURE names a folder
// (./test --long=failures), which then holds how far each came: a run goes on where the last one stopped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "base/random.h"
#include "cli/cli.h"
#include "cli/cli_test_util.h"
#include "cli/failures/faults.h"
#include "llm/stories_gguf.h"
#include "shared_data.h"

namespace tradewind {
namespace {

// The words of a command as main gets them; built before a fault is set, which is to strike the program and not the test.
struct CommandLine {
  explicit CommandLine(std::vector<std::string> of) : words(std::move(of)) {
    for (std::string& word : words) argv.push_back(word.data());
  }
  int Run() { return Main(static_cast<int>(argv.size()), argv.data()); }

  std::vector<std::string> words;
  std::vector<char*> argv;
};

class Failures : public CliTest {
 protected:
  void SetUp() override {
    const auto path = StoriesGguf();
    if (!path) GTEST_SKIP() << "absent: stories260K";
    model_ = *path;
    std::fflush(nullptr);
    out_ = dup(STDOUT_FILENO);
    err_ = dup(STDERR_FILENO);
  }
  void TearDown() override {
    if (out_ >= 0) Loud();
  }
  static void Hush(const std::string& errors = "/dev/null") {
    std::fflush(nullptr);
    std::FILE* null = std::fopen("/dev/null", "w");
    std::FILE* err = std::fopen(errors.c_str(), "w");
    dup2(fileno(null), STDOUT_FILENO);
    dup2(fileno(err), STDERR_FILENO);
    std::fclose(null);
    std::fclose(err);
  }
  void Loud() {
    std::fflush(nullptr);
    dup2(out_, STDOUT_FILENO);
    dup2(err_, STDERR_FILENO);
  }

  // Runs `command` with the n-th call of the kind failing, for more and more n until there are not so many calls; `check` looks at what is
  // left each time. Gives how many runs failed.
  int FailEach(Fault kind, const std::vector<std::string>& command, const std::function<void(int code)>& check) {
    const char* every = std::getenv("TRADEWIND_EVERY_FAILURE");
    const std::string progress = every == nullptr
                                     ? ""
                                     : std::string(every) + "/" + testing::UnitTest::GetInstance()->current_test_info()->name() + "-" +
                                           std::to_string(static_cast<int>(kind));
    Random random(static_cast<uint64_t>(kind) + 1);
    int64_t n = 1;
    int failed = 0;
    if (every != nullptr) std::ifstream(progress) >> n >> failed;
    n = std::max<int64_t>(1, n);
    for (int64_t runs = 0;; ++runs) {
      CommandLine line(command);
      Hush();
      SetFault(kind, n, runs % 2 == 1);
      const int code = line.Run();
      const int64_t calls = ClearFault();
      Loud();
      if (calls < n) {
        EXPECT_EQ(code, 0) << "nothing failed";
        RecordProperty("calls_" + std::to_string(static_cast<int>(kind)), std::to_string(calls));
        return failed;
      }
      EXPECT_TRUE(code >= 0 && code <= 3) << code << " when call " << n << " failed";
      failed += code != 0 ? 1 : 0;
      check(code);
      const int64_t step =
          every != nullptr || n < 100 ? 1 : 1 + static_cast<int64_t>(random.Below(static_cast<uint64_t>(std::max<int64_t>(1, calls / 40))));
      n += step;
      if (every != nullptr && n % 16 == 0 && !HasFailure()) std::ofstream(progress) << n << ' ' << failed << '\n';
    }
  }
  void FailEverything(const std::vector<std::string>& command, const std::function<void(int code)>& check) {
    for (const Fault kind : {Fault::kAllocation, Fault::kOpen, Fault::kRead, Fault::kWrite, Fault::kSync, Fault::kMap, Fault::kRename}) {
      SCOPED_TRACE("fault " + std::to_string(static_cast<int>(kind)));
      const int failed = FailEach(kind, command, check);
      if (kind == Fault::kAllocation) {
        EXPECT_GT(failed, 50) << "faults strike";
      }
    }
  }
  // Runs `command` on `copy`, a copy of the model that loses its second half after the n-th call of the kind, for n = 1, 2, ... until there
  // are not so many calls. Before it is open the loss is one of a damaged file; then it is told, or comes too late to matter.
  void CutAtEach(
      Fault kind, const std::string& copy, const std::vector<std::string>& command,
      const std::function<void(int code)>& check = [](int) {}) {
    cut_path = copy;
    cut_to_bytes = static_cast<off_t>(std::filesystem::file_size(model_) / 2);
    int told = 0;
    for (int64_t n = 1;; ++n) {
      SCOPED_TRACE("cut after call " + std::to_string(n) + " of kind " + std::to_string(static_cast<int>(kind)));
      std::filesystem::copy_file(model_, copy, std::filesystem::copy_options::overwrite_existing);
      CommandLine line(command);
      Hush(Path("errors"));
      SetHook(kind, n, CutFile);
      const int code = line.Run();
      const int64_t calls = ClearFault();
      Loud();
      const std::string errors = Contents(Path("errors"));
      if (calls < n) {
        EXPECT_EQ(code, 0) << errors;
        break;
      }
      if (code == 1) {
        EXPECT_THAT(errors, testing::HasSubstr("'" + copy + "' became shorter while it was read"));
      } else if (code != 0) {
        EXPECT_EQ(code, 2) << errors;
        EXPECT_THAT(errors, testing::HasSubstr("cut short or damaged"));
      }
      told += code == 1 ? 1 : 0;
      check(code);
    }
    EXPECT_GT(told, 0) << "some cuts come while it is read";
  }
  static void CutFile() {
    if (truncate(cut_path.c_str(), cut_to_bytes) != 0) std::abort();
  }

  std::string model_;
  static inline std::string cut_path;
  static inline off_t cut_to_bytes = 0;
  int out_ = -1, err_ = -1;
};

TEST_F(Failures, LoadAndAnswer) {
  FailEverything({"tradewind", "run", model_, "--raw", "-p", "Once", "-n", "3", "--temp", "0", "-t", "2", "-c", "64"}, [](int) {});
}

// The result is the whole file or none, and no scratch file stays.
TEST_F(Failures, Quantize) {
  const std::string folder = Write("out/keep", "");
  const std::string out = std::filesystem::path(folder).parent_path() / "small.gguf";
  const std::vector<std::string> command = {"tradewind", "quantize", model_, out, "--type", "Q8_0", "-t", "2"};
  Hush();
  const int code = CommandLine(command).Run();
  Loud();
  ASSERT_EQ(code, 0);
  const std::string whole = Contents(out);
  std::filesystem::remove(out);
  FailEverything(command, [&](int failed) {
    if (failed != 0) {
      EXPECT_TRUE(!std::filesystem::exists(out) || Contents(out) == whole);
    } else {
      EXPECT_TRUE(Contents(out) == whole);
    }
    std::filesystem::remove(out);
    const std::filesystem::directory_iterator left(std::filesystem::path(out).parent_path());
    EXPECT_EQ(std::distance(begin(left), end(left)), 1) << "the scratch file is gone";
  });
}

TEST_F(Failures, TheModelIsTruncatedWhileItIsRun) {
  const std::string copy = Path("cut.gguf");
  for (const Fault kind : {Fault::kOpen, Fault::kRead, Fault::kMap}) {
    CutAtEach(kind, copy, {"tradewind", "run", copy, "--raw", "-p", "Once", "-n", "3", "--temp", "0", "-t", "1", "-c", "64"});
  }
}

TEST_F(Failures, TheModelIsTruncatedWhileItIsQuantised) {
  const std::string copy = Path("cut.gguf");
  const std::string out = std::filesystem::path(Write("out/keep", "")).parent_path() / "small.gguf";
  for (const char* type : {"Q8_0", "F32"}) {  // encoded, and copied
    for (const Fault kind : {Fault::kOpen, Fault::kRead, Fault::kMap, Fault::kWrite}) {
      CutAtEach(kind, copy, {"tradewind", "quantize", copy, out, "--type", type, "-t", "1"}, [&](int code) {
        EXPECT_EQ(std::filesystem::exists(out), code == 0);
        std::filesystem::remove(out);
        const std::filesystem::directory_iterator left(std::filesystem::path(out).parent_path());
        EXPECT_EQ(std::distance(begin(left), end(left)), 1) << "the scratch file is gone";
      });
      std::filesystem::remove(out);
    }
  }
}

TEST_F(Failures, Measure) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "Once upon a time there was a boat. ";
  const std::string workload = "text:" + Write("story.txt", text);
  const std::vector<std::string> command = {"tradewind", "measure", model_, "--workload", workload, "--time", "10ms", "-c", "64"};
  FailEverything(command, [](int) {});
  Hush();
  const int code = CommandLine(command).Run();
  Loud();
  EXPECT_EQ(code, 0) << "the store is sound after all that";
}

}  // namespace
}  // namespace tradewind
