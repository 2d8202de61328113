// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A table file's YAML to a TableSpec, field by field. yaml-cpp reports by exceptions: none leaves this file. Nothing here recurses into
// what the file holds, so that aliases cannot blow up.
#include "recorded/table_spec.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "net/catalogue.h"
#include "net/sha256.h"
#include "recorded/pattern.h"
#include "recorded/spec_check.h"
#include "recorded/yaml_fields.h"

namespace tradewind {
namespace {

constexpr size_t kMaxYaml_bytes = 1 << 20;

// A path below the data folder, never out of it.
bool StaysBelow(const std::string& path) {
  return !path.starts_with('/') && ("/" + path + "/").find("/../") == std::string::npos;
}

Result<void> CheckPattern(const Fields& fields, const std::string& field, const std::string& source, size_t least_groups) {
  const auto pattern = Pattern::Make(source);
  if (!pattern) return Fail(fields.Error(field, field + ": " + pattern.error().message()));
  if (pattern->groups() < least_groups) {
    return Fail(fields.Error(field, field + " needs " + std::to_string(least_groups) + " group(s) in parentheses, for what is taken out"));
  }
  return {};
}

// Of a part, or of a table that is one file.
Result<DataFile> FileOf(const Fields& fields) {
  DataFile file;
  file.line = fields.line();
  TW_ASSIGN(file.path, fields.Text("path"));
  TW_ASSIGN(file.sha256, fields.TextOr("sha256", ""));
  TW_ASSIGN(file.urls, fields.Texts("urls"));
  if (!StaysBelow(file.path)) return fields.Fails("path", "the path must lie below the data folder (no leading '/', no '..')");
  if (!file.sha256.empty() && !IsSha256(file.sha256)) return fields.Fails("sha256", "sha256 must be 64 hexadecimal digits in lower case");
  for (const std::string& url : file.urls) {
    if (!url.starts_with("https://")) return fields.Fails("urls", "an address must begin with https://");
  }
  return file;
}

Result<Derivation> ReadDerivation(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(node, "a derived column", origin, {"column", "rewrite", "pattern", "split", "names"}));
  Derivation out;
  out.line = fields.line();
  TW_ASSIGN(out.column, fields.Text("column"));
  TW_ASSIGN(out.pattern, fields.TextOr("pattern", ""));
  TW_ASSIGN(out.split, fields.Has("split") ? fields.Text("split") : Result<std::string>(""));
  TW_ASSIGN(out.names, fields.Texts("names"));
  TW_ASSIGN(const auto steps, fields.List("rewrite"));
  for (const YAML::Node& step : steps) {
    if (!step.IsSequence() || step.size() != 2 || !step[0].IsScalar() || !step[1].IsScalar()) {
      return fields.Fails("rewrite", "each step of rewrite is a list of a pattern and what takes its place");
    }
    TW_RETURN_IF_ERROR(CheckPattern(fields, "rewrite", step[0].Scalar(), 0));
    out.rewrite.emplace_back(step[0].Scalar(), step[1].Scalar());
  }
  if (out.names.empty()) return fields.Fails("names", "names of the new columns are missing");
  if (!out.pattern.empty() && !out.split.empty()) return fields.Fails("split", "has both pattern and split; keep one");
  if (!out.pattern.empty()) TW_RETURN_IF_ERROR(CheckPattern(fields, "pattern", out.pattern, out.names.size()));
  const bool numbered = out.names.size() == 1 && out.names[0].find("{}") != std::string::npos;
  if (!out.split.empty() && !numbered) return fields.Fails("names", "with split, names is one text with {} for the position");
  if (out.pattern.empty() && out.names.size() != 1) return fields.Fails("names", "without a pattern there is one new column");
  return out;
}

Result<TableSource> ReadSource(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields,
            Fields::Of(node, "a table", origin,
                       {"path", "sha256", "urls", "parts", "prefix", "derive", "key", "key_of_first", "normalise_text", "unmatched"}));
  TableSource out;
  out.line = fields.line();
  if (fields.Has("path") == fields.Has("parts")) return fields.Fails("parts", "give either path or parts");
  TW_ASSIGN(const auto parts, fields.List("parts"));
  for (const YAML::Node& part : parts) {
    TW_ASSIGN(const Fields of_part, Fields::Of(part, "a part", origin, {"path", "sha256", "urls"}));
    TW_ASSIGN(DataFile file, FileOf(of_part));
    out.parts.push_back(std::move(file));
  }
  if (fields.Has("path")) {
    TW_ASSIGN(DataFile file, FileOf(fields));
    out.parts.push_back(std::move(file));
  }
  TW_ASSIGN(out.prefix, fields.TextOr("prefix", ""));
  TW_ASSIGN(out.key, fields.Texts("key"));
  TW_ASSIGN(out.key_of_first, fields.Texts("key_of_first"));
  if (out.key_of_first.empty()) out.key_of_first = out.key;
  if (out.key_of_first.size() != out.key.size()) return fields.Fails("key_of_first", "key_of_first has another length than key");
  TW_ASSIGN(out.normalise_text, fields.FlagOr("normalise_text", false));
  TW_ASSIGN(const size_t unmatched, fields.WordOr("unmatched", {"error", "drop", "keep"}, 0));
  out.unmatched = static_cast<Unmatched>(unmatched);
  TW_ASSIGN(const auto derive, fields.List("derive"));
  for (const YAML::Node& item : derive) {
    TW_ASSIGN(Derivation derivation, ReadDerivation(item, origin));
    out.derive.push_back(std::move(derivation));
  }
  return out;
}

