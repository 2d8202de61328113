// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <cstring>

#include "formats/gguf.h"
#include "text/tokenizer_vocabulary.h"

namespace tradewind {
namespace {

constexpr uint64_t kMostTokens = uint64_t{1} << 20;  // four times the largest vocabulary in use

std::string Key(std::string_view field) {
  return "tokenizer.ggml." + std::string(field);
}

// The elements of a checked array of 4-byte numbers.
template <typename T>
std::vector<T> Numbers(const GgufArray& array) {
  static_assert(sizeof(T) == 4);
  std::vector<T> values(array.raw.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), array.raw.data(), values.size() * sizeof(T));
  return values;
}

// Arrays that belong to the tokens have one element for each. Asked before anything is copied: the counts of a file cost nothing.
Result<void> CheckCounts(const GgufMetadata& metadata, std::string_view model) {
  TW_ASSIGN(const GgufArray* tokens, metadata.Array(Key("tokens"), GgufValueType::kString));
  if (tokens->count == 0) return Fail(Status(StatusCode::kInvalidInput, "the vocabulary is empty").At(Key("tokens")));
  if (tokens->count > kMostTokens) {
    return Fail(Status(StatusCode::kInvalidInput, "has over " + std::to_string(kMostTokens) + " tokens").At(Key("tokens")));
  }
  for (const auto& [field, type] : {std::pair{"token_type", GgufValueType::kInt32}, std::pair{"scores", GgufValueType::kFloat32}}) {
    const bool scores = type == GgufValueType::kFloat32;
    if (!metadata.Has(Key(field)) || (scores && model != "llama" && model != "t5")) continue;
    TW_ASSIGN(const GgufArray* array, metadata.Array(Key(field), type));
    if (array->count == tokens->count || (!scores && array->count == 0)) continue;
    return Fail(Status(StatusCode::kInvalidInput, "has " + std::to_string(array->count) + " entries for " + std::to_string(tokens->count) +
                                                      " tokens: convert the model again")
                    .At(Key(field)));
  }
  if (!metadata.Has(Key("merges"))) return {};
  TW_ASSIGN(const GgufArray* merges, metadata.Array(Key("merges"), GgufValueType::kString));
  if (merges->count <= 4 * kMostTokens) return {};
  return Fail(Status(StatusCode::kInvalidInput, "has over " + std::to_string(4 * kMostTokens) + " merges").At(Key("merges")));
}

Result<std::vector<std::string>> Strings(const GgufMetadata& metadata, std::string_view field) {
  TW_ASSIGN(const GgufArray* array, metadata.Array(Key(field), GgufValueType::kString));
  const std::vector<std::string_view> strings = array->Strings();
  return std::vector<std::string>(strings.begin(), strings.end());
}

Result<std::vector<TokenKind>> Kinds(const GgufMetadata& metadata) {
  TW_ASSIGN(const GgufArray* array, metadata.Array(Key("token_type"), GgufValueType::kInt32));
  std::vector<TokenKind> kinds;
  kinds.reserve(array->count);
  for (const int32_t type : Numbers<int32_t>(*array)) {
    switch (type) {
      case 0:  // undefined
      case 1: kinds.push_back(TokenKind::kNormal); break;
      case 2: kinds.push_back(TokenKind::kUnknown); break;
      case 3: kinds.push_back(TokenKind::kControl); break;
      case 4: kinds.push_back(TokenKind::kUserDefined); break;
      case 5: kinds.push_back(TokenKind::kUnused); break;
      case 6: kinds.push_back(TokenKind::kByte); break;
      default:
        return Fail(
            Status(StatusCode::kInvalidInput, "token " + std::to_string(kinds.size()) + " has the unknown type " + std::to_string(type))
                .At(Key("token_type")));
    }
  }
  return kinds;
}

Result<std::optional<bool>> OptionalBool(const GgufMetadata& metadata, std::string_view field) {
  if (!metadata.Has(Key(field))) return std::optional<bool>();
  TW_ASSIGN(const bool value, metadata.Bool(Key(field)));
  return std::optional<bool>(value);
}

// Phi-3 takes the white space after a special token into it, and files say so only by the model's name.
Result<bool> IsPhi3(const GgufMetadata& metadata) {
  TW_ASSIGN(const std::string_view value, metadata.StringOr("general.name", ""));
  std::string name(value);
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name.find("phi-3") != std::string::npos || name.find("phi3") != std::string::npos;
}

Result<void> ReadIds(const GgufMetadata& metadata, std::initializer_list<const char*> names, Vocabulary& vocabulary) {
  for (const char* name : names) {
    const std::string key = Key(std::string(name) + "_token_id");
    if (!metadata.Has(key)) continue;
    TW_ASSIGN(vocabulary.ids[name], metadata.Uint(key));
  }
  return {};
}

Result<void> ReadWordPiece(const GgufMetadata& metadata, Vocabulary& vocabulary) {
  TW_RETURN_IF_ERROR(ReadIds(metadata, {"cls", "seperator"}, vocabulary));
  TW_ASSIGN(vocabulary.lowercase, metadata.BoolOr(Key("normalizer.lowercase"), true));
  TW_ASSIGN(vocabulary.strip_accents, OptionalBool(metadata, "normalizer.strip_accents"));
  return {};
}

Result<void> ReadUnigram(const GgufMetadata& metadata, Vocabulary& vocabulary) {
  TW_ASSIGN(vocabulary.remove_extra_spaces, metadata.BoolOr(Key("remove_extra_whitespaces"), false));
  const std::string key = Key("precompiled_charsmap");
  if (!metadata.Has(key)) return {};
  // Bytes, which some converters call signed.
  Result<const GgufArray*> bytes = metadata.Array(key, GgufValueType::kUint8);
  if (!bytes) bytes = metadata.Array(key, GgufValueType::kInt8);
  if (!bytes) return Fail(std::move(bytes).error());
  vocabulary.charsmap.assign(reinterpret_cast<const char*>((*bytes)->raw.data()), (*bytes)->raw.size());
  return {};
}

}  // namespace

