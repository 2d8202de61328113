// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Puts the parts of a file together, one behind the other, hashing as they pass. Internal to net.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "net/sha256.h"
#include "net/transfer.h"

namespace tradewind {

struct LocalPart {
  std::string path;
  std::string entry;  // of the zip archive that `path` is; empty: the file itself is the part
};

struct JoinRequest {
  std::vector<LocalPart> parts;
  std::string out;           // written anew and synced; its folder must exist
  uint64_t limit_bytes = 0;  // the most that all parts together may have
  std::string what;          // the name in messages
  uint64_t total_bytes = 0;  // for the progress; 0 = unknown
};

// kInvalidInput if the parts have more bytes than the limit or one is damaged; kNotFound if one is absent.
Result<FileDigest> JoinParts(const JoinRequest& request, const TransferControl& control);

}  // namespace tradewind
