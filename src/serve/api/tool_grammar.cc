// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/tool_grammar.h"

#include <algorithm>

#include "serve/api/answer_shape.h"
#include "text/grammar.h"

namespace tradewind {
namespace {

constexpr char kMoreCalls[] = "{0,15}";  // a run of calls that never ends helps nobody
constexpr char kFreeArguments[] = R"({"type":"object"})";

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool IsNameChar(char c) {
  return IsNameStart(c) || (c >= '0' && c <= '9') || c == '-';
}

// The end of the literal or class that begins at `at`.
size_t QuotedEnd(std::string_view text, size_t at) {
  const char closing = text[at] == '[' ? ']' : '"';
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == closing) {
      return i + 1;
    }
  }
  return text.size();
}

// {"name": "NAME", "arguments": {...}}: names are letters, digits, _ and -.
std::string CallRule(const std::string& rule, const std::string& name, std::string_view arguments_key, const std::string& prefix) {
  return rule + " ::= \"{\\\"name\\\": \\\"" + name + "\\\", \\\"" + std::string(arguments_key) + "\\\": \" " + prefix + "root \"}\"\n";
}

// Text in which no opening tag is complete: after a beginning of the tag comes another character than the tag's next, or the tag's first
// again, or the end. No recursion, so that its depth does not grow with the text.
std::string FreeTextRules() {
  constexpr std::string_view tag = "<tool_call>";
  std::string restarts, leaves, ends;
  for (size_t k = 1; k < tag.size(); ++k) {
    const std::string begun(tag.substr(1, k - 1));
    restarts += (k > 1 ? " | \"" : "\"") + begun + "<\"";
    leaves += (k > 1 ? " | " : "") + (begun.empty() ? "" : "\"" + begun + "\" ") + "[^<" + tag[k] + "]";
    if (k > 1) ends += (k > 2 ? " | \"" : "\"") + begun + "\"";
  }
  return "free ::= ([^<] | \"<\" restart* leave)*\nfree-end ::= (\"<\" restart* (" + ends + ")?)?\nrestart ::= " + restarts +
         "\nleave ::= " + leaves + "\n";
}

std::string CallsRule(ToolNotation notation, bool parallel) {
  const auto more = [&](const std::string& separator) { return parallel ? " (" + separator + ")" + kMoreCalls : std::string(); };
  switch (notation) {
    case ToolNotation::kTags:
      return "calls ::= tagged" + more("\"\\n\" tagged") + "\ntagged ::= \"<tool_call>\\n\" call \"\\n</tool_call>\"\n";
    case ToolNotation::kObject: return "calls ::= call\n";
    case ToolNotation::kList: return "calls ::= \"[\" call" + more("\", \" call") + " \"]\"\n";
  }
  return "";
}

std::string RootRule(ToolNotation notation, bool required) {
  if (required) return "root ::= calls\n";
  if (notation == ToolNotation::kObject) return "root ::= calls | ([^{ \\n\\r\\t] [^\\x00]*)?\n";
  return "root ::= free free-end calls?\n" + FreeTextRules();
}

}  // namespace

std::string PrefixRules(std::string_view gbnf, std::string_view prefix) {
  std::string out;
  out.reserve(gbnf.size() * 2);
  for (size_t i = 0; i < gbnf.size();) {
    size_t end = i + 1;
    if (gbnf[i] == '"' || gbnf[i] == '[') {
      end = QuotedEnd(gbnf, i);
    } else if (IsNameStart(gbnf[i])) {
      while (end < gbnf.size() && IsNameChar(gbnf[end])) ++end;
      out += prefix;
    }
    out += gbnf.substr(i, end - i);
    i = end;
  }
  return out;
}

Result<std::string> ToolGrammar(const ToolUse& use, ToolNotation notation) {
  const bool required = use.choice.mode == ToolChoice::Mode::kRequired;
  const auto strict = std::find_if(use.tools.begin(), use.tools.end(), [](const ToolFunction& t) { return t.strict; });
  if (!use.Offered() || (!required && strict == use.tools.end())) return std::string();
  if (!required && notation == ToolNotation::kList) {
    return Fail(UnsupportedField(strict->place,
                                 "this model marks calls by a token that no grammar can see, so that `strict` is kept only "
                                 "with `tool_choice`: \"required\"; leave `strict` out"));
  }
  std::string alternatives, rules;
  for (size_t i = 0; i < use.tools.size(); ++i) {
    const ToolFunction& tool = use.tools[i];
    if (!use.choice.name.empty() && tool.name != use.choice.name) continue;
    const std::string rule = "call" + std::to_string(i);
    const std::string prefix = "t" + std::to_string(i) + "-";
    TW_ASSIGN(const std::string schema, SchemaGrammarAt(required || tool.strict ? tool.parameters : kFreeArguments, tool.place));
    alternatives += (alternatives.empty() ? "" : " | ") + rule;
    rules += CallRule(rule, tool.name, notation == ToolNotation::kObject ? "parameters" : "arguments", prefix);
    rules += PrefixRules(schema, prefix);
  }
  std::string gbnf = RootRule(notation, required) + CallsRule(notation, use.choice.parallel) + "call ::= " + alternatives + "\n" + rules;
  const auto parsed = Grammar::Parse(gbnf);
  if (!parsed) return Fail(Status(parsed.error().code(), "the tools have no grammar together: " + parsed.error().message()).At("tools"));
  return gbnf;
}

}  // namespace tradewind
