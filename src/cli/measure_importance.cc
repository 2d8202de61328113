// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/measure_importance.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <vector>

#include "base/atomic_file.h"
#include "base/units.h"
#include "cli/json.h"
#include "cli/progress.h"
#include "cli/stop_signals.h"
#include "llm/importance.h"
#include "measure/text_workload.h"

namespace tradewind {
namespace {

tl::unexpected<Status> BadImportance(StatusCode code, const std::string& message, const char* option = "--imatrix") {
  return Fail(Status(code, message).At(option));
}

Result<void> CheckOut(const std::string& out) {
  std::error_code ignored;
  if (std::filesystem::is_directory(out, ignored))
    return BadImportance(StatusCode::kInvalidInput, "'" + out + "' is a folder; name a file");
  const std::filesystem::path folder = std::filesystem::path(out).parent_path();
  if (folder.empty() || std::filesystem::is_directory(folder, ignored)) return {};
  return BadImportance(StatusCode::kInvalidInput,
                       "there is no folder '" + folder.string() + "' to write '" + out + "' in; make it, or name another file");
}

// A tensor's experts that no token met, or the whole of it.
struct Unreached {
  std::string tensor;
  std::vector<size_t> experts;
  bool whole = false;
};

std::vector<Unreached> UnreachedOf(const ImportanceSums& sums) {
  std::vector<Unreached> all;
  for (const auto& [name, tensor] : sums.tensors) {
    Unreached unreached{.tensor = name, .experts = {}, .whole = false};
    for (size_t i = 0; i < tensor.counts.size(); ++i) {
      if (tensor.counts[i] == 0) unreached.experts.push_back(i);
    }
    if (unreached.experts.empty()) continue;
    unreached.whole = unreached.experts.size() == tensor.counts.size();
    all.push_back(std::move(unreached));
  }
  return all;
}

void PrintUnreached(const ImportanceSums& sums, const std::vector<Unreached>& unreached) {
  if (unreached.empty()) return;
  const Unreached& first = unreached.front();
  const std::string which = first.whole ? first.tensor
                                        : std::to_string(first.experts.size()) + " of " +
                                              std::to_string(sums.tensors.at(first.tensor).counts.size()) + " experts of " + first.tensor;
  const std::string others = unreached.size() == 1 ? "" : ", nor all of " + std::to_string(unreached.size() - 1) + " more tensors";
  std::fprintf(stderr, "tradewind: no token reached %s%s: their columns will count alike; a longer text may reach them\n", which.c_str(),
               others.c_str());
}

Json ImportanceJson(const ImportanceSums& sums, const std::vector<Unreached>& unreached, int64_t tokens) {
  Json json = {{"matrices", sums.tensors.size()}, {"tokens", tokens}, {"chunks", sums.chunk_count}, {"chunk_size", sums.chunk_size}};
  json["unreached"] = Json::array();
  for (const Unreached& u : unreached) {
    Json entry = {{"tensor", u.tensor}};
    if (!u.whole) entry["experts"] = u.experts;
    json["unreached"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace

void ImportanceArguments::Declare(Arguments& args) {
  args.Output("--imatrix", &out, "writes an importance matrix for `quantize --imatrix` to this file and measures nothing else");
  args.Option("--chunks", &chunks, "of --imatrix: chunks of 512 tokens, at most [the whole text]");
}

Result<void> ImportanceArguments::Check(const Subject& subject, const MeasureArguments& measure) const {
  if (!out) {
    if (chunks) return BadImportance(StatusCode::kInvalidInput, "--chunks is for --imatrix; for perplexity there is --windows", "--chunks");
    return {};
  }
  if (!subject.language_model()) {
    return BadImportance(StatusCode::kUnsupported,
                         std::string(subject.tunable->name()) + " is no language model: an importance matrix is of a model's weights");
  }
  if (measure.metrics || measure.time) {
    return BadImportance(StatusCode::kInvalidInput, "--imatrix measures no metrics; leave --metrics and --time out");
  }
  if (chunks && *chunks < 1) return BadImportance(StatusCode::kInvalidInput, "there must be a chunk at least", "--chunks");
  return CheckOut(*out);
}

Result<int> MeasureImportance(const ImportanceArguments& given, const Setting& setting, const Workload& workload, bool json) {
  TW_ASSIGN(const std::string path, FindModelFile(setting.TextOr("model", "")));
  std::error_code ignored;
  if (std::filesystem::equivalent(path, *given.out, ignored))
    return BadImportance(StatusCode::kInvalidInput, "'" + *given.out + "' is the model that is read; name another file");
  TW_ASSIGN(const auto instance, LanguageModelInstance::Open(path, setting, {}, RealClock()));
  const StopSignals signals;
  TW_ASSIGN(AtomicFile file, AtomicFile::Create(*given.out));
  const TimePoint start = RealClock().Now();
  ProgressLine line;
  ImportanceOptions options;
  if (given.chunks) options.chunks = *given.chunks;
  options.progress = [&](int64_t done, int64_t all) {
    const double share = static_cast<double>(done) / static_cast<double>(all);
    const Duration left = Duration::Seconds((RealClock().Now() - start).seconds() * (1 - share) / share);
    line.Show(share,
              "chunk " + std::to_string(done) + " of " + std::to_string(all) + (done < all ? ", " + FormatDuration(left) + " left" : ""));
    return !signals.stopped();
  };
  TW_ASSIGN(ImportanceSums sums, SumImportance(*instance, WholeText(workload), options));
  line.Finish();
  sums.datasets = {workload.name};
  TW_ASSIGN(const std::vector<std::byte> bytes, sums.ToGguf());
  TW_RETURN_IF_ERROR(file.Write(bytes));
  TW_RETURN_IF_ERROR(file.Commit());
  const Duration spent = RealClock().Now() - start;
  const int64_t tokens = int64_t{sums.chunk_count} * int64_t{sums.chunk_size};  // chunks are of one length
  const std::vector<Unreached> unreached = UnreachedOf(sums);
  PrintUnreached(sums, unreached);
  if (json) {
    Json value = ImportanceJson(sums, unreached, tokens);
    value.update({{"path", *given.out}, {"workload", workload.name}, {"seconds", spent.seconds()}});
    PrintJson(value);
  } else {
    std::printf("importance of the columns of %zu matrices over %lld tokens, %u chunks of %u of %s, in %s\n  %s\n", sums.tensors.size(),
                static_cast<long long>(tokens), sums.chunk_count, sums.chunk_size, workload.name.c_str(), FormatDuration(spent).c_str(),
                given.out->c_str());
  }
  return 0;
}

}  // namespace tradewind
