// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What every refusal of a malformed file must have: code, field, byte, and words that tell the user what to do.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "formats/gguf.h"
#include "raw_gguf.h"

namespace tradewind {

inline constexpr StatusCode kInvalid = StatusCode::kInvalidInput;
inline constexpr StatusCode kUnsupported = StatusCode::kUnsupported;

inline void ExpectRefused(const RawGguf& file, StatusCode code, std::string_view where, uint64_t offset, std::string_view words = "") {
  const auto result = Gguf::FromBytes(file.bytes, "bad.gguf");
  ASSERT_FALSE(result);
  const Status& status = result.error();
  EXPECT_EQ(status.code(), code) << status.ToString();
  EXPECT_EQ(status.where(), where) << status.ToString();
  EXPECT_EQ(status.offset(), offset) << status.ToString();
  EXPECT_THAT(status.message(), testing::StartsWith("bad.gguf: "));
  EXPECT_THAT(status.message(), testing::HasSubstr(std::string(words)));
  EXPECT_THAT(status.message(), testing::HasSubstr("; ")) << "no remedy";
}

}  // namespace tradewind
