// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// EnergyModel: what a picture takes out of a device's battery, from what was measured (time of its processor, bytes, the link's rate) and
// what is assumed: the power of a processor at work, and of a radio by Huang et al., "A Close Examination of Performance and Power
// Characteristics of 4G LTE Networks" (MobiSys 2012, table 4): a base and a part that grows with the rate. Waiting costs nothing here, nor
// do a radio's promotions and tails. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct RadioPower {
  std::string name;
  double up_mw_per_mbps = 0;
  double down_mw_per_mbps = 0;
  double base_mw = 0;
};
// wifi, lte, 3g.
const std::vector<RadioPower>& RadioPowers();
Result<RadioPower> FindRadio(const std::string& name);

struct EnergyModel {
  RadioPower radio = RadioPowers()[0];
  double compute_w = 2;  // a phone's processor with one core at work; assumed
};
// `bytes_per_s` 0: a link that takes no time, and so only what grows with the bytes.
double Energy_mj(const EnergyModel& model, double device_ms, double sent_bytes, double received_bytes, double bytes_per_s);

}  // namespace tradewind
