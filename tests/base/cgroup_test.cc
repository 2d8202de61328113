// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/cgroup.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace tradewind {
namespace {

namespace fs = std::filesystem;

// A made-up machine: files of /proc and /sys under a folder of the test's.
class CgroupTest : public testing::Test {
 protected:
  CgroupTest() {
    std::string pattern = (fs::temp_directory_path() / "tradewind-cgroup-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
  }
  ~CgroupTest() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  void Put(const std::string& path, const std::string& text) const {
    fs::create_directories(fs::path(root_ + path).parent_path());
    std::ofstream(root_ + path) << text;
  }
  std::string root_;
};

TEST_F(CgroupTest, NothingMountedMeansNoLimits) {
  const CgroupLimits limits = ReadCgroupLimits(root_);
  EXPECT_EQ(limits.cpus, 0);
  EXPECT_EQ(limits.memory_limit_bytes, CgroupLimits::kUnlimited);
  EXPECT_EQ(limits.memory_available_bytes, CgroupLimits::kUnlimited);
}

TEST_F(CgroupTest, V2TakesTheLeastOnTheWayUp) {
  Put("/proc/self/cgroup", "0::/outer/inner\n");
  Put("/proc/self/mountinfo", "30 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n");
  Put("/sys/fs/cgroup/outer/cpu.max", "150000 100000\n");
  Put("/sys/fs/cgroup/outer/inner/cpu.max", "400000 100000\n");
  Put("/sys/fs/cgroup/outer/memory.max", "1000000\n");
  Put("/sys/fs/cgroup/outer/memory.current", "700000\n");
  Put("/sys/fs/cgroup/outer/memory.stat", "anon 1\ninactive_file 100000\n");
  Put("/sys/fs/cgroup/outer/inner/memory.max", "max\n");
  Put("/sys/fs/cgroup/outer/inner/memory.high", "2000000\n");
  Put("/sys/fs/cgroup/outer/inner/memory.current", "600000\n");
  const CgroupLimits limits = ReadCgroupLimits(root_);
  EXPECT_EQ(limits.cpus, 1.5);
  EXPECT_EQ(limits.memory_limit_bytes, 1000000u);
  EXPECT_EQ(limits.memory_available_bytes, 400000u);
}

TEST_F(CgroupTest, V1InAContainer) {
  Put("/proc/self/cgroup", "5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n0::/\n");
  Put("/proc/self/mountinfo",
      "31 22 0:27 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu,cpuacct\n"
      "32 22 0:28 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
  Put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
  Put("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  Put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "3000000\n");
  Put("/sys/fs/cgroup/memory/memory.usage_in_bytes", "3500000\n");  // may lie above it for a moment
  Put("/sys/fs/cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 600000\n");
  const CgroupLimits limits = ReadCgroupLimits(root_);
  EXPECT_EQ(limits.cpus, 0.5);
  EXPECT_EQ(limits.memory_limit_bytes, 3000000u);
  EXPECT_EQ(limits.memory_available_bytes, 100000u);
}

TEST_F(CgroupTest, MixedHierarchiesAndNonsense) {
  Put("/proc/self/cgroup", "4:memory:/g\n0::/g\n");
  Put("/proc/self/mountinfo",
      "30 22 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup rw\n"
      "32 22 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
  Put("/sys/fs/cgroup/unified/g/cpu.max", "nonsense\n");
  Put("/sys/fs/cgroup/unified/cpu.max", "300000 100000\n");
  Put("/sys/fs/cgroup/memory/g/memory.limit_in_bytes", "9223372036854771712\n");
  Put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "5000000\n");
  const CgroupLimits limits = ReadCgroupLimits(root_);
  EXPECT_EQ(limits.cpus, 3);
  EXPECT_EQ(limits.memory_limit_bytes, 5000000u);
  EXPECT_EQ(limits.memory_available_bytes, 5000000u);
}

}  // namespace
}  // namespace tradewind
