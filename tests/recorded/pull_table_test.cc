// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "recorded/pull_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/sha256.h"
#include "recorded/recorded_testing.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

class PullTableTest : public testing::Test {
 protected:
  PullTableTest() {
    const char* before = std::getenv("XDG_DATA_HOME");
    if (before != nullptr) before_ = before;
    setenv("XDG_DATA_HOME", home_.path().c_str(), 1);
    if (const char* data = std::getenv("TRADEWIND_DATA")) data_before_ = data;
    unsetenv("TRADEWIND_DATA");
    const std::string hash = HashFile(data_.Write("nas/small.csv", kSmallCsv)).value().sha256;
    spec_ = files_.Write("small.yaml", SmallSpec("path: small.csv", "path: nas/small.csv\n    sha256: " + hash));
  }
  ~PullTableTest() override {
    before_ ? setenv("XDG_DATA_HOME", before_->c_str(), 1) : unsetenv("XDG_DATA_HOME");
    if (data_before_) setenv("TRADEWIND_DATA", data_before_->c_str(), 1);
  }

  std::optional<std::string> before_, data_before_;
  RecordedFolder home_;
  RecordedFolder data_;
  RecordedFolder files_;
  std::string spec_;
};

TEST_F(PullTableTest, CopiesOnceAndIsThenFound) {
  EXPECT_FALSE(OpenRecorded(spec_, "", ""));
  const auto first = PullTable(spec_, {.from = data_.path()}, {});
  ASSERT_TRUE(first) << first.error().ToString();
  EXPECT_EQ(first->files, 1u);
  EXPECT_EQ(first->already_there, 0u);
  EXPECT_TRUE(OpenRecorded(spec_, "", ""));
  EXPECT_EQ(PullTable(spec_, {.from = "/nowhere"}, {}).value().already_there, 1u);
}

TEST_F(PullTableTest, AnotherFileIsNotTaken) {
  data_.Write("nas/small.csv", "changed");
  const auto pulled = PullTable(spec_, {.from = data_.path()}, {});
  ASSERT_FALSE(pulled);
  EXPECT_THAT(pulled.error().message(), HasSubstr("was not taken"));
  EXPECT_TRUE(std::filesystem::is_empty(home_.path() + "/tradewind/data/small/nas"));
}

TEST_F(PullTableTest, WithoutAnAddressItSaysSo) {
  const auto pulled = PullTable(spec_, {}, {});
  ASSERT_FALSE(pulled);
  EXPECT_EQ(pulled.error().ExitCode(), 2);
  EXPECT_THAT(pulled.error().message(), HasSubstr("has no address"));
}

}  // namespace
}  // namespace tradewind
