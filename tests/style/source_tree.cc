// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "style/source_tree.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace tradewind::style {
namespace {

namespace fs = std::filesystem;

bool IsRead(const fs::path& path) {
  static constexpr std::array<std::string_view, 8> kExtensions = {".cc", ".h", ".cmake", ".md", ".py", ".sh", ".txt", ".yaml"};
  const std::string extension = path.extension().string();
  return extension.empty() || std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

bool IsSkipped(const fs::path& path, const std::string& relative) {
  const std::string name = path.filename().string();
  return relative == "build" || name == ".git" || name == ".cache" || name == "__pycache__" || relative == "fuzz/corpus" ||
         (name == "data" && relative != "data");
}

Files Read(const fs::path& root) {
  Files files;
  for (fs::recursive_directory_iterator walk(root), end; walk != end; ++walk) {
    const std::string relative = walk->path().lexically_relative(root).string();
    if (IsSkipped(walk->path(), relative)) {
      if (walk->is_directory()) walk.disable_recursion_pending();
    } else if (walk->is_regular_file() && IsRead(walk->path())) {
      std::ostringstream text;
      text << std::ifstream(walk->path(), std::ios::binary).rdbuf();
      if (text.str().find('\0') == std::string::npos) files.push_back({relative, text.str()});
    }
  }
  std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

// Where the comment or literal that starts at `i` ends, or `i` where none starts.
struct Span {
  size_t end;
  bool comment;
};

Span Skip(std::string_view text, size_t i) {
  const auto until = [&](std::string_view mark, size_t from) {
    const size_t at = text.find(mark, from);
    return at == std::string_view::npos ? text.size() : at + mark.size();
  };
  const std::string_view rest = text.substr(i);
  if (rest.starts_with("//")) return {std::min(text.find('\n', i), text.size()), true};
  if (rest.starts_with("/*")) return {until("*/", i + 2), true};
  if (rest.starts_with("R\"")) {
    const size_t open = text.find('(', i);
    if (open == std::string_view::npos) return {text.size(), false};
    std::string close(text.substr(i + 1, open - i));  // "mark(
    close.front() = ')';
    close.back() = '"';
    return {until(close, open), false};
  }
  // A digit separator: 1'000 and 0xFF'FF, and not the prefix of a literal, as in U'x'.
  const bool digit_separator = rest[0] == '\'' && i > 0 && std::isxdigit(static_cast<unsigned char>(text[i - 1]));
  if ((rest[0] != '"' && rest[0] != '\'') || digit_separator) return {i, false};
  size_t end = i + 1;
  while (end < text.size() && text[end] != rest[0]) end += text[end] == '\\' ? 2 : 1;
  return {std::min(end + 1, text.size()), false};
}

std::string Blank(std::string_view text, bool literals) {
  std::string out(text);
  for (size_t i = 0; i < text.size();) {
    const Span span = Skip(text, i);
    if (span.end == i) {
      ++i;
      continue;
    }
    for (; i < span.end; ++i) {
      if ((span.comment || literals) && out[i] != '\n') out[i] = ' ';
    }
  }
  return out;
}

}  // namespace

std::string SourceFile::Name() const {
  return fs::path(path).filename().string();
}
std::string SourceFile::Stem() const {
  return fs::path(path).stem().string();
}
std::string SourceFile::Extension() const {
  return fs::path(path).extension().string();
}
std::string SourceFile::Folder() const {
  return fs::path(path).parent_path().string();
}
bool SourceFile::IsCpp() const {
  return path.ends_with(".cc") || path.ends_with(".h");
}

std::vector<std::string> SourceFile::Lines() const {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

const Files& Tree() {
  static const Files files = Read(TRADEWIND_SOURCE_DIR);
  return files;
}

const SourceFile* FindFile(const Files& files, std::string_view path) {
  const auto at = std::find_if(files.begin(), files.end(), [&](const SourceFile& f) { return f.path == path; });
  return at == files.end() ? nullptr : &*at;
}

std::string At(const SourceFile& file, size_t line, std::string_view complaint) {
  return file.path + ":" + std::to_string(line) + ": " + std::string(complaint);
}

std::string Joined(const Offences& offences) {
  std::string text;
  for (const std::string& offence : offences) text += offence + "\n";
  return text;
}

std::string CodeOnly(std::string_view text) {
  return Blank(text, true);
}
std::string WithoutComments(std::string_view text) {
  return Blank(text, false);
}

}  // namespace tradewind::style
