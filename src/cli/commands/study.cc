// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind study: published results, each claim beside what comes of it here.
#include <cstdio>
#include <span>

#include "base/file.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "study/analysis.h"
#include "study/run_study.h"

namespace tradewind {

// The files of studies/, put into the program (cmake/Embed.cmake).
std::span<const std::pair<std::string_view, std::string_view>> EmbeddedStudies();

namespace {

constexpr uint64_t kMostStudy_bytes = 256 << 10;

Result<std::vector<Study>> AllStudies() {
  std::vector<Study> studies;
  for (const auto& [name, yaml] : EmbeddedStudies()) {
    TW_ASSIGN(Study study, ParseStudy(yaml, "studies/" + std::string(name) + ".yaml"));
    studies.push_back(std::move(study));
  }
  return studies;
}

Result<Study> StudyOfFile(const std::string& path) {
  TW_ASSIGN(const std::string yaml, ReadFile(path, kMostStudy_bytes));
  return ParseStudy(yaml, path);
}

// How many claims could not be tested for a fault of the study or its table; each is named on stderr.
int ReportFaults(const std::vector<StudyResult>& results) {
  int faults = 0;
  for (const StudyResult& result : results) {
    for (const ClaimResult& c : result.claims) {
      if (!c.faulty) continue;
      std::fprintf(stderr, "tradewind: study %s: %s\n", result.study.row.c_str(), c.reason.c_str());
      ++faults;
    }
  }
  return faults;
}

// Those asked for, in the order asked; a row is "18" or "018", and what ends in .yaml is a file.
Result<std::vector<Study>> Chosen(const std::vector<std::string>& rows, bool all) {
  TW_ASSIGN(std::vector<Study> studies, AllStudies());
  if (all) return studies;
  std::vector<Study> chosen;
  for (const std::string& row : rows) {
    if (row.ends_with(".yaml")) {
      TW_ASSIGN(Study study, StudyOfFile(row));
      chosen.push_back(std::move(study));
      continue;
    }
    const std::string padded = std::string(row.size() < 3 ? 3 - row.size() : 0, '0') + row;
    bool found = false;
    for (const Study& study : studies) {
      if (study.row != padded && study.name != row) continue;
      chosen.push_back(study);
      found = true;
    }
    if (!found) {
      return Fail(Status(StatusCode::kNotFound, "there is no study \"" + row +
                                                    "\"; `tradewind study --list` lists them, and a file of your own is named by its path")
                      .At("study"));
    }
  }
  if (chosen.empty()) {
    return Fail(Status(StatusCode::kInvalidInput, "name a study (its number), or give --all or --list").At("study"));
  }
  return chosen;
}

std::string Text(const StudyResult& result) {
  std::string text = result.study.row + " " + result.study.title + "\n";
  for (const ClaimResult& c : result.claims) {
    text += "  " + VerdictText(c) + ": " + c.claim.claim + "\n";
    if (!c.claim.claimed.empty()) text += "    claimed: " + c.claim.claimed + "\n";
    text += "    here (" + std::string(EvidenceName(c.claim.evidence)) + "): " + c.reason + "\n";
    for (const std::string& line : c.detail) text += "      " + line + "\n";
    if (c.detail_of) text += "      found with: " + result.claims[*c.detail_of].claim.claim + "\n";
  }
  return text;
}

struct StudyCommand {
  std::vector<std::string> rows;
  bool all = false, list = false, analyses = false, json = false, cached = false, fresh = false;
  std::optional<std::string> markdown;

  void Declare(Arguments& args) {
    args.Positionals("study", &rows, "numbers or names of studies, or paths of study files (docs/extending.md)");
    args.Flag("--all", &all, "every study");
    args.Flag("--list", &list, "list the studies and run nothing");
    args.Flag("--analyses", &analyses, "list the analyses that a study can name, with their parameters and numbers, and run nothing");
    args.Flag("--json", &json, "print one JSON value");
    args.Flag("--cached", &cached, "print what is known and run nothing");
    args.Flag("--fresh", &fresh, "run also what is known");
    args.Option("--markdown", &markdown, "also write the report into this file, as Markdown");
  }
};

Result<int> StudyMain(int argc, char** argv) {
  StudyCommand command;
  Arguments args("study", "Runs published results, and prints what each claims beside what comes of it here.");
  command.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  if (command.list) {
    TW_ASSIGN(const std::vector<Study> studies, AllStudies());
    for (const Study& study : studies) std::printf("%s %s\n", study.row.c_str(), study.name.c_str());
    return 0;
  }
  if (command.analyses) {
    for (const auto& [name, analysis] : Analyses().All()) {
      std::printf("%s (%s)\n  %s\n", name.c_str(), std::string(ClaimKindName(analysis.kind)).c_str(), analysis.summary.c_str());
    }
    return 0;
  }
  TW_ASSIGN(const std::vector<Study> studies, Chosen(command.rows, command.all));
  TW_ASSIGN(DeviceProfile profile, DeviceProfile::Open(StorePath()));
  StudyOptions options{.context = {.data_folder = ""}, .cached = command.cached, .fresh = command.fresh};
  std::vector<StudyResult> results;
  ProgressLine line;
  for (size_t i = 0; i < studies.size(); ++i) {
    options.context.progress = [&](double share, const std::string& what) {
      line.Show((static_cast<double>(i) + share) / static_cast<double>(studies.size()), studies[i].row + "  " + what);
    };
    TW_ASSIGN(StudyResult result, RunStudy(studies[i], profile, options));
    line.Finish();
    if (!command.json) std::printf("%s", Text(result).c_str());
    results.push_back(std::move(result));
  }
  if (command.json) std::printf("%s", ToJsonText(results).c_str());
  if (command.markdown) TW_RETURN_IF_ERROR(WriteFileAtomically(*command.markdown, ToMarkdown(results)));
  return ReportFaults(results) == 0 ? 0 : 2;
}

}  // namespace

void RegisterStudyCommand(Registry<Command>& registry) {
  registry.Add("study", {.summary = "published results: what is claimed beside what comes here", .run = StudyMain});
}

}  // namespace tradewind
