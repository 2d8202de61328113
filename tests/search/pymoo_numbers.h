// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Written by tests/search/indicators_reference.py with pymoo; do not edit.
// clang-format off
#pragma once

#include <cstdint>
#include <vector>

namespace tradewind::reference {

inline const std::vector<double> kVolumes = {0.7841065979003907, 0.5208542628735305, 0.31153072861939446, 0.20551036248420756, 0.05130607867417415};
inline const std::vector<double> kIgdPlus = {0.0, 0.009049479166666667, 0.03878792857773074, 0.0272079228438743, 0.14711712840792476};
inline const std::vector<uint32_t> kRanks2 = {4, 5, 6, 0, 2, 6, 7, 5, 0, 1, 5, 8, 3, 0, 3, 6, 1, 2, 1, 2, 1, 7, 2, 4, 2, 4, 7, 0, 6, 4, 0, 4, 2, 0, 5, 8, 1, 4, 5, 10, 5, 1, 9, 3, 3, 4, 6, 10, 6, 3, 6, 5, 1, 3, 2, 3, 1, 10, 2, 0};
inline const std::vector<uint32_t> kRanks3 = {4, 4, 3, 5, 5, 3, 4, 2, 3, 1, 2, 1, 3, 4, 3, 1, 2, 6, 2, 3, 3, 2, 0, 4, 5, 2, 0, 5, 0, 6, 3, 2, 3, 2, 3, 2, 4, 5, 5, 0, 7, 1, 3, 3, 4, 4, 1, 5, 2, 4, 3, 5, 3, 2, 2, 5, 1, 3, 4, 4};
inline const std::vector<double> kCrowding = {1e+300, 0.09187083605134745, 0.2827861064913033, 1e+300, 0.27821200705998045, 0.07412783579472773, 1e+300, 0.2265266424151245, 1e+300, 0.10728075175862858, 0.2397259066413573, 0.14758963569795663};

}  // namespace tradewind::reference
