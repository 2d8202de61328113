// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/sampling_arguments.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <random>

#include "base/file.h"
#include "core/sampling_fields.h"
#include "text/json_schema.h"

namespace tradewind {
namespace {

constexpr uint64_t kGrammarFileLimit = 1u << 20;

// "15043+1.5", "15043-inf".
Result<LogitBias> ParseBias(const std::string& text) {
  LogitBias out;
  const char* end = text.data() + text.size();
  const auto id = std::from_chars(text.data(), end, out.id);
  const bool signed_well = id.ec == std::errc() && out.id >= 0 && id.ptr != end && (*id.ptr == '+' || *id.ptr == '-');
  double size = 0;
  if (signed_well) {
    const char* begin = id.ptr + 1;
    const auto [stop, error] = std::from_chars(begin, end, size);
    const bool fine = error == std::errc() && stop == end && begin != end && *begin != '-' && !std::isnan(size);
    const double bias = *id.ptr == '-' ? -size : size;
    if (fine && (std::fabs(bias) <= 1e6 || bias == -std::numeric_limits<double>::infinity())) {
      out.bias = bias;
      return out;
    }
  }
  return Fail(Status(StatusCode::kInvalidInput,
                     "\"" + text + "\" is not TOKEN_ID(+/-)BIAS with a bias of at most 1000000, or -inf, as in 15043+1 or 15043-inf")
                  .At("--logit-bias"));
}

}  // namespace

void SamplingArguments::Declare(Arguments& args) {
  args.Option("--temp", &sampling.temperature, "temperature; 0 takes the likeliest token");
  args.Option("--top-k", &sampling.top_k, "draw from this many likeliest tokens; 0: all");
  args.Option("--top-p", &sampling.top_p, "draw from the likeliest tokens that hold this share; 1: all");
  args.Option("--min-p", &sampling.min_p, "leave out tokens below this share of the likeliest one's probability");
  args.Option("--typical", &sampling.typical, "draw from the tokens of nearly average surprise that hold this share; 1: all");
  args.Option("--top-nsigma", &sampling.top_n_sigma,
              "leave out tokens whose logit is over this many standard deviations below the greatest; -1: none");
  args.Option("--repeat-penalty", &sampling.repeat_penalty, "divides the logits of tokens that came lately; 1: none");
  args.Option("--presence-penalty", &sampling.presence_penalty, "taken off the logits of tokens that came lately; 0: none");
  args.Option("--frequency-penalty", &sampling.frequency_penalty, "the same for each time that they came; 0: none");
  args.Option("--repeat-last-n", &sampling.repeat_last_n, "tokens that these three penalties look back; 0: none, -1: all");
  args.Option("--dry-multiplier", &sampling.dry_multiplier, "DRY: what lengthening a repetition costs; 0: nothing");
  args.Option("--dry-base", &sampling.dry_base, "DRY: the cost grows by this factor with each token repeated");
  args.Option("--dry-allowed-length", &sampling.dry_allowed_length, "DRY: repetitions below this many tokens are free");
  args.Option("--dry-penalty-last-n", &sampling.dry_last_n, "DRY: tokens that it looks back; 0: none, -1: all");
  args.Option("--dry-sequence-breaker", &dry_breakers,
              "DRY: a text that ends repetitions, in place of line end, :, \" and *; may be repeated; none: no such text");
  args.Option("-l,--logit-bias", &biases, "TOKEN_ID(+/-)BIAS: add to a token's logit (-inf forbids it); may be repeated");
  args.Option("--grammar", &grammar, "a grammar in GBNF that the answer keeps");
  args.Option("--grammar-file", &grammar_file, "file with the grammar");
  args.Option("-j,--json-schema", &json_schema, "a JSON schema that the answer keeps; {}: any JSON");
  args.Option("--json-schema-file", &json_schema_file, "-jf: file with the schema");
  args.Option("-s,--seed", &seed, "seed of the draw [random]");
}

Result<Sampling> SamplingArguments::ToSampling() const {
  TW_RETURN_IF_ERROR(CheckSampling(sampling));
  Sampling out = sampling;
  if (!dry_breakers.empty()) out.dry_breakers.clear();
  for (const std::string& b : dry_breakers) {
    if (b.size() > 1000) return Fail(Status(StatusCode::kInvalidInput, "a breaker has at most 1000 bytes").At("--dry-sequence-breaker"));
    if (b != "none") out.dry_breakers.push_back(b);
  }
  for (const std::string& text : biases) {
    TW_ASSIGN(const LogitBias bias, ParseBias(text));
    out.logit_bias.push_back(bias);
  }
  out.seed = seed ? static_cast<uint64_t>(*seed) : std::random_device()();
  return out;
}

Result<std::string> SamplingArguments::ToGrammar() const {
  const int given =
      int{grammar.has_value()} + int{grammar_file.has_value()} + int{json_schema.has_value()} + int{json_schema_file.has_value()};
  if (given > 1) {
    return Fail(Status(StatusCode::kInvalidInput, "give one of --grammar, --grammar-file, --json-schema and --json-schema-file")
                    .At(grammar || grammar_file ? "--grammar" : "--json-schema"));
  }
  if (json_schema) return JsonSchemaGrammar(*json_schema);
  if (json_schema_file) {
    TW_ASSIGN(const std::string schema, ReadFile(*json_schema_file, kGrammarFileLimit));
    return JsonSchemaGrammar(schema);
  }
  if (given == 0) return std::string();
  TW_ASSIGN(std::string text, grammar ? Result<std::string>(*grammar) : ReadFile(*grammar_file, kGrammarFileLimit));
  if (text.empty()) return Fail(Status(StatusCode::kInvalidInput, "the grammar is empty").At("--grammar"));
  return text;
}

}  // namespace tradewind
