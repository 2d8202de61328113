// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The scalar reference of every kernel in KernelTable: the contract as code, slow and plain.
#pragma once

#include "kernels/kernel_table.h"

namespace tradewind {

void QuantizeRowsRef(const float* x, int64_t rows, int64_t cols, const QuantizedRows& out);
void MatmulQuantizedRef(const PackedMatrix& w, const QuantizedRows& x, int64_t rows, int64_t group_begin, int64_t group_end, float* out,
                        int64_t out_stride);
void MatmulFloatRef(const PackedMatrix& w, const float* x, int64_t rows, int64_t group_begin, int64_t group_end, float* out,
                    int64_t out_stride);

// exp and sums in the contract's order.
float ExpRef(float x);
float Sum16Ref(const float* x, int64_t n);
float Dot16Ref(const float* x, const float* y, int64_t n);

void RmsNormRef(const float* x, const float* weight, float eps, int64_t n, float* out);
void AddRef(const float* x, const float* y, int64_t n, float* out);
void MultiplyScalarRef(const float* x, float factor, int64_t n, float* out);
void SiluMulRef(const float* gate, const float* up, int64_t n, float* out);
void GeluMulRef(const float* gate, const float* up, int64_t n, float* out);
void RopeRef(float* x, const float* cos, const float* sin, int64_t pairs, bool adjacent);
float MaxRef(const float* x, int64_t n);
double SumExpRef(const float* x, float max, int64_t n);

int64_t BurstInt8Ref(int64_t steps);
int64_t BurstFloatRef(int64_t steps);
void BurstReadRef(const std::byte* data, int64_t bytes);

void KvStoreRef(KvType type, const float* x, int64_t head_dim, void* out);
void AttentionPageRef(const AttentionPage& page, AttentionQuery* queries, int64_t count, float* scratch);
void AttentionJoinRef(const AttentionQuery& later, int64_t head_dim, AttentionQuery& running);
void AttentionFinishRef(AttentionQuery* queries, int64_t count, int64_t head_dim);

}  // namespace tradewind
