// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/expert_routing.h"

#include <algorithm>

#include "kernels/kernels_ref.h"

namespace tradewind {

void ChooseExperts(const FeedForwardSpec& spec, const float* logits, std::span<ExpertChoice> chosen) {
  std::vector<float> p(static_cast<size_t>(spec.experts));
  const float max = MaxRef(logits, spec.experts);
  for (size_t e = 0; e < p.size(); ++e) p[e] = ExpRef(logits[e] - max);
  const float sum = Sum16Ref(p.data(), spec.experts);
  std::vector<char> taken(p.size());
  for (ExpertChoice& choice : chosen) {
    size_t best = p.size();
    for (size_t e = 0; e < p.size(); ++e) {
      if (taken[e] == 0 && (best == p.size() || p[e] > p[best])) best = e;
    }
    taken[best] = 1;
    choice = {static_cast<int32_t>(best), p[best] / sum};
  }
  std::sort(chosen.begin(), chosen.end(), [](const ExpertChoice& a, const ExpertChoice& b) { return a.expert < b.expert; });
  if (!spec.renormalise) return;
  float total = 0;
  for (const ExpertChoice& choice : chosen) total += choice.weight;
  for (ExpertChoice& choice : chosen) choice.weight /= total;
}

void GroupByExpert(std::span<const ExpertChoice> choices, int64_t experts, int64_t used, ExpertGroups& groups) {
  groups.first.assign(static_cast<size_t>(experts) + 1, 0);
  for (const ExpertChoice& choice : choices) ++groups.first[static_cast<size_t>(choice.expert) + 1];
  for (size_t e = 1; e < groups.first.size(); ++e) groups.first[e] += groups.first[e - 1];
  groups.row.resize(choices.size());
  groups.place.resize(choices.size());
  std::vector<int64_t> next = groups.first;
  for (size_t i = 0; i < choices.size(); ++i) {
    const int64_t place = next[static_cast<size_t>(choices[i].expert)]++;
    groups.row[static_cast<size_t>(place)] = static_cast<int64_t>(i) / used;
    groups.place[i] = place;
  }
}

}  // namespace tradewind
