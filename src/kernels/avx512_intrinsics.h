// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The AVX-512 intrinsics; with TRADEWIND_EMULATE_AVX512 (tests only) those that our kernels use, made from 256-bit instructions, so that
// the AVX-512 kernels are checked on a CPU without it. Include only from *_avx512.cc.
#pragma once

#ifdef TRADEWIND_EMULATE_AVX512
#include "kernels/avx512_emulated.h"
#else
// g++ 12 sees its own _mm512_undefined_ps() as a use of an uninitialised value (GCC bug 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#endif
