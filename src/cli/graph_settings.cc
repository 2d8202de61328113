// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/graph_settings.h"

#include <charconv>

namespace tradewind {
namespace {

Result<int64_t> Number(const std::string& knob, const std::string& text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) {
    return Fail(Status(StatusCode::kInvalidInput, knob + "=" + text + ": a whole number from 0 up is due").At("--set"));
  }
  return value;
}

}  // namespace

Result<void> SetGraphOption(GraphOptions& options, const std::string& knob, const std::string& value) {
  if (knob == "backend") {
    options.backend = value;
  } else if (knob == "precision") {
    options.precision = value;
  } else if (knob == "threads" || knob == "batch" || knob == "resolution") {
    TW_ASSIGN(const int64_t number, Number(knob, value));
    if (knob != "resolution" && (number < 1 || number > 4096)) {
      return Fail(Status(StatusCode::kInvalidInput, knob + "=" + value + ": from 1 to 4096").At("--set"));
    }
    if (knob == "threads") options.threads = static_cast<int>(number);
    if (knob == "batch") options.batch = number;
    if (knob == "resolution") options.resolution = number;
  } else {
    return Fail(
        Status(StatusCode::kInvalidInput, "\"" + knob + "\" is none of backend, precision, resolution, threads, batch").At("--set"));
  }
  return {};
}

}  // namespace tradewind
