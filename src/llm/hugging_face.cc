// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/hugging_face.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "formats/gguf_writer.h"
#include "formats/safetensors.h"
#include "llm/model_file.h"
#include "llm/model_spec.h"

namespace tradewind {
namespace {

constexpr uint64_t kConfigLimit = 128u << 10;  // as JSON values it takes up to a hundred times as much
constexpr uint64_t kVocabularyLimit = 8u << 20;
constexpr int64_t kMostTokens = int64_t{1} << 20;
constexpr int kTokenNormal = 1;
constexpr int kTokenUnknown = 2;
constexpr int kTokenControl = 3;

using Config = nlohmann::json;

Result<Config> ReadConfig(const std::string& path) {
  TW_ASSIGN(const std::string text, ReadFile(path, kConfigLimit));
  Config config = Config::parse(text, nullptr, false);
  if (!config.is_object()) return Fail(Status(StatusCode::kInvalidInput, path + " is no JSON object").At(path));
  return config;
}

class Importer {
 public:
  Importer(const std::string& path, const Safetensors& file) : folder_(std::filesystem::path(path).parent_path()), file_(file) {}

  Result<Gguf> Import() {
    TW_ASSIGN(const Config config, ReadConfig(folder_ / "config.json"));
    const std::string type =
        config.contains("model_type") && config["model_type"].is_string() ? config["model_type"].get<std::string>() : std::string();
    const Architecture* architecture = Architectures().Find(type);
    if (architecture == nullptr || architecture->hugging_face == nullptr) {
      return Fail(
          Status(StatusCode::kUnsupported, "the model_type \"" + type + "\" is not read from safetensors; convert the model to GGUF")
              .At("config.json: model_type"));
    }
    name_ = type;
    table_ = architecture->hugging_face;
    writer_.Add("general.architecture", name_);
    TW_RETURN_IF_ERROR(AddConfig(config));
    TW_RETURN_IF_ERROR(AddPooling());
    TW_RETURN_IF_ERROR(AddVocabulary());
    TW_RETURN_IF_ERROR(AddTensors());
    TW_ASSIGN(std::vector<std::byte> bytes, writer_.Bytes());
    return Gguf::FromBytes(std::move(bytes), file_.source());
  }

 private:
  Result<void> AddConfig(const Config& config) {
    const auto wrong = [](std::string_view key, const char* wanted) {
      return Fail(Status(StatusCode::kInvalidInput, "config.json: " + std::string(key) + " must be " + wanted)
                      .At("config.json: " + std::string(key)));
    };
    for (const HuggingFaceTable::Value& value : table_->required) {
      const auto found = config.find(value.key);
      if (found == config.end() || (found->is_string() && found->get_ref<const std::string&>() == value.value)) continue;
      return Fail(Status(StatusCode::kUnsupported, "config.json: " + std::string(value.key) + " is not \"" + std::string(value.value) +
                                                       "\"; this variant is not supported")
                      .At("config.json: " + std::string(value.key)));
    }
    for (const HuggingFaceTable::Name& name : table_->integers) {
      const auto found = config.find(name.theirs);
      if (found == config.end() || !found->is_number_unsigned() || found->get<uint64_t>() > UINT32_MAX)
        return wrong(name.theirs, "a whole number");
      writer_.Add(name_ + "." + std::string(name.ours), found->get<uint32_t>());
    }
    for (const HuggingFaceTable::Name& name : table_->numbers) {
      const auto found = config.find(name.theirs);
      if (found == config.end() || !found->is_number()) return wrong(name.theirs, "a number");
      writer_.Add(name_ + "." + std::string(name.ours), found->get<double>());
    }
    return {};
  }

  // Sentence encoders say how they pool in a folder of its own; the file is optional.
  Result<void> AddPooling() {
    const std::filesystem::path path = folder_ / "1_Pooling" / "config.json";
    if (!std::filesystem::exists(path)) return {};
    TW_ASSIGN(const Config config, ReadConfig(path));
    std::optional<Pooling> pooling;
    for (const auto& [key, value] : config.items()) {
      if (key.rfind("pooling_mode_", 0) != 0 || !value.is_boolean() || !value.get<bool>()) continue;
      const std::optional<Pooling> one = key == "pooling_mode_mean_tokens" ? std::optional(Pooling::kMean)
                                         : key == "pooling_mode_cls_token" ? std::optional(Pooling::kFirst)
                                         : key == "pooling_mode_lasttoken" ? std::optional(Pooling::kLast)
                                                                           : std::nullopt;
      if (!one || pooling) {
        return Fail(Status(StatusCode::kUnsupported, path.string() + ": " + key + " is not supported; one of mean, cls and last is")
                        .At("1_Pooling/config.json: " + key));
      }
      pooling = one;
    }
    if (pooling) writer_.Add(name_ + ".pooling_type", static_cast<uint32_t>(*pooling));
    return {};
  }

