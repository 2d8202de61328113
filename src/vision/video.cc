// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/video.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "net/process.h"
#include "vision/image_codecs.h"

extern char** environ;

namespace tradewind {
namespace {

// FFmpeg would take "http://..." or "concat:..." for what it says; with this it is a file or nothing.
std::string AsFile(const std::string& path) {
  return "file:" + path;
}

// "30000/1001"; 0 if it is no rate.
double RateOf(const std::string& text) {
  char* end = nullptr;
  const double frames = std::strtod(text.c_str(), &end);
  const double seconds = *end == '/' ? std::strtod(end + 1, nullptr) : 0;
  return frames > 0 && seconds > 0 ? frames / seconds : 0;
}

}  // namespace

// ffmpeg writing PPM pictures, one behind the other, into a pipe: "P6\nWIDTH HEIGHT\n255\n" and the pixels.
struct VideoReader::State {
  std::string path;
  double rate = 0;
  pid_t child = -1;
  FILE* pictures = nullptr;
  int complaints = -1;  // a file in memory
  int64_t frames = 0;

  ~State() {
    if (pictures != nullptr) std::fclose(pictures);
    if (child > 0) {
      ::kill(child, SIGKILL);
      Wait();
    }
    if (complaints >= 0) ::close(complaints);
  }
  int Wait() {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    child = -1;
    return status;
  }
  Result<void> Start();
  std::string Complaint() const;
  Result<std::optional<Image>> AtEnd();
};

Result<void> VideoReader::State::Start() {
  int pipe[2] = {-1, -1};
  complaints = ::memfd_create("ffmpeg", MFD_CLOEXEC);
  if (complaints < 0 || ::pipe2(pipe, O_CLOEXEC) != 0) return Fail(StatusCode::kIo, path + ": no pipe to ffmpeg can be made");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, complaints, STDERR_FILENO);
  std::string file = AsFile(path);
  std::string arguments[] = {"ffmpeg",     "-nostdin", "-v",  "error", "-protocol_whitelist", "file,pipe", "-i", file, "-an", "-sn", "-f",
                             "image2pipe", "-c:v",     "ppm", "-"};
  std::vector<char*> pointers;
  for (std::string& a : arguments) pointers.push_back(a.data());
  pointers.push_back(nullptr);
  const int error = posix_spawnp(&child, "ffmpeg", &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  pictures = ::fdopen(pipe[0], "rb");
  if (error == 0 && pictures != nullptr) return {};
  child = error == 0 ? child : -1;
  return Fail(
      StatusCode::kUnsupported,
      path + ": ffmpeg, which reads videos, cannot be started; install it (Debian: apt-get install ffmpeg), or give pictures by --image");
}

// The first line of what ffmpeg said.
std::string VideoReader::State::Complaint() const {
  char text[512] = {};
  const ssize_t n = ::pread(complaints, text, sizeof text - 1, 0);
  std::string said(text, n > 0 ? static_cast<size_t>(n) : 0);
  return said.substr(0, said.find('\n'));
}

Result<std::optional<Image>> VideoReader::State::AtEnd() {
  const int status = Wait();
  if (frames > 0 && status == 0) return std::optional<Image>();
  const std::string complaint = Complaint();
  return Fail(StatusCode::kInvalidInput, path + ": " +
                                             (frames > 0 ? "damaged after frame " + std::to_string(frames) : "no video that can be read") +
                                             (complaint.empty() ? "" : "; ffmpeg says: " + complaint));
}

VideoReader::VideoReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
VideoReader::VideoReader(VideoReader&& other) noexcept = default;
VideoReader::~VideoReader() = default;

bool CanReadVideos() {
  const char* path = std::getenv("PATH");
  std::string_view folders = path == nullptr ? "" : path;
  while (!folders.empty()) {
    const std::string_view folder = folders.substr(0, folders.find(':'));
    if (::access((std::string(folder) + "/ffmpeg").c_str(), X_OK) == 0) return true;
    folders.remove_prefix(std::min(folders.size(), folder.size() + 1));
  }
  return false;
}

Result<VideoReader> VideoReader::Open(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return Fail(StatusCode::kNotFound, path + ": there is no such file");
  auto state = std::make_unique<State>();
  state->path = path;
  const auto probed = RunProcess({.arguments = {"ffprobe", "-v", "error", "-protocol_whitelist", "file", "-select_streams", "v:0",
                                                "-show_entries", "stream=avg_frame_rate", "-of", "csv=p=0", AsFile(path)},
                                  .folder = "."});
  if (probed && probed->exit_code == 0) state->rate = RateOf(probed->output);
  TW_RETURN_IF_ERROR(state->Start());
  return VideoReader(std::move(state));
}

double VideoReader::frames_per_second() const {
  return state_->rate;
}

Result<std::optional<Image>> VideoReader::Next() {
  if (state_->child < 0) return std::optional<Image>();  // the end was told
  long long width = 0, height = 0;
  if (std::fscanf(state_->pictures, "P6 %lld %lld 255", &width, &height) != 2 || std::fgetc(state_->pictures) != '\n')
    return state_->AtEnd();
  TW_RETURN_IF_ERROR(CheckImageSize(width, height, state_->path));
  Image image = Image::Make(width, height);
  if (std::fread(image.pixels.data(), 1, image.pixels.size(), state_->pictures) != image.pixels.size()) return state_->AtEnd();
  ++state_->frames;
  return std::optional<Image>(std::move(image));
}

}  // namespace tradewind
