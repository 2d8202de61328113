// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/tar.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

namespace tradewind {
namespace {

constexpr uint64_t kBlock = 512;

// A member's header: a block of fields of fixed width (name, offset and width by POSIX's table).
class TarHeader {
 public:
  explicit TarHeader(std::span<const std::byte> block) : block_(block) {}

  std::string_view Text(size_t offset, size_t width) const {
    const std::string_view whole(reinterpret_cast<const char*>(block_.data()) + offset, width);
    return whole.substr(0, whole.find('\0'));
  }
  // Octal digits, or where the first bit is set (GNU) the number itself.
  std::optional<uint64_t> Number(size_t offset, size_t width) const {
    const auto* digits = reinterpret_cast<const unsigned char*>(block_.data()) + offset;
    uint64_t value = 0;
    if ((digits[0] & 0x80) != 0) {
      for (size_t i = 1; i < width; ++i) {
        if (value >> 48 != 0) return std::nullopt;
        value = value << 8 | digits[i];
      }
      return value;
    }
    size_t at = 0;
    while (at < width && digits[at] == ' ') ++at;
    if (at == width) return std::nullopt;
    for (; at < width && digits[at] != ' ' && digits[at] != 0; ++at) {
      if (digits[at] < '0' || digits[at] > '7') return std::nullopt;
      value = value << 3 | static_cast<uint64_t>(digits[at] - '0');
    }
    return value;
  }
  bool Empty() const {
    return std::all_of(block_.begin(), block_.end(), [](std::byte b) { return b == std::byte{0}; });
  }
  // The sum of its bytes, its own eight taken for spaces.
  bool SumIsRight() const {
    uint64_t sum = 0;
    for (size_t i = 0; i < kBlock; ++i) sum += i >= 148 && i < 156 ? ' ' : std::to_integer<uint64_t>(block_[i]);
    return Number(148, 8) == sum;
  }
  char type() const { return static_cast<char>(block_[156]); }
  std::string name() const {
    const std::string_view prefix = Text(257, 5) == "ustar" && Text(263, 2) == "00" ? Text(345, 155) : "";
    return prefix.empty() ? std::string(Text(0, 100)) : std::string(prefix) + "/" + std::string(Text(0, 100));
  }

 private:
  std::span<const std::byte> block_;
};

// "path" of a pax header, whose records are "LENGTH KEY=VALUE\n"; empty where it says none. nullopt if damaged.
std::optional<std::string> PaxPath(std::string_view records) {
  std::string path;
  while (!records.empty()) {
    uint64_t length = 0;
    size_t at = 0;
    for (; at < records.size() && records[at] >= '0' && records[at] <= '9' && length <= records.size(); ++at)
      length = 10 * length + static_cast<uint64_t>(records[at] - '0');
    if (at == 0 || length <= at + 1 || length > records.size() || records[at] != ' ' || records[length - 1] != '\n') return std::nullopt;
    const std::string_view record = records.substr(at + 1, length - at - 2);
    if (record.starts_with("path=")) path = record.substr(5);
    records.remove_prefix(length);
  }
  return path;
}

}  // namespace

Result<std::vector<TarMember>> ListTar(std::span<const std::byte> archive, const std::string& name) {
  std::vector<TarMember> members;
  std::string long_name;  // of the member that follows
  uint64_t at = 0;
  const auto damaged = [&](const std::string& what) {
    return Fail(Status(StatusCode::kInvalidInput, name + ": " + what).At("byte " + std::to_string(at)));
  };
  while (at + kBlock <= archive.size()) {
    const TarHeader header(archive.subspan(at, kBlock));
    if (header.Empty()) return members;
    if (!header.SumIsRight()) {
      return damaged(at == 0 ? "this is no tar archive, or a compressed one; unpack it (gunzip, xz -d) first"
                             : "the header of the archive's next member is damaged; make the archive again");
    }
    const auto bytes = header.Number(124, 12);
    const uint64_t begin = at + kBlock;
    if (!bytes || *bytes > archive.size() - begin) return damaged("the archive ends within '" + header.name() + "'; it was cut short");
    const std::string_view text(reinterpret_cast<const char*>(archive.data()) + begin, *bytes);
    if (header.type() == 'L' || header.type() == 'x') {
      if (*bytes > TarLimits::kNameBytes) return damaged("a member's name is over " + std::to_string(TarLimits::kNameBytes) + " bytes");
      const auto path = header.type() == 'L' ? std::string(text.substr(0, text.find('\0'))) : PaxPath(text);
      if (!path) return damaged("a pax header is damaged; make the archive again");
      long_name = *path;
    } else {
      if (header.type() == '0' || header.type() == '\0')
        members.push_back({.name = long_name.empty() ? header.name() : long_name, .offset = begin, .bytes = *bytes});
      long_name.clear();
      if (members.size() > TarLimits::kMembers) return damaged("the archive has over " + std::to_string(TarLimits::kMembers) + " files");
    }
    at = begin + (*bytes + kBlock - 1) / kBlock * kBlock;
  }
  // GNU tar ends an archive by two empty blocks, and forgives where they are missing.
  if (members.empty() || at < archive.size()) return damaged("the archive was cut short");
  return members;
}

}  // namespace tradewind
