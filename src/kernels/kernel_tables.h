// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The table of each instruction set, one translation unit each; KernelsFor picks among them.
#pragma once

#include "kernels/kernel_table.h"

namespace tradewind {

const KernelTable& KernelTableRef();
const KernelTable& KernelTableAvx2();
const KernelTable& KernelTableAvx512();
const KernelTable& KernelTableAmx();

}  // namespace tradewind
