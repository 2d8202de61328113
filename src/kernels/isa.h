// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Which instruction set runs. Chosen once from what the CPU has, or forced by TRADEWIND_ISA=generic|avx2|avx512|amx, which fails loudly
// when the CPU lacks it. All sets give the same bits (docs/numerics.md).
#pragma once

#include <span>
#include <string_view>

#include "base/status.h"

namespace tradewind {

enum class Isa { kGeneric, kAvx2, kAvx512, kAmx };
std::string_view IsaName(Isa isa);
// Those that this build has and this CPU runs, weakest first. The first call asks the kernel for the tiles of AMX, for the whole process.
std::span<const Isa> AvailableIsas();
// The best available one, or the one that TRADEWIND_ISA names (kUnsupported if it is unknown or the CPU lacks it).
Result<Isa> SelectIsa();

}  // namespace tradewind