Result<KnobSpec> ReadKnob(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields,
            Fields::Of(node, "a knob", origin, {"name", "column", "columns", "headers", "values", "type", "stage", "unit", "meaning"}));
  KnobSpec out;
  out.line = fields.line();
  TW_ASSIGN(out.column, fields.TextOr("column", ""));
  TW_ASSIGN(out.columns, fields.TextOr("columns", ""));
  TW_ASSIGN(out.headers, fields.TextOr("headers", ""));
  TW_ASSIGN(out.values, fields.Texts("values"));
  const int kinds =
      (out.column.empty() ? 0 : 1) + (out.columns.empty() ? 0 : 1) + (out.headers.empty() ? 0 : 1) + (out.values.empty() ? 0 : 1);
  if (kinds != 1) return fields.Fails("column", "a knob has one of column, columns, headers and values");
  if (!out.headers.empty()) TW_RETURN_IF_ERROR(CheckPattern(fields, "headers", out.headers, 1));
  if (!out.columns.empty()) TW_RETURN_IF_ERROR(CheckPattern(fields, "columns", out.columns, 0));
  if (out.columns.empty()) {
    TW_ASSIGN(out.name, fields.Text("name"));
    if (!IsKnobName(out.name)) return fields.Fails("name", "a knob's name has letters, digits and '_' and begins with a letter");
  } else if (fields.Has("name")) {
    return fields.Fails("name", "knobs of columns are named by their columns; take name out");
  }
  TW_ASSIGN(const size_t type, fields.WordOr("type", {"auto", "choice", "integer", "real"}, 0));
  out.type = static_cast<KnobType>(type);
  TW_ASSIGN(const size_t stage, fields.WordOr("stage", {"build", "load", "request"}, 3));
  if (stage < 3) out.stage = static_cast<Stage>(stage);
  TW_ASSIGN(out.unit, fields.TextOr("unit", ""));
  TW_ASSIGN(out.meaning, fields.TextOr("meaning", ""));
  return out;
}

Result<void> ReadAssumed(const Fields& fields, MetricSpec& out) {
  if (!fields.Has("assumed")) return {};
  TW_ASSIGN(out.because, fields.Text("because"));
  if (fields.Get("assumed").IsScalar()) {
    TW_ASSIGN(out.assumed, fields.NumberOr("assumed", 0));
    return {};
  }
  TW_ASSIGN(const auto values, fields.TextMap("assumed"));
  for (const auto& [value, text] : values) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
      return fields.Fails("assumed", "\"" + text.substr(0, 64) + "\" is no number");
    out.assumed_by[value] = number;
  }
  return {};
}

