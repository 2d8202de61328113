// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind doctor: what this machine grants, which kernels run, what is missing and how to get it.
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "base/cpu.h"
#include "base/file.h"
#include "base/units.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/limits_list.h"
#include "cli/line_editor.h"
#include "cli/model_arguments.h"
#include "cli/table.h"
#include "core/device.h"
#include "graph/backend.h"
#include "kernels/isa.h"
#include "measure/probes.h"
#include "store/profile_store.h"
#include "train/torch_trainer.h"
#include "vision/video.h"

namespace tradewind {
namespace {

constexpr uint64_t kProbeBytes = 256u << 20;
constexpr int kProbeRounds = 12;

std::string Join(const std::vector<int>& numbers) {
  std::string text;
  for (const int n : numbers) text += (text.empty() ? "" : " ") + std::to_string(n);
  return text;
}

struct Finding {
  std::string what;
  std::string value;
  Json json;
};

// Energy meters that this process can read.
std::string EnergyMeters() {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/sys/class/powercap", error)) {
    if (access((entry.path() / "energy_uj").c_str(), R_OK) == 0) return "RAPL (" + entry.path().filename().string() + ")";
  }
  return "none: energy is modelled from core-seconds, and says so";
}

void AddCpu(std::vector<Finding>& out, const Machine& m) {
  out.push_back({"build", BuildId() + ", " + BuildPlatform(), BuildId()});
  out.push_back({"cpu", m.cpu_model, m.cpu_model});
  out.push_back(
      {"allowed CPUs", Join(m.allowed_cpus) + (m.cgroup_cpus > 0 ? ", cgroup quota " + ShortNumber(m.cgroup_cpus) : ""), m.allowed_cpus});
  std::string siblings;
  for (const auto& group : m.siblings) siblings += (siblings.empty() ? "" : " | ") + Join(group);
  out.push_back({"cores (CPUs of one core together)", siblings, siblings});
  std::string isas;
  for (const Isa isa : AvailableIsas()) isas += (isas.empty() ? "" : ", ") + std::string(IsaName(isa));
  const CpuFeatures& f = DetectCpuFeatures();
  isas += std::string("; not used yet:") + (f.avx_vnni ? " AVX-VNNI" : " none");
  out.push_back({"instruction sets", isas, isas});
  const Result<Isa> isa = SelectIsa();
  const std::string kernels = isa ? std::string(IsaName(*isa)) : isa.error().ToString();
  out.push_back({"kernels that run", kernels, kernels});
  std::string caches;
  for (const CacheLevel& c : m.caches) {
    caches += (caches.empty() ? "" : ", ") + std::string("L") + std::to_string(c.level) +
              (c.type == 'U' ? "" : std::string(1, static_cast<char>(c.type + 32))) + " " + FormatMemory(c.size_bytes) +
              (c.shared_by > 1 ? " for " + std::to_string(c.shared_by) : "");
  }
  out.push_back({"caches", caches, caches});
}

void AddMemory(std::vector<Finding>& out, const Machine& m) {
  out.push_back({"memory",
                 FormatMemory(m.memory_total_bytes) + ", limit " + FormatMemory(m.memory_limit_bytes) + ", free " +
                     FormatMemory(m.memory_available_bytes),
                 m.memory_limit_bytes});
  for (const int threads : {1, DefaultThreads()}) {
    if (threads == 1 && DefaultThreads() == 1 && out.back().what.rfind("read", 0) == 0) break;
    const BandwidthProbe p = ProbeReadBandwidth(kProbeBytes, threads, kProbeRounds);
    const Measurement& g = p.gigabytes_per_s;
    out.push_back({"read bandwidth, " + std::to_string(threads) + (threads == 1 ? " thread" : " threads"),
                   WithInterval(g.value, g.interval.low, g.interval.high) + " GB/s (sums " + FormatMemory(p.bytes) + ", median of " +
                       std::to_string(kProbeRounds) + ", 95 %)",
                   {{"gb_per_s", g.value}, {"interval", {g.interval.low, g.interval.high}}, {"bytes", p.bytes}, {"threads", threads}}});
  }
  if (DefaultThreads() > 1) {
    const Measurement c = ProbeCoreToCore(kProbeRounds);
    out.push_back({"a cache line between cores", WithInterval(c.value, c.interval.low, c.interval.high) + " ns", c.value});
  }
  const std::string meters = EnergyMeters();
  out.push_back({"energy meters", meters, meters});
}

void AddParts(std::vector<Finding>& out) {
  Result<ProfileStore> store = ProfileStore::Open(StorePath(), {.read_only = true});
  std::string state = StorePath() + ": ";
  if (store) {
    const Result<void> check = store->Check();
    state += check ? "sound" : check.error().ToString();
  } else {
    state += store.error().code() == StatusCode::kNotFound ? "none yet; ./quickstart makes one" : store.error().ToString();
  }
  out.push_back({"profile store", state, state});
  out.push_back({"model folder", CacheDir() + "/models", CacheDir() + "/models"});
  const bool pip = access("/usr/bin/pip3", X_OK) == 0 || access("/usr/bin/python3", X_OK) == 0;
  const std::string python = pip ? "there" : "missing: apt-get install python3-pip (only `pull` from pypi: needs it)";
  out.push_back({"python3 for pypi: sources", python, python});
  for (const auto& [name, backend] : GraphBackends().All()) {
    const Result<void> there = backend.available();
    const std::string graphs = there ? backend.summary : "missing: " + there.error().message();
    out.push_back({"graphs by " + name, graphs, there.has_value()});
  }
  const std::string ffmpeg = CanReadVideos() ? "there" : "missing: apt-get install ffmpeg (only `run --video` needs it)";
  out.push_back({"ffmpeg for videos", ffmpeg, ffmpeg});
  const Result<void> torch = TorchAvailable();
  const std::string training = torch ? "there" : "missing: " + torch.error().message();
  out.push_back({"LibTorch for training", training, training});
  const std::string editing = DescribeLineEditing().text;
  out.push_back({"line editing", editing, editing});
}

// What `serve` allows unless told otherwise.
int PrintLimits(bool json) {
  const std::vector<ListedLimit> limits = DefaultLimits();
  if (json) {
    Json list = Json::array();
    for (const ListedLimit& l : limits) list.push_back({{"group", l.group}, {"name", l.name}, {"value", l.value}, {"unit", l.unit}});
    PrintJson(list);
    return 0;
  }
  TextTable table({"of", "limit", "value", "unit"});
  for (const ListedLimit& l : limits) {
    char value[32];
    std::snprintf(value, sizeof(value), "%.10g", l.value);
    table.Add({l.group, l.name, value, l.unit});
  }
  std::fputs(table.Text().c_str(), stdout);
  return 0;
}

Result<int> DoctorMain(int argc, char** argv) {
  bool json = false;
  bool limits = false;
  Arguments args("doctor", "Says what this machine grants, which kernels run, and what is missing.");
  args.Flag("--limits", &limits, "list what `tradewind serve` allows at most, instead");
  args.Flag("--json", &json, "print one JSON value");
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  if (limits) return PrintLimits(json);
  const Machine machine = DetectMachine();
  std::vector<Finding> findings;
  AddCpu(findings, machine);
  AddMemory(findings, machine);
  AddParts(findings);
  if (json) {
    Json object = {{"device", ThisDevice().id}, {"threads", DefaultThreads()}};
    for (Finding& f : findings) object[f.what] = std::move(f.json);
    PrintJson(object);
    return 0;
  }
  for (const Finding& f : findings) std::printf("%-36s %s\n", f.what.c_str(), f.value.c_str());
  return 0;
}

}  // namespace

void RegisterDoctorCommand(Registry<Command>& registry) {
  registry.Add("doctor", {.summary = "what this machine grants and what is missing", .run = DoctorMain});
}

}  // namespace tradewind
