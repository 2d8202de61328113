// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/recent_answers.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

namespace tradewind {
namespace {

constexpr size_t kMostKept = 32;
constexpr const char* kKey = "recent_answers";

std::optional<double> Ratio(const nlohmann::json& entry, const char* field) {
  const auto found = entry.find(field);
  if (found == entry.end() || !found->is_number()) return std::nullopt;
  const auto ratio = found->get<double>();
  return ratio > 0 && std::isfinite(ratio) ? std::optional(ratio) : std::nullopt;
}

Drift DriftOfKind(const std::vector<RecentAnswer>& answers, std::optional<double> RecentAnswer::* kind, double now, int64_t trial) {
  std::vector<PastRatio> ratios;
  for (const RecentAnswer& answer : answers) {
    if (answer.*kind && answer.unix_seconds <= now) ratios.push_back({now - answer.unix_seconds, answer.trial, *(answer.*kind)});
  }
  return DriftOf(ratios, trial);
}

}  // namespace

Result<RecentAnswers> RecentAnswers::Load(const DeviceProfile& profile, const std::string& device_id) {
  RecentAnswers recent;
  TW_ASSIGN(const std::optional<std::string> text, profile.Get(device_id, kKey));
  if (!text) return recent;
  const nlohmann::json json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_array()) return recent;
  for (const nlohmann::json& entry : json) {
    if (!entry.is_object() || !entry.contains("unix_seconds") || !entry["unix_seconds"].is_number()) continue;
    if (!entry.contains("trial") || !entry["trial"].is_number_integer()) continue;
    recent.Add({entry["unix_seconds"].get<double>(), entry["trial"].get<int64_t>(), Ratio(entry, "prefill"), Ratio(entry, "step")});
  }
  return recent;
}

Result<void> RecentAnswers::Save(DeviceProfile& profile, const std::string& device_id) const {
  nlohmann::json json = nlohmann::json::array();
  for (const RecentAnswer& answer : answers_) {
    nlohmann::json entry = {{"unix_seconds", answer.unix_seconds}, {"trial", answer.trial}};
    if (answer.prefill) entry["prefill"] = *answer.prefill;
    if (answer.step) entry["step"] = *answer.step;
    json.push_back(std::move(entry));
  }
  return profile.Put(device_id, kKey, json.dump());
}

void RecentAnswers::Add(const RecentAnswer& answer) {
  const auto later = [](double seconds, const RecentAnswer& other) { return seconds < other.unix_seconds; };
  answers_.insert(std::upper_bound(answers_.begin(), answers_.end(), answer.unix_seconds, later), answer);
  if (answers_.size() > kMostKept) answers_.erase(answers_.begin());
}

MachineDrift RecentAnswers::DriftAt(double unix_seconds, int64_t trial) const {
  return {DriftOfKind(answers_, &RecentAnswer::prefill, unix_seconds, trial),
          DriftOfKind(answers_, &RecentAnswer::step, unix_seconds, trial)};
}

double UnixSeconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace tradewind
