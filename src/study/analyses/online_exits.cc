// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Exits added to a stock net and tuned while a stream drifts (arXiv:2312.05385).
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/clock.h"
#include "base/cpu.h"
#include "base/random.h"
#include "base/shuffle.h"
#include "graph/stages.h"
#include "policy/exit_tuner.h"
#include "recorded/library.h"
#include "stats/bootstrap.h"
#include "stats/summary.h"
#include "study/analysis.h"
#include "study/study_nets.h"
#include "vision/certainty.h"
#include "vision/fit_exits.h"
#include "vision/picture_set.h"
#include "vision/video.h"

namespace tradewind {
namespace {

// Pictures to fit the exits to, and the stream that comes then.
struct ExitStream {
  std::vector<Image> fit, stream;
};

// "plain": as it is; "dark": a third of the light; "noise": of a spread of 24 levels.
Image Changed(Image image, const std::string& phase, Random& random) {
  for (uint8_t& value : image.pixels) {
    if (phase == "dark") value = static_cast<uint8_t>(value / 3);
    if (phase == "noise") value = static_cast<uint8_t>(std::clamp(std::lround(value + 24 * random.Normal()), 0L, 255L));
  }
  return image;
}

Result<std::vector<Image>> ReadAllPictures(const std::string& pictures, const ModelCard& card, const AnalysisContext& context) {
  TW_ASSIGN(const Workload workload, StudyPictures(pictures, card, context));
  std::vector<Image> images;
  for (const Sample& sample : workload.recalled) {
    TW_ASSIGN(Image image, ReadPicture(ParseSampleId(sample.id)));
    images.push_back(std::move(image));
  }
  return images;
}

// The pictures in an order drawn once; equal parts of them in the phases, one after the other.
Result<ExitStream> StreamOfPictures(Parameters& with, const ModelCard& card, const AnalysisContext& context) {
  std::vector<Image> fit;
  if (const std::string spec = with.Text("fit", ""); !spec.empty()) {
    TW_ASSIGN(fit, ReadAllPictures(spec, card, context));
  }
  TW_ASSIGN(std::vector<Image> images, ReadAllPictures(with.Text("pictures", ""), card, context));
  const std::vector<std::string> phases = with.List("phases", "plain");
  for (const std::string& phase : phases) {
    if (phase != "plain" && phase != "dark" && phase != "noise")
      return Fail(Status(StatusCode::kInvalidInput, "\"" + phase + "\" is no phase: plain, dark, noise").At("phases"));
  }
  Random random(1);
  Shuffle(images, random);
  ExitStream stream{.fit = std::move(fit), .stream = {}};
  for (size_t i = 0; i < images.size(); ++i) {
    const std::string& phase = phases[i * phases.size() / images.size()];
    stream.stream.push_back(Changed(std::move(images[i]), phase, random));
  }
  return stream;
}

// The videos one after the other; the exits are fitted to the first tenth of each, which is left out of the stream.
Result<ExitStream> StreamOfVideos(const std::vector<std::string>& videos, const PictureSides& sides, const AnalysisContext& context) {
  ExitStream stream;
  for (const std::string& video : videos) {
    TW_ASSIGN(VideoReader reader, VideoReader::Open(RecordedFile("vision", video, context.data_folder)));
    std::vector<Image> frames;
    for (;;) {
      TW_ASSIGN(std::optional<Image> frame, reader.Next());
      if (!frame) break;
      frames.push_back(ResizeAndCrop(*frame, std::min(sides.width, sides.height), std::max(sides.width, sides.height)));
    }
    const size_t tenth = frames.size() / 10;
    for (size_t i = 0; i < frames.size(); ++i) (i < tenth ? stream.fit : stream.stream).push_back(std::move(frames[i]));
  }
  return stream;
}

// What one input gave: by the net as it was, and by the one with exits.
struct ExitTimes {
  double plain_ms = 0;
  std::vector<double> stage_ms;  // from the start to the end of each stage, the last one's exit being the whole net
  ExitRecord record;
};

int64_t BestOf(const Tensor& scores) {
  const auto values = scores.Values<float>();
  return std::max_element(values.begin(), values.end()) - values.begin();
}

class ExitRecorder {
 public:
  static Result<ExitRecorder> Open(const OnnxModel& plain, const OnnxModel& with_exits, const ModelCard& card,
                                   const GraphOptions& options) {
    TW_ASSIGN(auto runner, OpenGraph({.path = plain.source, .model = plain}, options));
    TW_ASSIGN(StagedGraph staged, StagedGraph::Open(with_exits, options));
    return ExitRecorder(std::move(runner), std::move(staged), card);
  }

