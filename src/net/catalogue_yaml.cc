// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// YAML to Catalogue, field by field.
#include <charconv>

#include "formats/yaml_fields.h"
#include "net/catalogue.h"
#include "net/sha256.h"

namespace tradewind {
namespace {

constexpr size_t kMaxYaml_bytes = 1 << 20;
constexpr size_t kMaxModels = 1000;
constexpr size_t kMaxSources = 16;
constexpr size_t kMaxParts = 1000;

Result<Source> OneSource(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const std::string text, TextOf(node, "a source", origin));
  auto source = ParseSource(text);
  if (!source) return Fail(Status(StatusCode::kInvalidInput, source.error().message()).At(LinePlace(origin, LineOf(node))));
  return source;
}

Result<std::vector<SourceParts>> Sources(const Fields& fields, const std::string& origin) {
  TW_ASSIGN(const std::vector<YAML::Node> items, fields.List("sources"));
  if (items.empty()) return fields.Fails("sources", "the field sources is missing");
  if (items.size() > kMaxSources) return fields.Fails("sources", "there are at most " + std::to_string(kMaxSources) + " sources");
  std::vector<SourceParts> sources;
  for (const YAML::Node& item : items) {
    SourceParts parts;
    if (item.IsSequence()) {
      if (item.size() == 0 || item.size() > kMaxParts)
        return fields.Fails("sources", "a source has 1 to " + std::to_string(kMaxParts) + " parts");
      for (const YAML::Node& part : item) {
        TW_ASSIGN(Source source, OneSource(part, origin));
        parts.push_back(std::move(source));
      }
    } else {
      TW_ASSIGN(Source source, OneSource(item, origin));
      parts.push_back(std::move(source));
    }
    sources.push_back(std::move(parts));
  }
  return sources;
}

Result<uint64_t> SizeOf(const Fields& fields) {
  TW_ASSIGN(const std::string text, fields.Line("size_bytes"));
  uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc() || end != text.data() + text.size() || size == 0 || size > uint64_t{1} << 50) {
    return fields.Fails("size_bytes", "size_bytes must be a whole number from 1 to 2^50");
  }
  return size;
}

Result<void> Check(const Fields& fields, const CatalogueEntry& entry) {
  if (!IsModelName(entry.name)) {
    return fields.Fails("name", "name must be 1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit");
  }
  if (!IsSha256(entry.sha256)) return fields.Fails("sha256", "sha256 must be 64 hexadecimal digits in lower case");
  if (entry.file.find('/') != std::string::npos || !entry.file.ends_with(".gguf")) {
    return fields.Fails("file", "file must be the name of a .gguf file, without a folder");
  }
  if (!entry.licence_url.starts_with("https://")) return fields.Fails("licence_url", "licence_url must be https://");
  return {};
}

Result<CatalogueEntry> Entry(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(node, "a model", origin,
                                            {"name", "description", "modality", "file", "size_bytes", "sha256", "licence", "licence_url",
                                             "sources", "default"}));
  CatalogueEntry entry;
  TW_ASSIGN(entry.is_default, fields.FlagOr("default", false));
  TW_ASSIGN(entry.name, fields.Line("name"));
  TW_ASSIGN(entry.description, fields.Line("description"));
  TW_ASSIGN(entry.modality, fields.Line("modality"));
  TW_ASSIGN(entry.file, fields.Line("file"));
  TW_ASSIGN(entry.size_bytes, SizeOf(fields));
  TW_ASSIGN(entry.sha256, fields.Line("sha256"));
  TW_ASSIGN(entry.licence, fields.Line("licence"));
  TW_ASSIGN(entry.licence_url, fields.Line("licence_url"));
  TW_ASSIGN(entry.sources, Sources(fields, origin));
  TW_RETURN_IF_ERROR(Check(fields, entry));
  return entry;
}

Result<Catalogue> Build(const YAML::Node& root, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(root, "a catalogue", origin, {"models"}));
  if (!fields.Has("models")) return fields.Fails("models", "a catalogue is one list named models:");
  if (!fields.Get("models").IsSequence()) return fields.Fails("models", "models must be a list");
  Catalogue catalogue;
  if (fields.Get("models").size() > kMaxModels) {
    return fields.Fails("models", "a catalogue has at most " + std::to_string(kMaxModels) + " models");
  }
  for (const YAML::Node& node : fields.Get("models")) {
    TW_ASSIGN(CatalogueEntry entry, Entry(node, origin));
    if (catalogue.Find(entry.name) != nullptr) {
      return Fail(Status(StatusCode::kInvalidInput, "the model \"" + entry.name + "\" stands twice").At(LinePlace(origin, LineOf(node))));
    }
    catalogue.entries.push_back(std::move(entry));
  }
  return catalogue;
}

}  // namespace

Result<Catalogue> ParseCatalogue(std::string_view yaml, const std::string& origin) {
  return ReadYaml(yaml, origin, kMaxYaml_bytes, Build);
}

}  // namespace tradewind
