// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/speed_gate.h"

#include <algorithm>
#include <cmath>

#include "base/cpu.h"
#include "kernels/isa.h"
#include "stats/bootstrap.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

// A share as the file has it; false if it is none.
bool IsShare(const Json& value) {
  if (!value.is_array() || value.size() != 3) return false;
  for (const Json& number : value) {
    if (!number.is_number() || !(number.get<double>() > 0)) return false;
  }
  return value[1] <= value[2];
}

Status Wrong(const std::string& path, const std::string& field, const std::string& expected) {
  return Status(StatusCode::kInvalidInput, path + ": " + field + " is not " + expected + "; write the baseline again with --write-baseline")
      .At(field);
}

}  // namespace

GateClaim JudgeClaim(std::string what, std::string than, std::span<const double> seconds, std::span<const double> other_seconds) {
  GateClaim claim{.what = std::move(what), .than = std::move(than), .ratio = Median(seconds) / Median(other_seconds), .interval = {}};
  claim.interval = RatioInterval(seconds, other_seconds, Pairing::kPaired, {.statistic = Statistic::kMedian});
  claim.holds = claim.interval.low <= 1 + kGateTolerance;
  return claim;
}

GateShare ShareOfLimit(std::string what, double limit_seconds, std::span<const double> seconds) {
  const Interval interval = BootstrapInterval(seconds, {.statistic = Statistic::kMedian});
  return {std::move(what), limit_seconds / Median(seconds), {limit_seconds / interval.high, limit_seconds / interval.low}};
}

std::vector<GateShare> SpanOfRuns(std::span<const std::vector<GateShare>> runs) {
  std::vector<GateShare> spans;
  for (size_t i = 0; !runs.empty() && i < runs[0].size(); ++i) {
    GateShare span = runs[0][i];
    std::vector<double> shares;
    for (const std::vector<GateShare>& run : runs) {
      shares.push_back(run[i].share);
      span.interval.low = std::min(span.interval.low, run[i].interval.low);
      span.interval.high = std::max(span.interval.high, run[i].interval.high);
    }
    span.share = Median(shares);
    spans.push_back(std::move(span));
  }
  return spans;
}

void TakeWhatHolds(std::vector<GateClaim>& claims, std::span<const GateClaim> again) {
  for (GateClaim& claim : claims) {
    const auto now =
        std::find_if(again.begin(), again.end(), [&](const GateClaim& c) { return c.what == claim.what && c.than == claim.than; });
    if (!claim.holds && now != again.end() && now->holds) claim = *now;
  }
}

Result<GateBaseline> GateBaseline::Parse(const std::string& text, const std::string& path) {
  GateBaseline baseline;
  if (text.empty()) return baseline;
  const Json file = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!file.is_object()) return Fail(Wrong(path, "the file", "a JSON object of machines"));
  for (const auto& [machine, shares] : file.items()) {
    if (!shares.is_object()) return Fail(Wrong(path, machine, "an object of shares"));
    for (const auto& [what, share] : shares.items()) {
      if (!IsShare(share)) return Fail(Wrong(path, machine + ": " + what, "[share, low, high] of positive numbers"));
    }
  }
  baseline.machines_ = file;
  return baseline;
}

std::string GateBaseline::Text() const {
  return machines_.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void GateBaseline::Set(const std::string& machine, std::span<const GateShare> shares) {
  const auto rounded = [](double x) { return std::round(x * 1e4) / 1e4; };
  Json& mine = machines_[machine] = Json::object();
  for (const GateShare& s : shares) mine[s.what] = {rounded(s.share), rounded(s.interval.low), rounded(s.interval.high)};
}

std::vector<GateClaim> GateBaseline::Judge(const std::string& machine, std::span<const GateShare> shares) const {
  std::vector<GateClaim> claims;
  const auto mine = machines_.find(machine);
  if (mine == machines_.end()) return claims;
  for (const GateShare& now : shares) {
    const auto before = mine->find(now.what);
    if (before == mine->end()) continue;
    const double share = (*before)[0];
    // Of times, as in the other claims: the shares' inverses.
    const Interval interval = {(*before)[1].get<double>() / now.interval.high, (*before)[2].get<double>() / now.interval.low};
    claims.push_back({now.what, "the baseline", share / now.share, interval, interval.low <= 1 + kBaselineTolerance});
  }
  return claims;
}

std::string GateMachine() {
  const Result<Isa> isa = SelectIsa();
  return DetectMachine().cpu_model + ", " + std::string(isa ? IsaName(*isa) : "none");
}

}  // namespace tradewind
