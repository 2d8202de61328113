// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Numbers within bounds. A number with decimals is written with a fixed count of them, so that it is a whole number of the smallest unit.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "text/json_schema_builder.h"

namespace tradewind {
namespace {

constexpr int64_t kGreatestWhole = 999'999'999'999'999;  // 15 digits, which a double keeps
constexpr int kFewestDecimals = 2;
constexpr int kMostDecimals = 6;

int64_t PowerOfTen(int exponent) {
  int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// Digits of numbers from `low` to `high`, which have equally many; a point stands before the last `decimals`.
class DigitRange {
 public:
  DigitRange(std::string low, std::string high, int decimals)
      : low_(std::move(low)), high_(std::move(high)), point_(low_.size() - static_cast<size_t>(decimals)) {}

  void Write(std::string& out) const {
    const size_t count = low_.size();
    const auto apart = static_cast<size_t>(std::mismatch(low_.begin(), low_.end(), high_.begin()).first - low_.begin());
    if (apart == count) return Piece(low_, count, '0', '0', out);
    char from = low_[apart];
    char to = high_[apart];
    if (low_.find_first_not_of('0', apart + 1) != std::string::npos) {
      Piece(low_, count, '0', '0', out);
      for (size_t j = count; --j > apart;) {
        if (low_[j] < '9') Piece(low_, j, static_cast<char>(low_[j] + 1), '9', out);
      }
      ++from;
    }
    if (high_.find_first_not_of('9', apart + 1) != std::string::npos) {
      Piece(high_, count, '0', '0', out);
      for (size_t j = count; --j > apart;) {
        if (high_[j] > '0') Piece(high_, j, '0', static_cast<char>(high_[j] - 1), out);
      }
      --to;
    }
    if (from <= to) Piece(low_, apart, from, to, out);
  }

 private:
  // The first `fixed` digits of `digits`, one from..to, then any.
  void Piece(const std::string& digits, size_t fixed, char from, char to, std::string& out) const {
    if (!out.empty()) out += " | ";
    out += '"';
    for (size_t i = 0; i < fixed; ++i) out += (i == point_ ? "." : "") + std::string(1, digits[i]);
    out += '"';
    if (fixed == digits.size()) return;
    if (fixed == point_) out += " \".\"";
    out += " [" + std::string(1, from) + "-" + std::string(1, to) + "]";
    const size_t left = digits.size() - fixed - 1;
    const size_t before_point = point_ > fixed + 1 ? point_ - fixed - 1 : 0;
    const bool point_ahead = point_ > fixed && point_ < digits.size();
    if (point_ahead) {
      if (before_point > 0) out += " [0-9]{" + std::to_string(before_point) + "}";
      out += " \".\"";
      out += " [0-9]{" + std::to_string(left - before_point) + "}";
    } else if (left > 0) {
      out += " [0-9]{" + std::to_string(left) + "}";
    }
  }

  std::string low_, high_;
  size_t point_;
};

// From low to high, 0 <= low <= high, by the count of their digits.
void NonNegative(int64_t low, int64_t high, int decimals, const char* sign, std::string& out) {
  const auto padded = [&](int64_t value) {
    std::string digits = std::to_string(value);
    const auto fewest = static_cast<size_t>(decimals) + 1;
    if (digits.size() < fewest) digits.insert(0, fewest - digits.size(), '0');
    return digits;
  };
  std::string all;
  while (low <= high) {
    const std::string digits = padded(low);
    const int64_t end = std::min(high, PowerOfTen(static_cast<int>(digits.size())) - 1);
    DigitRange(digits, padded(end), decimals).Write(all);
    low = end + 1;
  }
  if (!out.empty()) out += " | ";
  out += std::string(sign) + "(" + all + ")";
}

void WholeRange(int64_t low, int64_t high, int decimals, std::string& out) {
  if (low < 0) NonNegative(std::max<int64_t>(1, -high), -low, decimals, "\"-\" ", out);
  if (high >= 0 && low <= high) NonNegative(std::max<int64_t>(0, low), high, decimals, "", out);
}

struct NumberBound {
  double value = 0;
  bool exclusive = false;
  int decimals = 0;
};

// How many decimals the shortest spelling has; nothing for one with an exponent.
std::optional<int> DecimalsOf(const SchemaJson& value) {
  const std::string text = value.dump();
  if (text.find_first_of("eE") != std::string::npos) return std::nullopt;
  const size_t point = text.find('.');
  if (point == std::string::npos || text.substr(point) == ".0") return 0;
  return static_cast<int>(text.size() - point - 1);
}

// The stricter of the two keywords; `sign` is 1 for minima and -1 for maxima.
Result<std::optional<NumberBound>> BoundOf(const SchemaPlace& place, const char* inclusive, const char* exclusive, double sign) {
  std::optional<NumberBound> bound;
  for (const char* keyword : {inclusive, exclusive}) {
    if (!place.schema.contains(keyword)) continue;
    const std::string at = SchemaPointer(place.at, keyword);
    const SchemaJson& value = place.schema[keyword];
    if (!value.is_number()) return BadSchema(at, std::string(keyword) + " is a number");
    const std::optional<int> decimals = DecimalsOf(value);
    const auto number = value.get<double>();
    const double greatest = decimals && *decimals > 0 ? 1e9 - 1 : static_cast<double>(kGreatestWhole);
    if (!decimals || *decimals > kMostDecimals || std::fabs(number) > greatest) {
      return UnsupportedSchema(
          at, "a bound has at most " + std::to_string(kMostDecimals) + " decimals and 15 digits (with decimals 9), and no exponent");
    }
    const bool is_exclusive = keyword == exclusive;
    if (!bound || sign * number > sign * bound->value || (number == bound->value && is_exclusive)) {
      bound = NumberBound{number, is_exclusive, *decimals};
    }
  }
  return bound;
}

// The bound in units of 10^-decimals, where `sign` is 1 for a minimum; rounded into the range.
int64_t InUnits(const NumberBound& bound, int decimals, int sign) {
  const int scale = std::max(decimals, bound.decimals);
  const auto exact = static_cast<int64_t>(std::llround(bound.value * static_cast<double>(PowerOfTen(scale))));
  const int64_t unit = PowerOfTen(scale - decimals);
  int64_t down = exact / unit - (exact % unit < 0 ? 1 : 0);
  const bool whole = exact % unit == 0;
  if (whole && bound.exclusive) return down + sign;
  return sign > 0 && !whole ? down + 1 : down;
}

}  // namespace

Result<std::string> NumberExpression(const SchemaPlace& place, bool integer) {
  TW_ASSIGN(const std::optional<NumberBound> low, BoundOf(place, "minimum", "exclusiveMinimum", 1));
  TW_ASSIGN(const std::optional<NumberBound> high, BoundOf(place, "maximum", "exclusiveMaximum", -1));
  if (!low && !high) return integer ? "integer" : "number";
  std::string out;
  const auto range = [&](int decimals, int64_t greatest) {
    const int64_t from = low ? InUnits(*low, decimals, 1) : -greatest;
    const int64_t to = high ? InUnits(*high, decimals, -1) : greatest;
    if (from <= to) WholeRange(from, to, decimals, out);
  };
  range(0, kGreatestWhole);
  if (!integer) {
    const int decimals = std::max({kFewestDecimals, low ? low->decimals : 0, high ? high->decimals : 0});
    const bool fits = (!low || std::fabs(low->value) < 1e9) && (!high || std::fabs(high->value) < 1e9);
    if (fits) range(decimals, PowerOfTen(9 + decimals) - 1);
  }
  if (out.empty()) return BadSchema(place.at, "nothing satisfies this schema: no number lies between its bounds");
  return out;
}

}  // namespace tradewind
