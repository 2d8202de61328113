// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes to the reader of tar archives. What it refuses must carry a place; what it takes lies inside the archive, in its order. Sums
// of headers, which no mutation hits, are made right first, but for inputs of odd length.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "formats/tar.h"

namespace tradewind {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void MakeSumsRight(std::vector<std::byte>& archive) {
  for (size_t block = 0; block + 512 <= archive.size(); block += 512) {
    unsigned sum = 8 * ' ';
    bool empty = true;
    for (size_t i = 0; i < 512; ++i) {
      empty = empty && archive[block + i] == std::byte{0};
      if (i < 148 || i >= 156) sum += std::to_integer<unsigned>(archive[block + i]);
    }
    char digits[8];
    std::snprintf(digits, sizeof digits, "%06o", sum);
    if (!empty) std::memcpy(archive.data() + block + 148, digits, sizeof digits);
  }
}

void RunOne(const uint8_t* data, size_t size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  std::vector<std::byte> archive(bytes, bytes + size);
  if (size % 2 == 0) MakeSumsRight(archive);
  const auto members = ListTar(archive, "fuzz");
  if (!members) {
    Require(!members.error().where().empty());
    return;
  }
  uint64_t end = 0;
  for (const TarMember& member : *members) {
    Require(member.offset >= end + 512 && member.offset <= size && member.bytes <= size - member.offset);
    end = member.offset + member.bytes;
  }
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne(data, size);
  return 0;
}
