// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/exit_tuner.h"

#include <algorithm>

namespace tradewind {

size_t LeavesAt(std::span<const double> certainty, std::span<const double> thresholds) {
  size_t exit = 0;
  while (exit < certainty.size() && certainty[exit] <= thresholds[exit]) ++exit;
  return exit;
}

ExitTuner::ExitTuner(std::vector<double> frees, const ExitTunerOptions& options)
    : frees_(std::move(frees)), options_(options), thresholds_(frees_.size(), 1.0) {}

ExitTuner::Outlook ExitTuner::Judge(std::span<const double> thresholds, size_t last) const {
  const size_t count = std::min(last, records_.size());
  Outlook outlook;
  for (size_t i = records_.size() - count; i < records_.size(); ++i) {
    const size_t exit = LeavesAt(records_[i].certainty, thresholds);
    if (exit == thresholds.size()) continue;
    outlook.freed += frees_[exit];
    outlook.loss += records_[i].agrees[exit] ? 0 : 1;
  }
  if (count > 0) {
    outlook.freed /= static_cast<double>(count);
    outlook.loss /= static_cast<double>(count);
  }
  return outlook;
}

bool ExitTuner::Allowed(std::span<const double> thresholds) const {
  return Judge(thresholds, options_.memory).loss <= options_.most_loss * options_.margin &&
         Judge(thresholds, options_.watch).loss <= options_.most_loss;
}

// From nobody leaving: again and again the one exit's step down that frees most for what it loses. Steps are in ranks of the records, since
// certainties crowd below 1.
void ExitTuner::Search() {
  ++searches_;
  since_ = 0;
  const size_t exits = frees_.size();
  std::vector<std::vector<double>> sorted(exits);  // an exit's certainties, the surest first
  for (size_t k = 0; k < exits; ++k) {
    for (const ExitRecord& record : records_) sorted[k].push_back(record.certainty[k]);
    std::sort(sorted[k].rbegin(), sorted[k].rend());
  }
  const auto threshold_at = [&](size_t k, double rank) {
    const auto leave = static_cast<size_t>(rank * static_cast<double>(records_.size()));
    return leave == 0 ? 1.0 : leave >= records_.size() ? 0.0 : sorted[k][leave];
  };
  std::vector<double> ranks(exits, 0.0), steps(exits, options_.first_step), thresholds(exits, 1.0);
  Outlook now;
  for (;;) {
    size_t best = exits;
    double best_worth = -1;
    Outlook best_outlook;
    bool any = false;
    for (size_t k = 0; k < exits; ++k) {
      if (ranks[k] >= 1 || steps[k] < options_.last_step) continue;
      any = true;
      std::vector<double> lowered = thresholds;
      lowered[k] = threshold_at(k, ranks[k] + steps[k]);
      if (!Allowed(lowered)) {
        steps[k] /= 2;
        continue;
      }
      const Outlook outlook = Judge(lowered, options_.memory);
      const double worth = (outlook.freed - now.freed) / (outlook.loss - now.loss + 1e-6);
      if (worth <= best_worth) continue;
      best = k;
      best_worth = worth;
      best_outlook = outlook;
    }
    if (!any) break;
    if (best == exits) continue;  // only steps became shorter
    ranks[best] = std::min(1.0, ranks[best] + steps[best]);
    thresholds[best] = threshold_at(best, ranks[best]);
    if (best_worth > 0) steps[best] *= 2;
    now = best_outlook;
  }
  thresholds_ = thresholds;
}

void ExitTuner::Observe(ExitRecord record) {
  records_.push_back(std::move(record));
  if (records_.size() > options_.memory) records_.pop_front();
  ++since_;
  if (records_.size() < options_.watch) return;
  const bool losing = Judge(thresholds_, options_.watch).loss > options_.most_loss;
  if (losing || since_ >= options_.every) Search();
}

}  // namespace tradewind
