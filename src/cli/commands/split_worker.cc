// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind split-worker: runs the tails of split nets, for the process that started it or for devices that connect (docs/split.md).
#include "collab/split_worker.h"

#include <unistd.h>

#include <cstdio>

#include "cli/arguments.h"
#include "cli/command.h"

namespace tradewind {
namespace {

constexpr Duration kPatience = Duration::Seconds(1e9);

Result<int> SplitWorkerMain(int argc, char** argv) {
  std::string listen;
  Arguments args("split-worker", "Runs the tails of split nets for `tradewind measure split:NET`.");
  args.Option("--listen", &listen, "HOST:PORT to serve devices on, one after the other, on a network that you trust; port 0: a free one");
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  if (listen.empty()) {
    Result<Socket> socket = Socket::Own(Descriptor(STDIN_FILENO), "the device");
    if (!socket) {
      return Fail(Status(StatusCode::kInvalidInput, "a worker serves the socket that it is started with, or an address").At("--listen"));
    }
    TW_RETURN_IF_ERROR(ServeSplit(*std::move(socket)));
    return 0;
  }
  TW_ASSIGN(Listener listener, Listener::Open(listen));
  std::printf("listening on %s\n", listener.address().c_str());
  std::fflush(stdout);
  while (true) {
    TW_ASSIGN(Socket socket, listener.Accept(RealClock().Now() + kPatience));
    const Result<void> served = ServeSplit(std::move(socket));
    if (!served) std::fprintf(stderr, "tradewind: %s\n", served.error().ToString().c_str());
  }
}

}  // namespace

void RegisterSplitWorkerCommand(Registry<Command>& registry) {
  registry.Add("split-worker", {.summary = "run the tails of split nets for other devices", .run = SplitWorkerMain});
}

}  // namespace tradewind
