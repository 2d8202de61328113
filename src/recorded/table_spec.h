// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TableSpec: what a table file (data/tables/NAME.yaml; the format stands in docs/tables.md) says: where recorded data comes from and how
// its columns map to knobs, metrics, samples, devices and workloads. A plain value; reading one opens no data. Each part keeps its line.
//
//   TW_ASSIGN(TableSpec spec, ParseTableSpec(yaml, "mine.yaml"));
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "core/knob.h"
#include "core/metric.h"

namespace tradewind {

struct DataFile {
  std::string path;    // relative to the data folder
  std::string sha256;  // empty: not checked
  std::vector<std::string> urls{};
  int line = 0;
};

// New columns out of one: its text is rewritten step by step, then split, or matched and taken apart into the pattern's groups.
struct Derivation {
  std::string column;                                          // "@file": the name of the file that the row comes from
  std::vector<std::pair<std::string, std::string>> rewrite{};  // pattern, replacement
  std::string pattern{};
  std::string split{};
  std::vector<std::string> names{};  // one a group; with `split` one that has "{}" for the position, from 0; else one
  int line = 0;
};

enum class Unmatched : uint8_t {
  kError,  // each row of the first file must find its like
  kDrop,   // rows that do not are left out
  kKeep,   // they have nothing in this file's columns
};

// One table, of one file or of several with the same columns. The first has the rows; the others are joined to it by their keys.
struct TableSource {
  std::vector<DataFile> parts;
  std::string prefix{};  // of its columns' names, so that two files may have the same
  std::vector<Derivation> derive{};
  std::vector<std::string> key{};
  std::vector<std::string> key_of_first{};  // the first file's columns that must equal the key; default: the same names
  bool normalise_text = false;              // typographic quotes and spaces are as plain ones in keys
  Unmatched unmatched = Unmatched::kError;
  int line = 0;
};

enum class KnobType : uint8_t { kAuto, kChoice, kInteger, kReal };

struct KnobSpec {
  std::string name;
  std::string column{};               // a knob of this column's values
  std::string columns{};              // a pattern: a knob for each column that matches, of that name
  std::string headers{};              // a pattern: its first group in the columns' names gives the values
  std::vector<std::string> values{};  // or these do
  KnobType type = KnobType::kAuto;
  std::optional<Stage> stage{};  // default: build, or request where there are samples
  std::string unit{};
  std::string meaning{};
  int line = 0;

  bool InHeaders() const { return column.empty() && columns.empty(); }
};

struct MetricSpec {
  MetricInfo info;
  std::vector<std::string> columns{};  // added up; "{device}" and "{KNOB}" of a knob in headers stand for their value
  std::string by{};                    // a knob in headers, where its values have columns or assumptions of their own:
  std::map<std::string, std::string> columns_by{};
  double scale = 1;
  bool skip_missing = false;        // an empty cell: the setting is not recorded there
  std::optional<double> assumed{};  // no table has it; a constant that the file stands for
  std::map<std::string, double> assumed_by{};
  std::string because{};
  int line = 0;

  bool Assumed() const { return assumed.has_value() || !assumed_by.empty(); }
};

struct SampleSpec {
  std::string id{};  // a column; empty: the row's number from 0
  std::string text{};
  std::string group{};
  int line = 0;
};

struct DevicesSpec {
  std::string headers{};                                    // a pattern whose first group in the columns' names gives the devices
  std::string column{};                                     // or the column that names each row's
  std::vector<std::string> names{};                         // or these are they; of neither: "unnamed"
  std::string standard{};                                   // the default; empty: the first
  std::map<std::string, std::vector<std::string>> split{};  // "train", "valid", "test"
  std::string note{};
  int line = 0;
};

// One way to judge: the frontier's axes, the primary metric first.
struct ObjectiveSpec {
  std::string name;
  std::vector<std::string> axes;
  std::vector<std::optional<double>> reference{};  // absent: the worst of the table on the device
  std::vector<std::string> groups{};               // samples of these alone; empty: all
  int line = 0;
};

struct TableSpec {
  std::string origin;  // the file it was read from, as it stands in messages
  std::string name;
  std::string description;
  std::string paper{};  // "arXiv:2001.00326"
  std::string licence{};
  std::string homepage{};
  std::vector<TableSource> tables;
  bool mean_of_duplicates = false;  // rows of the same knobs are averaged; otherwise they are an error
  std::vector<KnobSpec> knobs;
  std::vector<MetricSpec> metrics;
  std::optional<SampleSpec> samples{};
  DevicesSpec devices{};
  std::vector<ObjectiveSpec> workloads;  // the first is the default
  std::string fidelity{};                // a knob whose values, cheapest first, buy truth

  Status ErrorAt(int line, std::string message) const;  // kInvalidInput
};

// kInvalidInput names the file and the line: unknown or missing fields, wrong types, a unit that contradicts a metric's name, references to
// knobs or metrics that are not there.
Result<TableSpec> ParseTableSpec(std::string_view yaml, const std::string& origin);

// The unit that a metric's name ends in ("latency_ms": "ms"), or empty where it says none.
std::string UnitInName(std::string_view metric);

}  // namespace tradewind
