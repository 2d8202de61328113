// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How well a device is known from ten measurements, on the public latency tables that HELP (arXiv:2106.08630) was judged on, with the split
// of devices of its released program: rank correlations, calibration, and (where accuracies are known) frontiers and searches under
// bounds. Settings of the meta-training are chosen by `valid`, which tests on the validation devices and never looks at the others.
// The tables lie in TRADEWIND_SHARED/assets/nas, default ../shared.
//
//   transfer_bench nb201 | nb201-valid | nb201-search | fbnet | ofa [seeds=5] [name=value of few_shot]...
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "search/nas_tables.h"
#include "search/transfer_search.h"

namespace tradewind {
namespace {

using Names = std::vector<std::string>;

std::string Folder() {
  const char* shared = std::getenv("TRADEWIND_SHARED");
  return std::string(shared == nullptr ? "../shared" : shared) + "/assets/nas/";
}

int Failed(const Status& status) {
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}

// name=value words; false for an unknown one.
bool Set(const std::string& word, TransferOptions& options) {
  const size_t equals = word.find('=');
  if (equals == std::string::npos) return false;
  const std::string name = word.substr(0, equals);
  const double value = std::atof(word.c_str() + equals + 1);
  FewShotOptions& f = options.few_shot;
  const std::map<std::string, size_t*> counts = {{"episodes", &f.episodes},
                                                 {"tasks", &f.tasks},
                                                 {"queries", &f.queries},
                                                 {"members", &f.members},
                                                 {"samples", &options.samples},
                                                 {"trained", &options.training_architectures},
                                                 {"tested", &options.tested_architectures}};
  const std::map<std::string, uint32_t*> units = {{"steps", &f.inner_steps}, {"hidden", &f.hidden}, {"modulation", &f.modulation}};
  const std::map<std::string, float*> rates = {{"meta_rate", &f.meta_rate}, {"inner_rate", &f.inner_rate}};
  const std::map<std::string, double*> shares = {{"power", &f.power}, {"mixture", &f.mixture_share}, {"noise", &f.noise}};
  if (const auto at = counts.find(name); at != counts.end())
    *at->second = static_cast<size_t>(value);
  else if (const auto unit = units.find(name); unit != units.end())
    *unit->second = static_cast<uint32_t>(value);
  else if (const auto rate = rates.find(name); rate != rates.end())
    *rate->second = static_cast<float>(value);
  else if (const auto share = shares.find(name); share != shares.end())
    *share->second = value;
  else if (name == "seeds") {
    options.seeds.clear();
    for (uint64_t s = 1; s <= static_cast<uint64_t>(value); ++s) options.seeds.push_back(s);
  } else
    return false;
  return true;
}

int Study(const LatencyTable& table, const TransferOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto report = FewShotTransfer(table, options);
  if (!report) return Failed(report.error());
  for (const TransferRow& row : report->rows) {
    std::printf("%-14s %-13s rho %.3f [%.3f, %.3f]  middle %.3f  median error %5.1f %%", row.predictor.c_str(), row.device.c_str(),
                row.spearman, row.interval.low, row.interval.high, row.middle_spearman, 100 * row.median_relative_error);
    if (!row.coverage.empty()) std::printf("  coverage %.2f %.2f %.2f", row.coverage[0], row.coverage[1], row.coverage[2]);
    std::printf("\n");
  }
  for (const TransferComparison& c : report->comparisons) {
    std::printf("few_shot - %-14s %+.3f [%+.3f, %+.3f]\n", c.predictor.c_str(), c.difference, c.interval.low, c.interval.high);
  }
  std::printf("%zu seeds, %.0f s\n", options.seeds.size(), std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return 0;
}

int Search(const NasTable& nas, const TransferOptions& options) {
  const auto rows = FewShotSearch(nas.table, nas.accuracy, {.transfer = options});
  if (!rows) return Failed(rows.error());
  for (const TransferSearchRow& r : *rows) {
    std::printf(
        "%-14s %-13s share %.4f [%.4f, %.4f]  bounds met %.3f [%.3f, %.3f], unchecked %.3f  accuracy lost %.2f  measurements %.1f, "
        "unaided %.0f, all %zu\n",
        r.predictor.c_str(), r.device.c_str(), r.share, r.share_interval.low, r.share_interval.high, r.met_share, r.met_interval.low,
        r.met_interval.high, r.met_unchecked, r.quality_lost, r.measurements, r.unaided, nas.table.architectures());
  }
  return 0;
}

// An Once-for-All network as features: kernel and expansion of each of 20 blocks, or neither where the stage's depth leaves it out, the
// depths, how often each occurs, and the resolution.
std::vector<double> OfaFeatures(const std::vector<std::string>& cells) {
  const std::vector<std::string> depths = SplitText(cells[2], ' ');
  const int options[3][3] = {{3, 5, 7}, {3, 4, 6}, {2, 3, 4}};
  std::vector<double> features;
  std::vector<double> counts(9, 0.0);
  for (size_t what = 0; what < 3; ++what) {
    const std::vector<std::string> values = SplitText(cells[what], ' ');
    for (size_t i = 0; i < values.size(); ++i) {
      const bool used = what == 2 || std::atoi(depths[i / 4].c_str()) > static_cast<int>(i % 4);
      for (size_t k = 0; k < 3; ++k) {
        features.push_back(used && std::atoi(values[i].c_str()) == options[what][k] ? 1 : 0);
        counts[what * 3 + k] += features.back();
      }
    }
  }
  features.insert(features.end(), counts.begin(), counts.end());
  const double resolution = std::atof(cells[3].c_str()) / 224;
  features.push_back(resolution);
  features.push_back(resolution * resolution);
  return features;
}

LatencyTable ReadOfa(const std::string& path) {
  LatencyTable table;
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> header = SplitText(line, ',');
  for (size_t c = 4; c < header.size(); ++c) table.devices.push_back(header[c].substr(7));
  table.latencies.resize(table.devices.size());
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = SplitText(line, ',');
    table.features.push_back(OfaFeatures(cells));
    for (size_t c = 4; c < cells.size(); ++c) table.latencies[c - 4].push_back(std::atof(cells[c].c_str()));
  }
  return table;
}

// Trained, validated and tested devices; the space's large batch is 256 or 64.
TransferOptions Split(const std::string& batch) {
  TransferOptions options;
  options.train = {"1080ti_1",    "1080ti_32", "1080ti_" + batch, "silver_4114", "silver_4210r",
                   "samsung_a50", "pixel3",    "essential_ph_1",  "samsung_s7"};
  options.valid = {"titanx_1", "titanx_32", "titanx_" + batch, "gold_6240"};
  options.test = {"titan_rtx_256", "gold_6226", "pixel2", "raspi4", "eyeriss", "fpga"};
  options.seeds = {1, 2, 3, 4, 5};
  return options;
}

int Run(const std::string& what, const Names& words) {
  TransferOptions options = Split(what == "fbnet" ? "64" : "256");
  if (what == "fbnet") options.test = {"raspi4", "eyeriss", "fpga"};
  if (what == "ofa") {
    options.train = {"2080ti_1", "2080ti_32", "2080ti_64", "titan_xp_1", "titan_xp_32", "titan_xp_64", "v100_1", "v100_32", "v100_64"};
    options.valid = {"titan_rtx_1", "titan_rtx_32"};
    options.test = {"titan_rtx_64"};
  }
  if (what == "fbnet" || what == "ofa") {
    options.training_architectures = 4000;
    options.tested_architectures = 1000;
  }
  if (what == "nb201-valid") {
    // Each validation device by a model that neither trained nor stopped on it.
    options.test = options.valid;
    options.valid = {"silver_4210r", "samsung_s7"};
    std::erase_if(options.train, [&](const std::string& d) { return d == options.valid[0] || d == options.valid[1]; });
  }
  for (const std::string& word : words) {
    if (!Set(word, options)) {
      std::fprintf(stderr, "'%s' is no setting\n", word.c_str());
      return 2;
    }
  }
  if (what == "ofa") return Study(ReadOfa(Folder() + "ofa_latency.csv"), options);
  if (what == "fbnet") return Study(ReadNasTable(Folder() + "fbnet_latency.csv", ' ').table, options);
  if (what != "nb201" && what != "nb201-valid" && what != "nb201-search") {
    std::fprintf(stderr, "nb201, nb201-valid, nb201-search, fbnet or ofa?\n");
    return 2;
  }
  const NasTable nas = ReadNasTable(Folder() + "nb201_acc_latency_joined.csv", '|');
  options.cost = NasBench201Cost(nas);
  return what == "nb201-search" ? Search(nas, options) : Study(nas.table, options);
}

}  // namespace
}  // namespace tradewind

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  return words.empty() ? 2 : tradewind::Run(words[0], {words.begin() + 1, words.end()});
}
