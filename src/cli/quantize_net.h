// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// `tradewind quantize` on a net of pictures: its twin in whole numbers of 8 bits.
#pragma once

#include <string>

#include "base/status.h"

namespace tradewind {

struct QuantizeNetOptions {
  std::string in, out;
  std::string pictures;  // as LoadPictures takes them
  std::string card;      // as FindCard takes it
  int threads = 1;
  bool json = false;
};
Result<int> QuantizeNet(const QuantizeNetOptions& given);

}  // namespace tradewind