Result<Vocabulary> ReadVocabulary(const GgufMetadata& metadata) {
  Vocabulary vocabulary;
  TW_ASSIGN(vocabulary.model, metadata.String(Key("model")));
  TW_ASSIGN(vocabulary.pre, metadata.StringOr(Key("pre"), "default"));
  TW_RETURN_IF_ERROR(CheckCounts(metadata, vocabulary.model));
  if (metadata.Has(Key("token_type"))) {
    TW_ASSIGN(vocabulary.kinds, Kinds(metadata));
  }
  if (vocabulary.model == "llama" || vocabulary.model == "t5") {
    TW_ASSIGN(const GgufArray* scores, metadata.Array(Key("scores"), GgufValueType::kFloat32));
    vocabulary.scores = Numbers<float>(*scores);
  } else if (vocabulary.model == "gpt2") {
    TW_ASSIGN(vocabulary.merges, Strings(metadata, "merges"));
  }
  TW_ASSIGN(vocabulary.pieces, Strings(metadata, "tokens"));
  TW_RETURN_IF_ERROR(ReadIds(metadata, {"bos", "eos", "eot", "eom", "unknown", "fim_pad", "fim_rep", "fim_sep"}, vocabulary));
  if (vocabulary.model == "bert") TW_RETURN_IF_ERROR(ReadWordPiece(metadata, vocabulary));
  if (vocabulary.model == "t5") TW_RETURN_IF_ERROR(ReadUnigram(metadata, vocabulary));
  TW_ASSIGN(vocabulary.add_bos, OptionalBool(metadata, "add_bos_token"));
  TW_ASSIGN(vocabulary.add_eos, OptionalBool(metadata, vocabulary.model == "bert" ? "add_sep_token" : "add_eos_token"));
  TW_ASSIGN(vocabulary.add_space_prefix, OptionalBool(metadata, "add_space_prefix"));
  TW_ASSIGN(vocabulary.strip_after_special, IsPhi3(metadata));
  return vocabulary;
}

Result<std::unique_ptr<Tokenizer>> MakeTokenizer(const GgufMetadata& metadata) {
  TW_ASSIGN(Vocabulary vocabulary, ReadVocabulary(metadata));
  return MakeTokenizer(std::move(vocabulary));
}

}  // namespace tradewind
