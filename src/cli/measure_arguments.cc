// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/measure_arguments.h"

#include "base/units.h"
#include "measure/text_workload.h"

namespace tradewind {

void MeasureArguments::Declare(Arguments& args) {
  args.Option("--workload", &workload, "text:FILE [the store's default workload]");
  args.Option("--metrics", &metrics, "names, parted by commas [all that apply]");
  args.Option("--time", &time, "for timing each setting [20s]");
  args.Option("--windows", &windows, "windows of 512 tokens for perplexity, at most");
  args.Flag("--json", &json, "print one JSON value");
}

Result<Workload> MeasureArguments::ToWorkload(const ProfileStore& store) const {
  if (!workload.empty()) return LoadWorkload(workload);
  TW_ASSIGN(const std::optional<StoredWorkload> standard, store.DefaultWorkload());
  if (!standard)
    return Fail(Status(StatusCode::kInvalidInput, "there is no default workload yet; name one by --workload text:FILE").At("--workload"));
  TW_ASSIGN(Workload loaded, LoadWorkload(standard->name));
  if (loaded.id != standard->id) {
    return Fail(
        Status(StatusCode::kInvalidInput, standard->name + " is no longer the text that was measured; name the workload by --workload")
            .At("--workload"));
  }
  return loaded;
}

Result<MeasureOptions> MeasureArguments::ToOptions(bool with_perplexity) const {
  MeasureOptions options;
  options.perplexity_windows = windows;
  if (time) {
    TW_ASSIGN(options.time, ParseDuration(*time, TimeUnit::kSeconds));
  }
  if (!metrics) {
    if (with_perplexity) {
      for (const auto& [name, metric] : Metrics().All()) options.metrics.push_back(name);
    }
    return options;
  }
  for (size_t begin = 0; begin <= metrics->size();) {
    const size_t comma = std::min(metrics->find(',', begin), metrics->size());
    const std::string name = metrics->substr(begin, comma - begin);
    if (Metrics().Find(name) == nullptr) {
      std::string known;
      for (const auto& [other, metric] : Metrics().All()) known += (known.empty() ? "" : ", ") + other;
      return Fail(Status(StatusCode::kNotFound, "there is no metric \"" + name + "\"; there are: " + known).At("--metrics"));
    }
    options.metrics.push_back(name);
    begin = comma + 1;
  }
  return options;
}

}  // namespace tradewind
