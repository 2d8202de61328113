// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Durations and sizes as people write them in flags and files, and as they read them. Thread-safe.
//
//   TW_ASSIGN(Duration deadline, ParseDuration("1.5s", TimeUnit::kMillis));
//   TW_ASSIGN(uint64_t bytes, ParseBytes("600MiB", ByteUnit::kMiB));
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/status.h"

namespace tradewind {

// What a number without a unit means; kNone refuses it.
enum class TimeUnit { kNone, kMicros, kMillis, kSeconds };
enum class ByteUnit { kNone, kByte, kMB, kMiB };

// A decimal number, optional spaces, and a unit: ns, us (or µs), ms, s, min, h. Never negative; at most 100 years.
// kInvalidInput names the text and the accepted forms.
Result<Duration> ParseDuration(std::string_view text, TimeUnit default_unit);

// The same with B, kB, MB, GB, TB (powers of 1000) and KiB, MiB, GiB, TiB (of 1024; also K, M, G, T as llama.cpp has it).
// Letters in either case. Rounded to the nearest byte; at most 2^63 - 1.
Result<uint64_t> ParseBytes(std::string_view text, ByteUnit default_unit);

// Three significant digits and the unit that suits: "34.5 ms", "1.50 s", "12 min 3 s"; "812 B", "96.3 MB", "1.07 GB".
std::string FormatDuration(Duration duration);
std::string FormatBytes(uint64_t bytes);
// Powers of 1024, for memory: "1.00 GiB".
std::string FormatMemory(uint64_t bytes);

}  // namespace tradewind
