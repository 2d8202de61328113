// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/download.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "net/http_transfer.h"
#include "net/sha256.h"
#include "net_test_util.h"

namespace tradewind {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class DownloadTest : public ::testing::Test {
 protected:
  Result<void> Get(const HttpsServer& server, const std::string& behaviour, bool size_known = true) {
    DownloadRequest request{.url = server.Url(behaviour), .path = path_};
    if (size_known) request.expected_bytes = server.size();
    options_.ca_file = server.ca_file();
    return Download(request, options_, control_);
  }
  // By the digest that Python's hashlib gave.
  bool IsWhole(const HttpsServer& server) const {
    const auto digest = HashFile(path_);
    return digest && digest->sha256 == server.sha256();
  }
  static std::string Half(const HttpsServer& server) { return "bytes=" + std::to_string(server.size() / 2) + "-"; }

  static DownloadOptions Impatient() {
    DownloadOptions options;
    options.tries = 3;
    options.first_backoff_ms = 1;
    return options;
  }

  TempFolder folder_;
  std::string path_ = folder_ / "model.gguf.part";
  DownloadOptions options_ = Impatient();
  TransferControl control_;
};

TEST_F(DownloadTest, FetchesAWholeFileAndReportsProgress) {
  TW_REQUIRE_HTTPS_SERVER(server);
  std::vector<TransferProgress> reports;
  control_.progress = [&](const TransferProgress& progress) { reports.push_back(progress); };
  ASSERT_TRUE(Get(server, "plain"));
  EXPECT_TRUE(IsWhole(server));
  ASSERT_FALSE(reports.empty());
  EXPECT_EQ(reports.back().bytes, server.size());
  EXPECT_EQ(reports.back().total_bytes, server.size());
  EXPECT_EQ(reports.back().stage, "download");
  EXPECT_THAT(server.Log(), ElementsAre("/plain/model.gguf - - 200"));
}

TEST_F(DownloadTest, DoesNotAskAgainForWhatIsWhole) {
  TW_REQUIRE_HTTPS_SERVER(server);
  ASSERT_TRUE(Get(server, "plain"));
  ASSERT_TRUE(Get(server, "plain"));
  EXPECT_THAT(server.Log(), SizeIs(1));
}

TEST_F(DownloadTest, ResumesAfterACutConnection) {
  TW_REQUIRE_HTTPS_SERVER(server);
  ASSERT_TRUE(Get(server, "cut"));
  EXPECT_TRUE(IsWhole(server));
  EXPECT_THAT(server.Log(), ElementsAre("/cut/model.gguf - - 200", "/cut/model.gguf " + Half(server) + " \"one\" 206"));
}

TEST_F(DownloadTest, ResumesInALaterCall) {
  TW_REQUIRE_HTTPS_SERVER(server);
  options_.tries = 1;
  const auto first = Get(server, "cut");
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code(), StatusCode::kUnavailable);
  EXPECT_THAT(first.error().message(), HasSubstr("the same command goes on"));
  EXPECT_EQ(std::filesystem::file_size(path_), server.size() / 2);
  ASSERT_TRUE(Get(server, "cut"));
  EXPECT_TRUE(IsWhole(server));
  EXPECT_THAT(server.Log(), ElementsAre("/cut/model.gguf - - 200", "/cut/model.gguf " + Half(server) + " \"one\" 206"));
}

TEST_F(DownloadTest, StartsAnewWhereTheServerKnowsNoRange) {
  TW_REQUIRE_HTTPS_SERVER(server);
  ASSERT_TRUE(Get(server, "no-range"));
  EXPECT_TRUE(IsWhole(server));
  EXPECT_THAT(server.Log(), ElementsAre("/no-range/model.gguf - - 200", "/no-range/model.gguf " + Half(server) + " \"one\" 200"));
}

TEST_F(DownloadTest, StartsAnewWhereTheFileHasChanged) {
  TW_REQUIRE_HTTPS_SERVER(server);
  ASSERT_TRUE(Get(server, "changed"));
  EXPECT_TRUE(IsWhole(server));
  EXPECT_THAT(server.Log(), ElementsAre("/changed/model.gguf - - 200", "/changed/model.gguf " + Half(server) + " \"zero\" 200"));
}

TEST_F(DownloadTest, DoesNotJoinHalvesWithoutAStrongEtag) {
  TW_REQUIRE_HTTPS_SERVER(server);
  for (const std::string behaviour : {"no-etag", "weak"}) {
    std::filesystem::remove(path_);
    ASSERT_TRUE(Get(server, behaviour)) << behaviour;
    EXPECT_TRUE(IsWhole(server)) << behaviour;
  }
  EXPECT_THAT(server.Log(), ElementsAre("/no-etag/model.gguf - - 200", "/no-etag/model.gguf - - 200", "/weak/model.gguf - - 200",
                                        "/weak/model.gguf - - 200"));
}

