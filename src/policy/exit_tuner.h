// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ExitTuner: thresholds of a net's exits, tuned while it runs (Apparate, arXiv:2312.05385, sections 3.2 and 3.3). Answers leave early, yet
// every input runs to the end, so that each tells at once which exits would have said the same as the whole net. From the last of these the
// tuner climbs to the thresholds that free most time and lose no more agreement than allowed. Deterministic; not thread-safe.
//
//   ExitTuner tuner({7.1, 4.0, 1.2}, {.most_loss = 0.01});        // ms that leaving at each exit frees
//   const size_t exit = LeavesAt(record.certainty, tuner.thresholds());
//   tuner.Observe(record);
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <vector>

namespace tradewind {

// What one input gave at every exit: how sure each was, and whether it said what the whole net said.
struct ExitRecord {
  std::vector<double> certainty;
  std::vector<bool> agrees;
};

// The first exit that is surer than its threshold; their number if none is.
size_t LeavesAt(std::span<const double> certainty, std::span<const double> thresholds);

struct ExitTunerOptions {
  double most_loss = 0.01;                    // share of answers that may differ from the whole net's
  double margin = 0.5;                        // share of it that a search may use up: what is learnt lags behind what comes
  size_t memory = 512;                        // last records that thresholds are judged on
  size_t watch = 64;                          // last of these, on which alone a loss above most_loss calls for a search at once
  size_t every = 64;                          // records between two searches that nothing calls for
  double first_step = 0.1, last_step = 0.01;  // of the records at an exit, by which a step lowers its threshold: doubled where it frees
                                              // time, halved where it loses too much
};

class ExitTuner {
 public:
  // `frees`: what leaving at each exit frees, in any unit, > 0.
  ExitTuner(std::vector<double> frees, const ExitTunerOptions& options);

  // In [0, 1]; 1: nobody leaves. They hold for inputs after the last one observed.
  const std::vector<double>& thresholds() const { return thresholds_; }
  size_t searches() const { return searches_; }
  void Observe(ExitRecord record);

 private:
  struct Outlook {
    double freed = 0;  // mean
    double loss = 0;   // share
  };
  Outlook Judge(std::span<const double> thresholds, size_t last) const;
  bool Allowed(std::span<const double> thresholds) const;
  void Search();

  std::vector<double> frees_;
  ExitTunerOptions options_;
  std::deque<ExitRecord> records_;
  std::vector<double> thresholds_;
  size_t since_ = 0;
  size_t searches_ = 0;
};

}  // namespace tradewind
