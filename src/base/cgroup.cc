// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/cgroup.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/proc_parse.h"

namespace tradewind {
namespace {

std::optional<std::string> FileText(const std::string& path) {
  auto text = ReadFile(path, uint64_t{1} << 20);
  if (!text) return std::nullopt;
  return std::move(*text);
}

std::optional<uint64_t> LimitIn(const std::string& path) {
  const auto text = FileText(path);
  return text ? ParseMemoryLimit(*text) : std::nullopt;
}

// This process's folders in one hierarchy, innermost first; empty where it is not mounted.
std::vector<std::string> Folders(const std::string& root, std::string_view controller) {
  const auto groups = FileText(root + "/proc/self/cgroup");
  const auto mounts = FileText(root + "/proc/self/mountinfo");
  if (!groups || !mounts) return {};
  const auto path = ParseCgroupPath(*groups, controller);
  const auto mount = ParseCgroupMount(*mounts, controller);
  if (!path || !mount) return {};
  std::vector<std::string> folders = CgroupFolders(*mount, *path);
  for (std::string& folder : folders) folder = root + folder;
  return folders;
}

void AddQuota(std::optional<double> quota, CgroupLimits& limits) {
  if (quota && *quota > 0 && (limits.cpus == 0 || *quota < limits.cpus)) limits.cpus = *quota;
}

// Pages of files that were not used lately count as used but give way at once, so they are subtracted.
void AddMemory(const std::string& folder, std::optional<uint64_t> limit, const char* usage_file, std::string_view reclaimable_key,
               CgroupLimits& limits) {
  if (!limit || *limit == CgroupLimits::kUnlimited) return;
  limits.memory_limit_bytes = std::min(limits.memory_limit_bytes, *limit);
  uint64_t used = LimitIn(folder + usage_file).value_or(0);
  const auto stat = FileText(folder + "/memory.stat");
  const uint64_t reclaimable = stat ? ParseKeyed(*stat, reclaimable_key).value_or(0) : 0;
  used -= std::min(used, reclaimable);
  limits.memory_available_bytes = std::min(limits.memory_available_bytes, *limit - std::min(*limit, used));
}

}  // namespace

CgroupLimits ReadCgroupLimits(const std::string& root) {
  CgroupLimits limits;
  for (const std::string& folder : Folders(root, "")) {
    if (const auto text = FileText(folder + "/cpu.max")) AddQuota(ParseCpuMax(*text), limits);
    for (const char* file : {"/memory.max", "/memory.high"}) {
      AddMemory(folder, LimitIn(folder + file), "/memory.current", "inactive_file", limits);
    }
  }
  for (const std::string& folder : Folders(root, "cpu")) {
    const auto quota = FileText(folder + "/cpu.cfs_quota_us");
    const auto period = FileText(folder + "/cpu.cfs_period_us");
    if (quota && period) AddQuota(ParseCfsQuota(*quota, *period), limits);
  }
  for (const std::string& folder : Folders(root, "memory")) {
    AddMemory(folder, LimitIn(folder + "/memory.limit_in_bytes"), "/memory.usage_in_bytes", "total_inactive_file", limits);
  }
  return limits;
}

}  // namespace tradewind
