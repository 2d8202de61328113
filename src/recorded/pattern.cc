// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "recorded/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>

namespace tradewind {
namespace {

constexpr size_t kMaxSource_bytes = 4096;
constexpr uint32_t kMatchSteps = 100'000;
constexpr uint32_t kHeap_KiB = 4096;

PCRE2_SPTR Units(std::string_view text) {
  return reinterpret_cast<PCRE2_SPTR>(text.data() == nullptr ? "" : text.data());
}

std::string Reason(int code) {
  std::array<PCRE2_UCHAR, 256> buffer{};
  pcre2_get_error_message(code, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());
}

}  // namespace

struct Pattern::Code {
  pcre2_code* code = nullptr;
  pcre2_match_data* data = nullptr;
  pcre2_match_context* context = nullptr;
  ~Code() {
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
    pcre2_code_free(code);
  }
};

Pattern::Pattern(std::string source, std::unique_ptr<Code> code, size_t groups)
    : source_(std::move(source)), code_(std::move(code)), groups_(groups) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::Make(const std::string& source) {
  if (source.size() > kMaxSource_bytes) return Fail(StatusCode::kInvalidInput, "a pattern has at most 4096 bytes");
  auto code = std::make_unique<Code>();
  int error = 0;
  size_t offset = 0;
  code->code = pcre2_compile(Units(source), source.size(), PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &error, &offset, nullptr);
  if (code->code == nullptr) {
    return Fail(StatusCode::kInvalidInput, "the pattern '" + source + "' is not a regular expression: " + Reason(error) + " (at its byte " +
                                               std::to_string(offset) + ")");
  }
  code->data = pcre2_match_data_create_from_pattern(code->code, nullptr);
  code->context = pcre2_match_context_create(nullptr);
  pcre2_set_match_limit(code->context, kMatchSteps);
  pcre2_set_heap_limit(code->context, kHeap_KiB);
  uint32_t groups = 0;
  pcre2_pattern_info(code->code, PCRE2_INFO_CAPTURECOUNT, &groups);
  return Pattern(source, std::move(code), groups);
}

std::optional<std::vector<std::string>> Pattern::Match(std::string_view text) const {
  const int found = pcre2_match(code_->code, Units(text), text.size(), 0, 0, code_->data, code_->context);
  if (found <= 0) return std::nullopt;
  const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer(code_->data);
  std::vector<std::string> groups(groups_);
  for (size_t i = 1; i <= groups_ && i < static_cast<size_t>(found); ++i) {
    const size_t begin = bounds[2 * i];
    const size_t end = bounds[2 * i + 1];
    if (begin != PCRE2_UNSET && begin <= end) groups[i - 1] = text.substr(begin, end - begin);
  }
  return groups;
}

std::string Pattern::Replace(std::string_view text, std::string_view with) const {
  constexpr uint32_t kOptions = PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_UNSET_EMPTY;
  // The replacement may use a group of the text several times; more than this is no clean-up of a name.
  size_t size = 4 * text.size() + 4 * with.size() + 256;
  std::string out(size, '\0');
  const int done = pcre2_substitute(code_->code, Units(text), text.size(), 0, kOptions, code_->data, code_->context, Units(with),
                                    with.size(), reinterpret_cast<PCRE2_UCHAR*>(out.data()), &size);
  if (done <= 0) return std::string(text);
  out.resize(size);
  return out;
}

}  // namespace tradewind
