// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Optional parts that are libraries of their own beside the program, loaded when they are first needed, so that the program starts without
// what they are linked to. Both sides are of one build. Thread-safe.
//
//   TW_ASSIGN(void* open, FindInPlugin({.file = "libtradewind_torch.so", .symbol = "TradewindTorchOpen", .part = "LibTorch"}));
#pragma once

#include <string>

#include "base/status.h"

namespace tradewind {

struct PluginSymbol {
  std::string file;    // beside the program, or in the lib folder beside its own
  std::string symbol;  // a function of C linkage
  std::string part;    // what the plugin is linked to, for messages
};

// The library stays loaded. kUnsupported says why it is not there: not built, not loadable, or of another build.
Result<void*> FindInPlugin(const PluginSymbol& wanted);

}  // namespace tradewind
