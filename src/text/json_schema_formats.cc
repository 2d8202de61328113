// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The formats of RFC 3339 and RFC 4122 as grammars: days that exist (29 February in leap years), no leap seconds.
#include "text/json_schema_builder.h"

namespace tradewind {
namespace {

// Years 0001 to 9999; 29 February where the year is a multiple of four and, if of a hundred, of four hundred.
constexpr std::string_view kDate =
    R"((([1-9] [0-9]{3} | "0" [1-9] [0-9]{2} | "00" [1-9] [0-9] | "000" [1-9]) "-" )"
    R"((("01" | "03" | "05" | "07" | "08" | "10" | "12") "-" ("0" [1-9] | [12] [0-9] | "3" [01]) | )"
    R"(("04" | "06" | "09" | "11") "-" ("0" [1-9] | [12] [0-9] | "30") | )"
    R"("02-" ("0" [1-9] | "1" [0-9] | "2" [0-8])) | )"
    R"(([0-9]{2} ("0" [48] | [2468] [048] | [13579] [26]) | ("0" [48] | [2468] [048] | [13579] [26]) "00") "-02-29"))";

constexpr std::string_view kTime =
    R"(([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{1,6})? ("Z" | [-+] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9]))";

constexpr std::string_view kUuid = R"([0-9a-f]{8} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{12})";

}  // namespace

std::optional<std::string> FormatExpression(std::string_view format) {
  if (format == "date") return std::string(kDate);
  if (format == "time") return std::string(kTime);
  if (format == "date-time") return std::string(kDate) + " \"T\" " + std::string(kTime);
  if (format == "uuid") return std::string(kUuid);
  return std::nullopt;
}

}  // namespace tradewind
