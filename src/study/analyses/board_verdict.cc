// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Nets of some families against those of others, of public accuracy, in equal time on this device.
#include <cstdio>

#include "study/board_timing.h"

namespace tradewind {
namespace {

bool OfFamily(const std::string& name, const std::vector<std::string>& families) {
  for (const std::string& family : families) {
    if (name.starts_with(family)) return true;
  }
  return false;
}

std::vector<TimedNet> NetsOf(const std::vector<TimedNet>& nets, const std::vector<std::string>& families) {
  std::vector<TimedNet> out;
  for (const TimedNet& net : nets) {
    if (OfFamily(net.name, families)) out.push_back(net);
  }
  return out;
}

void AddNumber(Finding& finding, const std::string& name, const BoardNumber& number) {
  finding.numbers.push_back({name, number.value, number.interval});
}

// The numbers of one contest, their names ending in `suffix`. False where all rivals are slower than all nets.
bool AddContest(const BoardContest& contest, double margin, const std::string& suffix, Finding& finding) {
  const auto summary = SummaryOf(contest.bouts, margin);
  if (summary) {
    AddNumber(finding, "share_won" + suffix, summary->share_won);
    AddNumber(finding, "mean_difference" + suffix, summary->mean_difference);
    AddNumber(finding, "least_difference" + suffix, summary->least_difference);
  }
  if (const auto speedup = MeanSpeedup(contest.races)) AddNumber(finding, "speedup" + suffix, *speedup);
  return summary.has_value();
}

void DescribeBouts(const std::vector<TimedNet>& nets, const std::vector<TimedNet>& rivals, const BoardContest& contest, Finding& finding) {
  for (const BoardBout& bout : contest.bouts) {
    std::string line = TimedNetText(nets[bout.net]);
    if (!bout.rival) {
      finding.detail.push_back(line + "; every rival takes longer");
      continue;
    }
    char difference[64];
    std::snprintf(difference, sizeof difference, ", %+.2f points (%+.2f to %+.2f)", bout.difference, bout.interval.low, bout.interval.high);
    finding.detail.push_back(line + " against " + TimedNetText(rivals[*bout.rival]) + difference);
  }
  size_t unreached = 0;
  for (const BoardRace& race : contest.races) unreached += race.net ? 0 : 1;
  if (unreached > 0)
    finding.detail.push_back(std::to_string(unreached) + " of " + std::to_string(rivals.size()) +
                             " rivals are more accurate than all of the nets, and not in the speedup");
}

Result<Finding> AnalyseBoardVerdict(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(const BoardTiming timing, ReadBoardTiming(with));
  const std::vector<std::string> families = with.List("nets", "");
  const std::vector<std::string> against = with.List("against", "");
  TW_ASSIGN(const double within, with.Number("within", 0, 0, 10));
  TW_ASSIGN(const double margin, with.Number("margin", kChancePoints, 0, 100));
  const std::string cost = with.Text("cost", "latency");
  if (cost != "latency" && cost != "parameters")
    return Fail(Status(StatusCode::kInvalidInput, "\"" + cost + "\" is no cost: latency or parameters").At("cost"));
  if (families.empty() || against.empty())
    return Fail(Status(StatusCode::kInvalidInput, "name the families to compare, by what their nets' names start with: nets and against")
                    .At("nets"));
  std::vector<std::string> all = families;
  all.insert(all.end(), against.begin(), against.end());
  TW_ASSIGN(const Board board, OnlyFamilies(timing.board, all));
  std::vector<BoardTime> times;
  std::vector<TimedNet> timed;
  if (cost == "parameters") {
    TW_ASSIGN(timed, NetsBySize(board, timing.weights));
  } else {
    TW_ASSIGN(times, TimeFor(board, timing, context));
    timed = FastestOf(board, times, timing.weights);
  }
  const std::vector<TimedNet> nets = NetsOf(timed, families), rivals = NetsOf(timed, against);
  Finding finding;
  if (!times.empty()) finding.detail = FailureLines(board, times);
  if (nets.empty() || rivals.empty())
    return Fail(
        Status(StatusCode::kUnsupported, finding.detail.empty() ? "no net ran" : finding.detail[0]).At(nets.empty() ? "nets" : "against"));
  const BoardContest contest = ContestAtEqualTime(nets, rivals, within);
  if (!AddContest(contest, margin, "", finding)) TW_RETURN_IF_ERROR(SummaryOf(contest.bouts, margin));
  // Against each family alone, where there are several.
  for (size_t f = 0; f < against.size() && against.size() > 1; ++f) {
    const std::vector<TimedNet> some = NetsOf(rivals, {against[f]});
    if (!AddContest(ContestAtEqualTime(nets, some, within), margin, "." + against[f], finding))
      finding.detail.push_back("against " + against[f] + " alone: every one takes longer than every net");
  }
  DescribeBouts(nets, rivals, contest, finding);
  return finding;
}

}  // namespace

void RegisterBoardVerdictAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "board_verdict",
      {.kind = ClaimKind::kCompare,
       .summary = "nets of public accuracy against others in equal time on this device. nets, against (families, by how their names "
                  "start), within (by which share rivals may cost more) [0], cost (latency or parameters) [latency], margin (points that "
                  "are more than chance) [0.54]; " +
                  std::string(kBoardTimingSummary) +
                  ". Gives share_won, mean_difference and least_difference (points of top-1), speedup (at equal accuracy); of each "
                  "family alone share_won.FAMILY and so on",
       .run = AnalyseBoardVerdict});
}

}  // namespace tradewind
