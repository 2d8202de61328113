// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Which file a setting's knobs `model` and `weights` mean; a copy with other weights is made when it is first asked for, and kept in
// CacheDir()/artefacts.
//
//   TW_ASSIGN(const std::string path, FindWeights(setting));
#pragma once

#include <functional>
#include <string>

#include "base/status.h"
#include "core/setting.h"

namespace tradewind {

// Told once before a copy is made, in words.
using MakingWeights = std::function<void(const std::string& what)>;

// kNotFound for an unknown model; else as QuantizeModel. Models that lie in several files or in a folder have no copies yet: kUnsupported.
Result<std::string> FindWeights(const Setting& setting, const MakingWeights& making = {});

}  // namespace tradewind
