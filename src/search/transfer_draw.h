// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the transfer studies (transfer.h, transfer_search.h) share: who is trained on, which architectures are measured, and the model that
// comes of it. Pure functions, thread-safe.
#pragma once

#include <memory>
#include <vector>

#include "search/transfer.h"

namespace tradewind {

struct TransferSplit {
  std::vector<size_t> train, valid, test;  // devices
};
// kInvalidInput or kNotFound as FewShotTransfer says.
Result<TransferSplit> SplitDevices(const LatencyTable& table, const TransferOptions& options);

struct TransferDraw {
  std::vector<size_t> training, tested, references;  // architectures; references are among those trained on
};
TransferDraw DrawArchitectures(const LatencyTable& table, const TransferSplit& split, const TransferOptions& options, uint64_t seed);

Result<std::shared_ptr<const FewShotModel>> TrainOnDraw(const LatencyTable& table, const TransferSplit& split, const TransferDraw& draw,
                                                        const FewShotOptions& options, uint64_t seed);

std::vector<Observation> MeasureReferences(const LatencyTable& table, const TransferDraw& draw, size_t device);

}  // namespace tradewind
