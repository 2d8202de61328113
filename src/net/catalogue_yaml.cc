// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// YAML to Catalogue. yaml-cpp reports by exceptions: none leaves this file. Its parser bounds nesting (DepthGuard); we bound the
// size of the text and every count, and read only the fields we know, so that aliases cannot blow up.
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <functional>
#include <set>

#include "net/catalogue.h"
#include "net/sha256.h"

namespace tradewind {
namespace {

constexpr size_t kMaxYaml_bytes = 1 << 20;
constexpr size_t kMaxModels = 1000;
constexpr size_t kMaxSources = 16;
constexpr size_t kMaxParts = 1000;
constexpr size_t kMaxField_bytes = 4096;

struct Context {
  const std::string& origin;

  tl::unexpected<Status> Error(const YAML::Mark& mark, const std::string& message) const {
    const std::string line = mark.line >= 0 ? ", line " + std::to_string(mark.line + 1) : "";
    return Fail(Status(StatusCode::kInvalidInput, message).At(origin + line));
  }
};

Result<std::string> Text(const Context& context, const YAML::Node& node, const std::string& field) {
  if (!node.IsScalar() || node.Scalar().empty()) return context.Error(node.Mark(), field + " must be a text");
  if (node.Scalar().size() > kMaxField_bytes)
    return context.Error(node.Mark(), field + " is longer than " + std::to_string(kMaxField_bytes) + " bytes");
  for (const char c : node.Scalar()) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return context.Error(node.Mark(), field + " holds a control character or a line break");
  }
  return node.Scalar();
}

Result<Source> OneSource(const Context& context, const YAML::Node& node) {
  TW_ASSIGN(const std::string text, Text(context, node, "a source"));
  auto source = ParseSource(text);
  if (!source) return context.Error(node.Mark(), source.error().message());
  return source;
}

Result<std::vector<SourceParts>> Sources(const Context& context, const YAML::Node& node) {
  if (!node.IsSequence() || node.size() == 0 || node.size() > kMaxSources) {
    return context.Error(node.Mark(), "sources must be a list of 1 to " + std::to_string(kMaxSources));
  }
  std::vector<SourceParts> sources;
  for (const YAML::Node& item : node) {
    SourceParts parts;
    if (item.IsSequence()) {
      if (item.size() == 0 || item.size() > kMaxParts)
        return context.Error(item.Mark(), "a source has 1 to " + std::to_string(kMaxParts) + " parts");
      for (const YAML::Node& part : item) {
        TW_ASSIGN(Source source, OneSource(context, part));
        parts.push_back(std::move(source));
      }
    } else {
      TW_ASSIGN(Source source, OneSource(context, item));
      parts.push_back(std::move(source));
    }
    sources.push_back(std::move(parts));
  }
  return sources;
}

Result<void> CheckName(const Context& context, const YAML::Node& node, const CatalogueEntry& entry) {
  if (!IsModelName(entry.name)) {
    return context.Error(node.Mark(), "name must be 1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit");
  }
  return {};
}

Result<void> SetField(const Context& context, const std::string& key, const YAML::Node& value, CatalogueEntry& entry) {
  if (key == "sources") {
    TW_ASSIGN(entry.sources, Sources(context, value));
    return {};
  }
  TW_ASSIGN(std::string text, Text(context, value, key));
  if (key == "size_bytes") {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), entry.size_bytes);
    if (error != std::errc() || end != text.data() + text.size() || entry.size_bytes == 0 || entry.size_bytes > uint64_t{1} << 50) {
      return context.Error(value.Mark(), "size_bytes must be a whole number from 1 to 2^50");
    }
    return {};
  }
  if (key == "default") {
    if (text != "true" && text != "false") return context.Error(value.Mark(), "default must be true or false");
    entry.is_default = text == "true";
    return {};
  }
  if (key == "sha256" && !IsSha256(text)) return context.Error(value.Mark(), "sha256 must be 64 hexadecimal digits in lower case");
  if (key == "file" && (text.find('/') != std::string::npos || !text.ends_with(".gguf"))) {
    return context.Error(value.Mark(), "file must be the name of a .gguf file, without a folder");
  }
  if (key == "licence_url" && !text.starts_with("https://")) return context.Error(value.Mark(), "licence_url must be https://");
  if (key == "name")
    entry.name = std::move(text);
  else if (key == "description")
    entry.description = std::move(text);
  else if (key == "modality")
    entry.modality = std::move(text);
  else if (key == "file")
    entry.file = std::move(text);
  else if (key == "sha256")
    entry.sha256 = std::move(text);
  else if (key == "licence")
    entry.licence = std::move(text);
  else if (key == "licence_url")
    entry.licence_url = std::move(text);
  else
    return context.Error(value.Mark(), "unknown field \"" + key + "\"");
  return {};
}

Result<CatalogueEntry> Entry(const Context& context, const YAML::Node& node) {
  if (!node.IsMap()) return context.Error(node.Mark(), "each model must be a map with name, file, size_bytes, sha256, licence, sources");
  CatalogueEntry entry;
  std::set<std::string> seen;
  for (const auto& field : node) {
    TW_ASSIGN(const std::string key, Text(context, field.first, "a field's name"));
    if (!seen.insert(key).second) return context.Error(field.first.Mark(), "the field " + key + " stands twice");
    // An empty value has no place of its own; that of its key is the one to name.
    if (field.second.IsNull()) return context.Error(field.first.Mark(), key + " must be a text");
    TW_RETURN_IF_ERROR(SetField(context, key, field.second, entry));
  }
  for (const char* required : {"name", "description", "modality", "file", "size_bytes", "sha256", "licence", "licence_url", "sources"}) {
    if (!seen.contains(required)) return context.Error(node.Mark(), "the model \"" + entry.name + "\" lacks the field " + required);
  }
  TW_RETURN_IF_ERROR(CheckName(context, node, entry));
  return entry;
}

Result<Catalogue> Build(const Context& context, const YAML::Node& root) {
  if (!root.IsMap() || root.size() != 1 || !root["models"] || !root["models"].IsSequence()) {
    return context.Error(root.Mark(), "a catalogue is one list named models:");
  }
  const YAML::Node models = root["models"];
  if (models.size() > kMaxModels)
    return context.Error(models.Mark(), "a catalogue has at most " + std::to_string(kMaxModels) + " models");
  Catalogue catalogue;
  for (const YAML::Node& node : models) {
    TW_ASSIGN(CatalogueEntry entry, Entry(context, node));
    if (catalogue.Find(entry.name) != nullptr) return context.Error(node.Mark(), "the model \"" + entry.name + "\" stands twice");
    catalogue.entries.push_back(std::move(entry));
  }
  return catalogue;
}

}  // namespace

Result<Catalogue> ParseCatalogue(std::string_view yaml, const std::string& origin) {
  const Context context{origin};
  if (yaml.size() > kMaxYaml_bytes) {
    return Fail(Status(StatusCode::kInvalidInput, "a catalogue has at most " + std::to_string(kMaxYaml_bytes) + " bytes").At(origin));
  }
  try {
    return Build(context, YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& error) {
    return context.Error(error.mark, "not valid YAML: " + error.msg);
  } catch (const std::exception& error) {
    return context.Error(YAML::Mark::null_mark(), std::string("not readable as YAML: ") + error.what());
  }
}

}  // namespace tradewind
