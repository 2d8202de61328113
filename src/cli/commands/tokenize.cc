// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind tokenize: text on standard input to token ids, or ids back to text.
#include <cstdio>
#include <sstream>

#include "base/file.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/model_arguments.h"
#include "llm/model_file.h"
#include "text/tokenizer.h"

namespace tradewind {
namespace {

constexpr uint64_t kInputLimit = 64u << 20;

// Ids parted by spaces, commas or brackets.
Result<std::vector<int32_t>> ParseIds(std::string text) {
  for (char& c : text) {
    if (c == ',' || c == '[' || c == ']') c = ' ';
  }
  std::istringstream words(text);
  std::vector<int32_t> ids;
  std::string word;
  while (words >> word) {
    char* end = nullptr;
    const long value = std::strtol(word.c_str(), &end, 10);
    if (*end != '\0' || value < 0 || value > INT32_MAX) {
      return Fail(Status(StatusCode::kInvalidInput, "\"" + word.substr(0, 40) + "\" is not a token id")
                      .At("word " + std::to_string(ids.size() + 1)));
    }
    ids.push_back(static_cast<int32_t>(value));
  }
  return ids;
}

Result<int> TokenizeMain(int argc, char** argv) {
  std::string model;
  std::optional<std::string> model_option;
  bool json = false;
  bool no_bos = false;
  bool special = false;
  bool decode = false;
  Arguments args("tokenize", "Turns text on standard input, byte for byte, into token ids.");
  args.Positional("model", &model, "a model's name or GGUF file [the default model]");
  args.Option("-m,--model", &model_option, "the same as the positional");
  args.Flag("--no-bos", &no_bos, "put no BOS in front and no EOS behind, also where the model asks for them");
  args.Flag("--special", &special, "spellings of control tokens become those tokens");
  args.Flag("--decode", &decode, "ids on standard input back to text");
  args.Flag("--json", &json, "print one JSON value");
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  if (model_option) model = *model_option;
  if (model.empty()) {
    TW_ASSIGN(model, DefaultModelName());
  }
  TW_ASSIGN(const std::string path, FindModelFile(model));
  TW_ASSIGN(const Gguf file, OpenModelFile(path));
  TW_ASSIGN(const std::unique_ptr<Tokenizer> tokenizer, IfWhole(file, MakeTokenizer(file.metadata())));
  TW_ASSIGN(std::string input, ReadFile("-", kInputLimit));
  if (decode) {
    TW_ASSIGN(const std::vector<int32_t> ids, ParseIds(std::move(input)));
    const std::string text = tokenizer->DecodeAll(ids, special);
    if (json)
      PrintJson({{"text", text}});
    else
      std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  TW_ASSIGN(std::vector<int32_t> ids, tokenizer->Encode(input, special ? SpecialTokens::kParse : SpecialTokens::kAsText));
  if (!no_bos && tokenizer->add_bos() && tokenizer->bos()) ids.insert(ids.begin(), *tokenizer->bos());
  if (!no_bos && tokenizer->add_eos() && tokenizer->eos()) ids.push_back(*tokenizer->eos());
  if (json) {
    std::printf("%s\n", Json({{"tokens", ids}}).dump().c_str());
    return 0;
  }
  for (const int32_t id : ids)
    std::printf("%d %s\n", id, Json(tokenizer->Decode(id, true)).dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  return 0;
}

}  // namespace

void RegisterTokenizeCommand(Registry<Command>& registry) {
  registry.Add("tokenize", {.summary = "text to token ids and back", .run = TokenizeMain});
}

}  // namespace tradewind
