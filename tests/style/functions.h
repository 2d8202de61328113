// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Finds the functions that a C++ file defines, by counting braces: good enough for formatted code, no parser.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tradewind::style {

struct Function {
  std::string signature;  // its first line
  size_t line = 0;        // of its first line, from 1
  size_t lines = 0;       // to the closing brace, both included
};

// Functions and members defined in namespaces and classes, in the order of the text. What is inside a function (a lambda, a local class)
// belongs to it; initialisers of variables are no functions, however long.
std::vector<Function> FindFunctions(std::string_view text);

}  // namespace tradewind::style
