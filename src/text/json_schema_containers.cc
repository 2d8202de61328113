// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Objects, arrays and strings of a schema.
#include <algorithm>
#include <utility>

#include "text/json_schema_builder.h"
#include "text/utf8.h"

namespace tradewind {
namespace {

constexpr size_t kMostPrefixItems = 256;

// A character inside a JSON string that needs no escape.
constexpr std::string_view kPlain = R"([^"\\\x7F\x00-\x1F])";

std::vector<char32_t> KeyCharacters(std::string_view text) {
  std::vector<char32_t> out;
  for (size_t i = 0; i < text.size();) {
    const size_t length = Utf8Length(text, i).value_or(1);
    out.push_back(Utf8Value(text, i, length));
    i += length;
  }
  return out;
}

// A key that is spelled without escapes.
bool IsPlainKey(std::string_view key) {
  return std::all_of(key.begin(), key.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != 0x7F; });
}

std::string ClassCharacter(char32_t c) {
  std::string out;
  if (c == U'\\' || c == U'[' || c == U']' || c == U'-') out += '\\';
  if (c == U'^') return "\\x5E";
  AppendUtf8(c, out);
  return out;
}

std::vector<std::string> RequiredNames(const SchemaJson& schema) {
  std::vector<std::string> names;
  if (!schema.contains("required")) return names;
  for (const SchemaJson& name : schema["required"]) {
    if (name.is_string()) names.push_back(name.get<std::string>());
  }
  return names;
}

}  // namespace

// A key other than these, without escapes, from behind its opening quotation mark: the names as a trie, and at each node what leaves it.
Result<std::string> SchemaBuilder::KeyOutside(const std::vector<std::string>& names) {
  struct TrieNode {
    std::map<char32_t, size_t> next;
    bool ends = false;
  };
  std::vector<TrieNode> trie(1);
  for (const std::string& name : names) {
    if (!IsPlainKey(name)) continue;
    size_t at = 0;
    for (const char32_t c : KeyCharacters(name)) {
      const auto [found, fresh] = trie[at].next.emplace(c, trie.size());
      at = found->second;
      if (fresh) trie.emplace_back();
    }
    trie[at].ends = true;
  }
  std::vector<std::string> rules(trie.size());
  for (size_t i = trie.size(); i-- > 0;) {  // children stand behind their parents
    std::string taken;
    std::string expression;
    for (const auto& [c, child] : trie[i].next) {
      taken += ClassCharacter(c);
      expression += "[" + ClassCharacter(c) + "] " + rules[child] + " | ";
    }
    expression += R"([^"\\\x7F\x00-\x1F)" + taken + "] " + std::string(kPlain) + "* \"\\\"\"";
    if (!trie[i].ends) expression += " | \"\\\"\"";
    TW_ASSIGN(rules[i], AddRule(expression));
  }
  return "\"\\\"\" " + rules[0];
}

// Pairs come in the schema's order. rest[k] is what may follow where a pair came already and those from k on are left; the object begins
// with any pair before which no required one is skipped.
Result<std::string> SchemaBuilder::Object(const SchemaPlace& place) {
  struct Pair {
    std::string text;
    bool required;
  };
  const SchemaJson& schema = place.schema;
  const std::vector<std::string> required = RequiredNames(schema);
  const auto is_required = [&](const std::string& name) { return std::find(required.begin(), required.end(), name) != required.end(); };
  const bool open =
      schema.contains("additionalProperties") ? schema["additionalProperties"] != SchemaJson(false) : !schema.contains("properties");
  const SchemaJson others = schema.contains("additionalProperties") ? schema["additionalProperties"] : SchemaJson(true);
  const std::string others_at = SchemaPointer(place.at, "additionalProperties");
  const std::string at = SchemaPointer(place.at, "properties");
  SchemaJson properties = schema.contains("properties") ? schema["properties"] : SchemaJson::object();
  std::vector<std::string> names;
  for (const auto& [name, property] : properties.items()) names.push_back(name);
  for (const std::string& name : required) {
    if (properties.contains(name)) continue;
    if (others == SchemaJson(false)) return BadSchema(SchemaPointer(place.at, "required"), "\"" + name + "\" is required and not allowed");
    properties[name] = others;
    names.push_back(name);
  }
  std::vector<Pair> pairs;
  for (const auto& [name, property] : properties.items()) {
    if (property == SchemaJson(false)) {
      if (!is_required(name)) continue;
      return BadSchema(SchemaPointer(at, name), "\"" + name + "\" is required and not allowed");
    }
    TW_ASSIGN(const std::string rule, RuleFor({property, SchemaPointer(at, name)}));
    pairs.push_back({GbnfLiteral(SchemaJson(name).dump()) + " colon " + rule, is_required(name)});
  }
  std::string other;
  if (open) {
    TW_ASSIGN(const std::string rule, RuleFor({others, others_at}));
    std::string key = "string";
    if (!names.empty()) {
      TW_ASSIGN(key, KeyOutside(names));
    }
    other = key + " colon " + rule;
  }
  std::string rest = other.empty() ? "" : " (comma " + other + ")*";
  std::vector<std::string> starts;
  if (!other.empty()) starts.push_back(other + rest);
  bool may_be_empty = true;
  for (size_t k = pairs.size(); k-- > 0;) {
    if (pairs[k].required) {
      starts.clear();
      may_be_empty = false;
    }
    starts.push_back(pairs[k].text + rest);
    if (k == 0) break;
    TW_ASSIGN(const std::string rule, AddRule("(comma " + pairs[k].text + ")" + (pairs[k].required ? "" : "?") + rest));
    rest = " " + rule;
  }
  if (starts.empty()) return "\"{\" ws \"}\"";
  std::string inner;
  for (auto start = starts.rbegin(); start != starts.rend(); ++start) inner += (inner.empty() ? "" : " | ") + *start;
  return "\"{\" ws (" + inner + ")" + (may_be_empty ? "?" : "") + " ws \"}\"";
}

