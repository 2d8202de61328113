// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind knobs: every knob with its stage, range, unit and meaning.
#include <cstdio>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/model_arguments.h"
#include "cli/table.h"

namespace tradewind {
namespace {

std::string DefaultText(const Knob& knob) {
  const std::string text = ToText(knob.default_value);
  if (text.empty()) return "-";
  return knob.resolved_default ? text + " (resolved)" : text;
}

void PrintMarkdown(const std::vector<Knob>& knobs) {
  std::printf(
      "# Knobs\n\nMade by `tradewind knobs --markdown`.\n\n| knob | stage | values | default | unit | meaning | exists "
      "|\n|---|---|---|---|---|---|---|\n");
  for (const Knob& k : knobs) {
    // What depends on the machine would make the page differ from one to the next.
    const std::string standard = k.resolved_default ? "resolved" : DefaultText(k);
    std::string values = k.DomainText();
    for (size_t at = 0; (at = values.find('|', at)) != std::string::npos; at += 2) values.insert(at, "\\");
    std::printf("| `%s` | %s | %s | %s | %s | %s | %s |\n", k.name.c_str(), std::string(StageName(k.stage)).c_str(), values.c_str(),
                standard.c_str(), k.unit.c_str(), k.meaning.c_str(), k.condition.c_str());
  }
}

Result<int> KnobsMain(int argc, char** argv) {
  bool json = false;
  bool markdown = false;
  Arguments args("knobs", "Lists every knob. Turn one by --set knob=value, or measure its values by `tradewind search --over knob=a,b`.");
  args.Flag("--json", &json, "print one JSON value");
  args.Flag("--markdown", &markdown, "print the page docs/knobs.md");
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  const std::vector<Knob> knobs = DescribeLlmKnobs();
  if (json) {
    Json list = Json::array();
    for (const Knob& k : knobs) {
      list.push_back({{"name", k.name},
                      {"stage", StageName(k.stage)},
                      {"values", k.DomainText()},
                      {"default", ToJson(k.default_value)},
                      {"resolved_default", k.resolved_default},
                      {"unit", k.unit},
                      {"meaning", k.meaning},
                      {"condition", k.condition}});
    }
    PrintJson(list);
    return 0;
  }
  if (markdown) {
    PrintMarkdown(knobs);
    return 0;
  }
  TextTable table({"knob", "stage", "values", "default", "unit", "meaning"});
  for (const Knob& k : knobs) table.Add({k.name, std::string(StageName(k.stage)), k.DomainText(), DefaultText(k), k.unit, k.meaning});
  std::printf("%s", table.Text().c_str());
  return 0;
}

}  // namespace

void RegisterKnobsCommand(Registry<Command>& registry) {
  registry.Add("knobs", {.summary = "every knob: stage, range, unit, meaning", .run = KnobsMain});
}

}  // namespace tradewind