Result<MetricSpec> ReadMetric(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields,
            Fields::Of(node, "a metric", origin,
                       {"name", "unit", "direction", "definition", "column", "by", "columns", "scale", "missing", "assumed", "because"}));
  MetricSpec out;
  out.line = fields.line();
  TW_ASSIGN(out.info.name, fields.Text("name"));
  if (!IsKnobName(out.info.name)) return fields.Fails("name", "a metric's name has letters, digits and '_' and begins with a letter");
  TW_ASSIGN(out.info.unit, fields.TextOr("unit", ""));
  const std::string unit = UnitInName(out.info.name);
  if (!unit.empty() && unit != out.info.unit) {
    return fields.Fails("unit", "the metric " + out.info.name + " says \"" + unit + "\" by its name, but its unit is \"" + out.info.unit +
                                    "\"; make them agree, and give `scale` if the table has another");
  }
  if (!fields.Has("direction")) return fields.Fails("direction", "the field direction is missing");
  TW_ASSIGN(const size_t direction, fields.WordOr("direction", {"lower", "higher"}, 0));
  out.info.direction = direction == 0 ? Direction::kLowerIsBetter : Direction::kHigherIsBetter;
  TW_ASSIGN(out.info.definition, fields.Text("definition"));
  TW_ASSIGN(out.columns, fields.Texts("column"));
  TW_ASSIGN(out.by, fields.TextOr("by", ""));
  TW_ASSIGN(out.columns_by, fields.TextMap("columns"));
  TW_ASSIGN(out.scale, fields.NumberOr("scale", 1));
  TW_ASSIGN(const size_t missing, fields.WordOr("missing", {"error", "skip"}, 0));
  out.skip_missing = missing == 1;
  TW_RETURN_IF_ERROR(ReadAssumed(fields, out));
  const int kinds = (out.columns.empty() ? 0 : 1) + (out.columns_by.empty() ? 0 : 1) + (out.Assumed() ? 1 : 0);
  if (kinds != 1) return fields.Fails("column", "a metric has one of column, columns (with by) and assumed (with because)");
  if (out.by.empty() != (out.columns_by.empty() && out.assumed_by.empty())) {
    return fields.Fails("by", "`by` names the knob whose values `columns` or `assumed` list; give both or neither");
  }
  return out;
}

Result<DevicesSpec> ReadDevices(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(node, "devices", origin, {"headers", "column", "names", "default", "split", "note"}));
  DevicesSpec out;
  out.line = fields.line();
  TW_ASSIGN(out.headers, fields.TextOr("headers", ""));
  TW_ASSIGN(out.column, fields.TextOr("column", ""));
  TW_ASSIGN(out.names, fields.Texts("names"));
  TW_ASSIGN(out.standard, fields.TextOr("default", ""));
  TW_ASSIGN(out.note, fields.TextOr("note", ""));
  if (out.headers.empty() + out.column.empty() + out.names.empty() != 2) {
    return fields.Fails("headers", "devices have one of headers, column and names");
  }
  if (!out.headers.empty()) TW_RETURN_IF_ERROR(CheckPattern(fields, "headers", out.headers, 1));
  if (fields.Has("split")) {
    TW_ASSIGN(const Fields split, Fields::Of(fields.Get("split"), "the split", origin, {"train", "valid", "test"}));
    for (const char* part : {"train", "valid", "test"}) {
      TW_ASSIGN(out.split[part], split.Texts(part));
    }
  }
  return out;
}

Result<ObjectiveSpec> ReadWorkload(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(node, "a workload", origin, {"name", "axes", "reference", "groups"}));
  ObjectiveSpec out;
  out.line = fields.line();
  TW_ASSIGN(out.name, fields.Text("name"));
  TW_ASSIGN(out.axes, fields.Texts("axes"));
  TW_ASSIGN(out.groups, fields.Texts("groups"));
  TW_ASSIGN(const auto reference, fields.Texts("reference"));
  if (out.axes.empty()) return fields.Fails("axes", "the axes are missing; name metrics, the primary one first");
  if (!reference.empty() && reference.size() != out.axes.size()) return fields.Fails("reference", "reference has one value an axis");
  for (const std::string& text : reference) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool number = error == std::errc() && end == text.data() + text.size();
    if (!number && text != "worst") return fields.Fails("reference", "a reference value is a number, or \"worst\" for the table's worst");
    out.reference.push_back(number ? std::optional<double>(value) : std::nullopt);
  }
  return out;
}

