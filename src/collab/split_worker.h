// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The worker of a split net: takes a net, then runs what is behind a cut on what comes (split_protocol.h). `tradewind split-worker` is this
// with a socket. It believes nothing that comes, but it computes for whoever connects: let it listen on networks that you trust.
#pragma once

#include "base/status.h"
#include "net/socket.h"

namespace tradewind {

// Serves one device until it closes the connection. What is asked wrongly is answered by Failed; what is no message of this protocol ends
// the connection with kInvalidInput.
Result<void> ServeSplit(Socket socket);

}  // namespace tradewind
