// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/proc_parse.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace tradewind {
namespace {

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

template <typename T>
std::optional<T> Number(std::string_view text) {
  text = Trim(text);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Takes the text up to the next `separator` (or all of it) off the front of `rest`.
std::string_view Take(std::string_view& rest, char separator) {
  const size_t at = rest.find(separator);
  const std::string_view piece = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return piece;
}

bool HasItem(std::string_view list, std::string_view item) {
  while (!list.empty()) {
    if (Take(list, ',') == item) return true;
  }
  return false;
}

// mountinfo writes space, tab, newline and backslash as three octal digits.
std::string Unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto octal = [&](size_t k) { return i + k < text.size() && text[i + k] >= '0' && text[i + k] <= '7'; };
    if (text[i] == '\\' && octal(1) && octal(2) && octal(3)) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::optional<uint64_t> ParseStatStartTicks(std::string_view stat) {
  const size_t name_end = stat.rfind(')');  // the name may itself hold spaces and parentheses
  if (name_end == std::string_view::npos || name_end + 2 > stat.size()) return std::nullopt;
  std::string_view rest = stat.substr(name_end + 2);
  for (int field = 3; field < 22; ++field) Take(rest, ' ');
  return Number<uint64_t>(Take(rest, ' '));
}

std::optional<std::vector<int>> ParseCpuList(std::string_view text) {
  constexpr int kMaxCpus = 65536;
  std::vector<int> cpus;
  text = Trim(text);
  while (!text.empty()) {
    std::string_view range = Take(text, ',');
    const auto first = Number<int>(Take(range, '-'));
    const auto last = range.empty() ? first : Number<int>(range);
    if (!first || !last || *first < 0 || *last < *first || *last >= kMaxCpus) return std::nullopt;
    for (int cpu = *first; cpu <= *last; ++cpu) cpus.push_back(cpu);
    if (cpus.size() > kMaxCpus) return std::nullopt;
  }
  std::sort(cpus.begin(), cpus.end());
  cpus.erase(std::unique(cpus.begin(), cpus.end()), cpus.end());
  return cpus;
}

std::optional<uint64_t> ParseCacheSize(std::string_view text) {
  text = Trim(text);
  if (text.empty()) return std::nullopt;
  int shift = 0;
  if (text.back() == 'K') shift = 10;
  if (text.back() == 'M') shift = 20;
  if (text.back() == 'G') shift = 30;
  if (shift > 0) text.remove_suffix(1);
  const auto value = Number<uint64_t>(text);
  if (!value || *value > std::numeric_limits<uint64_t>::max() >> shift) return std::nullopt;
  return *value << shift;
}

std::optional<uint64_t> ParseKilobytes(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    std::string_view line = Take(text, '\n');
    if (Take(line, ':') != name) continue;
    line = Trim(line);
    if (!line.ends_with(" kB")) return std::nullopt;
    line.remove_suffix(3);
    const auto value = Number<uint64_t>(line);
    if (!value || *value > std::numeric_limits<uint64_t>::max() / 1024) return std::nullopt;
    return *value * 1024;
  }
  return std::nullopt;
}

std::optional<uint64_t> ParseKeyed(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    std::string_view line = Take(text, '\n');
    if (Take(line, ' ') == name) return Number<uint64_t>(line);
  }
  return std::nullopt;
}

std::string ParseCpuModel(std::string_view cpuinfo) {
  while (!cpuinfo.empty()) {
    std::string_view line = Take(cpuinfo, '\n');
    if (Trim(Take(line, ':')) == "model name") return std::string(Trim(line));
  }
  return "";
}

std::optional<double> ParseCpuMax(std::string_view text) {
  text = Trim(text);
  const std::string_view quota = Take(text, ' ');
  if (quota == "max") return 0.0;
  return ParseCfsQuota(quota, text);
}

std::optional<double> ParseCfsQuota(std::string_view quota_us, std::string_view period_us) {
  const auto quota = Number<int64_t>(quota_us);
  if (quota == -1) return 0.0;
  const auto period = Number<int64_t>(period_us);
  if (!quota || !period || *quota <= 0 || *period <= 0) return std::nullopt;
  return static_cast<double>(*quota) / static_cast<double>(*period);
}

std::optional<uint64_t> ParseMemoryLimit(std::string_view text) {
  constexpr uint64_t kUnlimited = std::numeric_limits<uint64_t>::max();
  if (Trim(text) == "max") return kUnlimited;
  const auto value = Number<uint64_t>(text);
  if (!value) return std::nullopt;
  return *value >= uint64_t{1} << 62 ? kUnlimited : *value;  // v1 writes INT64_MAX rounded down to a page
}

std::optional<std::string> ParseCgroupPath(std::string_view text, std::string_view controller) {
  while (!text.empty()) {
    std::string_view line = Take(text, '\n');
    const std::string_view id = Take(line, ':');
    const std::string_view controllers = Take(line, ':');
    const bool match = controller.empty() ? id == "0" && controllers.empty() : HasItem(controllers, controller);
    if (match) return std::string(line);
  }
  return std::nullopt;
}

std::optional<CgroupMount> ParseCgroupMount(std::string_view mountinfo, std::string_view controller) {
  while (!mountinfo.empty()) {
    std::string_view line = Take(mountinfo, '\n');
    const size_t dash = line.find(" - ");
    if (dash == std::string_view::npos) continue;
    std::string_view tail = line.substr(dash + 3);
    const std::string_view type = Take(tail, ' ');
    Take(tail, ' ');  // the source
    const bool match = controller.empty() ? type == "cgroup2" : type == "cgroup" && HasItem(Trim(tail), controller);
    if (!match) continue;
    for (int field = 1; field < 4; ++field) Take(line, ' ');
    CgroupMount mount;
    mount.root = Unescape(Take(line, ' '));
    mount.mount_point = Unescape(Take(line, ' '));
    return mount;
  }
  return std::nullopt;
}

std::vector<std::string> CgroupFolders(const CgroupMount& mount, std::string_view path) {
  // In a container the mount may show only this cgroup and below, while the path still counts from the host's root.
  if (mount.root != "/" && path.starts_with(mount.root) && (path.size() == mount.root.size() || path[mount.root.size()] == '/')) {
    path.remove_prefix(mount.root.size());
  } else if (mount.root != "/") {
    path = "";
  }
  if (path.find("..") != std::string_view::npos) path = "";  // outside this cgroup namespace: only the mount itself is visible
  while (path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string> folders;
  while (!path.empty() && path != "/") {
    folders.push_back(mount.mount_point + std::string(path));
    const size_t slash = path.rfind('/');
    path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
  }
  folders.push_back(mount.mount_point);
  return folders;
}

}  // namespace tradewind
