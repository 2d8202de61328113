// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Spiking nets that stop when they are sure, beside the same nets at a fixed number of steps and beside an oracle.
#include "vision/spiking_stop.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/cpu.h"
#include "graph/spiking.h"
#include "stats/bootstrap.h"
#include "stats/summary.h"
#include "study/analysis.h"
#include "study/study_nets.h"
#include "vision/picture_set.h"
#include "vision/vision_net.h"

namespace tradewind {
namespace {

// Rules are judged on each fifth of the pictures in turn, fitted on the others.
constexpr int64_t kStopFolds = 5;

struct SpikingTask {
  std::vector<std::string> nets, conversions;
  std::string calibration, pictures;
  int64_t steps = 0;
  double plateau = 0;
  double loss = 0;
  int threads = 1;
};

Result<SpikingTask> ReadSpikingTask(Parameters& with) {
  SpikingTask task{.nets = with.List("nets", ""),
                   .conversions = with.List("conversions", "percentile:99.9"),
                   .calibration = with.Text("calibration", "vision/cifar10/train.tar,256"),
                   .pictures = with.Text("pictures", "vision/cifar10/test.tar,500")};
  TW_ASSIGN(task.steps, with.Integer("steps", 64, 2, 4096));
  TW_ASSIGN(task.plateau, with.Number("plateau", 0.2, 0, 100));
  TW_ASSIGN(task.loss, with.Number("loss", 0, 0, 100));
  TW_ASSIGN(const int64_t threads, with.Integer("threads", DefaultThreads(), 1, 256));
  task.threads = static_cast<int>(threads);
  if (task.nets.empty()) return Fail(Status(StatusCode::kInvalidInput, "no net is named").At("nets"));
  return task;
}

// What one net with one conversion came to, each picture judged by rules that have not seen it.
struct SettingRuns {
  std::vector<double> share;         // steps taken, of those of the fixed run
  std::vector<double> oracle_share;  // likewise
  std::vector<double> lost;          // right at the fixed number of steps, less right when stopped
  std::vector<double> spikes_share;
  std::vector<double> steps, right, fixed_steps, fixed_right, oracle_right, stable_steps, oracle_steps;
};

// The first step after which top-1 is within `plateau` of the last one's: what the net needs, to whom nobody said when to stop.
int64_t FixedSteps(const StepRecord& record, double plateau) {
  const double wanted = record.Top1(record.steps) - plateau - 1e-12;
  int64_t step = 1;
  while (step < record.steps && record.Top1(step) < wanted) ++step;
  return step;
}

Result<SettingRuns> RunSetting(const StepRecord& record, const SpikingTask& task) {
  SettingRuns all;
  for (int64_t fold = 0; fold < kStopFolds; ++fold) {
    const StepRecord fitted = record.AllBut(kStopFolds, fold), judged = record.Part(kStopFolds, fold);
    const int64_t fixed = FixedSteps(fitted, task.plateau / 100);
    TW_ASSIGN(const StopRule rule, FitStopRule(fitted, {.steps = fixed, .loss = task.loss / 100}));
    const StopRun run = RunWith(rule, judged), still = RunFixed(fixed, judged);
    const StopRun oracle = RunOracle(fixed, false, judged), stable = RunOracle(fixed, true, judged);
    for (size_t i = 0; i < run.steps.size(); ++i) {
      all.share.push_back(run.steps[i] / still.steps[i]);
      all.oracle_share.push_back(oracle.steps[i] / still.steps[i]);
      all.lost.push_back(still.right[i] - run.right[i]);
      all.spikes_share.push_back(still.spikes[i] > 0 ? run.spikes[i] / still.spikes[i] : 1);
    }
    const auto append = [](std::vector<double>& to, const std::vector<double>& from) { to.insert(to.end(), from.begin(), from.end()); };
    append(all.steps, run.steps);
    append(all.right, run.right);
    append(all.fixed_steps, still.steps);
    append(all.fixed_right, still.right);
    append(all.oracle_steps, oracle.steps);
    append(all.oracle_right, oracle.right);
    append(all.stable_steps, stable.steps);
  }
  return all;
}

std::string Points(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", 100 * share);
  return text;
}

// Lines on one setting: what it came to, the curve of fixed steps, and the oracle's at the same limits.
void TellSetting(const std::string& name, double top1, const StepRecord& record, const SettingRuns& runs, Finding& finding) {
  const Interval saved = BootstrapInterval(runs.share, {.confidence = kStudyConfidence});
  double operations = 0, spikes = 0;
  for (int64_t i = 0; i < record.pictures(); ++i) {
    operations += record.synaptic_operations[record.Place(i, record.steps)];
    spikes += record.spikes[record.Place(i, record.steps)];
  }
  const auto count = static_cast<double>(record.pictures());
  // The fewest fixed steps that are as good as stopping in time, on the same pictures.
  int64_t alike = 1;
  while (alike < record.steps && record.Top1(alike) < Mean(runs.right) - 1e-12) ++alike;
  char line[400];
  std::snprintf(line, sizeof line,
                "%s: stops after %.1f of %.1f steps, saving %.3f (%.3f to %.3f), top-1 %s where all steps have %s and the net itself %s; "
                "as many right at %lld fixed steps; oracle %.1f steps with %s, and %.1f to stay right",
                name.c_str(), Mean(runs.steps), Mean(runs.fixed_steps), 1 - Mean(runs.share), 1 - saved.high, 1 - saved.low,
                Points(Mean(runs.right)).c_str(), Points(Mean(runs.fixed_right)).c_str(), Points(top1).c_str(),
                static_cast<long long>(alike), Mean(runs.oracle_steps), Points(Mean(runs.oracle_right)).c_str(), Mean(runs.stable_steps));
  finding.detail.emplace_back(line);
  std::snprintf(line, sizeof line, "  a step: %.3f spikes a neuron, %.2f million synaptic operations; stopping saves %.3f of the spikes",
                spikes / count / static_cast<double>(record.neurons * record.steps),
                operations / count / 1e6 / static_cast<double>(record.steps), 1 - Mean(runs.spikes_share));
  finding.detail.emplace_back(line);
  std::string curve = "  steps: top-1, oracle's mean steps and top-1:";
  for (int64_t step = 1; step <= record.steps; step = step == record.steps ? step + 1 : std::min(2 * step, record.steps)) {
    const StopRun oracle = RunOracle(step, false, record);
    std::snprintf(line, sizeof line, " %lld: %s, %.1f %s;", static_cast<long long>(step), Points(record.Top1(step)).c_str(),
                  Mean(oracle.steps), Points(Mean(oracle.right)).c_str());
    curve += line;
  }
  curve.pop_back();
  finding.detail.push_back(std::move(curve));
}

// Of the net as it is.
Result<double> Top1Of(const OnnxModel& model, const PictureInputs& pictures) {
  TW_ASSIGN(const auto runner, OpenGraph({.path = model.source, .model = model}, {}));
  double right = 0;
  for (size_t i = 0; i < pictures.tensors.size(); ++i) {
    TW_ASSIGN(const std::vector<Tensor> outputs, runner->Run({&pictures.tensors[i], 1}));
    const auto logits = outputs[0].Values<float>();
    right += std::max_element(logits.begin(), logits.end()) - logits.begin() == pictures.labels[i] ? 1 : 0;
  }
  return right / static_cast<double>(pictures.tensors.size());
}

struct SpikingNetOfStudy {
  OnnxModel model;
  PictureInputs calibration, pictures;
};

Result<SpikingNetOfStudy> OpenSpikingNet(const std::string& spec, const SpikingTask& task, const AnalysisContext& context) {
  TW_ASSIGN(const std::string file, StudyNetFile(spec, context));
  TW_ASSIGN(const ModelCard card, FindCard(file, ""));
  SpikingNetOfStudy net;
  TW_ASSIGN(net.model, ReadOnnx(file));
  TW_ASSIGN(const auto runner, OpenGraph({.path = file, .model = net.model}, {}));
  TW_ASSIGN(const Workload calibration, StudyPictures(task.calibration, card, context));
  TW_ASSIGN(const Workload pictures, StudyPictures(task.pictures, card, context));
  TW_ASSIGN(net.calibration, ReadInputs(calibration, card, runner->inputs()[0]));
  TW_ASSIGN(net.pictures, ReadInputs(pictures, card, runner->inputs()[0]));
  return net;
}

// Averages over the settings of what each picture came to: settings share pictures, so pictures are what is drawn again.
std::vector<double> AverageOver(const std::vector<SettingRuns>& settings, std::vector<double> SettingRuns::* member) {
  std::vector<double> mean((settings[0].*member).size());
  for (const SettingRuns& s : settings) {
    for (size_t i = 0; i < mean.size(); ++i) mean[i] += (s.*member)[i] / static_cast<double>(settings.size());
  }
  return mean;
}

Number LessThanOne(const std::string& name, const std::vector<double>& shares) {
  const Interval interval = BootstrapInterval(shares, {.confidence = kStudyConfidence});
  return {name, 1 - Mean(shares), {1 - interval.high, 1 - interval.low, interval.confidence}};
}

Result<Finding> AnalyseSpikingStop(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(const SpikingTask task, ReadSpikingTask(with));
  TW_RETURN_IF_ERROR(with.CheckAllRead());
  Finding finding;
  std::vector<SettingRuns> settings;
  const double all = static_cast<double>(task.nets.size() * task.conversions.size());
  for (const std::string& spec : task.nets) {
    const std::string short_name = spec.substr(0, spec.find('@'));
    TW_ASSIGN(const SpikingNetOfStudy net, OpenSpikingNet(spec, task, context));
    TW_ASSIGN(const double top1, Top1Of(net.model, net.pictures));
    for (const std::string& conversion : task.conversions) {
      const std::string name = short_name + " " + conversion;
      const auto tell = [&](double share) { context.Tell((static_cast<double>(settings.size()) + share) / all, name); };
      tell(0);
      TW_ASSIGN(const SpikingOptions options, ParseSpikingOptions(conversion));
      TW_ASSIGN(const OnnxModel spiking, ToSpiking(net.model, net.calibration.tensors, options));
      TW_ASSIGN(const StepRecord record, RecordSteps(spiking, net.pictures.tensors, net.pictures.labels, task.steps, task.threads, tell));
      TW_ASSIGN(SettingRuns runs, RunSetting(record, task));
      TellSetting(name, top1, record, runs, finding);
      settings.push_back(std::move(runs));
    }
  }
  std::vector<double> lost = AverageOver(settings, &SettingRuns::lost);
  for (double& l : lost) l *= 100;
  finding.numbers = {LessThanOne("saving", AverageOver(settings, &SettingRuns::share)),
                     {"points_lost", Mean(lost), BootstrapInterval(lost, {.confidence = kStudyConfidence})},
                     LessThanOne("oracle_saving", AverageOver(settings, &SettingRuns::oracle_share)),
                     LessThanOne("spikes_saved", AverageOver(settings, &SettingRuns::spikes_share)),
                     {"settings", all, {all, all, kStudyConfidence}}};
  for (const Number& number : finding.numbers) finding.detail.push_back(NumberText(number));
  finding.detail.emplace_back("steps are the claim, not milliseconds: a step is a whole pass of the net on this hardware");
  return finding;
}

}  // namespace

void RegisterSpikingStopAnalysis(Registry<Analysis>& registry);
void RegisterSpikingStopAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "spiking_stop",
      {.kind = ClaimKind::kCompare,
       .summary =
           "`nets` made spiking by each of `conversions` (thresholds from the pictures `calibration`), on `pictures`, for `steps` at most: "
           "stopping when sure, fitted on four fifths of the pictures with at most `loss` points and judged on the fifth, beside the "
           "fixed number of steps that comes within `plateau` points of the last, and beside an oracle. Numbers, averages over the "
           "settings: saving (of steps), points_lost, oracle_saving, spikes_saved, settings.",
       .run = AnalyseSpikingStop});
}

}  // namespace tradewind
