// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/routing_table.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <unordered_set>

#include "base/random.h"
#include "base/shuffle.h"

namespace tradewind {
namespace {

RoutingTable WithoutSamples(const RoutingTable& table) {
  return {.arms = table.arms, .arm_cost = table.arm_cost, .samples = {}};
}

Status BadTable(std::string message) {
  return {StatusCode::kInvalidInput, "routing table: " + std::move(message)};
}

}  // namespace

Result<void> CheckRoutingTable(const RoutingTable& table) {
  const size_t arms = table.arms.size();
  if (arms == 0 || arms > kMostArms) return Fail(BadTable(std::to_string(arms) + " arms; give 1 to " + std::to_string(kMostArms)));
  if (table.arm_cost.size() != arms) return Fail(BadTable("each of the " + std::to_string(arms) + " arms needs a cost"));
  if (std::set<std::string>(table.arms.begin(), table.arms.end()).size() != arms) return Fail(BadTable("two arms have one name"));
  for (size_t a = 0; a < arms; ++a) {
    if (!std::isfinite(table.arm_cost[a]) || table.arm_cost[a] < 0) {
      return Fail(BadTable("the cost of arm " + table.arms[a] + " must be a number of at least 0"));
    }
  }
  if (table.samples.empty() || table.samples.size() > kMostRoutingSamples) {
    return Fail(BadTable(std::to_string(table.samples.size()) + " samples; give 1 to " + std::to_string(kMostRoutingSamples)));
  }
  for (size_t i = 0; i < table.samples.size(); ++i) {
    const RoutingSample& sample = table.samples[i];
    if (sample.score.size() != arms) return Fail(BadTable("each arm needs a score or kNoScore").At("sample " + std::to_string(i)));
    for (const float score : sample.score) {
      if (!std::isnan(score) && !(score >= 0 && score <= 1)) {
        return Fail(BadTable("a score lies outside [0, 1]; scale it").At("sample " + std::to_string(i)));
      }
    }
  }
  return {};
}

Result<RoutingTable> RoutingTableOf(std::span<const std::string> texts, std::span<const std::string> groups,
                                    std::span<const ArmColumn> arms, double scale) {
  if (!groups.empty() && groups.size() != texts.size()) {
    return Fail(BadTable(std::to_string(groups.size()) + " groups for " + std::to_string(texts.size()) + " texts"));
  }
  RoutingTable table;
  for (size_t i = 0; i < texts.size(); ++i) table.samples.push_back({texts[i], groups.empty() ? "" : groups[i], {}});
  for (const ArmColumn& arm : arms) {
    if (arm.scores.size() != texts.size()) {
      return Fail(BadTable("arm " + arm.name + " has " + std::to_string(arm.scores.size()) + " scores for " + std::to_string(texts.size()) +
                           " texts"));
    }
    table.arms.push_back(arm.name);
    table.arm_cost.push_back(arm.cost);
    for (size_t i = 0; i < texts.size(); ++i) table.samples[i].score.push_back(static_cast<float>(arm.scores[i] * scale));
  }
  TW_RETURN_IF_ERROR(CheckRoutingTable(table));
  return table;
}

std::vector<size_t> ArmsByCost(std::span<const double> arm_cost) {
  std::vector<size_t> order(arm_cost.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return arm_cost[a] < arm_cost[b]; });
  return order;
}

FeatureMatrix EmbedTexts(const RoutingTable& table, const TextEmbedder& embedder) {
  FeatureMatrix out{.embedder = embedder.name(), .columns = embedder.dimensions(), .values = {}};
  out.values.resize(table.samples.size() * out.columns);
  for (size_t i = 0; i < table.samples.size(); ++i) {
    embedder.Embed(table.samples[i].text, std::span(out.values).subspan(i * out.columns, out.columns));
  }
  return out;
}

RoutingTable WithArms(const RoutingTable& table, std::span<const size_t> arms) {
  RoutingTable out;
  for (const size_t a : arms) {
    out.arms.push_back(table.arms.at(a));
    out.arm_cost.push_back(table.arm_cost.at(a));
  }
  for (const RoutingSample& sample : table.samples) {
    RoutingSample left{sample.text, sample.group, {}};
    for (const size_t a : arms) left.score.push_back(sample.score.at(a));
    out.samples.push_back(std::move(left));
  }
  return out;
}

std::pair<RoutingTable, RoutingTable> SplitByGroups(const RoutingTable& table, std::span<const std::string> groups) {
  const std::set<std::string> wanted(groups.begin(), groups.end());
  std::pair<RoutingTable, RoutingTable> out = {WithoutSamples(table), WithoutSamples(table)};
  for (const RoutingSample& sample : table.samples) (wanted.contains(sample.group) ? out.first : out.second).samples.push_back(sample);
  return out;
}

std::pair<RoutingTable, RoutingTable> SplitInHalves(const RoutingTable& table, uint64_t seed) {
  const auto group_of = [&](size_t i) { return table.samples[i].group.empty() ? "#" + std::to_string(i) : table.samples[i].group; };
  std::set<std::string> names;
  for (size_t i = 0; i < table.samples.size(); ++i) names.insert(group_of(i));
  std::vector<std::string> order(names.begin(), names.end());
  Random random(seed);
  Shuffle(order, random);
  const std::set<std::string> first(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2));
  std::pair<RoutingTable, RoutingTable> out = {WithoutSamples(table), WithoutSamples(table)};
  for (size_t i = 0; i < table.samples.size(); ++i) {
    (first.contains(group_of(i)) ? out.first : out.second).samples.push_back(table.samples[i]);
  }
  return out;
}

std::string QuestionKey(std::string_view text) {
  std::string key;
  bool gap = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // U+2010 to U+206F: dashes, quotes, apostrophes and special spaces.
    const auto at = [&](size_t k) { return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u; };
    if (c == 0xe2 && (at(1) == 0x80 || at(1) == 0x81) && at(2) >= 0x80) {
      gap = true;
      i += 2;
      continue;
    }
    if (c == 0xc2 && at(1) == 0xa0) {
      gap = true;
      i += 1;
      continue;
    }
    const bool digit = c >= '0' && c <= '9', small = c >= 'a' && c <= 'z', capital = c >= 'A' && c <= 'Z';
    // Signs that change a sum stay: 2+2 and 2-2 are two questions.
    const bool sign = c == '+' || c == '-' || c == '*' || c == '/' || c == '^' || c == '=' || c == '<' || c == '>' || c == '%';
    if (!digit && !small && !capital && !sign && c < 0x80) {
      gap = true;
      continue;
    }
    if (gap && !key.empty()) key.push_back(' ');
    gap = false;
    key.push_back(static_cast<char>(capital ? c + 32 : c));
  }
  return key;
}

size_t DropQuestions(RoutingTable& table, std::span<const std::string> keys) {
  const std::unordered_set<std::string> dropped(keys.begin(), keys.end());
  return std::erase_if(table.samples, [&](const RoutingSample& sample) { return dropped.contains(QuestionKey(sample.text)); });
}

Result<void> CheckNoSharedQuestion(const RoutingTable& train, const RoutingTable& test) {
  std::unordered_set<std::string> seen;
  for (const RoutingSample& sample : train.samples) seen.insert(QuestionKey(sample.text));
  for (const RoutingSample& sample : test.samples) {
    if (!seen.contains(QuestionKey(sample.text))) continue;
    return Fail(StatusCode::kInvalidInput, "the tested question \"" + sample.text.substr(0, 120) +
                                               "\" was trained on, too; drop it from one of the two (DropQuestions)");
  }
  return {};
}

}  // namespace tradewind
