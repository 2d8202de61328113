// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind models: list, remove and verify the models on this machine.
#include <cstdio>

#include "base/units.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/model_arguments.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "net/model_store.h"

namespace tradewind {
namespace {

std::string StateOf(const ModelInfo& m) {
  if (!m.installed) return "can be pulled";
  return m.verified ? "installed" : "installed, not verified";
}

Result<int> List(const ModelStore& store, bool json) {
  TW_ASSIGN(const std::vector<ModelInfo> models, store.List());
  if (json) {
    Json list = Json::array();
    for (const ModelInfo& m : models) {
      list.push_back({{"name", m.name},
                      {"installed", m.installed},
                      {"verified", m.verified},
                      {"default", m.is_default},
                      {"size_bytes", m.size_bytes},
                      {"sha256", m.sha256},
                      {"licence", m.licence},
                      {"licence_url", m.licence_url},
                      {"source", m.source},
                      {"path", m.path},
                      {"description", m.description}});
    }
    PrintJson(list);
    return 0;
  }
  TextTable table({"model", "state", "size", "licence", "description"});
  for (const ModelInfo& m : models) {
    table.Add({m.name + (m.is_default ? " (default)" : ""), StateOf(m), m.size_bytes ? FormatBytes(m.size_bytes) : "-",
               m.licence.empty() ? "unknown" : m.licence, m.description});
  }
  std::printf("%sin %s\n", table.Text().c_str(), store.folder().c_str());
  return 0;
}

Result<int> ModelsMain(int argc, char** argv) {
  std::string action = "list";
  std::string name;
  bool json = false;
  Arguments args("models", "Lists the models of the catalogue and on this machine; removes or verifies one.");
  args.Positional("action", &action, "list, remove or verify");
  args.Positional("model", &name, "which model to remove or verify");
  args.Flag("--json", &json, "print one JSON value");
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  TW_ASSIGN(const ModelStore store, ModelStore::Open());
  if (action == "list") return List(store, json);
  if (action != "remove" && action != "verify") {
    return Fail(Status(StatusCode::kInvalidInput, "\"" + action + "\" is not an action; use list, remove or verify").At("action"));
  }
  if (name.empty()) return Fail(Status(StatusCode::kInvalidInput, "name the model to " + action).At("model"));
  if (action == "remove") {
    TW_RETURN_IF_ERROR(store.Remove(name));
    if (json)
      PrintJson({{"removed", name}});
    else
      std::printf("removed %s\n", name.c_str());
    return 0;
  }
  ProgressLine line;
  TransferControl control;
  control.progress = [&](const TransferProgress& p) {
    line.Show(p.total_bytes ? static_cast<double>(p.bytes) / static_cast<double>(p.total_bytes) : 0, p.stage);
  };
  TW_ASSIGN(const ModelInfo info, store.Verify(name, control));
  line.Finish();
  if (json)
    PrintJson({{"name", info.name}, {"sha256", info.sha256}, {"verified", true}});
  else
    std::printf("%s: SHA-256 %s is as expected\n", info.name.c_str(), info.sha256.c_str());
  return 0;
}

}  // namespace

void RegisterModelsCommand(Registry<Command>& registry) {
  registry.Add("models", {.summary = "list, remove or verify models", .run = ModelsMain});
}

}  // namespace tradewind
