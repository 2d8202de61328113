// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The first byte picks what the rest is: a text against a small vocabulary of each family (and whether special tokens are parsed), a map of
// characters, or a vocabulary of the fuzzer's own. Beyond crashes it looks for texts that do not come back byte for byte, for control
// tokens that nobody asked for, and for more work than the text's length allows.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "../../src/text/tokenizer_base.h"
#include "../../src/text/tokenizer_charsmap.h"
#include "../../tests/text/tokenizer_charsmap_testing.h"
#include "../../tests/text/tokenizer_testing.h"

namespace tradewind {
namespace {

constexpr uint64_t kStepsPerByte = 64;

struct Subject {
  std::unique_ptr<Tokenizer> tokenizer;
  bool marks_spaces = false;  // SentencePiece's space, U+2581, reads back as a space
  bool keeps_bytes = true;
};

void Add(Vocabulary vocabulary, bool keeps_bytes, std::vector<Subject>& subjects) {
  const bool marks_spaces = vocabulary.model != "gpt2";
  Result<std::unique_ptr<Tokenizer>> tokenizer = MakeTokenizer(std::move(vocabulary));
  if (!tokenizer) std::abort();
  subjects.push_back({std::move(*tokenizer), marks_spaces, keeps_bytes});
}

std::vector<Subject> Subjects() {
  std::vector<Subject> subjects;
  for (const char* pre : {"default", "gpt-2", "llama-bpe", "qwen2", "smollm"}) {
    Vocabulary vocabulary = TinyBpe({"a a", "Ġ a", "aa aa", "Ġ Ġ", "Ã ©", "1 1", "< |", "i m", "Ċ Ċ", "' s"});
    vocabulary.pre = pre;
    Add(std::move(vocabulary), true, subjects);
  }
  for (const bool space : {false, true}) {
    Vocabulary vocabulary = TinySpm({{"▁", 0.F}, {"a", 0.F}, {"▁a", 3.F}, {"aa", 2.F}, {"▁▁", 1.F}, {"é", 0.F}, {"<", 0.F}, {"<s", 4.F}});
    vocabulary.add_space_prefix = space;
    if (!space) {
      for (const char* piece : {"\n", "\n\n", "  ", "<b>"}) AddPiece(vocabulary, piece, TokenKind::kUserDefined);
    }
    Add(std::move(vocabulary), true, subjects);
  }
  Add(TinyWordPiece({"▁a", "a", "aaaa", "e", "▁.", "▁[", "▁中", "▁ab", "▁▁"}), false, subjects);
  const std::vector<std::pair<std::string, float>> pieces = {{"▁", -2.F},   {"a", -1.F}, {"▁a", -1.5F},
                                                             {"aaa", -2.F}, {"é", -3.F}, {"▁▁", -3.F}};
  Add(TinySpm(pieces, "t5"), true, subjects);
  Vocabulary normalised = TinyUnigram(pieces);
  normalised.charsmap = CharsmapBytes(TinyCharsmapUnits(), kTinyReplacements);
  normalised.remove_extra_spaces = true;
  AddPiece(normalised, "<b>", TokenKind::kUserDefined);
  Add(std::move(normalised), false, subjects);
  return subjects;
}

std::vector<int32_t> EncodeWithin(const Tokenizer& tokenizer, SpecialTokens special, std::string_view text, uint64_t steps_per_byte) {
  const Result<Encoded> encoded = dynamic_cast<const TokenizerBase&>(tokenizer).EncodeCounting(text, special);
  if (!encoded || encoded->steps > steps_per_byte * (text.size() + 1)) std::abort();
  for (const int32_t id : encoded->ids) {
    if (special == SpecialTokens::kAsText && tokenizer.kind(id) == TokenKind::kControl) std::abort();
    if (id >= tokenizer.vocab_size() || (tokenizer.IsEndOfGeneration(id) && tokenizer.Piece(id).data() == nullptr)) std::abort();
  }
  if (tokenizer.Encode(text, special) != encoded->ids) std::abort();
  return encoded->ids;
}

void Run(const Subject& subject, SpecialTokens special, std::string_view text) {
  const Tokenizer& tokenizer = *subject.tokenizer;
  const std::string back = tokenizer.DecodeAll(EncodeWithin(tokenizer, special, text, kStepsPerByte), true);
  if (special == SpecialTokens::kParse || !subject.keeps_bytes) return;
  if (!(subject.marks_spaces && text.find(kSpaceMark) != std::string_view::npos) && back != text) std::abort();
}

void RunCharsmap(std::string_view bytes) {
  const Result<Charsmap> charsmap = Charsmap::Read(bytes);
  if (!charsmap) return;
  const std::string_view text = bytes.substr(bytes.size() - std::min<size_t>(bytes.size(), 4096));
  for (size_t at = 0; at <= text.size(); ++at) {
    const Charsmap::Match match = charsmap->LongestAt(text, at);
    if (match.length > text.size() - at || match.replacement.size() > Charsmap::kMaxReplacementBytes) std::abort();
  }
}

// A byte for the model and its switches, then lines: a byte for the kind, one for the score, the piece. The last line is the text.
void RunVocabulary(std::string_view bytes) {
  constexpr std::array<const char*, 4> kModels = {"llama", "gpt2", "bert", "t5"};
  if (bytes.empty()) return;
  const auto switches = static_cast<uint8_t>(bytes[0]);
  Vocabulary vocabulary;
  vocabulary.model = kModels[switches % 4];
  vocabulary.add_space_prefix = (switches & 4) != 0;
  vocabulary.remove_extra_spaces = (switches & 8) != 0;
  vocabulary.lowercase = (switches & 16) != 0;
  if (switches & 32) vocabulary.ids["unknown"] = switches >> 6;
  vocabulary.merges = {"a a"};
  bytes.remove_prefix(1);
  for (size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
    if (end >= 2)
      AddPiece(vocabulary, std::string(bytes.substr(2, end - 2)), static_cast<TokenKind>(bytes[0] & 3), -static_cast<float>(bytes[1]));
    bytes.remove_prefix(end + 1);
  }
  const Result<std::unique_ptr<Tokenizer>> tokenizer = MakeTokenizer(std::move(vocabulary));
  if (!tokenizer) return;
  for (const SpecialTokens special : {SpecialTokens::kAsText, SpecialTokens::kParse}) {
    // No piece is longer than 1024 bytes where all pieces at a place are looked at.
    (*tokenizer)->DecodeAll(EncodeWithin(**tokenizer, special, bytes, 1100), true);
  }
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::vector<tradewind::Subject> subjects = tradewind::Subjects();
  if (size == 0 || size > (1 << 16)) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t what = data[0] % 0x80 % (subjects.size() + 2);
  if (what == subjects.size()) {
    tradewind::RunCharsmap(rest);
  } else if (what == subjects.size() + 1) {
    tradewind::RunVocabulary(rest);
  } else {
    tradewind::Run(subjects[what], data[0] & 0x80 ? tradewind::SpecialTokens::kParse : tradewind::SpecialTokens::kAsText, rest);
  }
  return 0;
}
