// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/cpu.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace tradewind {
namespace {

// The kernel's own list of what it lets programs use.
std::set<std::string> KernelFlags() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  std::set<std::string> flags;
  for (std::string line; std::getline(cpuinfo, line);) {
    if (!line.starts_with("flags")) continue;
    std::istringstream words(line.substr(line.find(':') + 1));
    for (std::string word; words >> word;) flags.insert(word);
    break;
  }
  return flags;
}

TEST(Cpu, FeaturesAgreeWithTheKernel) {
  const std::set<std::string> flags = KernelFlags();
  if (flags.empty()) GTEST_SKIP() << "/proc/cpuinfo has no flags here";
  const auto all = [&](std::initializer_list<const char*> names) {
    return std::all_of(names.begin(), names.end(), [&](const char* name) { return flags.count(name) > 0; });
  };
  const CpuFeatures& features = DetectCpuFeatures();
  EXPECT_EQ(features.avx2, all({"avx2", "fma", "f16c"}));
  EXPECT_EQ(features.avx512_vnni, all({"avx512f", "avx512bw", "avx512vl", "avx512dq", "avx512_vnni"}));
  EXPECT_EQ(features.amx_int8, all({"amx_tile", "amx_int8"}));
  EXPECT_EQ(features.avx_vnni, all({"avx_vnni"}));
}

uint64_t KilobytesInStatus(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    uint64_t value = 0;
    if (word == name + ":" && status >> value) return value;
  }
  return 0;
}

// Files of /proc and /sys of a machine with 8 GB, of which 6 are free, under a folder of the test's.
class MemoryGrantTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "tradewind-grant-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
    Put("/proc/meminfo", "MemTotal: 8000000 kB\nMemFree: 10 kB\nMemAvailable: 6000000 kB\n");
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  void Put(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(root_ + path).parent_path());
    std::ofstream(root_ + path) << text;
  }
  std::string root_;
};

TEST_F(MemoryGrantTest, WithoutGroupsItIsTheMachines) {
  const MemoryGrant grant = ReadMemoryGrant(root_);
  EXPECT_EQ(grant.limit_bytes, 8000000ull * 1024);
  EXPECT_EQ(grant.available_bytes, 6000000ull * 1024);
  EXPECT_EQ(grant.by, "the machine");
}

TEST_F(MemoryGrantTest, AGroupsLimitLessWhatItUsesCounts) {
  Put("/proc/self/cgroup", "0::/a/b\n");
  Put("/proc/self/mountinfo", "30 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n");
  Put("/sys/fs/cgroup/a/memory.max", "500000000\n");
  Put("/sys/fs/cgroup/a/memory.current", "120000000\n");
  Put("/sys/fs/cgroup/a/memory.stat", "inactive_file 20000000\n");
  Put("/sys/fs/cgroup/a/b/memory.max", "max\n");
  const MemoryGrant grant = ReadMemoryGrant(root_);
  EXPECT_EQ(grant.limit_bytes, 500000000u);
  EXPECT_EQ(grant.available_bytes, 400000000u);
  EXPECT_EQ(grant.by, "the control group of this process");
}

