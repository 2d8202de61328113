// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/failures/faults.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <new>

namespace tradewind {
namespace {

std::atomic<bool> armed{false};
std::atomic<Fault> failing{Fault::kAllocation};
std::atomic<int64_t> which{0};
std::atomic<int64_t> calls{0};
std::atomic<bool> lasts{false};
void NoHook() {}
std::atomic<void (*)()> hooked{nullptr};

bool Strikes(Fault kind) {
  if (!armed.load() || failing.load() != kind) return false;
  const int64_t call = ++calls;
  if (hooked.load() != nullptr) return false;
  return lasts.load() ? call >= which.load() : call == which.load();
}

// What a call gave, after the hook if its moment has come.
template <typename T>
T Done(Fault kind, T value) {
  if (hooked.load() == nullptr || !armed.load() || failing.load() != kind || calls.load() < which.load()) return value;
  const int error = errno;
  hooked.exchange(NoHook)();
  errno = error;
  return value;
}

// The error that such a call fails with.
template <typename T>
T Failed(int error, T value) {
  errno = error;
  return value;
}

void* Allocated(std::size_t size, std::size_t alignment) {
  if (Strikes(Fault::kAllocation)) return nullptr;
  if (size == 0) size = 1;
  if (alignment <= alignof(max_align_t)) return std::malloc(size);
  return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* AllocatedOrThrown(std::size_t size, std::size_t alignment) {
  void* const p = Allocated(size, alignment);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

}  // namespace

void SetFault(Fault kind, int64_t n, bool lasting) {
  failing = kind;
  which = n;
  calls = 0;
  lasts = lasting;
  hooked = nullptr;
  armed = true;
}

void SetHook(Fault kind, int64_t n, void (*hook)()) {
  SetFault(kind, n, false);
  hooked = hook;
}

int64_t ClearFault() {
  armed = false;
  return calls.load();
}

}  // namespace tradewind

using tradewind::Done;
using tradewind::Failed;
using tradewind::Fault;
using tradewind::Strikes;

void* operator new(std::size_t size) {
  return tradewind::AllocatedOrThrown(size, 1);
}
void* operator new[](std::size_t size) {
  return tradewind::AllocatedOrThrown(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return tradewind::AllocatedOrThrown(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return tradewind::AllocatedOrThrown(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return tradewind::Allocated(size, 1);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return tradewind::Allocated(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return tradewind::Allocated(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return tradewind::Allocated(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* p) noexcept {
  std::free(p);
}
void operator delete[](void* p) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
  std::free(p);
}
void operator delete[](void* p, std::size_t) noexcept {
  std::free(p);
}
void operator delete(void* p, std::align_val_t) noexcept {
  std::free(p);
}
void operator delete[](void* p, std::align_val_t) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t, std::align_val_t) noexcept {
  std::free(p);
}
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept {
  std::free(p);
}

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  if (Strikes(Fault::kOpen)) return Failed(EMFILE, -1);
  return Done(Fault::kOpen, static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode)));
}
int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  if (Strikes(Fault::kOpen)) return Failed(EMFILE, -1);
  return Done(Fault::kOpen, static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode)));
}
ssize_t read(int fd, void* buffer, size_t size) {
  if (Strikes(Fault::kRead)) return Failed(EIO, -1);
  return Done(Fault::kRead, syscall(SYS_read, fd, buffer, size));
}
ssize_t pread(int fd, void* buffer, size_t size, off_t offset) {
  if (Strikes(Fault::kRead)) return Failed(EIO, -1);
  return Done(Fault::kRead, syscall(SYS_pread64, fd, buffer, size, offset));
}
ssize_t pread64(int fd, void* buffer, size_t size, off64_t offset) {
  if (Strikes(Fault::kRead)) return Failed(EIO, -1);
  return Done(Fault::kRead, syscall(SYS_pread64, fd, buffer, size, offset));
}
ssize_t write(int fd, const void* buffer, size_t size) {
  if (Strikes(Fault::kWrite)) return Failed(ENOSPC, -1);
  return Done(Fault::kWrite, syscall(SYS_write, fd, buffer, size));
}
ssize_t pwrite(int fd, const void* buffer, size_t size, off_t offset) {
  if (Strikes(Fault::kWrite)) return Failed(ENOSPC, -1);
  return Done(Fault::kWrite, syscall(SYS_pwrite64, fd, buffer, size, offset));
}
ssize_t pwrite64(int fd, const void* buffer, size_t size, off64_t offset) {
  if (Strikes(Fault::kWrite)) return Failed(ENOSPC, -1);
  return Done(Fault::kWrite, syscall(SYS_pwrite64, fd, buffer, size, offset));
}
int fsync(int fd) {
  if (Strikes(Fault::kSync)) return Failed(EIO, -1);
  return Done(Fault::kSync, static_cast<int>(syscall(SYS_fsync, fd)));
}
int fdatasync(int fd) {
  if (Strikes(Fault::kSync)) return Failed(EIO, -1);
  return Done(Fault::kSync, static_cast<int>(syscall(SYS_fdatasync, fd)));
}
void* mmap(void* at, size_t size, int protection, int flags, int fd, off_t offset) {
  if (Strikes(Fault::kMap)) return Failed(ENOMEM, MAP_FAILED);
  return Done(Fault::kMap, reinterpret_cast<void*>(syscall(SYS_mmap, at, size, protection, flags, fd, offset)));
}
void* mmap64(void* at, size_t size, int protection, int flags, int fd, off64_t offset) {
  if (Strikes(Fault::kMap)) return Failed(ENOMEM, MAP_FAILED);
  return Done(Fault::kMap, reinterpret_cast<void*>(syscall(SYS_mmap, at, size, protection, flags, fd, offset)));
}
int rename(const char* from, const char* to) {
  if (Strikes(Fault::kRename)) return Failed(EIO, -1);
  return Done(Fault::kRename, static_cast<int>(syscall(SYS_rename, from, to)));
}

}  // extern "C"
