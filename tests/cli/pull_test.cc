// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// `tradewind pull TABLE` on the built program: commands/pull.cc over recorded/pull_table.cc.
#include <gmock/gmock.h>

#include "cli/program.h"
#include "net/sha256.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

class PullTest : public CommandsTest {
 protected:
  void SetUp() override {
    SetEnvironment("TRADEWIND_DATA", "");
    const std::string csv = Write("source/small.csv", "bits,quality,ms_pi\n4,0.5,10\n8,0.7,20\n");
    spec_ = Write("small.yaml", R"(name: small
description: A table of a test
source: {licence: MIT}
tables: [{path: small.csv, sha256: )" +
                                    HashFile(csv).value().sha256 +
                                    R"(}]
knobs: [{name: bits, column: bits, type: integer}]
metrics:
  - {name: quality, direction: higher, definition: How good., column: quality}
  - {name: latency_ms, unit: ms, direction: lower, definition: How slow., column: 'ms_{device}'}
devices: {headers: '^ms_(.*)$', default: pi}
workloads: [{name: both, axes: [quality, latency_ms], reference: [0, worst]}]
)");
  }
  std::string spec_;
};

TEST_F(PullTest, ATableIsCopiedVerifiedAndThenThere) {
  EXPECT_EQ(Run({"search", spec_}).code, 2) << "its data is not here yet";
  const Ran first = Run({"pull", spec_, "--from", Path("source")});
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_THAT(first.out,
              testing::AllOf(HasSubstr("small: 1 file"), HasSubstr("licence MIT, verified"), HasSubstr(Path("tradewind/data/small"))));
  EXPECT_EQ(Run({"search", spec_}).code, 0);
  const Ran again = Run({"pull", spec_, "--offline"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("already there, verified"));
  const nlohmann::json json = Run({"pull", spec_, "--offline", "--json"}).Json();
  EXPECT_EQ(json["already_there"], true);
  EXPECT_EQ(json["files"], 1);
}

TEST_F(PullTest, WhereTheDataFolderIsNamedItGoesThere) {
  SetEnvironment("TRADEWIND_DATA", Path("mine"));
  ASSERT_EQ(Run({"pull", spec_, "--from", Path("source")}).code, 0);
  EXPECT_TRUE(std::filesystem::exists(Path("mine/small.csv")));
  EXPECT_FALSE(std::filesystem::exists(Path("tradewind/data/small")));
  Write("mine/small.csv", "bits,quality,ms_pi\n4,0.6,10\n");
  EXPECT_EQ(Run({"pull", spec_, "--offline"}).code, 2) << "what is there has another hash";
  EXPECT_EQ(Run({"pull", spec_, "--from", Path("source"), "--json"}).Json()["already_there"], false);
}

TEST_F(PullTest, SaysWhatIsWrong) {
  const Ran offline = Run({"pull", spec_, "--offline"});
  EXPECT_EQ(offline.code, 2);
  EXPECT_THAT(offline.err, testing::AllOf(HasSubstr("small.csv is not here"), HasSubstr("--from")));
  Write("source/small.csv", "changed");
  const Ran changed = Run({"pull", spec_, "--from", Path("source")});
  EXPECT_EQ(changed.code, 2);
  EXPECT_THAT(changed.err, HasSubstr("was not taken"));
  EXPECT_EQ(Run({"pull", spec_, "--sha256", "00"}).code, 2);
  EXPECT_THAT(Run({"pull", "nasbench201"}).err, HasSubstr("has no address"));
}

TEST_F(PullTest, ABuiltInTableIsFoundInTheDataFolder) {
  const auto data = SharedPath("assets/nas/nb201_acc_latency_joined.csv");
  if (!data) GTEST_SKIP() << "absent: assets/nas/nb201_acc_latency_joined.csv";
  SetEnvironment("TRADEWIND_DATA", std::filesystem::path(*data).parent_path().parent_path().string());
  EXPECT_THAT(Run({"pull", "nasbench201"}).out, HasSubstr("already there, verified"));
}

}  // namespace
}  // namespace tradewind
