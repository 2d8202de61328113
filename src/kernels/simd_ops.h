// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How the tables of the SIMD instruction sets are put together: each family of kernels lies in one file an instruction set and writes its
// functions into the table. TRADEWIND_AVX512(Name) and TRADEWIND_AMX(Name) let the tests build those files a second time, over emulated
// instructions and under other names (cmake/KernelTests.cmake).
#pragma once

#include "kernels/kernel_tables.h"

#ifdef TRADEWIND_EMULATE_AVX512
#define TRADEWIND_AVX512(name) name##Avx512Emulated
#define TRADEWIND_AMX(name) name##AmxEmulated
#else
#define TRADEWIND_AVX512(name) name##Avx512
#define TRADEWIND_AMX(name) name##Amx
#endif

namespace tradewind {

void FillQuantizeAvx2(KernelTable& table);
void FillElementwiseAvx2(KernelTable& table);
void FillAttentionAvx2(KernelTable& table);
void FillMatmulFloatAvx2(KernelTable& table);
void FillMatmulQuantizedAvx2(KernelTable& table);
void FillBurstAvx2(KernelTable& table);

void TRADEWIND_AVX512(FillQuantize)(KernelTable& table);
void TRADEWIND_AVX512(FillElementwise)(KernelTable& table);
void TRADEWIND_AVX512(FillAttention)(KernelTable& table);
void TRADEWIND_AVX512(FillMatmulFloat)(KernelTable& table);
void TRADEWIND_AVX512(FillMatmulQuantized)(KernelTable& table);
void TRADEWIND_AVX512(FillBurst)(KernelTable& table);
const KernelTable& TRADEWIND_AVX512(KernelTable)();

void TRADEWIND_AMX(FillMatmulQuantized)(KernelTable& table);
void TRADEWIND_AMX(FillBurst)(KernelTable& table);

}  // namespace tradewind