TEST_F(DownloadTest, StartsAnewWhenTheRangeIsNotTheOneAskedFor) {
  TW_REQUIRE_HTTPS_SERVER(server);
  ASSERT_TRUE(Get(server, "wrong-range"));
  EXPECT_TRUE(IsWhole(server));
  EXPECT_THAT(server.Log(), SizeIs(3));
}

TEST_F(DownloadTest, DoesNotResumeTheBytesOfAnotherUrl) {
  TW_REQUIRE_HTTPS_SERVER(server);
  options_.tries = 1;
  ASSERT_FALSE(Get(server, "cut"));
  ASSERT_TRUE(Get(server, "plain"));
  EXPECT_TRUE(IsWhole(server));
  EXPECT_EQ(server.Log().back(), "/plain/model.gguf - - 200");
}

TEST_F(DownloadTest, RefusesAnotherSizeBeforeTheFirstByte) {
  TW_REQUIRE_HTTPS_SERVER(server);
  const auto result = Get(server, "long");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), StatusCode::kInvalidInput);
  EXPECT_THAT(result.error().message(), HasSubstr("300000 bytes expected, 300004 found"));
  EXPECT_EQ(std::filesystem::file_size(path_), 0u);
}

TEST_F(DownloadTest, StopsEarlyWhenMoreComesThanExpected) {
  TW_REQUIRE_HTTPS_SERVER(server);
  for (const std::string behaviour : {"quiet-long", "endless"}) {
    const auto result = Get(server, behaviour);
    ASSERT_FALSE(result) << behaviour;
    EXPECT_EQ(result.error().code(), StatusCode::kInvalidInput);
    EXPECT_THAT(result.error().message(), HasSubstr("300000 bytes expected, more than"));
    EXPECT_EQ(std::filesystem::file_size(path_), 0u);
  }
}

TEST_F(DownloadTest, RefusesAFileThatIsTooShort) {
  TW_REQUIRE_HTTPS_SERVER(server);
  const auto result = Get(server, "short");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), StatusCode::kInvalidInput);
  EXPECT_THAT(result.error().message(), HasSubstr("300000 bytes expected, 299999 found"));
}

TEST_F(DownloadTest, KeepsToALimitWhereTheSizeIsUnknown) {
  TW_REQUIRE_HTTPS_SERVER(server);
  ASSERT_TRUE(Get(server, "plain", /*size_known=*/false));
  EXPECT_TRUE(IsWhole(server));
  options_.ca_file = server.ca_file();
  const auto result = Download({.url = server.Url("endless"), .path = path_, .limit_bytes = 1'000'000}, options_, control_);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), StatusCode::kResourceExhausted);
}

