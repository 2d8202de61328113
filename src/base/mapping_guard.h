// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What happens when a mapped file becomes shorter and a page that is gone is read: the kernel sends SIGBUS, which ends the process. Once
// GuardMappings() was called, such a page reads as zeros instead and its mapping is marked; who reads a mapping asks for the mark before
// giving out what was made of it (MappedFile::CheckWhole). Thread-safe; the handler takes no lock and allocates nothing.
//
//   GuardMappings();   // once, early: it changes how the whole process takes SIGBUS
#pragma once

#include <cstddef>

namespace tradewind {

// Installs the handler of SIGBUS; calls after the first do nothing. What is no fault in a registered mapping goes to the handler that was
// there before: without one, it ends the process as ever.
void GuardMappings();

// The mappings that the handler knows of, in a table of fixed size: MappedFile keeps it.
inline constexpr int kMostMappings = 4096;
inline constexpr int kNoMapping = -1;
// A number for the mapping; kNoMapping where the table is full.
int RegisterMapping(const void* begin, size_t size_bytes);
// Before the mapping is removed, when nobody reads it any more.
void ForgetMapping(int mapping);
void MarkMappingDamaged(int mapping);
bool MappingDamaged(int mapping);

}  // namespace tradewind
