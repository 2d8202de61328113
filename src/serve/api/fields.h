// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ApiFields: reads the fields of one JSON object, each with its type and range, and keeps the first fault; after one nothing more is
// written. null is as good as absent. Finish() refuses what nobody asked for, so that no field is passed over in silence. A local
// variable of one reading function; the document must outlive it.
//
//   ApiFields fields(node, "tools[2]");
//   fields.Text("name", &tool.name);
//   fields.Integer("n", &n, 1, 16);
//   return fields.Finish();
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "serve/api/json_document.h"

namespace tradewind {

// The fault of a field: kInvalidInput, "FIELD why".
Status BadField(const std::string& where, std::string_view why);
// kUnsupported, "FIELD is not supported: why".
Status UnsupportedField(const std::string& where, std::string_view why);
// "messages[3]".
std::string ItemPlace(const std::string& list, size_t index);
// "budget.ttft_ms"; of no object the name alone.
std::string MemberPlace(const std::string& object, std::string_view name);

// The value as a kind; the errors name `where`.
Result<std::string_view> TextAt(JsonNode node, const std::string& where);
Result<int64_t> IntegerAt(JsonNode node, const std::string& where, int64_t low, int64_t high);
Result<double> RealAt(JsonNode node, const std::string& where, double low, double high);
// Nothing but a list or an object, of at most that many.
Result<void> ListAt(JsonNode node, const std::string& where, size_t most);
// Text without control characters, not empty, of at most that many bytes: a model, an id.
Result<std::string_view> NameAt(JsonNode node, const std::string& where, size_t most_bytes);
// Letters, digits, _ and - alone: a tool, a schema.
Result<std::string_view> IdentifierAt(JsonNode node, const std::string& where, size_t most_bytes);

class ApiFields {
 public:
  // `where`: the object's place, empty for the body itself.
  ApiFields(JsonNode object, std::string where);

  // Each: whether the field is there, is no null and is sound. `out` is written only then.
  bool Text(std::string_view name, std::string* out);
  bool Name(std::string_view name, std::string* out, size_t most_bytes);
  bool Identifier(std::string_view name, std::string* out, size_t most_bytes);
  bool Integer(std::string_view name, int64_t* out, int64_t low, int64_t high);
  bool Real(std::string_view name, double* out, double low, double high);
  bool Bool(std::string_view name, bool* out);
  // One of the words.
  std::optional<std::string_view> Word(std::string_view name, std::initializer_list<std::string_view> words);
  std::optional<JsonNode> List(std::string_view name, size_t most);
  std::optional<JsonNode> Object(std::string_view name);
  std::optional<JsonNode> Any(std::string_view name);
  bool Has(std::string_view name) const;

  // A fault if the field is absent or null.
  void Require(std::string_view name);
  // Fields that change nothing in the answer: any value.
  void Ignore(std::initializer_list<std::string_view> names);
  // Fields that would change the answer in a way that is not built. What asks for nothing (null, false, 0, "", [], {}) is let pass.
  void Refuse(std::initializer_list<std::string_view> names, std::string_view why);
  // Likewise, but these words are let pass, too: what is done anyway.
  void RefuseUnless(std::string_view name, std::initializer_list<std::string_view> words, std::string_view why);

  // Takes over the fault of a part.
  bool Check(const Result<void>& part);
  bool Check(Status fault);
  bool ok() const { return !fault_; }
  std::string Where(std::string_view name) const;

  Result<void> Finish();

 private:
  static constexpr size_t kMostMembers = 256;
  std::optional<JsonNode> Take(std::string_view name, bool wanted = true);
  std::string_view NearestTo(std::string_view name) const;
  template <typename T, typename To>
  bool Put(const Result<T>& read, To* out);

  std::string where_;
  struct Member {
    JsonNode node;
    bool known = false;
  };
  std::vector<Member> members_;
  std::vector<std::string_view> wanted_;  // the names that are taken, for "did you mean"
  std::optional<Status> fault_;
};

}  // namespace tradewind
