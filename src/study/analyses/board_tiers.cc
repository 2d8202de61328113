// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A hub for this device: of each deadline the most accurate net that keeps it, beside the most accurate of some rivals.
#include <algorithm>
#include <cstdio>
#include <limits>

#include "study/board_timing.h"

namespace tradewind {
namespace {

// The most accurate whose time, as `ms` gives it, keeps the deadline; nullptr if none does.
template <typename Ms>
const TimedNet* BestWithin(const std::vector<TimedNet>& nets, double at_most_ms, const Ms& ms) {
  const TimedNet* best = nullptr;
  for (const TimedNet& net : nets) {
    if (ms(net) <= at_most_ms && (best == nullptr || net.top1 > best->top1)) best = &net;
  }
  return best;
}

// How far the hub's best stands above the rivals' at a deadline; NaN where either has none.
struct TierLead {
  double value = 0, low = 0, high = 0;
};
double LeadOf(const TimedNet* hub, const TimedNet* rival) {
  return hub == nullptr || rival == nullptr ? std::numeric_limits<double>::quiet_NaN() : hub->top1 - rival->top1;
}
TierLead LeadAt(double at_most_ms, const std::vector<TimedNet>& hub, const std::vector<TimedNet>& rivals) {
  const auto value = [](const TimedNet& n) { return n.latency_ms; };
  const auto fast = [](const TimedNet& n) { return n.interval.low; };
  const auto slow = [](const TimedNet& n) { return n.interval.high; };
  TierLead lead;
  lead.value = LeadOf(BestWithin(hub, at_most_ms, value), BestWithin(rivals, at_most_ms, value));
  // As if all of the hub had been slow and all rivals fast, and the other way about; where one side is then without, as it is.
  const double low = LeadOf(BestWithin(hub, at_most_ms, slow), BestWithin(rivals, at_most_ms, fast));
  const double high = LeadOf(BestWithin(hub, at_most_ms, fast), BestWithin(rivals, at_most_ms, slow));
  lead.low = low == low ? low : lead.value;
  lead.high = high == high ? high : lead.value;
  return lead;
}

// If each net took as long as `ms` says.
template <typename Ms>
double CountTiers(std::vector<TimedNet> nets, const Ms& ms) {
  for (TimedNet& net : nets) net.latency_ms = ms(net);
  return static_cast<double>(TiersOf(nets).size());
}

Result<Finding> FindTiers(const std::vector<TimedNet>& nets, const std::vector<std::string>& against, double margin) {
  std::vector<TimedNet> hub, rivals;
  for (const TimedNet& net : nets) {
    const bool rival = std::any_of(against.begin(), against.end(), [&](const std::string& f) { return net.name.starts_with(f); });
    (rival ? rivals : hub).push_back(net);
  }
  if (hub.empty() || rivals.empty())
    return Fail(Status(StatusCode::kUnsupported, "of the board's nets none ran that is a rival, or none that is not").At("against"));
  Finding finding;
  const std::vector<BoardTier> tiers = TiersOf(hub);
  const double confidence = nets[0].interval.confidence;
  double above = 0, above_low = 0, above_high = 0, rivalled = 0;
  TierLead least{1e9, 1e9, 1e9};
  for (const BoardTier& tier : tiers) {
    char line[64];
    std::snprintf(line, sizeof line, "within %g ms: ", tier.at_most_ms);
    const TimedNet* rival = BestWithin(rivals, tier.at_most_ms, [](const TimedNet& n) { return n.latency_ms; });
    finding.detail.push_back(line + TimedNetText(hub[tier.net]) +
                             (rival == nullptr ? "; no rival keeps it" : "; of the rivals " + TimedNetText(*rival)));
    if (rival == nullptr) continue;
    const TierLead lead = LeadAt(tier.at_most_ms, hub, rivals);
    ++rivalled;
    above += lead.value > margin;
    above_low += lead.low > margin;
    above_high += lead.high > margin;
    least = {std::min(least.value, lead.value), std::min(least.low, lead.low), std::min(least.high, lead.high)};
  }
  const double count = static_cast<double>(tiers.size());
  const double if_fast = CountTiers(hub, [](const TimedNet& n) { return n.interval.low; });
  const double if_slow = CountTiers(hub, [](const TimedNet& n) { return n.interval.high; });
  finding.numbers.push_back({"tiers", count, {std::min({count, if_fast, if_slow}), std::max({count, if_fast, if_slow}), confidence}});
  if (rivalled > 0) {
    finding.numbers.push_back({"tiers_above", above, {above_low, above_high, confidence}});
    finding.numbers.push_back({"share_above", above / rivalled, {above_low / rivalled, above_high / rivalled, confidence}});
    finding.numbers.push_back({"least_lead", least.value, {least.low, least.high, confidence}});
  }
  if (const auto speedup = MeanSpeedup(ContestAtEqualTime(hub, rivals, 0).races))
    finding.numbers.push_back({"speedup", speedup->value, speedup->interval});
  return finding;
}

Result<Finding> AnalyseBoardTiers(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(const BoardTiming timing, ReadBoardTiming(with));
  const std::vector<std::string> against = with.List("against", "");
  if (against.empty())
    return Fail(Status(StatusCode::kInvalidInput, "name the families to beat, by how their nets' names start").At("against"));
  TW_ASSIGN(const double margin, with.Number("margin", kChancePoints, 0, 100));
  TW_RETURN_IF_ERROR(OnlyFamilies(timing.board, against));
  TW_ASSIGN(const std::vector<BoardTime> times, TimeFor(timing.board, timing, context));
  TW_ASSIGN(Finding finding, FindTiers(FastestOf(timing.board, times, timing.weights), against, margin));
  const std::vector<std::string> failures = FailureLines(timing.board, times);
  finding.detail.insert(finding.detail.end(), failures.begin(), failures.end());
  return finding;
}

}  // namespace

void RegisterBoardTiersAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "board_tiers",
      {.kind = ClaimKind::kFrontier,
       .summary = "deadlines of powers of two milliseconds on this device, the most accurate net of the board for each, and whether it "
                  "stands above rivals that keep it. against (families, by how their names start), margin (points that are more than "
                  "chance) [0.54]; " +
                  std::string(kBoardTimingSummary) +
                  ". Gives tiers, tiers_above, share_above (of those that a rival keeps), least_lead (points of top-1), speedup (over "
                  "the rivals at equal accuracy)",
       .run = AnalyseBoardTiers});
}

}  // namespace tradewind
