// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Any text against a small vocabulary of each kind. The first byte picks vocabulary and mode, the rest is the text. Beyond crashes it
// looks for texts that do not come back byte for byte, and for control tokens that nobody asked for.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "../../tests/text/tokenizer_testing.h"

namespace tradewind {
namespace {

struct Subject {
  std::unique_ptr<Tokenizer> tokenizer;
  bool sentencepiece = false;
};

void Add(Vocabulary vocabulary, std::vector<Subject>& subjects) {
  const bool sentencepiece = vocabulary.model == "llama";
  Result<std::unique_ptr<Tokenizer>> tokenizer = MakeTokenizer(std::move(vocabulary));
  if (!tokenizer) std::abort();
  subjects.push_back({std::move(*tokenizer), sentencepiece});
}

std::vector<Subject> Subjects() {
  std::vector<Subject> subjects;
  for (const char* pre : {"default", "gpt-2", "llama-bpe", "qwen2", "smollm"}) {
    Vocabulary vocabulary = TinyBpe({"a a", "Ġ a", "aa aa", "Ġ Ġ", "Ã ©", "1 1", "< |", "i m", "Ċ Ċ", "' s"});
    vocabulary.pre = pre;
    Add(std::move(vocabulary), subjects);
  }
  for (const bool space : {false, true}) {
    Vocabulary vocabulary = TinySpm({{"▁", 0.F}, {"a", 0.F}, {"▁a", 3.F}, {"aa", 2.F}, {"▁▁", 1.F}, {"é", 0.F}, {"<", 0.F}, {"<s", 4.F}});
    vocabulary.add_space_prefix = space;
    if (!space) {
      for (const char* piece : {"\n", "\n\n", "  ", "<b>"}) AddPiece(vocabulary, piece, TokenKind::kUserDefined);
    }
    Add(std::move(vocabulary), subjects);
  }
  return subjects;
}

void Run(const Subject& subject, SpecialTokens special, std::string_view text) {
  const Tokenizer& tokenizer = *subject.tokenizer;
  const Result<std::vector<int32_t>> ids = tokenizer.Encode(text, special);
  if (!ids) std::abort();
  const std::string back = tokenizer.DecodeAll(*ids, true);
  if (special == SpecialTokens::kParse) return;
  for (const int32_t id : *ids) {
    if (tokenizer.kind(id) == TokenKind::kControl) std::abort();
  }
  // SentencePiece's own space, U+2581, reads back as a space.
  if (!(subject.sentencepiece && text.find("\xE2\x96\x81") != std::string_view::npos) && back != text) std::abort();
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::vector<tradewind::Subject> subjects = tradewind::Subjects();
  if (size == 0 || size > (1 << 16)) return 0;
  const auto special = data[0] & 0x80 ? tradewind::SpecialTokens::kParse : tradewind::SpecialTokens::kAsText;
  tradewind::Run(subjects[data[0] % 0x80 % subjects.size()], special, {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
