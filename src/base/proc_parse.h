// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The kernel's texts (/proc, /sys, cgroup files) as values. Pure functions of the text, so that tests can feed any machine's;
// nullopt where the text is not what the kernel writes. Thread-safe.
//
//   ParseCpuList("0-3,8")  ->  {0, 1, 2, 3, 8}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tradewind {

// Field 22 of /proc/PID/stat: when the process started, in clock ticks since boot. Its name (field 2) may hold anything.
std::optional<uint64_t> ParseStatStartTicks(std::string_view stat);

// "0-3,8" (thread_siblings_list, shared_cpu_list, cpuset.cpus), ascending, at most 65,536 CPUs.
std::optional<std::vector<int>> ParseCpuList(std::string_view text);

// "48K", "2048K", "32M" (the size of a cache) in bytes.
std::optional<uint64_t> ParseCacheSize(std::string_view text);

// The value of "Name:   1234 kB" in /proc/meminfo or /proc/self/status, in bytes.
std::optional<uint64_t> ParseKilobytes(std::string_view text, std::string_view name);

// The value of a line "name 1234" (memory.stat of a cgroup).
std::optional<uint64_t> ParseKeyed(std::string_view text, std::string_view name);

// The first "model name" of /proc/cpuinfo; empty where there is none.
std::string ParseCpuModel(std::string_view cpuinfo);

// cgroup v2 cpu.max ("200000 100000"): the quota in CPUs; 0 for "max".
std::optional<double> ParseCpuMax(std::string_view text);

// cgroup v1 cpu.cfs_quota_us and cpu.cfs_period_us: the quota in CPUs; 0 for -1.
std::optional<double> ParseCfsQuota(std::string_view quota_us, std::string_view period_us);

// cgroup memory.max, memory.high or memory.limit_in_bytes in bytes; UINT64_MAX for "max" and for v1's page-rounded infinity.
std::optional<uint64_t> ParseMemoryLimit(std::string_view text);

// The path of this process in a hierarchy, from /proc/self/cgroup: by v1 controller ("cpu", "memory"), or "" for v2.
std::optional<std::string> ParseCgroupPath(std::string_view text, std::string_view controller);

// Where a hierarchy is mounted and which part of it the mount shows, from /proc/self/mountinfo; the controller as above.
struct CgroupMount {
  std::string mount_point;
  std::string root;  // the cgroup that lies at the mount point; "/" for the whole hierarchy
};
std::optional<CgroupMount> ParseCgroupMount(std::string_view mountinfo, std::string_view controller);

// The folders from this process's cgroup up to the mount point, innermost first: a limit of any of them binds.
std::vector<std::string> CgroupFolders(const CgroupMount& mount, std::string_view path);

}  // namespace tradewind
