// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A progress line for people, on standard error: a bar that redraws itself on a terminal, a plain line now and then elsewhere.
#pragma once

#include <string>

#include "base/clock.h"

namespace tradewind {

class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  // `share` 0 to 1; `text` stands behind the bar.
  void Show(double share, const std::string& text);
  // Ends the line, so that other output may follow.
  void Finish();

 private:
  bool terminal_;
  bool open_ = false;
  TimePoint last_;
};

}  // namespace tradewind