  // Both nets look at it, in turns.
  Result<ExitTimes> Look(const Image& image) {
    TW_ASSIGN(Tensor input, PictureTensor(image, card_.input, runner_->inputs()[0]));
    ExitTimes times;
    const bool plain_first = turn_++ % 2 == 0;
    if (plain_first) TW_RETURN_IF_ERROR(RunPlain(input, times));
    TW_RETURN_IF_ERROR(RunStages(input, times));
    if (!plain_first) TW_RETURN_IF_ERROR(RunPlain(input, times));
    return times;
  }

 private:
  ExitRecorder(std::unique_ptr<GraphRunner> runner, StagedGraph staged, ModelCard card)
      : runner_(std::move(runner)), staged_(std::move(staged)), card_(std::move(card)) {}

  Result<void> RunPlain(const Tensor& input, ExitTimes& times) {
    const TimePoint start = RealClock().Now();
    TW_RETURN_IF_ERROR(runner_->Run({&input, 1}));
    times.plain_ms = (RealClock().Now() - start).ms();
    return {};
  }
  Result<void> RunStages(const Tensor& input, ExitTimes& times) {
    std::vector<int64_t> best;
    const TimePoint start = RealClock().Now();
    TW_RETURN_IF_ERROR(staged_.Begin(input));
    while (!staged_.Done()) {
      TW_ASSIGN(const Tensor scores, staged_.Step());
      best.push_back(BestOf(scores));
      if (!staged_.Done())
        times.record.certainty.push_back(
            static_cast<double>(CertaintyOf(Certainty::kConfidence, scores.Values<float>(), card_.probabilities)));
      times.stage_ms.push_back((RealClock().Now() - start).ms());
    }
    for (size_t k = 0; k + 1 < best.size(); ++k) times.record.agrees.push_back(best[k] == best.back());
    return {};
  }

