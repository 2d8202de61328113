// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/pretokenize.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>

#include "text/utf8.h"

namespace tradewind {
namespace {

// White space as Unicode has it; PCRE2's own \s would add U+180E.
#define TW_SPACES R"(\x{9}-\x{D}\x{20}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000})"
#define TW_SPACE "[" TW_SPACES "]"
#define TW_NOT_SPACE "[^" TW_SPACES "]"
#define TW_OTHER "[^" TW_SPACES R"(\p{L}\p{N}])"  // punctuation, symbols, marks, controls
// A run of white space but for its last character, which stays with the word that follows; or all of it.
#define TW_TRAILING TW_SPACE "+(?!" TW_NOT_SPACE ")|" TW_SPACE "+"
#define TW_ANY_CASE_CONTRACTION "'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])"

constexpr const char* kGpt2 = R"('(?:[stmd]|re|ve|ll)| ?\p{L}+| ?\p{N}+| ?)" TW_OTHER "+|" TW_TRAILING;
constexpr const char* kLlama3 =
    TW_ANY_CASE_CONTRACTION R"(|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?)" TW_OTHER R"(+[\r\n]*|)" TW_SPACE R"(*[\r\n]+|)" TW_TRAILING;
constexpr const char* kQwen2 =
    TW_ANY_CASE_CONTRACTION R"(|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?)" TW_OTHER R"(+[\r\n]*|)" TW_SPACE R"(*[\r\n]+|)" TW_TRAILING;
constexpr const char* kOneDigit = R"(\p{N})";

struct Recipe {
  std::string_view name;
  std::array<const char*, 4> patterns;  // the rest null
  bool ignores_merges = false;
  bool adds_bos = false;
};

constexpr Recipe kRecipes[] = {
    {"default", {R"([\p{P}$+<=>^~|]+)", kGpt2, R"(\p{N}+)", "[0-9][0-9][0-9]"}},
    {"gpt-2", {kGpt2}},
    {"phi-2", {kGpt2}},
    {"mpt", {kGpt2}},
    {"olmo", {kGpt2}},
    {"llama-bpe", {kLlama3}, true, true},
    {"llama3", {kLlama3}, true, true},
    {"llama-v3", {kLlama3}, true, true},
    {"falcon3", {kLlama3}, true, true},
    {"lfm2", {kLlama3}, true, true},
    {"smaug-bpe", {kLlama3}},
    {"dbrx", {kLlama3}},
    {"qwen2", {kQwen2}},
    {"deepseek-r1-qwen", {kQwen2}},
    {"stablelm2", {kQwen2}},
    {"smollm", {kOneDigit, kGpt2}},
    {"starcoder", {kOneDigit, kGpt2}},
    {"refact", {kOneDigit, kGpt2}},
    {"command-r", {kOneDigit, kGpt2}},
    {"codeshell", {kOneDigit, kGpt2}},
};

struct FreeMatchData {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeContext {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

std::string ErrorText(int code) {
  std::array<unsigned char, 128> buffer{};
  pcre2_get_error_message(code, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());
}

}  // namespace

struct PreTokenizer::Pattern {
  pcre2_code* code = nullptr;
  ~Pattern() { pcre2_code_free(code); }

  // Appends the lengths of the matches and gaps of `word` to `lengths`.
  Result<void> Cut(std::string_view word, pcre2_match_data* data, pcre2_match_context* context, std::vector<uint32_t>& lengths) const {
    size_t at = 0;
    while (at < word.size()) {
      const int found = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(word.data()), word.size(), at, PCRE2_NO_UTF_CHECK, data, context);
      if (found == PCRE2_ERROR_NOMATCH) break;
      if (found < 0) return Fail(StatusCode::kResourceExhausted, "cutting the text into words failed: " + ErrorText(found));
      const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer(data);
      if (bounds[1] <= at) return Fail(StatusCode::kInternal, "a pre-tokenizer's expression matched nothing");
      if (bounds[0] > at) lengths.push_back(static_cast<uint32_t>(bounds[0] - at));
      lengths.push_back(static_cast<uint32_t>(bounds[1] - bounds[0]));
      at = bounds[1];
    }
    if (at < word.size()) lengths.push_back(static_cast<uint32_t>(word.size() - at));
    return {};
  }
};

PreTokenizer::PreTokenizer() = default;
PreTokenizer::PreTokenizer(PreTokenizer&&) noexcept = default;
PreTokenizer& PreTokenizer::operator=(PreTokenizer&&) noexcept = default;
PreTokenizer::~PreTokenizer() = default;

Result<PreTokenizer> PreTokenizer::Make(std::string_view name) {
  const auto recipe = std::ranges::find(kRecipes, name, &Recipe::name);
  if (recipe == std::end(kRecipes)) {
    return Fail(Status(StatusCode::kUnsupported, "the pre-tokenizer \"" + std::string(name) +
                                                     "\" is not supported: default, gpt-2, llama-bpe, qwen2, smollm and their likes are")
                    .At("tokenizer.ggml.pre"));
  }
  PreTokenizer made;
  made.ignores_merges_ = recipe->ignores_merges;
  made.adds_bos_ = recipe->adds_bos;
  for (const char* source : recipe->patterns) {
    if (!source) break;
    int error = 0;
    PCRE2_SIZE offset = 0;
    auto pattern = std::make_unique<Pattern>();
    pattern->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(source), PCRE2_ZERO_TERMINATED, PCRE2_UTF, &error, &offset, nullptr);
    if (!pattern->code) return Fail(StatusCode::kInternal, "compiling a pre-tokenizer's expression failed: " + ErrorText(error));
    // Without a just-in-time compiler the interpreter does the same, more slowly.
    pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
    made.patterns_.push_back(std::move(pattern));
  }
  return made;
}

Result<std::vector<uint32_t>> PreTokenizer::Split(std::string_view text) const {
  // PCRE2 sees valid UTF-8 of the same length, checked once here: its own check would look at the whole text again for every word.
  const std::optional<std::string> replaced = ReplaceInvalidUtf8(text, '\x01');
  const std::string_view subject = replaced ? *replaced : text;
  const std::unique_ptr<pcre2_match_data, FreeMatchData> data(pcre2_match_data_create(1, nullptr));
  const std::unique_ptr<pcre2_match_context, FreeContext> context(pcre2_match_context_create(nullptr));
  if (!data || !context) return Fail(StatusCode::kResourceExhausted, "no memory to cut the text into words");
  // A run of white space backs off once for each of its characters, and no expression here needs more.
  pcre2_set_match_limit(context.get(), static_cast<uint32_t>(std::min<size_t>(100'000 + 8 * text.size(), UINT32_MAX)));
  pcre2_set_heap_limit(context.get(), 64 * 1024);  // KiB
  std::vector<uint32_t> lengths;
  if (!text.empty()) lengths.push_back(static_cast<uint32_t>(text.size()));
  for (const std::unique_ptr<Pattern>& pattern : patterns_) {
    std::vector<uint32_t> cut;
    cut.reserve(std::max(lengths.size(), text.size() / 8));
    size_t at = 0;
    for (const uint32_t length : lengths) {
      TW_RETURN_IF_ERROR(pattern->Cut(subject.substr(at, length), data.get(), context.get(), cut));
      at += length;
    }
    lengths = std::move(cut);
  }
  return lengths;
}

}  // namespace tradewind
