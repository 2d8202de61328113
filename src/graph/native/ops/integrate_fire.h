// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Integrate-and-fire neurons: what a rectifier becomes in a spiking net (graph/spiking.h). The one operator that remembers: its potentials
// are values that are kept from run to run, until they are reset.
#pragma once

#include <vector>

#include "graph/native/op.h"

namespace tradewind {

// Each run: potential += input; a neuron whose potential has reached its threshold gives the threshold and loses as much ("reset by
// subtraction", Rueckauer et al. 2017, section 2.1), every other gives 0.
struct IntegrateFireSpec {
  int input = 0;
  int output = 0;
  int potential = 0;                // a kept value of the input's sides
  int spikes = 0;                   // a kept value of a number for each row of each picture: spikes since the reset
  std::vector<float> thresholds{};  // [channel], above 0
  float start = 0;                  // potentials after a reset, in shares of the threshold
};
std::unique_ptr<NativeOp> MakeIntegrateFire(IntegrateFireSpec spec);

}  // namespace tradewind