TEST_F(MemoryGrantTest, AGroupThatAllowsMoreThanThereIsDoesNotCount) {
  Put("/proc/self/cgroup", "4:memory:/g\n");
  Put("/proc/self/mountinfo", "32 22 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
  Put("/sys/fs/cgroup/memory/g/memory.limit_in_bytes", "7000000000\n");
  const MemoryGrant grant = ReadMemoryGrant(root_);
  EXPECT_EQ(grant.limit_bytes, 7000000000u);
  EXPECT_EQ(grant.available_bytes, 6000000ull * 1024);
  EXPECT_EQ(grant.by, "the machine");
}

TEST_F(MemoryGrantTest, AFullGroupLeavesNothing) {
  Put("/proc/self/cgroup", "4:memory:/g\n");
  Put("/proc/self/mountinfo", "32 22 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
  Put("/sys/fs/cgroup/memory/g/memory.limit_in_bytes", "1000\n");
  Put("/sys/fs/cgroup/memory/g/memory.usage_in_bytes", "1000\n");
  EXPECT_EQ(ReadMemoryGrant(root_).available_bytes, 0u);
  EXPECT_EQ(ReadMemoryGrant(root_).limit_bytes, 1000u);
}

// Lowers this process's own limit to 8 MiB more than it has, and ends: 0 if that is what is read.
[[noreturn]] void LimitAddressSpaceAndLeave() {
  constexpr uint64_t kMore = 8u << 20;
  const uint64_t most = KilobytesInStatus("VmSize") * 1024 + kMore;
  const rlimit limit = {most, most};
  if (setrlimit(RLIMIT_AS, &limit) != 0) _exit(9);
  const MemoryGrant grant = ReadMemoryGrant();
  _exit(grant.limit_bytes == most && grant.available_bytes <= kMore && grant.by.ends_with("(ulimit -v)") ? 0 : 1);
}

TEST(MemoryGrantDeathTest, ALimitOfAddressSpaceCounts) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers reserve more address space than the limit";
#endif
  EXPECT_EXIT(LimitAddressSpaceAndLeave(), testing::ExitedWithCode(0), "");
}

TEST(Cpu, MachineIsConsistent) {
  const Machine machine = DetectMachine();
  cpu_set_t set;
  ASSERT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
  EXPECT_EQ(static_cast<int>(machine.allowed_cpus.size()), CPU_COUNT(&set));
  for (const int cpu : machine.allowed_cpus) EXPECT_TRUE(CPU_ISSET(cpu, &set));
  EXPECT_TRUE(std::is_sorted(machine.allowed_cpus.begin(), machine.allowed_cpus.end()));
  std::vector<int> grouped;
  for (const auto& group : machine.siblings) grouped.insert(grouped.end(), group.begin(), group.end());
  std::sort(grouped.begin(), grouped.end());
  EXPECT_EQ(grouped, machine.allowed_cpus);
  const auto physical = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  EXPECT_EQ(machine.memory_total_bytes, physical);
  EXPECT_LE(machine.memory_limit_bytes, machine.memory_total_bytes);
  EXPECT_LE(machine.memory_available_bytes, machine.memory_limit_bytes);
  EXPECT_GT(machine.memory_available_bytes, 0u);
  for (const CacheLevel& cache : machine.caches) {
    EXPECT_GE(cache.level, 1);
    EXPECT_LE(cache.level, 4);
    EXPECT_NE(std::string("DIU").find(cache.type), std::string::npos);
    EXPECT_GE(cache.size_bytes, 4096u);
    EXPECT_GE(cache.shared_by, 1);
  }
}

TEST(Cpu, DefaultThreadsFollowsAffinity) {
  const int before = DefaultThreads();
  EXPECT_GE(before, 1);
  EXPECT_LE(before, static_cast<int>(DetectMachine().allowed_cpus.size()));
  cpu_set_t old, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof old, &old), 0);
  CPU_ZERO(&one);
  CPU_SET(DetectMachine().allowed_cpus.back(), &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(DefaultThreads(), 1);
  EXPECT_EQ(DetectMachine().siblings.size(), 1u);
  sched_setaffinity(0, sizeof old, &old);
}

TEST(Cpu, PeakRisesWithUseAndCanBeReset) {
  constexpr size_t kBytes = size_t{64} << 20, kSlack = size_t{8} << 20;
  const uint64_t before = ResidentBytes();
  ASSERT_GT(before, 0u);
  void* block = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(block, MAP_FAILED);
  std::memset(block, 1, kBytes);
  EXPECT_GE(ResidentBytes() + kSlack, before + kBytes);
  EXPECT_GE(PeakResidentBytes() + kSlack, before + kBytes);
  munmap(block, kBytes);
  EXPECT_LE(ResidentBytes(), before + kSlack);
  EXPECT_GE(PeakResidentBytes() + kSlack, before + kBytes);
  if (!ResetPeakResident()) GTEST_SKIP() << "this kernel does not reset the peak";
  EXPECT_LE(PeakResidentBytes(), before + kSlack);
}

}  // namespace
}  // namespace tradewind