Result<std::string> SchemaBuilder::Array(const SchemaPlace& place) {
  const SchemaJson& schema = place.schema;
  TW_ASSIGN(const std::optional<int64_t> min_items, SchemaCount(place, "minItems"));
  TW_ASSIGN(const std::optional<int64_t> max_items, SchemaCount(place, "maxItems"));
  const int64_t least = min_items.value_or(0);
  if (max_items && *max_items < least) return BadSchema(SchemaPointer(place.at, "maxItems"), "maxItems is below minItems");
  const std::string at = SchemaPointer(place.at, "prefixItems");
  const SchemaJson prefix = schema.contains("prefixItems") ? schema["prefixItems"] : SchemaJson::array();
  if (!prefix.is_array() || prefix.size() > kMostPrefixItems)
    return BadSchema(at, "prefixItems is a list of at most " + std::to_string(kMostPrefixItems) + " schemas");
  const auto given = static_cast<int64_t>(prefix.size());
  // What may follow the prefix; behind a prefix nothing does unless items, or a minimum, asks for it.
  std::optional<int64_t> most = max_items;
  const SchemaJson items = schema.contains("items") ? schema["items"] : SchemaJson(true);
  if (items == SchemaJson(false) || (given > 0 && !schema.contains("items") && least <= given))
    most = std::min(max_items.value_or(given), given);
  if (most && *most < least) return BadSchema(SchemaPointer(place.at, "minItems"), "minItems asks for more items than are allowed");
  std::string rest;
  if (!most || *most > given) {
    TW_ASSIGN(const std::string rule, RuleFor({items, SchemaPointer(place.at, "items")}));
    const int64_t more = std::max<int64_t>(0, least - given);
    if (given == 0) {
      const auto after = most ? std::optional(*most - 1) : std::nullopt;
      const std::string all = rule + " (comma " + rule + ")" + GbnfTimes(std::max<int64_t>(0, least - 1), after);
      return "\"[\" ws (" + all + ")" + (least == 0 ? "?" : "") + " ws \"]\"";
    }
    rest = " (comma " + rule + ")" + GbnfTimes(more, most ? std::optional(*most - given) : std::nullopt);
  }
  for (int64_t k = std::min(given, most.value_or(given)); k-- > 0;) {
    TW_ASSIGN(const std::string rule, RuleFor({prefix[static_cast<size_t>(k)], SchemaPointer(at, std::to_string(k))}));
    const std::string item = (k == 0 ? "(" : "(comma ") + rule + rest + ")" + (k >= least ? "?" : "");
    TW_ASSIGN(const std::string tail, AddRule(item));
    rest = " " + tail;
  }
  return "\"[\" ws" + rest + " ws \"]\"";
}

Result<std::string> SchemaBuilder::String(const SchemaPlace& place) {
  const SchemaJson& schema = place.schema;
  TW_ASSIGN(const std::optional<int64_t> least, SchemaCount(place, "minLength"));
  TW_ASSIGN(const std::optional<int64_t> most, SchemaCount(place, "maxLength"));
  if (most && *most < least.value_or(0)) return BadSchema(SchemaPointer(place.at, "maxLength"), "maxLength is below minLength");
  for (const char* keyword : {"pattern", "format"}) {
    if (!schema.contains(keyword)) continue;
    const std::string at = SchemaPointer(place.at, keyword);
    if (!schema[keyword].is_string()) return BadSchema(at, std::string(keyword) + " is a text");
    if (least || most || (schema.contains("pattern") && schema.contains("format"))) {
      return UnsupportedSchema(at, std::string(keyword) + " beside another limit on the same string is not supported");
    }
    const auto text = schema[keyword].get<std::string>();
    if (std::string_view(keyword) == "pattern") {
      TW_ASSIGN(const std::string expression, PatternExpression(text, at));
      return "\"\\\"\" (" + expression + ") \"\\\"\"";
    }
    const std::optional<std::string> expression = FormatExpression(text);
    if (!expression) return UnsupportedSchema(at, "the format " + text + " is not supported; date, time, date-time and uuid are");
    return "\"\\\"\" " + *expression + " \"\\\"\"";
  }
  if (!least && !most) return "string";
  return "\"\\\"\" char" + GbnfTimes(least.value_or(0), most) + " \"\\\"\"";
}

}  // namespace tradewind
