// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/net_library.h"

#include <span>
#include <utility>

#include "base/file.h"
#include "graph/net_script.h"

namespace tradewind {

std::span<const std::pair<std::string_view, std::string_view>> EmbeddedNets();  // generated; ascending

namespace {

constexpr std::string_view kPrelude = "blocks";

}  // namespace

std::vector<std::string> NetNames() {
  std::vector<std::string> names;
  for (const auto& [name, text] : EmbeddedNets()) {
    if (name != kPrelude) names.emplace_back(name);
  }
  return names;
}

std::string_view NetPrelude() {
  for (const auto& [name, text] : EmbeddedNets()) {
    if (name == kPrelude) return text;
  }
  return {};
}

Result<OnnxModel> BuildNet(const std::string& net, const std::map<std::string, double>& parameters, WeightSource& weights) {
  for (const auto& [name, text] : EmbeddedNets()) {
    if (name == net && name != kPrelude) return RunNetScript(text, net, parameters, weights);
  }
  if (!net.ends_with(".lua")) {
    std::string names;
    for (const std::string& name : NetNames()) names += (names.empty() ? "" : ", ") + name;
    return Fail(StatusCode::kNotFound,
                "there is no description of a net '" + net + "'; there are: " + names + "; or give the path of a .lua file");
  }
  TW_ASSIGN(const std::string text, ReadFile(net, NetScriptLimits::kTextBytes));
  return RunNetScript(text, net, parameters, weights);
}

}  // namespace tradewind
