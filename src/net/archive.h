// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// One entry of a zip archive (a Python wheel), streamed out by libzip. Bounded: the entry's stated size is held against a limit
// before a byte is unpacked, and what comes out against the stated size. The checksum of the entry is verified.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/status.h"

namespace tradewind {

// Calls `sink` with consecutive pieces of the entry of exactly that name; an error of the sink ends the reading and is returned.
// Gives the entry's size. kInvalidInput: not a zip file, damaged, or larger than `limit_bytes`; kNotFound: no such entry.
Result<uint64_t> ReadArchiveEntry(const std::string& archive, const std::string& entry, uint64_t limit_bytes,
                                  const std::function<Result<void>(std::span<const std::byte>)>& sink);

}  // namespace tradewind
