// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/energy_model.h"

namespace tradewind {

const std::vector<RadioPower>& RadioPowers() {
  static const std::vector<RadioPower> powers = {
      {"wifi", 283.17, 137.01, 132.86}, {"lte", 438.39, 51.97, 1288.04}, {"3g", 868.98, 122.12, 817.88}};
  return powers;
}

Result<RadioPower> FindRadio(const std::string& name) {
  for (const RadioPower& radio : RadioPowers()) {
    if (radio.name == name) return radio;
  }
  return Fail(StatusCode::kNotFound, "no radio is called \"" + name + "\"; there are wifi, lte, 3g");
}

double Energy_mj(const EnergyModel& model, double device_ms, double sent_bytes, double received_bytes, double bytes_per_s) {
  // A milliwatt for each megabit a second is a nanojoule a bit.
  const double nj = 8 * (sent_bytes * model.radio.up_mw_per_mbps + received_bytes * model.radio.down_mw_per_mbps);
  const double on_air_s = bytes_per_s > 0 ? (sent_bytes + received_bytes) / bytes_per_s : 0;
  return model.compute_w * device_ms + nj * 1e-6 + model.radio.base_mw * on_air_s;
}

}  // namespace tradewind
