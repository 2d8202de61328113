// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/cli.h"

#include <malloc.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string>

#include "base/clock.h"
#include "base/mapping_guard.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/recalled_crossovers.h"
#include "cli/stop_signals.h"
#include "kernels/isa.h"

namespace tradewind {

void RegisterAllCommands(Registry<Command>& registry);

const Registry<Command>& Commands() {
  static const Registry<Command> registry = [] {
    Registry<Command> r;
    RegisterAllCommands(r);
    return r;
  }();
  return registry;
}

namespace {

void PrintUsage(std::FILE* out) {
  std::fprintf(out, "tradewind: the best answer within your budget\n\nusage: tradewind COMMAND [options]\n\n");
  for (const auto& [name, command] : Commands().All()) std::fprintf(out, "  %-10s %s\n", name.c_str(), command.summary.c_str());
  std::fprintf(out, "\n`tradewind COMMAND --help` lists a command's options; `tradewind --version` says which build this is.\n");
}

int Dispatch(int argc, char** argv) {
  if (argc < 2) {
    PrintUsage(stderr);
    return 2;
  }
  const std::string name = argv[1];
  if (name == "--help" || name == "-h" || name == "help") {
    PrintUsage(stdout);
    return 0;
  }
  if (name == "--version") {
    const Result<Isa> isa = SelectIsa();
    const std::string kernels = isa ? std::string(IsaName(*isa)) : isa.error().ToString();
    std::printf("tradewind %s (%s; kernels: %s)\n", BuildId().c_str(), BuildPlatform().c_str(), kernels.c_str());
    return 0;
  }
  const Command* command = Commands().Find(name);
  if (command == nullptr) {
    std::fprintf(stderr, "tradewind: there is no command \"%s\"; `tradewind --help` lists them\n", name.c_str());
    return 2;
  }
  const RecalledCrossovers crossovers;
  const Result<int> code = command->run(argc - 2, argv + 2);
  if (code) return *code;
  std::fprintf(stderr, "tradewind: %s\n", code.error().ToString().c_str());
  return code.error().code() == StatusCode::kCancelled ? CancelledExitCode() : code.error().ExitCode();
}

}  // namespace

int Main(int argc, char** argv) {
  ProcessStart();  // fixed by the first call
  std::signal(SIGPIPE, SIG_IGN);
  GuardMappings();
  // Weights and pages of keys and values go back to the system when freed; the allocator would else keep ever larger ones.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  try {
    return Dispatch(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "tradewind: out of memory; use a smaller model or context\n");
  } catch (const std::exception& e) {
    std::fprintf(stderr, "tradewind: bug: %s\n", e.what());
  }
  return 1;
}

}  // namespace tradewind