  std::unique_ptr<GraphRunner> runner_;
  StagedGraph staged_;
  ModelCard card_;
  size_t turn_ = 0;
};

// What the mean input would save by leaving at each exit.
std::vector<double> FreedBy(std::span<const ExitTimes> all) {
  std::vector<double> freed(all[0].stage_ms.size() - 1, 0.0);
  for (const ExitTimes& t : all) {
    for (size_t k = 0; k < freed.size(); ++k) freed[k] += (t.stage_ms.back() - t.stage_ms[k]) / static_cast<double>(all.size());
  }
  return freed;
}

struct ReleasedAnswers {
  std::vector<double> ms;     // from the start to the answer
  std::vector<double> wrong;  // 1: it is not the whole net's
  std::vector<size_t> exits;  // answers by exit, the whole net's last
};

// With a tuner that learns, or by thresholds that stay as they were after the first window.
ReleasedAnswers Release(std::span<const ExitTimes> all, const ExitTunerOptions& options, bool keeps_learning) {
  const std::vector<double> freed = FreedBy(all.first(std::min<size_t>(all.size(), 50)));
  ExitTuner tuner(freed, options);
  ReleasedAnswers released{.ms = {}, .wrong = {}, .exits = std::vector<size_t>(freed.size() + 1)};
  for (size_t i = 0; i < all.size(); ++i) {
    const size_t exit = LeavesAt(all[i].record.certainty, tuner.thresholds());
    released.ms.push_back(all[i].stage_ms[exit]);
    released.wrong.push_back(exit < freed.size() && !all[i].record.agrees[exit] ? 1 : 0);
    ++released.exits[exit];
    if (keeps_learning || i < options.memory) tuner.Observe(all[i].record);
  }
  return released;
}

double WorstWindow(const std::vector<double>& wrong, size_t window) {
  double worst = 0;
  for (size_t begin = 0; begin < wrong.size(); begin += window) {
    // What is left at the end joins the last whole window.
    const size_t end = begin + 2 * window > wrong.size() ? wrong.size() : begin + window;
    worst = std::max(worst, Mean(std::span(wrong).subspan(begin, end - begin)));
    if (end == wrong.size()) break;
  }
  return worst;
}

struct ExitNets {
  OnnxModel plain, with_exits;
  ModelCard card;
  std::vector<Image> stream;
};

Result<ExitNets> PrepareExits(Parameters& with, const AnalysisContext& context, int threads) {
  ExitNets nets;
  TW_ASSIGN(FloatNet net, ReadStudyNet(with.Text("net", ""), context));
  nets.plain = std::move(net.model);
  nets.card = std::move(net.card);
  TW_ASSIGN(const auto runner, OpenGraph({.path = nets.plain.source, .model = nets.plain}, {}));
  TW_ASSIGN(const PictureSides sides, SidesOf(runner->inputs()[0]));
  const std::vector<std::string> videos = with.List("videos", "");
  ExitStream stream;
  if (videos.empty()) {
    TW_ASSIGN(stream, StreamOfPictures(with, nets.card, context));
  } else {
    TW_ASSIGN(stream, StreamOfVideos(videos, sides, context));
  }
  nets.stream = std::move(stream.stream);
  if (const std::string trained = with.Text("with_exits", ""); !trained.empty()) {
    TW_ASSIGN(FloatNet given, ReadStudyNet(trained, context));
    nets.with_exits = std::move(given.model);
    return nets;
  }
  TW_ASSIGN(const int64_t exits, with.Integer("exits", 4, 1, 64));
  context.Tell(0.1, "fitting exits to " + std::to_string(stream.fit.size()) + " pictures");
  TW_ASSIGN(nets.with_exits,
            FitExits(nets.plain, nets.card, stream.fit, {.most = static_cast<int>(exits), .at = with.List("at", ""), .threads = threads}));
  return nets;
}

std::string ReleasedLine(const std::string& who, const ReleasedAnswers& released, const std::vector<double>& plain, size_t window) {
  std::string exits;
  for (const size_t count : released.exits)
    exits += (exits.empty() ? "" : " ") + std::to_string(100 * count / std::max<size_t>(1, released.ms.size()));
  char line[240];
  std::snprintf(line, sizeof line,
                "%s: median %.3f ms of %.3f, p95 %.3f of %.3f; other answers %.2f %%, in the worst window %.2f %%; left by exit (%%): %s",
                who.c_str(), Median(released.ms), Median(plain), Quantile(released.ms, 0.95), Quantile(plain, 0.95),
                100 * Mean(released.wrong), 100 * WorstWindow(released.wrong, window), exits.c_str());
  return line;
}

Result<Finding> AnalyseOnlineExits(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(const int64_t threads, with.Integer("threads", DefaultThreads(), 1, 256));
  TW_ASSIGN(const double loss, with.Number("loss", 0.01, 0, 1));
  TW_ASSIGN(const int64_t window, with.Integer("window", 500, 50, 1'000'000));
  const GraphOptions options{.backend = with.Text("backend", "native"), .threads = static_cast<int>(threads)};
  TW_ASSIGN(const ExitNets nets, PrepareExits(with, context, options.threads));
  TW_ASSIGN(ExitRecorder recorder, ExitRecorder::Open(nets.plain, nets.with_exits, nets.card, options));
  std::vector<ExitTimes> all;
  std::vector<double> plain, full;
  for (size_t i = 0; i < nets.stream.size(); ++i) {
    TW_ASSIGN(ExitTimes times, recorder.Look(nets.stream[i]));
    plain.push_back(times.plain_ms);
    full.push_back(times.stage_ms.back());
    all.push_back(std::move(times));
    if (i % 100 == 0)
      context.Tell(0.2 + 0.8 * static_cast<double>(i) / static_cast<double>(nets.stream.size()), "the stream, both nets in turns");
  }
  if (all.size() < static_cast<size_t>(window))
    return Fail(Status(StatusCode::kInvalidInput, "the stream is shorter than a window").At("window"));
  const auto size = static_cast<size_t>(window);
  const ReleasedAnswers online = Release(all, {.most_loss = loss}, true), once = Release(all, {.most_loss = loss}, false);
  const Interval median = RatioInterval(online.ms, plain, Pairing::kPaired, {.statistic = Statistic::kMedian, .resamples = 1000});
  const Interval rate = RatioInterval(plain, full, Pairing::kPaired, {.statistic = Statistic::kMedian, .resamples = 1000});
  const double worst = WorstWindow(online.wrong, size), worst_once = WorstWindow(once.wrong, size);
  Finding finding;
  finding.numbers = {{"median_saved", 1 - Median(online.ms) / Median(plain), {1 - median.high, 1 - median.low, median.confidence}},
                     {"worst_window_loss", worst, {worst, worst, 1}},
                     {"throughput_share", Median(plain) / Median(full), rate},
                     {"worst_window_loss_untuned", worst_once, {worst_once, worst_once, 1}}};
  finding.detail = {ReleasedLine("tuned while it runs", online, plain, size), ReleasedLine("tuned once", once, plain, size)};
  return finding;
}

}  // namespace

void RegisterOnlineExitsAnalysis(Registry<Analysis>& registry);
void RegisterOnlineExitsAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "online_exits",
      {.kind = ClaimKind::kCompare,
       .summary =
           "`exits` exits are fitted to the answers of `net` (study_nets.h) on `fit`, without labels (or those of the net "
           "`with_exits` are taken, whose rest is the same), and tuned while a stream of "
           "`pictures` (in `phases`: plain, dark, noise) or of the frames of `videos` (whose first tenth is fitted to) goes by; all inputs "
           "run to the end, by `backend` and `threads`. `loss` is the share of other answers allowed in a window of `window`. Numbers: "
           "median_saved (of the time to the answer), "
           "worst_window_loss, throughput_share (rate with exits over the stock net's), worst_window_loss_untuned (thresholds stay as "
           "first found).",
       .run = AnalyseOnlineExits});
}

}  // namespace tradewind
