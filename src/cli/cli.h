// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The command line: finds the subcommand, prints errors on standard error, gives the exit code of DESIGN section 3.
#pragma once

namespace tradewind {

int Main(int argc, char** argv);

}  // namespace tradewind
