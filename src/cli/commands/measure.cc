// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind measure: what one setting of one model gives and costs on a workload.
#include <cstdio>

#include "base/file.h"
#include "cli/command.h"
#include "cli/measure_arguments.h"
#include "cli/measure_board.h"
#include "cli/measure_importance.h"
#include "cli/progress.h"
#include "cli/results.h"
#include "cli/subject.h"

namespace tradewind {
namespace {

Result<int> MeasureMain(int argc, char** argv) {
  ModelArguments model;
  MeasureArguments measure;
  Arguments args("measure", "Measures quality, latency and memory of one setting and files them in the profile store.");
  model.Declare(args);
  measure.Declare(args);
  ImportanceArguments importance;
  importance.Declare(args);
  std::string device;
  args.Option("--device", &device, "of a table: where it was recorded [the table's default]");
  BoardArguments board;
  board.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  TW_RETURN_IF_ERROR(CheckBoardArguments(board));
  if (board.Asked()) return MeasureBoard(board, model.threads, measure.json);
  TW_ASSIGN(const Subject subject, OpenSubject(model, device));
  TW_RETURN_IF_ERROR(CheckModelNamed(subject, model));
  TW_RETURN_IF_ERROR(importance.Check(subject, measure));
  TW_ASSIGN(ProfileStore store, ProfileStore::Open(StorePath()));
  TW_ASSIGN(const Workload workload, JudgedWorkloadFor(subject, measure, store));
  if (importance.out) return MeasureImportance(importance, subject.base, workload, measure.json);
  MeasureOptions options;
  if (subject.language_model()) {
    TW_ASSIGN(options, measure.ToOptions(true));
  }
  TW_ASSIGN(Runner runner, Runner::Make(*subject.tunable, workload, store));
  ProgressLine line;
  options.progress = [&](const std::string& stage, double share) { line.Show(share, stage); };
  TW_ASSIGN(const TrialRecord record, runner.Measure(subject.base, options));
  line.Finish();
  if (measure.json) {
    Json json = {
        {"workload", workload.name}, {"workload_id", workload.id}, {"device", record.key.device_id}, {"setting_text", record.key.setting}};
    for (const Measurement& m : record.measurements) json["measurements"].push_back(ToJson(m));
    json["seconds"] = record.seconds;
    json["store"] = store.path();
    PrintJson(json);
  } else {
    std::printf("%s\non %s\n\n%s", record.key.setting.c_str(), workload.name.c_str(),
                MeasurementTable(record.measurements, *subject.tunable).c_str());
  }
  return 0;
}

}  // namespace

void RegisterMeasureCommand(Registry<Command>& registry) {
  registry.Add("measure", {.summary = "measure quality, latency and memory of one setting", .run = MeasureMain});
}

}  // namespace tradewind
