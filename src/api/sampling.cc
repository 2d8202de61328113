// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "api/sampling.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <random>

#include "core/pairs.h"

namespace tradewind::api {
namespace {

template <typename Number>
Result<Number> ParseWithin(const NamedText& pair, Number least, Number most) {
  Number value{};
  const char* const end = pair.value.data() + pair.value.size();
  const auto parsed = std::from_chars(pair.value.data(), end, value);
  if (parsed.ec == std::errc() && parsed.ptr == end && value >= least && value <= most) return value;
  return Fail(Status(StatusCode::kInvalidInput, "sampling: " + pair.name + "=" + pair.value + " is no number from " +
                                                    std::to_string(least) + " to " + std::to_string(most))
                  .At(pair.name, pair.offset));
}

Result<void> SetField(const NamedText& pair, Prompt& prompt) {
  Sampling& s = prompt.sampling;
  if (pair.name == "temperature") {
    TW_ASSIGN(s.temperature, ParseWithin(pair, 0.0, 1e6));
  } else if (pair.name == "top_k") {
    TW_ASSIGN(s.top_k, ParseWithin(pair, int64_t{0}, std::numeric_limits<int64_t>::max()));
  } else if (pair.name == "top_p") {
    TW_ASSIGN(s.top_p, ParseWithin(pair, 0.0, 1.0));
  } else if (pair.name == "min_p") {
    TW_ASSIGN(s.min_p, ParseWithin(pair, 0.0, 1.0));
  } else if (pair.name == "seed") {
    TW_ASSIGN(s.seed, ParseWithin(pair, uint64_t{0}, std::numeric_limits<uint64_t>::max()));
  } else if (pair.name == "stop") {
    prompt.stop.push_back(pair.value);
  } else {
    return Fail(Status(StatusCode::kInvalidInput,
                       "a sampling has no \"" + pair.name.substr(0, 64) + "\"; it has temperature, top_k, top_p, min_p, seed and stop")
                    .At(pair.name, pair.offset));
  }
  return {};
}

}  // namespace

Result<void> SetSampling(std::string_view text, Prompt& prompt) {
  TW_ASSIGN(const std::vector<NamedText> pairs, ParsePairs("sampling", text));
  prompt.sampling.seed = std::random_device()();
  for (const NamedText& pair : pairs) TW_RETURN_IF_ERROR(SetField(pair, prompt));
  return {};
}

}  // namespace tradewind::api