template <typename T>
Result<std::vector<T>> ReadList(const Fields& fields, const std::string& field, Result<T> (*read)(const YAML::Node&, const std::string&),
                                const std::string& origin) {
  std::vector<T> out;
  TW_ASSIGN(const auto list, fields.List(field));
  for (const YAML::Node& item : list) {
    TW_ASSIGN(T one, read(item, origin));
    out.push_back(std::move(one));
  }
  if (out.empty()) return fields.Fails(field, "the list " + field + " is missing");
  return out;
}

Result<void> ReadOrigin(const Fields& fields, TableSpec& spec) {
  if (!fields.Has("source")) return {};
  TW_ASSIGN(const Fields source, Fields::Of(fields.Get("source"), "the source", spec.origin, {"paper", "licence", "homepage"}));
  TW_ASSIGN(spec.paper, source.TextOr("paper", ""));
  TW_ASSIGN(spec.licence, source.TextOr("licence", ""));
  TW_ASSIGN(spec.homepage, source.TextOr("homepage", ""));
  return {};
}

Result<TableSpec> Build(const YAML::Node& root, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(root, "a table file", origin,
                                            {"name", "description", "source", "tables", "duplicates", "knobs", "metrics", "samples",
                                             "devices", "workloads", "fidelity"}));
  TableSpec spec;
  spec.origin = origin;
  TW_ASSIGN(spec.name, fields.Text("name"));
  if (!IsModelName(spec.name))
    return fields.Fails("name", "name must be 1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit");
  TW_ASSIGN(spec.description, fields.Text("description"));
  TW_RETURN_IF_ERROR(ReadOrigin(fields, spec));
  TW_ASSIGN(spec.tables, ReadList(fields, "tables", ReadSource, origin));
  TW_ASSIGN(const size_t duplicates, fields.WordOr("duplicates", {"error", "mean"}, 0));
  spec.mean_of_duplicates = duplicates == 1;
  TW_ASSIGN(spec.knobs, ReadList(fields, "knobs", ReadKnob, origin));
  TW_ASSIGN(spec.metrics, ReadList(fields, "metrics", ReadMetric, origin));
  TW_ASSIGN(spec.workloads, ReadList(fields, "workloads", ReadWorkload, origin));
  if (fields.Has("devices")) {
    TW_ASSIGN(spec.devices, ReadDevices(fields.Get("devices"), origin));
  }
  if (spec.devices.headers.empty() && spec.devices.column.empty() && spec.devices.names.empty()) spec.devices.names = {"unnamed"};
  if (fields.Has("samples")) {
    TW_ASSIGN(const Fields samples, Fields::Of(fields.Get("samples"), "samples", origin, {"id", "text", "group"}));
    spec.samples.emplace();
    spec.samples->line = samples.line();
    TW_ASSIGN(spec.samples->id, samples.TextOr("id", ""));
    TW_ASSIGN(spec.samples->text, samples.TextOr("text", ""));
    TW_ASSIGN(spec.samples->group, samples.TextOr("group", ""));
  }
  TW_ASSIGN(spec.fidelity, fields.TextOr("fidelity", ""));
  TW_RETURN_IF_ERROR(CheckReferences(spec));
  return spec;
}

}  // namespace

Status TableSpec::ErrorAt(int line, std::string message) const {
  return Status(StatusCode::kInvalidInput, std::move(message)).At(LinePlace(origin, line));
}

Result<TableSpec> ParseTableSpec(std::string_view yaml, const std::string& origin) {
  const auto error = [&](int line, const std::string& message) {
    return Fail(Status(StatusCode::kInvalidInput, message).At(LinePlace(origin, line)));
  };
  if (yaml.size() > kMaxYaml_bytes) return error(0, "a table file has at most 1048576 bytes");
  try {
    return Build(YAML::Load(std::string(yaml)), origin);
  } catch (const YAML::Exception& failure) {
    return error(failure.mark.line + 1, "not valid YAML: " + failure.msg);
  } catch (const std::exception& failure) {
    return error(0, std::string("not readable as YAML: ") + failure.what());
  }
}

}  // namespace tradewind
