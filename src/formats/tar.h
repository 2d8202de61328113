// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What lies in a tar archive that is not compressed (POSIX.1-2017, pax, "ustar Interchange Format"; long names as GNU tar writes them).
// Nothing is unpacked: a member is a part of the archive. The bytes are untrusted; errors name the archive and the byte. A pure function.
//
//   TW_ASSIGN(const MappedFile file, MappedFile::Open("pictures.tar"));
//   TW_ASSIGN(const std::vector<TarMember> members, ListTar(file.bytes(), file.path()));
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct TarLimits {
  static constexpr size_t kMembers = 1 << 21;
  static constexpr uint64_t kNameBytes = 4096;
};

struct TarMember {
  std::string name;     // as the archive gives it: never use it as a path
  uint64_t offset = 0;  // of its first byte in the archive
  uint64_t bytes = 0;
};

// Plain files, in the archive's order; folders, links and devices are left out. kInvalidInput for what is damaged or cut short, and for a
// compressed archive.
Result<std::vector<TarMember>> ListTar(std::span<const std::byte> archive, const std::string& name);

}  // namespace tradewind
