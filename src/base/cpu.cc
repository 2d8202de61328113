// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/cpu.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <iterator>
#include <optional>
#include <string_view>

#include "base/cgroup.h"
#include "base/file.h"
#include "base/proc_parse.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace tradewind {
namespace {

std::string Text(const std::string& path) {
  return ReadFile(path, uint64_t{16} << 20).value_or("");
}

[[maybe_unused]] constexpr int kTileData = 18;  // a number of the processor's extended states

CpuFeatures ReadFeatures() {
  CpuFeatures features;
#if defined(__x86_64__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  const auto bit = [](unsigned word, int n) { return (word >> n & 1) != 0; };
  if (!__get_cpuid(1, &a, &b, &c, &d) || !bit(c, 27)) return features;  // OSXSAVE: the OS manages the wide registers
  const bool fma_f16c_avx = bit(c, 12) && bit(c, 29) && bit(c, 28);
  unsigned xcr0 = 0, xcr0_high = 0;
  asm volatile("xgetbv" : "=a"(xcr0), "=d"(xcr0_high) : "c"(0));
  const auto os_saves = [&](unsigned mask) { return (xcr0 & mask) == mask; };
  if (!fma_f16c_avx || !os_saves(0x6)) return features;  // xmm and ymm
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return features;
  features.avx2 = bit(b, 5);
  const bool f_dq_bw_vl = bit(b, 16) && bit(b, 17) && bit(b, 30) && bit(b, 31);
  features.avx512_vnni = features.avx2 && f_dq_bw_vl && bit(c, 11) && os_saves(0xe6);  // and masks, both halves of zmm
  if (bit(d, 24) && bit(d, 25) && os_saves(0x60000)) {
    // A process must ask for the tiles before use; here only whether the kernel would grant them.
    constexpr int kArchGetXcompSupported = 0x1021;
    uint64_t granted = 0;
    features.amx_int8 = syscall(SYS_arch_prctl, kArchGetXcompSupported, &granted) == 0 && (granted >> kTileData & 1) != 0;
  }
  const unsigned leaves = a;
  if (leaves >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) features.avx_vnni = features.avx2 && bit(a, 4);
#endif
  return features;
}

std::vector<int> AllowedCpus() {
  constexpr int kMost = 1 << 16;
  for (int size = CPU_SETSIZE; size <= kMost; size *= 2) {  // the kernel refuses a set smaller than its own with EINVAL
    std::vector<cpu_set_t> set(static_cast<size_t>(size / CPU_SETSIZE));
    const size_t bytes = set.size() * sizeof(cpu_set_t);
    const bool ok = sched_getaffinity(0, bytes, set.data()) == 0;
    const bool too_small = !ok && errno == EINVAL;
    std::vector<int> cpus;
    for (int cpu = 0; ok && cpu < size; ++cpu) {
      if (CPU_ISSET_S(cpu, bytes, set.data())) cpus.push_back(cpu);
    }
    if (ok && !cpus.empty()) return cpus;
    if (!too_small) break;
  }
  return {0};
}

std::string CpuFolder(int cpu) {
  return "/sys/devices/system/cpu/cpu" + std::to_string(cpu);
}

std::vector<std::vector<int>> SiblingGroups(const std::vector<int>& allowed) {
  std::vector<std::vector<int>> groups;
  for (const int cpu : allowed) {
    const auto siblings = ParseCpuList(Text(CpuFolder(cpu) + "/topology/thread_siblings_list"));
    std::vector<int> group;
    if (siblings) std::set_intersection(siblings->begin(), siblings->end(), allowed.begin(), allowed.end(), std::back_inserter(group));
    if (std::find(group.begin(), group.end(), cpu) == group.end()) group = {cpu};  // the kernel does not say
    if (group.front() == cpu) groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<CacheLevel> Caches(int cpu) {
  constexpr int kMostCaches = 16;
  std::vector<CacheLevel> caches;
  for (int i = 0; i < kMostCaches; ++i) {
    const std::string folder = CpuFolder(cpu) + "/cache/index" + std::to_string(i);
    const auto level = ParseCacheSize(Text(folder + "/level"));
    const auto size = ParseCacheSize(Text(folder + "/size"));
    const std::string type = Text(folder + "/type");
    if (!level || !size || type.empty()) break;
    const auto shared = ParseCpuList(Text(folder + "/shared_cpu_list"));
    caches.push_back({static_cast<int>(*level), type.front(), *size, shared && !shared->empty() ? static_cast<int>(shared->size()) : 1});
  }
  return caches;
}

// Lowers what is granted to what another one grants.
void Narrow(uint64_t limit, uint64_t available, const char* by, MemoryGrant& grant) {
  grant.limit_bytes = std::min(grant.limit_bytes, limit);
  if (available >= grant.available_bytes) return;
  grant.available_bytes = available;
  grant.by = by;
}

MemoryGrant GrantOf(const std::string& root, const CgroupLimits& cgroup) {
  const std::string meminfo = Text(root + "/proc/meminfo");
  const uint64_t total = ParseKilobytes(meminfo, "MemTotal").value_or(0);
  MemoryGrant grant{total, std::min(total, ParseKilobytes(meminfo, "MemAvailable").value_or(total)), "the machine"};
  Narrow(cgroup.memory_limit_bytes, cgroup.memory_available_bytes, "the control group of this process", grant);
  rlimit address_space{};
  if (getrlimit(RLIMIT_AS, &address_space) == 0 && address_space.rlim_cur != RLIM_INFINITY) {
    const uint64_t most = address_space.rlim_cur;
    const uint64_t used = ParseKilobytes(Text(root + "/proc/self/status"), "VmSize").value_or(0);
    Narrow(most, most - std::min(most, used), "the limit of address space (ulimit -v)", grant);
  }
  return grant;
}

}  // namespace

const CpuFeatures& DetectCpuFeatures() {
  static const CpuFeatures features = ReadFeatures();
  return features;
}

bool RequestTiles() {
#if defined(__x86_64__)
  constexpr int kArchReqXcompPerm = 0x1023;
  return DetectCpuFeatures().amx_int8 && syscall(SYS_arch_prctl, kArchReqXcompPerm, kTileData) == 0;
#else
  return false;
#endif
}

Machine DetectMachine() {
  Machine machine;
  machine.cpu_model = ParseCpuModel(Text("/proc/cpuinfo"));
  machine.allowed_cpus = AllowedCpus();
  const CgroupLimits cgroup = ReadCgroupLimits("");
  machine.cgroup_cpus = cgroup.cpus;
  machine.siblings = SiblingGroups(machine.allowed_cpus);
  machine.caches = Caches(machine.allowed_cpus.front());
  machine.memory_total_bytes = ParseKilobytes(Text("/proc/meminfo"), "MemTotal").value_or(0);
  const MemoryGrant grant = GrantOf("", cgroup);
  machine.memory_limit_bytes = grant.limit_bytes;
  machine.memory_available_bytes = grant.available_bytes;
  return machine;
}

MemoryGrant ReadMemoryGrant(const std::string& root) {
  return GrantOf(root, ReadCgroupLimits(root));
}

int DefaultThreads() {
  const auto allowed = static_cast<int>(AllowedCpus().size());
  const double quota = ReadCgroupLimits("").cpus;
  if (quota <= 0 || quota >= allowed) return allowed;
  return std::max(1, static_cast<int>(std::floor(quota)));
}

uint64_t PeakResidentBytes() {
  return ParseKilobytes(Text("/proc/self/status"), "VmHWM").value_or(0);
}

uint64_t ResidentBytes() {
  return ParseKilobytes(Text("/proc/self/status"), "VmRSS").value_or(0);
}

bool ResetPeakResident() {
  const int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool ok = write(fd, "5", 1) == 1;
  close(fd);
  return ok;
}

}  // namespace tradewind