TEST_F(DownloadTest, SaysWhatTheServerRefused) {
  TW_REQUIRE_HTTPS_SERVER(server);
  const auto missing = Get(server, "missing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(missing.error().message(), HasSubstr("HTTP 404"));
  const auto forbidden = Get(server, "forbidden");
  ASSERT_FALSE(forbidden);
  EXPECT_EQ(forbidden.error().code(), StatusCode::kUnavailable);
  EXPECT_THAT(server.Log(), SizeIs(2)) << "neither is worth another try";
  EXPECT_EQ(std::filesystem::file_size(path_), 0u) << "the page that explains the error is no part of the file";
}

TEST_F(DownloadTest, TriesAgainWhenTheServerIsBusyButNotForever) {
  TW_REQUIRE_HTTPS_SERVER(server);
  ASSERT_TRUE(Get(server, "busy"));
  EXPECT_TRUE(IsWhole(server));
  EXPECT_THAT(server.Log(), SizeIs(3));
  std::filesystem::remove(path_);
  const auto down = Get(server, "down");
  ASSERT_FALSE(down);
  EXPECT_EQ(down.error().code(), StatusCode::kUnavailable);
  EXPECT_THAT(server.Log(), SizeIs(6));
}

TEST_F(DownloadTest, FollowsRedirectsToHttpsAlone) {
  TW_REQUIRE_HTTPS_SERVER(server);
  ASSERT_TRUE(Get(server, "redirect"));
  EXPECT_TRUE(IsWhole(server));
  const std::string resume = Slurp(ResumePath(path_));
  EXPECT_THAT(resume, HasSubstr("one")) << "the ETag of the file, not of the redirect: " << resume;
  std::filesystem::remove(path_);
  const auto plain = Get(server, "to-http");
  ASSERT_FALSE(plain);
  EXPECT_THAT(plain.error().message(), HasSubstr("not https"));
  EXPECT_EQ(server.Log().back(), "/to-http/model.gguf - - 302");
  EXPECT_FALSE(Get(server, "circle"));
}

TEST_F(DownloadTest, PlainHttpGoesToNoProxyAndToNoOtherPlainHttp) {
  TW_REQUIRE_HTTPS_SERVER(server);
  const ScopedEnv proxy("http_proxy", "http://127.0.0.1:1"), none("no_proxy", std::nullopt);
  ASSERT_TRUE(Download({.url = server.HttpUrl("plain"), .path = path_, .expected_bytes = server.size()}, options_, control_));
  EXPECT_TRUE(IsWhole(server));
  EXPECT_FALSE(Download({.url = server.HttpUrl("to-http"), .path = path_}, options_, control_));
  EXPECT_EQ(server.Log().back(), "/to-http/model.gguf - - 302");
}

TEST_F(DownloadTest, StopsWhenAskedTo) {
  TW_REQUIRE_HTTPS_SERVER(server);
  uint64_t bytes = 0;
  control_.progress = [&](const TransferProgress& progress) { bytes = progress.bytes; };
  control_.cancelled = [&] { return bytes > 0; };
  const auto slow = Get(server, "slow");
  ASSERT_FALSE(slow);
  EXPECT_EQ(slow.error().code(), StatusCode::kCancelled);
  EXPECT_LT(std::filesystem::file_size(path_), server.size());
  control_ = {};
  ASSERT_TRUE(Get(server, "slow"));
  EXPECT_TRUE(IsWhole(server));
  EXPECT_THAT(server.Log().back(), HasSubstr("206"));
}

TEST_F(DownloadTest, GivesUpOnAServerThatFallsSilent) {
  TW_REQUIRE_HTTPS_SERVER(server);
  options_.stall_timeout_s = 1;
  options_.tries = 1;
  const auto stuck = Get(server, "stuck");
  ASSERT_FALSE(stuck);
  EXPECT_EQ(stuck.error().code(), StatusCode::kUnavailable);
}

TEST_F(DownloadTest, VerifiesTheServersCertificate) {
  TW_REQUIRE_HTTPS_SERVER(server);
  const ScopedEnv ca1("SSL_CERT_FILE", std::nullopt), ca2("CURL_CA_BUNDLE", std::nullopt);
  const DownloadRequest request{.url = server.Url("plain"), .path = path_};
  const auto untrusted = Download(request, options_, control_);
  ASSERT_FALSE(untrusted);
  EXPECT_EQ(untrusted.error().code(), StatusCode::kUnavailable);
  EXPECT_THAT(untrusted.error().message(), HasSubstr("certificate is not trusted"));
  EXPECT_THAT(server.Log(), SizeIs(0));
  const ScopedEnv trust("SSL_CERT_FILE", server.ca_file());
  EXPECT_TRUE(Download(request, options_, control_));
}

TEST_F(DownloadTest, SaysThatNobodyAnswers) {
  const auto result = Download({.url = "https://127.0.0.1:1/model.gguf", .path = path_}, options_, control_);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), StatusCode::kUnavailable);
  EXPECT_THAT(result.error().message(), HasSubstr("check the network"));
}

TEST_F(DownloadTest, LooksForRoomBeforeItStarts) {
  TW_REQUIRE_HTTPS_SERVER(server);
  options_.ca_file = server.ca_file();
  const auto result = Download({.url = server.Url("plain"), .path = path_, .expected_bytes = uint64_t{1} << 60}, options_, control_);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), StatusCode::kResourceExhausted);
  EXPECT_THAT(result.error().message(), HasSubstr(folder_.path()));
  EXPECT_THAT(result.error().message(), HasSubstr("1152921504606846976 bytes"));
  EXPECT_THAT(server.Log(), SizeIs(0));
}

// A file size limit makes write() fail as a full disk does: with part of the bytes written, then an error.
TEST_F(DownloadTest, SaysThatTheDiskIsFullAndGoesOnLater) {
  TW_REQUIRE_HTTPS_SERVER(server);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100'000, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const auto result = Get(server, "plain");
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, SIG_DFL);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), StatusCode::kResourceExhausted);
  EXPECT_THAT(result.error().message(), HasSubstr(path_));
  EXPECT_EQ(std::filesystem::file_size(path_), 100'000u);
  ASSERT_TRUE(Get(server, "plain"));
  EXPECT_TRUE(IsWhole(server));
  EXPECT_THAT(server.Log().back(), HasSubstr("bytes=100000- \"one\" 206"));
}

}  // namespace
}  // namespace tradewind
