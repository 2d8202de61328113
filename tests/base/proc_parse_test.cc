// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/proc_parse.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

using Cpus = std::vector<int>;

TEST(ProcParse, StartTicksIsField22WhateverTheName) {
  const std::string rest = " S 1 2 3 4 -1 4194560 5 6 7 8 9 10 11 12 20 0 1 0 987654 22 23\n";
  EXPECT_EQ(ParseStatStartTicks("42 (tradewind)" + rest), 987654u);
  EXPECT_EQ(ParseStatStartTicks("42 (a b) c) 7 (x)" + rest), 987654u);
  for (const char* bad : {"", "42", "42 (x)", "42 (x) ", "42 (x) S 1 2 3"}) EXPECT_FALSE(ParseStatStartTicks(bad)) << bad;
}

TEST(ProcParse, CpuLists) {
  EXPECT_EQ(ParseCpuList("0\n"), Cpus({0}));
  EXPECT_EQ(ParseCpuList("0-3,8"), Cpus({0, 1, 2, 3, 8}));
  EXPECT_EQ(ParseCpuList("8,0-1,1-2"), Cpus({0, 1, 2, 8}));
  EXPECT_EQ(ParseCpuList("\n"), Cpus());
  for (const char* bad : {"a", "3-1", "-1", "1,,2", "0-99999999", "65536", "1-2-3", "1 2"}) EXPECT_FALSE(ParseCpuList(bad)) << bad;
}

TEST(ProcParse, CacheSizes) {
  EXPECT_EQ(ParseCacheSize("48K\n"), 49152u);
  EXPECT_EQ(ParseCacheSize("32M"), 33554432u);
  EXPECT_EQ(ParseCacheSize("512"), 512u);
  for (const char* bad : {"", "K", "-1K", "1T", "99999999999999999999", "18014398509481984K"}) EXPECT_FALSE(ParseCacheSize(bad)) << bad;
}

TEST(ProcParse, KilobyteLines) {
  const std::string text = "Name:\tx\nVmHWM:\t    5124 kB\nVmRSS:\t    1024 kB\nThreads:\t2\nHugetlbPages:\t       0 kB\n";
  EXPECT_EQ(ParseKilobytes(text, "VmHWM"), 5124u * 1024);
  EXPECT_EQ(ParseKilobytes(text, "VmRSS"), 1024u * 1024);
  EXPECT_FALSE(ParseKilobytes(text, "VmR"));
  EXPECT_FALSE(ParseKilobytes(text, "Threads"));  // not in kB
  EXPECT_EQ(ParseKeyed("anon 7\ninactive_file 123\ntotal_inactive_file 456\n", "inactive_file"), 123u);
  EXPECT_FALSE(ParseKeyed("anon 7\n", "inactive_file"));
}

TEST(ProcParse, CpuModel) {
  EXPECT_EQ(ParseCpuModel("processor\t: 0\nmodel\t\t: 17\nmodel name\t: AMD EPYC 9R14: x\n\nmodel name\t: other\n"), "AMD EPYC 9R14: x");
  EXPECT_EQ(ParseCpuModel("processor : 0\n"), "");
}

TEST(ProcParse, CpuQuotas) {
  EXPECT_EQ(ParseCpuMax("max 100000\n"), 0.0);
  EXPECT_EQ(ParseCpuMax("150000 100000\n"), 1.5);
  EXPECT_EQ(ParseCfsQuota("-1\n", "100000\n"), 0.0);
  EXPECT_EQ(ParseCfsQuota("50000\n", "100000\n"), 0.5);
  for (const char* bad : {"", "max100", "100000", "0 100000", "5 0", "-5 100000"}) EXPECT_FALSE(ParseCpuMax(bad)) << bad;
}

TEST(ProcParse, MemoryLimits) {
  EXPECT_EQ(ParseMemoryLimit("max\n"), UINT64_MAX);
  EXPECT_EQ(ParseMemoryLimit("9223372036854771712\n"), UINT64_MAX);  // what v1 writes for none
  EXPECT_EQ(ParseMemoryLimit("1073741824\n"), 1073741824u);
  for (const char* bad : {"", "-1", "1G", "maximum"}) EXPECT_FALSE(ParseMemoryLimit(bad)) << bad;
}

TEST(ProcParse, CgroupPaths) {
  const std::string v1 = "12:cpuset:/a\n4:cpu,cpuacct:/b/c\n3:memory:/d\n1:name=systemd:/e\n0::/f:g\n";
  EXPECT_EQ(ParseCgroupPath(v1, "cpu"), "/b/c");
  EXPECT_EQ(ParseCgroupPath(v1, "memory"), "/d");
  EXPECT_EQ(ParseCgroupPath(v1, ""), "/f:g");
  EXPECT_FALSE(ParseCgroupPath("4:cpuset:/a\n", "cpu"));
  EXPECT_FALSE(ParseCgroupPath("4:cpu:/a\n", ""));
}

TEST(ProcParse, CgroupMounts) {
  const std::string mounts =
      "22 1 0:5 / /proc rw,nosuid - proc proc rw\n"
      "30 22 0:26 / /sys/fs/cgroup/unified rw shared:4 master:1 - cgroup2 cgroup rw,nsdelegate\n"
      "31 22 0:27 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n"
      "32 22 0:28 / /sys/fs/my\\040memory ro - cgroup cgroup rw,memory\n";
  const auto v2 = ParseCgroupMount(mounts, "");
  ASSERT_TRUE(v2);
  EXPECT_EQ(v2->mount_point, "/sys/fs/cgroup/unified");
  EXPECT_EQ(v2->root, "/");
  const auto cpu = ParseCgroupMount(mounts, "cpu");
  ASSERT_TRUE(cpu);
  EXPECT_EQ(cpu->mount_point, "/sys/fs/cgroup/cpu,cpuacct");
  EXPECT_EQ(cpu->root, "/docker/abc");
  const auto memory = ParseCgroupMount(mounts, "memory");
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->mount_point, "/sys/fs/my memory");
  EXPECT_FALSE(ParseCgroupMount(mounts, "cpuset"));
  EXPECT_FALSE(ParseCgroupMount("garbage\n - \n", ""));
}

TEST(ProcParse, CgroupFoldersGoUpToTheMount) {
  using Folders = std::vector<std::string>;
  EXPECT_EQ(CgroupFolders({"/m", "/"}, "/a/b"), Folders({"/m/a/b", "/m/a", "/m"}));
  EXPECT_EQ(CgroupFolders({"/m", "/"}, "/"), Folders({"/m"}));
  EXPECT_EQ(CgroupFolders({"/m", "/docker/x"}, "/docker/x"), Folders({"/m"}));
  EXPECT_EQ(CgroupFolders({"/m", "/docker/x"}, "/docker/x/y"), Folders({"/m/y", "/m"}));
  EXPECT_EQ(CgroupFolders({"/m", "/docker/x"}, "/docker/xy"), Folders({"/m"}));
  EXPECT_EQ(CgroupFolders({"/m", "/"}, "/../other"), Folders({"/m"}));
}

}  // namespace
}  // namespace tradewind
