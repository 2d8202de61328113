// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "style/functions.h"

#include <algorithm>
#include <cctype>

#include "style/source_tree.h"

namespace tradewind::style {
namespace {

enum class Scope { kOpen, kFunction, kClosed };  // namespace or class; function body; anything else

bool HasWord(std::string_view text, std::string_view word) {
  const auto is_word = [&](size_t i) { return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_'); };
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if ((at == 0 || !is_word(at - 1)) && !is_word(at + word.size())) return true;
  }
  return false;
}

// What a brace opens, by the statement before it: text since the last ; { or } of this scope.
Scope Opened(std::string_view statement) {
  if (HasWord(statement, "namespace") || HasWord(statement, "extern")) return Scope::kOpen;
  const size_t call = statement.find('(');
  const bool type = HasWord(statement, "class") || HasWord(statement, "struct") || HasWord(statement, "union");
  if (type && call == std::string_view::npos) return Scope::kOpen;
  const bool is_operator = HasWord(statement, "operator");
  const size_t equals = statement.find('=');
  if (call != std::string_view::npos && (equals == std::string_view::npos || equals > call || is_operator)) return Scope::kFunction;
  return Scope::kClosed;
}

// Preprocessor lines are no statements: blanked.
void BlankDirectives(std::string& code) {
  bool directive = false;
  bool start = true;
  for (size_t i = 0; i < code.size(); ++i) {
    if (start && code[i] == '#') directive = true;
    if (code[i] == '\n') {
      if (directive && i > 0 && code[i - 1] != '\\') directive = false;
      start = true;
    } else {
      if (!std::isspace(static_cast<unsigned char>(code[i]))) start = false;
      if (directive && code[i] != '\\') code[i] = ' ';
    }
  }
}

size_t LineOf(std::string_view text, size_t at) {
  return 1 + static_cast<size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

// Past blanks and access labels.
size_t StatementStart(std::string_view code, size_t at) {
  for (;;) {
    at = std::min(code.find_first_not_of(" \n", at), code.size());
    size_t label = 0;
    for (const std::string_view access : {"public:", "private:", "protected:"}) {
      if (code.substr(at).starts_with(access)) label = access.size();
    }
    if (label == 0) return at;
    at += label;
  }
}

}  // namespace

std::vector<Function> FindFunctions(std::string_view text) {
  std::string code = CodeOnly(text);
  BlankDirectives(code);
  std::vector<Function> functions;
  std::vector<Scope> scopes;
  size_t statement = 0;
  size_t start = 0;  // of the function that is open
  const auto inside = [&] { return !scopes.empty() && scopes.back() != Scope::kOpen; };
  for (size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '{') {
      Scope scope = Scope::kClosed;
      if (!inside()) {
        statement = StatementStart(code, statement);
        scope = Opened(std::string_view(code).substr(statement, i - statement));
        if (scope == Scope::kFunction) {
          start = statement;
          functions.push_back({std::string(text.substr(statement, text.find('\n', statement) - statement)), LineOf(text, statement), 0});
        }
      }
      scopes.push_back(scope);
    } else if (c == '}' && !scopes.empty()) {
      const Scope scope = scopes.back();
      scopes.pop_back();
      if (scope == Scope::kFunction) {
        functions.back().lines = LineOf(text, i) - functions.back().line + 1;
        const size_t next = code.find_first_not_of(" \n", i + 1);
        if (next != std::string::npos && std::string_view(",{)").find(code[next]) != std::string_view::npos) {
          functions.pop_back();  // a braced initialiser within the signature
          statement = start;
          continue;
        }
      }
    }
    if ((c == ';' || c == '{' || c == '}') && !inside()) statement = i + 1;
  }
  return functions;
}

}  // namespace tradewind::style
