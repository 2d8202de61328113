// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/trace_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "base/random.h"
#include "formats/table.h"

namespace tradewind {
namespace {

Result<size_t> EitherColumn(const Table& table, const char* ours, const char* theirs) {
  const Result<size_t> own = table.Column(ours);
  return own ? own : table.Column(theirs);
}

Result<int64_t> TokensOf(const Table& table, size_t column, size_t row, int64_t most, int64_t least) {
  TW_ASSIGN(const double value, table.Number(column, row));
  if (value < static_cast<double>(least) || value > 1e9 || value != std::floor(value)) {
    return Fail(table.ErrorAt(column, row, "is no number of tokens; give a whole number from " + std::to_string(least) + " on"));
  }
  const auto tokens = static_cast<int64_t>(value);
  return most > 0 ? std::min(tokens, most) : tokens;
}

Result<double> SecondsAt(const Table& table, size_t column, size_t row) {
  if (table.columns[column].is_number) return table.Number(column, row);
  const std::string text = table.Text(column, row);
  double number = 0;
  if (ReadFiniteNumber(text, number)) return number;  // in a column with words elsewhere
  const std::optional<double> seconds = SecondsOfTimestamp(text);
  if (seconds) return *seconds;
  return Fail(table.ErrorAt(column, row, "is no time; give seconds, or YYYY-MM-DD HH:MM:SS.fraction"));
}

}  // namespace

std::optional<double> SecondsOfTimestamp(const std::string& text) {
  std::tm when{};
  double seconds = 0;
  int used = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d %2d:%2d:%lf%n", &when.tm_year, &when.tm_mon, &when.tm_mday, &when.tm_hour, &when.tm_min,
                  &seconds, &used) != 6 ||
      static_cast<size_t>(used) != text.size()) {
    return std::nullopt;
  }
  const bool sound =
      when.tm_mon >= 1 && when.tm_mon <= 12 && when.tm_mday >= 1 && when.tm_mday <= 31 && when.tm_hour <= 23 && when.tm_min <= 59;
  if (!sound || !(seconds >= 0 && seconds < 61)) return std::nullopt;
  when.tm_year -= 1900;
  when.tm_mon -= 1;
  return static_cast<double>(timegm(&when)) + seconds;
}

Result<std::vector<TraceRequest>> ReadTrace(const std::string& path, const TraceLimits& limits) {
  TW_ASSIGN(const Table table, ReadTable(path));
  TW_ASSIGN(const size_t at, EitherColumn(table, "at_s", "TIMESTAMP"));
  TW_ASSIGN(const size_t prompt, EitherColumn(table, "prompt", "ContextTokens"));
  TW_ASSIGN(const size_t output, EitherColumn(table, "output", "GeneratedTokens"));
  std::vector<TraceRequest> trace;
  double first = 0, last = 0;
  for (size_t row = 0; row < table.rows() && static_cast<int64_t>(row) < limits.requests; ++row) {
    TW_ASSIGN(const double seconds, SecondsAt(table, at, row));
    if (row == 0) first = last = seconds;
    if (seconds < last) return Fail(table.ErrorAt(at, row, "is before the row above; sort the rows by time"));
    last = seconds;
    TraceRequest request{.at = Duration::Seconds(seconds - first)};
    TW_ASSIGN(request.prompt, TokensOf(table, prompt, row, limits.prompt, 1));
    TW_ASSIGN(request.output, TokensOf(table, output, row, limits.output, 0));
    trace.push_back(std::move(request));
  }
  if (trace.empty()) return Fail(Status(StatusCode::kInvalidInput, path + " has no rows").At("--trace"));
  return trace;
}

std::vector<TraceRequest> PoissonTrace(int64_t requests, int64_t prompt, int64_t output, uint64_t seed) {
  Random random(seed);
  std::vector<TraceRequest> trace;
  double at_s = 0;
  for (int64_t i = 0; i < requests; ++i) {
    trace.push_back({.at = Duration::Seconds(at_s), .prompt = prompt, .output = output});
    at_s -= std::log(1 - random.Uniform());
  }
  return trace;
}

}  // namespace tradewind
