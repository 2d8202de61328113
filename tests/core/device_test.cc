// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/device.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>

namespace tradewind {
namespace {

// The device as a fresh process sees it that first did `prepare`: ThisDevice is cached, so each look needs a process of its own.
std::string IdAndIsaAfter(const std::function<void()>& prepare) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    prepare();
    const std::string text = ThisDevice().id + " " + ThisDevice().isa;
    const bool written = write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
    _exit(written ? 0 : 1);
  }
  close(ends[1]);
  char buffer[256];
  const ssize_t size = read(ends[0], buffer, sizeof buffer);
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return std::string(buffer, size > 0 ? static_cast<size_t>(size) : 0);
}

// One test, because the children must be made before this process has looked.
TEST(Device, TheIdIsStableAndFollowsWhatChangesResults) {
  const auto plain = [] { unsetenv("TRADEWIND_ISA"); };
  const std::string here = IdAndIsaAfter(plain);
  EXPECT_EQ(IdAndIsaAfter(plain), here);
  EXPECT_EQ(IdAndIsaAfter([] { setenv("TRADEWIND_ISA", "", 1); }), here);
  const std::string forced = IdAndIsaAfter([] { setenv("TRADEWIND_ISA", "forced", 1); });
  EXPECT_EQ(forced.substr(forced.find(' ') + 1), "forced");
  EXPECT_NE(forced.substr(0, 12), here.substr(0, 12));

  cpu_set_t allowed;
  ASSERT_EQ(sched_getaffinity(0, sizeof allowed, &allowed), 0);
  if (CPU_COUNT(&allowed) > 1) {
    const std::string pinned = IdAndIsaAfter([&] {
      plain();
      cpu_set_t one;
      CPU_ZERO(&one);
      for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu) {
        if (CPU_ISSET(cpu, &allowed)) CPU_SET(cpu, &one);
      }
      sched_setaffinity(0, sizeof one, &one);
    });
    EXPECT_NE(pinned, here);
  }

  const Device& device = ThisDevice();
  EXPECT_EQ(device.id.size(), 12u);
  EXPECT_EQ(device.id.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(device.cpus, CPU_COUNT(&allowed));
  EXPECT_GT(device.memory_bytes, uint64_t{1} << 20);
  EXPECT_FALSE(device.isa.empty());
  EXPECT_EQ(device.origin, "measured");
  EXPECT_EQ(&device, &ThisDevice());
}

}  // namespace
}  // namespace tradewind
