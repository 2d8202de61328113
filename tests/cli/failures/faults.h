// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Makes the n-th allocation or system call of the program fail. Linked into a test program, it stands in for operator new and for the C
// library's open, read, pread, write, fsync, mmap and rename, in the program and in every library that it loads.
//
//   SetFault(Fault::kAllocation, 17);
//   ... run ...
//   const int64_t calls = ClearFault();   // how many there were; at least 17 if it struck
//
// SetHook lets something else happen at that moment: a file change under the program's hands.
#pragma once

#include <cstdint>

namespace tradewind {

enum class Fault { kAllocation, kOpen, kRead, kWrite, kSync, kMap, kRename };

// From now on, on any thread, calls of this kind are counted, and the n-th fails (n from 1): once, or with all after it.
void SetFault(Fault kind, int64_t n, bool lasting);
// Or: the n-th call is made, and after it the hook is called, once.
void SetHook(Fault kind, int64_t n, void (*hook)());
// Stops; how many calls there were.
int64_t ClearFault();

}  // namespace tradewind