  // Pieces that go on with a word have "##" in front there; in GGUF those that begin one have a mark.
  Result<void> AddVocabulary() {
    TW_ASSIGN(const std::string text, ReadFile(folder_ / "vocab.txt", kVocabularyLimit));
    if (std::count(text.begin(), text.end(), '\n') > kMostTokens) {
      return Fail(Status(StatusCode::kInvalidInput, "vocab.txt has over " + std::to_string(kMostTokens) + " lines, one a token; is it one?")
                      .At("vocab.txt"));
    }
    std::vector<std::string> tokens;
    std::vector<int32_t> types;
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find('\n', at), text.size());
      std::string token = text.substr(at, end - at);
      if (!token.empty() && token.back() == '\r') token.pop_back();
      at = end + 1;
      const auto id = static_cast<uint32_t>(tokens.size());
      int32_t type = kTokenNormal;
      if (token == "[UNK]") type = kTokenUnknown;
      if (token == "[CLS]" || token == "[SEP]" || token == "[PAD]" || token == "[MASK]") type = kTokenControl;
      if (token == "[UNK]") writer_.Add("tokenizer.ggml.unknown_token_id", id);
      if (token == "[CLS]") writer_.Add("tokenizer.ggml.cls_token_id", id);
      if (token == "[SEP]") writer_.Add("tokenizer.ggml.seperator_token_id", id);
      if (token == "[PAD]") writer_.Add("tokenizer.ggml.padding_token_id", id);
      if (type == kTokenNormal) token = token.rfind("##", 0) == 0 ? token.substr(2) : "\u2581" + token;
      tokens.push_back(std::move(token));
      types.push_back(type);
    }
    writer_.Add("tokenizer.ggml.model", std::string(table_->vocabulary));
    writer_.Add("tokenizer.ggml.tokens", GgufArrayBytes::OfStrings(tokens));
    writer_.Add("tokenizer.ggml.token_type", GgufArrayBytes::Of<int32_t>(types));
    const std::filesystem::path path = folder_ / "tokenizer_config.json";
    if (!std::filesystem::exists(path)) return {};
    TW_ASSIGN(const Config config, ReadConfig(path));
    for (const auto& [theirs, ours] : {std::pair{"do_lower_case", "lowercase"}, std::pair{"strip_accents", "strip_accents"}}) {
      if (const auto found = config.find(theirs); found != config.end() && found->is_boolean())
        writer_.Add(std::string("tokenizer.ggml.normalizer.") + ours, found->get<bool>());
    }
    return {};
  }

  Result<void> AddTensors() {
    for (const auto& [theirs, tensor] : file_.tensors()) {
      std::string_view name = theirs;
      for (const std::string_view prefix : table_->prefixes) {
        if (name.substr(0, prefix.size()) == prefix) name.remove_prefix(prefix.size());
      }
      const auto begins = [&](std::string_view beginning) { return name.substr(0, beginning.size()) == beginning; };
      if (std::any_of(table_->unread.begin(), table_->unread.end(), begins)) continue;
      const std::string ours = OurName(name);
      const std::optional<TensorType> type = tensor.tensor_type();
      if (ours.empty() || !type) {
        return Fail(Status(StatusCode::kUnsupported, file_.source() + ": the tensor " + theirs + " of type " + tensor.type +
                                                         " has no place in the architecture " + name_ + " as it is supported here")
                        .At(theirs, tensor.offset));
      }
      writer_.AddTensor(ours, *type, {tensor.shape.rbegin(), tensor.shape.rend()}, tensor.data);
    }
    return {};
  }

  // Empty if the table does not know it.
  std::string OurName(std::string_view theirs) const {
    for (const HuggingFaceTable::Name& name : table_->tensors) {
      const size_t star = name.theirs.find('%');
      if (star == std::string_view::npos) {
        if (theirs == name.theirs) return std::string(name.ours);
        continue;
      }
      const std::string_view before = name.theirs.substr(0, star);
      const std::string_view after = name.theirs.substr(star + 1);
      if (theirs.size() <= before.size() + after.size() || !theirs.starts_with(before) || !theirs.ends_with(after)) continue;
      const std::string_view number = theirs.substr(before.size(), theirs.size() - before.size() - after.size());
      if (number.find_first_not_of("0123456789") != std::string_view::npos) continue;
      const size_t place = name.ours.find('%');
      return std::string(name.ours.substr(0, place)).append(number).append(name.ours.substr(place + 1));
    }
    return "";
  }

  const std::filesystem::path folder_;
  const Safetensors& file_;
  std::string name_;
  const HuggingFaceTable* table_ = nullptr;
  GgufWriter writer_;
};

}  // namespace

Result<Gguf> ImportHuggingFace(const std::string& safetensors_path) {
  TW_ASSIGN(const Safetensors file, Safetensors::Open(safetensors_path));
  return IfWhole(file, Importer(safetensors_path, file).Import());
}

}  // namespace tradewind
