// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/measure_board.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "base/cpu.h"
#include "base/file.h"
#include "cli/json.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "core/device.h"
#include "vision/board.h"
#include "vision/board_chart.h"
#include "vision/board_contest.h"

namespace tradewind {
namespace {

// A board as it was timed here.
struct TimedBoard {
  Board board;
  int threads = 1;
  std::vector<BoardTime> times;
  std::vector<TimedNet> nets;
  std::vector<FrontierEntry> frontier;
  std::vector<BoardTier> tiers;

  // Net by net, the fastest first.
  std::vector<size_t> Order() const {
    std::vector<size_t> order(nets.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return nets[a].latency_ms < nets[b].latency_ms; });
    return order;
  }
  std::string Verdict(size_t i) const {
    return frontier[i].OnFrontier() ? "frontier" : "dominated by " + nets[*frontier[i].dominated_by].Title();
  }
  std::string Title() const {
    return "Board " + board.name + ": " + std::to_string(nets.size()) + " nets on " + ThisDevice().cpu_model + ", " +
           std::to_string(threads) + (threads == 1 ? " thread" : " threads");
  }
};

std::string TimeText(const TimedNet& net) {
  return WithInterval(net.latency_ms, net.interval.low, net.interval.high);
}

Json JsonOf(const TimedBoard& timed) {
  const Board& board = timed.board;
  Json json = {{"board", board.name},    {"accuracy_source", board.source}, {"threads", timed.threads},
               {"times", Json::array()}, {"points", Json::array()},         {"tiers", Json::array()}};
  for (const BoardTime& t : timed.times) {
    const BoardNet& net = board.nets[t.net];
    Json one = {{"net", net.name}, {"resolution", net.resolution}, {"weights", net.weights}, {"top1", net.top1}, {"backend", t.backend}};
    if (t.failure.empty()) {
      one["latency_ms"] = t.latency_ms;
      one["interval"] = {t.interval.low, t.interval.high};
    } else {
      one["failure"] = t.failure;
    }
    json["times"].push_back(std::move(one));
  }
  const std::vector<Point> points = BoardPoints(timed.nets);
  for (size_t i = 0; i < points.size(); ++i) {
    Json one = {{"setting_text", points[i].setting.Text()},
                {"top1", timed.nets[i].top1},
                {"latency_ms", timed.nets[i].latency_ms},
                {"frontier", timed.frontier[i].OnFrontier()}};
    if (timed.frontier[i].dominated_by) one["dominated_by"] = points[*timed.frontier[i].dominated_by].setting.Text();
    json["points"].push_back(std::move(one));
  }
  for (const BoardTier& tier : timed.tiers) {
    const TimedNet& net = timed.nets[tier.net];
    json["tiers"].push_back({{"at_most_ms", tier.at_most_ms}, {"net", net.Title()}, {"top1", net.top1}, {"latency_ms", net.latency_ms}});
  }
  return json;
}

void PrintTimedBoard(const TimedBoard& timed) {
  TextTable table({"net", "top-1, % (public)", "ms here", "by", "verdict"});
  for (const size_t i : timed.Order()) {
    const TimedNet& net = timed.nets[i];
    table.Add({net.Title(), ShortNumber(net.top1), TimeText(net), net.backend, timed.Verdict(i)});
  }
  TextTable tiers({"within", "the best net", "top-1, % (public)", "ms here"});
  for (const BoardTier& tier : timed.tiers) {
    const TimedNet& net = timed.nets[tier.net];
    tiers.Add({ShortNumber(tier.at_most_ms) + " ms", net.Title(), ShortNumber(net.top1), ShortNumber(net.latency_ms)});
  }
  std::printf("%s\n%s\naccuracy: %s\n", table.Text().c_str(), tiers.Text().c_str(), timed.board.source.c_str());
  for (const BoardTime& t : timed.times) {
    if (!t.failure.empty()) std::printf("not by %s: %s: %s\n", t.backend.c_str(), timed.board.nets[t.net].name.c_str(), t.failure.c_str());
  }
}

std::string MarkdownOf(const TimedBoard& timed) {
  std::string text = "# " + timed.Title() + "\n\nAccuracy: " + timed.board.source +
                     "; latency: one picture at a time, median of the rounds (fastest to slowest), by the faster back end.\n\n"
                     "## What a deadline buys\n\n| within | net | top-1, % | ms here |\n|---|---|---|---|\n";
  for (const BoardTier& tier : timed.tiers) {
    const TimedNet& net = timed.nets[tier.net];
    text += "| " + ShortNumber(tier.at_most_ms) + " ms | " + net.Title() + " | " + ShortNumber(net.top1) + " | " + TimeText(net) + " |\n";
  }
  text += "\n## Every net\n\n| net | weights | top-1, % | ms here | by | verdict |\n|---|---|---|---|---|---|\n";
  for (const size_t i : timed.Order()) {
    const TimedNet& net = timed.nets[i];
    text += "| " + net.Title() + " | " + net.weights + " | " + ShortNumber(net.top1) + " | " + TimeText(net) + " | " + net.backend + " | " +
            timed.Verdict(i) + " |\n";
  }
  return text;
}

}  // namespace

void BoardArguments::Declare(Arguments& args) {
  args.Option("--board", &board, "a leaderboard of this device (vision, or a YAML file): nets of public accuracy, timed here");
  args.Option("--backends", &backends, "with --board: who runs the nets, parted by commas [all that are there]");
  args.Option("--svg", &svg, "with --board: a file for the picture");
  args.Option("--markdown", &markdown, "with --board: also write the board into this file, as Markdown");
}

Result<void> CheckBoardArguments(const BoardArguments& arguments) {
  if (arguments.Asked() || (arguments.svg.empty() && arguments.markdown.empty() && arguments.backends.empty())) return {};
  const std::string flag = !arguments.svg.empty() ? "--svg" : !arguments.markdown.empty() ? "--markdown" : "--backends";
  return Fail(Status(StatusCode::kInvalidInput, flag + " is of a board; give --board too").At(flag));
}

Result<int> MeasureBoard(const BoardArguments& arguments, std::optional<int64_t> threads, bool json) {
  TimedBoard timed;
  TW_ASSIGN(timed.board, ReadBoard(arguments.board));
  timed.threads = threads ? static_cast<int>(*threads) : DefaultThreads();
  BoardOptions options{.threads = timed.threads};
  for (size_t begin = 0; begin < arguments.backends.size();) {
    const size_t comma = std::min(arguments.backends.find(',', begin), arguments.backends.size());
    options.backends.push_back(arguments.backends.substr(begin, comma - begin));
    begin = comma + 1;
  }
  ProgressLine line;
  TW_ASSIGN(timed.times, TimeBoard(timed.board, options, [&](double share, const std::string& what) { line.Show(share, what); }));
  line.Finish();
  timed.nets = FastestOf(timed.board, timed.times);
  timed.frontier = ComputeFrontier(BoardPoints(timed.nets), BoardAxes());
  timed.tiers = TiersOf(timed.nets);
  if (json) {
    PrintJson(JsonOf(timed));
  } else {
    PrintTimedBoard(timed);
  }
  if (!arguments.svg.empty()) TW_RETURN_IF_ERROR(WriteFileAtomically(arguments.svg, BoardSvg(timed.Title(), timed.nets, timed.frontier)));
  if (!arguments.markdown.empty()) TW_RETURN_IF_ERROR(WriteFileAtomically(arguments.markdown, MarkdownOf(timed)));
  return 0;
}

}  // namespace tradewind
