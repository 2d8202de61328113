// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/roofline.h"

#include <algorithm>
#include <cstdio>

#include "cli/table.h"
#include "measure/probes.h"

namespace tradewind {
namespace {

constexpr int kProbeTurns = 5;
constexpr uint64_t kLargestProbe = uint64_t{1} << 30;  // beyond this the caches have no part in it

std::string Formatted(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string Percent(double share) {
  return Formatted("%.1f", 100 * share);
}

// The kinds that took time, by what they took.
std::vector<Op> OpsByTime(const OpTimes& times) {
  std::vector<Op> ops;
  for (size_t i = 0; i < static_cast<size_t>(Op::kCount); ++i) {
    if (times.Of(static_cast<Op>(i)).time.ns > 0) ops.push_back(static_cast<Op>(i));
  }
  std::sort(ops.begin(), ops.end(), [&](Op a, Op b) { return times.Of(a).time > times.Of(b).time; });
  return ops;
}

std::string Escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

std::vector<std::string> Row(const std::string& name, const OpTimes::Total& total, double whole, const MachineLimits& limits) {
  const double seconds = total.time.seconds();
  const double operations = total.work.int8_ops + total.work.float_ops;
  const double limit = LimitSeconds(total.work, limits);
  const auto rate = [&](double amount, double unit) { return amount > 0 ? Formatted("%.3g", amount / seconds / unit) : "-"; };
  return {name,
          Formatted("%.3f", 1e3 * seconds),
          Percent(seconds / whole),
          rate(total.work.bytes, 1e9),
          rate(operations, 1e12),
          limit > 0 ? Percent(limit / seconds) : "-"};
}

}  // namespace

MachineLimits MeasureLimits(const KernelTable& kernels, int threads, uint64_t working_set_bytes) {
  return {
      .threads = threads,
      .bytes_per_s =
          1e9 *
          ProbeReadBandwidth(std::min(working_set_bytes, kLargestProbe), threads, kProbeTurns, kernels.burst_read).gigabytes_per_s.value,
      .int8_ops_per_s = ProbeRate(kernels.burst_int8, threads, kProbeTurns).value,
      .float_ops_per_s = ProbeRate(kernels.burst_float, threads, kProbeTurns).value};
}

double LimitSeconds(const OpWork& work, const MachineLimits& limits) {
  const double compute = work.int8_ops / limits.int8_ops_per_s + work.float_ops / limits.float_ops_per_s;
  return std::max(work.bytes / limits.bytes_per_s, compute);
}

std::string RooflineText(const Roofline& r) {
  TextTable table({r.test, "ms", "% of time", "GB/s", "TOPS", "% of limit"});
  const double whole = r.whole.seconds();
  for (const Op op : OpsByTime(r.times)) table.Add(Row(std::string(OpName(op)), r.times.Of(op), whole, r.limits));
  const OpTimes::Total all = r.times.All();
  table.Add(Row("all of these", all, whole, r.limits));
  return table.Text() + "measured " + Formatted("%.3f", 1e3 * whole) + " ms; limits at " + std::to_string(r.limits.threads) +
         (r.limits.threads == 1 ? " thread: " : " threads: ") + Formatted("%.1f GB/s read, ", r.limits.bytes_per_s * 1e-9) +
         Formatted("%.3f TOPS int8, ", r.limits.int8_ops_per_s * 1e-12) +
         Formatted("%.3f TFLOPS single\n", r.limits.float_ops_per_s * 1e-12);
}

Json RooflineJson(const Roofline& r) {
  Json ops = Json::array();
  for (const Op op : OpsByTime(r.times)) {
    const OpTimes::Total& total = r.times.Of(op);
    const double limit = LimitSeconds(total.work, r.limits);
    ops.push_back({{"op", std::string(OpName(op))},
                   {"seconds", total.time.seconds()},
                   {"share", total.time.seconds() / r.whole.seconds()},
                   {"bytes", total.work.bytes},
                   {"int8_ops", total.work.int8_ops},
                   {"float_ops", total.work.float_ops},
                   {"limit_seconds", limit},
                   {"share_of_limit", limit / total.time.seconds()}});
  }
  return {{"test", r.test},
          {"seconds", r.whole.seconds()},
          {"accounted_seconds", r.times.All().time.seconds()},
          {"limits",
           {{"threads", r.limits.threads},
            {"read_bytes_per_s", r.limits.bytes_per_s},
            {"int8_ops_per_s", r.limits.int8_ops_per_s},
            {"float_ops_per_s", r.limits.float_ops_per_s}}},
          {"ops", std::move(ops)}};
}

std::string RooflineSvg(const std::string& title, const std::vector<Roofline>& rooflines) {
  constexpr int kRowHeight = 20;
  constexpr int kLabels = 170;
  constexpr int kBars = 440;
  std::string body;
  int y = 48;
  const auto text = [&](int x, int at, const char* anchor, const std::string& what) {
    body += "<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(at) + "\" text-anchor=\"" + anchor + "\">" + Escaped(what) +
            "</text>\n";
  };
  const auto bar = [&](double width, const char* fill) {
    body += "<rect x=\"" + std::to_string(kLabels) + "\" y=\"" + std::to_string(y - 11) + "\" width=\"" + Formatted("%.1f", width) +
            "\" height=\"14\" fill=\"" + fill + "\"/>\n";
  };
  for (const Roofline& r : rooflines) {
    const OpTimes::Total all = r.times.All();
    text(8, y, "start",
         r.test + ": " + Formatted("%.2f ms", r.whole.ms()) + ", " + Percent(LimitSeconds(all.work, r.limits) / r.whole.seconds()) +
             " % of the limit");
    y += kRowHeight;
    double longest = 0;
    for (const Op op : OpsByTime(r.times)) longest = std::max(longest, r.times.Of(op).time.seconds());
    for (const Op op : OpsByTime(r.times)) {
      const OpTimes::Total& total = r.times.Of(op);
      const double seconds = total.time.seconds();
      const double limit = std::min(seconds, LimitSeconds(total.work, r.limits));
      text(kLabels - 6, y, "end", std::string(OpName(op)));
      bar(kBars * seconds / longest, "#d8c7a0");
      bar(kBars * limit / longest, "#1f6f8b");
      text(kLabels + kBars + 8, y, "start",
           Formatted("%.3f ms, ", 1e3 * seconds) + (limit > 0 ? Percent(limit / seconds) + " % of limit" : "no limit"));
      y += kRowHeight;
    }
    y += kRowHeight;
  }
  const std::string size = "width=\"820\" height=\"" + std::to_string(y) + "\"";
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " font-family=\"sans-serif\" font-size=\"12\">\n<rect " + size +
         " fill=\"white\"/>\n<text x=\"8\" y=\"22\" font-size=\"15\">" + Escaped(title) + "</text>\n" + body + "</svg>\n";
}

}  // namespace tradewind
