// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/cpu.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
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
