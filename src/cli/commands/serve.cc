// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind serve: answers over HTTP, as OpenAI's and llama.cpp's clients ask.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "base/units.h"
#include "cli/command.h"
#include "cli/model_arguments.h"
#include "cli/stop_signals.h"
#include "serve/serve_app.h"

namespace tradewind {
namespace {

struct ServeArguments {
  std::vector<std::string> models;
  ModelArguments knobs;
  std::string host = "127.0.0.1";
  int64_t port = 8080;
  int64_t parallel = 64;
  int64_t step_tokens = 512;
  int64_t queue = 256;
  std::optional<std::string> kv_memory, drain;
  std::vector<std::string> api_keys;
  std::string api_key_file, certificate, key;
  std::string workload;
  bool aliases = false;
  bool model_control = false;

  void Declare(Arguments& args) {
    args.Positionals("model", &models, "models to serve: names (see `tradewind models`), GGUF files, or NAME=FILE [the default model]");
    args.Option("--host", &host, "the address to listen on [127.0.0.1: this machine alone]");
    args.Option("--port", &port, "the port; 0 takes one that is free [8080]");
    args.Option("--parallel", &parallel, "-np: answers of a model at once [64]");
    args.Option("-b,--batch-size", &step_tokens, "tokens of one pass [512]");
    args.Option("-c,--ctx-size", &knobs.context, "positions of each answer, its prompt included [4096, at most the model's]");
    args.Option("-t,--threads", &knobs.threads, "threads [allowed CPUs]");
    args.Option("--cache-type-k", &knobs.key_type, "-ctk: how keys are stored: f16, bf16, q8_0, f32");
    args.Option("--cache-type-v", &knobs.value_type, "-ctv: how values are stored");
    args.Option("--set", &knobs.set, "knob=value: turn any knob of loading; may be repeated");
    args.Option("--kv-memory", &kv_memory,
                "keys and values of each model [whole contexts for all, at most 2GiB and a quarter of the free memory]");
    args.Option("--queue", &queue, "requests that may wait; more are told 503 [256]");
    args.Option("--api-key", &api_keys, "a key that may ask; may be repeated [nobody needs one]");
    args.Option("--api-key-file", &api_key_file, "a file of keys, one a line, or NAME=KEY");
    args.Option("--ssl-cert-file", &certificate, "a certificate (PEM): serve HTTPS");
    args.Option("--ssl-key-file", &key, "its key (PEM)");
    args.Option("--drain-timeout", &drain, "how long running answers may go on after SIGTERM [30s]");
    args.Option("--for", &workload, "the workload whose measurements steer `auto` and budgets [the default one]");
    args.Flag("--metric-aliases", &aliases, "metrics under vLLM's and llama-server's names, too");
    args.Flag("--model-control", &model_control, "let clients load and unload models");
  }
};

template <typename T>
Result<T> Named(Result<T> parsed, const char* option) {
  if (parsed) return parsed;
  return Fail(Status(parsed.error().code(), parsed.error().message()).At(option));
}

// "NAME=FILE", "FILE.gguf" (its name is the file's), or a name.
std::pair<std::string, std::string> NameAndModel(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals != std::string::npos && equals > 0) return {text.substr(0, equals), text.substr(equals + 1)};
  const size_t slash = text.rfind('/');
  std::string name = slash == std::string::npos ? text : text.substr(slash + 1);
  if (name.ends_with(".gguf")) name.resize(name.size() - 5);
  return {name, text};
}

Result<ServeOptions> ToOptions(const ServeArguments& a) {
  ServeOptions options;
  if (a.port < 0 || a.port > 65535) return Fail(Status(StatusCode::kInvalidInput, "a port is 0 to 65535").At("--port"));
  if (a.parallel < 1 || a.parallel > 1024) return Fail(Status(StatusCode::kInvalidInput, "take 1 to 1024").At("--parallel"));
  if (a.step_tokens < 16 || a.step_tokens > 8192) return Fail(Status(StatusCode::kInvalidInput, "take 16 to 8192").At("--batch-size"));
  if (a.queue < 1 || a.queue > 100'000) return Fail(Status(StatusCode::kInvalidInput, "take 1 to 100000").At("--queue"));
  options.http = {
      .host = a.host, .port = static_cast<uint16_t>(a.port), .tls_certificate_file = a.certificate, .tls_key_file = a.key, .limits = {}};
  options.rack = {.running = a.parallel, .step_tokens = a.step_tokens};
  if (a.kv_memory) {
    TW_ASSIGN(options.rack.kv_bytes, Named(ParseBytes(*a.kv_memory, ByteUnit::kMiB), "--kv-memory"));
  }
  options.limits.queued_requests = static_cast<size_t>(a.queue);
  options.workload = a.workload;
  options.metric_aliases = a.aliases;
  options.model_control = a.model_control;
  TW_ASSIGN(options.keys, ApiKeys::Load(a.api_keys, a.api_key_file));
  std::vector<std::string> models = a.models;
  if (models.empty()) {
    TW_ASSIGN(std::string name, DefaultModelName());
    models.push_back(std::move(name));
  }
  for (const std::string& text : models) {
    auto [name, model] = NameAndModel(text);
    ModelArguments knobs = a.knobs;
    knobs.model = model;
    TW_ASSIGN(Setting setting, knobs.ToSetting(model));
    options.models.emplace_back(std::move(name), std::move(setting));
  }
  return options;
}

Result<int> ServeMain(int argc, char** argv) {
  ServeArguments arguments;
  Arguments args("serve", "Answers over HTTP: OpenAI's API, llama-server's and Anthropic's messages.");
  arguments.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  Duration drain = Duration::Seconds(30);
  if (arguments.drain) {
    TW_ASSIGN(drain, Named(ParseDuration(*arguments.drain, TimeUnit::kSeconds), "--drain-timeout"));
  }
  TW_ASSIGN(ServeOptions options, ToOptions(arguments));
  const bool tls = !arguments.certificate.empty();
  const StopSignals signals;
  TW_ASSIGN(const std::unique_ptr<ServeApp> app, ServeApp::Start(std::move(options)));
  std::fprintf(stderr, "tradewind: serving on %s://%s:%d\n", tls ? "https" : "http", arguments.host.c_str(), int{app->port()});
  for (const std::shared_ptr<LoadedModel>& model : app->rack().All()) {
    std::fprintf(stderr, "tradewind: model %s\n", model->name.c_str());
  }
  while (!signals.stopped()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::fprintf(stderr, "tradewind: shutting down; answers that run may take %s\n", FormatDuration(drain).c_str());
  const bool all = app->Shutdown(RealClock().Now() + drain);
  if (!all) std::fprintf(stderr, "tradewind: some answers did not end in time and were cut\n");
  return 0;
}

}  // namespace

void RegisterServeCommand(Registry<Command>& registry) {
  registry.Add("serve", {.summary = "answer over HTTP, as OpenAI's API", .run = ServeMain});
}

}  // namespace tradewind
