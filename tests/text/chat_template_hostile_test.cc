// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Templates made to exhaust the stack, the memory or the patience of whoever renders them. Each must end with an error
// that names the limit, in a thread with little stack.
#include <gtest/gtest.h>
#include <pthread.h>

#include <functional>

#include "chat_template_testing.h"

namespace tradewind {
namespace {

#if defined(__has_feature)
#define TW_HAS_FEATURE(feature) __has_feature(feature)
#else
#define TW_HAS_FEATURE(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || TW_HAS_FEATURE(address_sanitizer) || TW_HAS_FEATURE(thread_sanitizer)
constexpr size_t kStackBytes = 8u << 20;  // sanitizers make every frame several times larger
#else
constexpr size_t kStackBytes = 1u << 20;
#endif

void* CallFunction(void* function) {
  (*static_cast<std::function<void()>*>(function))();
  return nullptr;
}

void OnSmallStack(std::function<void()> function) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, kStackBytes), 0);
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, &attributes, CallFunction, &function), 0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  pthread_attr_destroy(&attributes);
}

std::string Times(size_t count, std::string_view text) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

// Fails as bad input does, with a message that holds `what`.
void ExpectRefused(const std::string& source, std::string_view what, const TemplateLimits& limits = {}) {
  OnSmallStack([&] {
    const Result<ChatTemplate> parsed = ChatTemplate::Parse(source, limits);
    const Result<std::string> text = parsed ? parsed->Render({}, {}) : Result<std::string>(Fail(parsed.error()));
    ASSERT_FALSE(text) << "rendered: " << source.substr(0, 200);
    const std::string error = text.error().ToString();
    EXPECT_NE(error.find(what), std::string::npos) << error.substr(0, 500) << "\n of " << source.substr(0, 200);
    EXPECT_EQ(text.error().ExitCode(), 2) << error.substr(0, 500);
  });
}

TEST(HostileTemplate, Loops) {
  ExpectRefused("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", "(limit: ");
  ExpectRefused(Times(5, "{% for a in range(1000) %}") + Times(5, "{% endfor %}"), "(limit: ");
  ExpectRefused("{{ range(10**12) }}", "(limit: range)");
  ExpectRefused("{{ range(-9223372036854775807, 9223372036854775807)|list }}", "(limit: range)");
  ExpectRefused("{% for a in range(99999) %}{{ range(99999)|sum }}{% endfor %}", "(limit: ");
  ExpectRefused("{% set ns = namespace(l=[1]) %}{% for a in range(99999) %}{% set ns.l = ns.l + ns.l %}{% endfor %}", "(limit: ");
}

TEST(HostileTemplate, Recursion) {
  ExpectRefused("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "(limit: depth)");
  ExpectRefused("{% macro m(x) %}{% for a in [1] %}{% if a %}{{ (((m(x)))) }}{% endif %}{% endfor %}{% endmacro %}{{ m(1) }}",
                "(limit: depth)");
  ExpectRefused("{% macro a() %}{{ b() }}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{{ a() }}{% endmacro %}{{ a() }}",
                "(limit: depth)");
  ExpectRefused("{% macro m() %}{% call m() %}{% endcall %}{{ caller }}{% endmacro %}{{ m() }}", "(limit: depth)");
  ExpectRefused("{% macro m(n) %}{% if n %}{{ m(n - 1) ~ m(n - 1) }}{% endif %}{% endmacro %}{{ m(40) }}", "(limit: ");
  ExpectRefused("{% macro m(x=m) %}{{ x(x) }}{% endmacro %}{{ m() }}", "(limit: depth)");
}

TEST(HostileTemplate, NestedSource) {
  for (const size_t count : {size_t{100}, size_t{8'000}}) {
    ExpectRefused("{{ " + Times(count, "(") + "1" + Times(count, ")") + " }}", "(limit: depth)");
    ExpectRefused("{{ " + Times(count, "[") + Times(count, "]") + " }}", "(limit: depth)");
    ExpectRefused("{{ " + Times(count, "{1:") + "1" + Times(count, "}") + " }}", "(limit: depth)");
    ExpectRefused("{{ " + Times(count, "-") + "1 }}", "(limit: depth)");
    ExpectRefused("{{ " + Times(count, "a[") + "1" + Times(count, "]") + " }}", "(limit: depth)");
    ExpectRefused("{{ " + Times(count, "f(") + "1" + Times(count, ")") + " }}", "(limit: depth)");
    ExpectRefused("{{ " + Times(count, "x|f(") + "1" + Times(count, ")") + " }}", "(limit: depth)");
    ExpectRefused("{{ x is " + Times(count, "a(x is ") + "b" + Times(count, ")") + " }}", "(limit: depth)");
    ExpectRefused("{{ 1 " + Times(count, "if 1 else 1 ") + " }}", "(limit: depth)");
    ExpectRefused("{{ 1 " + Times(count, "if 1 ") + " }}", "(limit: depth)");
    ExpectRefused("{% set " + Times(count, "(") + "a" + Times(count, ")") + " = 1 %}", "(limit: depth)");
    ExpectRefused(Times(count, "{% if 1 %}") + Times(count, "{% endif %}"), "(limit: depth)");
    ExpectRefused(Times(count, "{% for a in [1] %}") + Times(count, "{% endfor %}"), "(limit: depth)");
    ExpectRefused(Times(count, "{% macro a() %}") + Times(count, "{% endmacro %}"), "(limit: depth)");
  }
}

TEST(HostileTemplate, LongChainsDoNotNest) {
  OnSmallStack([] {
    EXPECT_EQ(Rendered("{{ 0" + Times(10'000, " + 1") + " }}"), "10000");
    EXPECT_EQ(Rendered("{{ ''" + Times(10'000, " ~ 'a'") + " }}"), Times(10'000, "a"));
    EXPECT_EQ(Rendered("{{ 'a'" + Times(10'000, "|trim") + " }}"), "a");
    EXPECT_EQ(Rendered("{{ 1" + Times(10'000, " < 2 != 1") + " }}"), "True");
    EXPECT_EQ(Rendered("{{ " + Times(9'999, "not ") + "1 }}"), "False");
    EXPECT_EQ(Rendered("{{ 0" + Times(10'000, " or 0") + " }}"), "0");
    EXPECT_EQ(Rendered("{{ 'a'" + Times(5'000, ".strip()") + " }}"), "a");
    EXPECT_EQ(Rendered("{% if 0 %}" + Times(10'000, "{% elif 0 %}") + "{% endif %}"), "");
  });
}

TEST(HostileTemplate, LargeTexts) {
  ExpectRefused("{{ 'a' * 10**9 }}", "(limit: memory)");
  ExpectRefused("{{ 10**18 * 'ab' }}", "(limit: memory)");
  ExpectRefused("{{ [1] * 10**9 }}", "(limit: memory)");
  ExpectRefused("{{ [[1, 2]] * 9223372036854775807 }}", "(limit: memory)");
  ExpectRefused("{% set ns = namespace(s='ab') %}{% for i in range(64) %}{% set ns.s = ns.s + ns.s %}{% endfor %}", "(limit: memory)");
  ExpectRefused("{% set ns = namespace(s='ab') %}{% for i in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}", "(limit: memory)");
  ExpectRefused("{% for i in range(99) %}{{ 'a' * 1000000 }}{% endfor %}", "(limit: ");
  ExpectRefused("{% set s = 'a' * 1000000 %}{% for i in range(99) %}{{ s }}{% endfor %}", "(limit: output)");
  ExpectRefused("{{ range(99999)|join('a' * 100000) }}", "(limit: memory)");
  ExpectRefused("{{ ('a' * 1000000).join('b' * 1000000) }}", "(limit: memory)");
  ExpectRefused("{{ ('a' * 1000000).replace('', 'b' * 1000000) }}", "(limit: memory)");
  ExpectRefused("{{ ('a' * 1000000)|replace('a', 'b' * 1000000) }}", "(limit: memory)");
  ExpectRefused("{{ ('a' * 9000000)|list }}", "(limit: memory)");
  ExpectRefused("{{ ('a ' * 9000000).split() }}", "(limit: memory)");
  ExpectRefused("{{ ('\\n' * 9000000).splitlines() }}", "(limit: memory)");
  ExpectRefused("{{ " + Times(10'000, "(") + "1" + Times(10'000, ")") + " }}", "(limit: depth)");
  ExpectRefused("{{ ['a' * 1000000] * 1000 }}", "(limit: memory)");
  ExpectRefused("{{ (['a' * 1000000] * 1000)|tojson }}", "(limit: memory)");
  ExpectRefused("{{ ('\\n' * 1000000)|indent(1000000, blank=true) }}", "(limit: memory)");
}

TEST(HostileTemplate, Widths) {
  ExpectRefused("{{ '%1000000000d' % 1 }}", "(limit: memory)");
  ExpectRefused("{{ '%99999999999999999999d' % 1 }}", "too many digits");
  ExpectRefused("{{ '%*d' % (9223372036854775807, 1) }}", "(limit: memory)");
  ExpectRefused("{{ '%.1000000000f' % 1.5 }}", "(limit: precision)");
  ExpectRefused("{{ '{:1000000000}'.format(1) }}", "(limit: memory)");
  ExpectRefused("{{ '{:.1000000000f}'.format(1.5) }}", "(limit: precision)");
  ExpectRefused("{{ '{:99999999999999999999}'.format(1) }}", "too many digits");
  ExpectRefused("{{ 'x'|indent(1000000000, true) }}", "(limit: memory)");
  ExpectRefused("{{ 'x'|center(1000000000) }}", "(limit: memory)");
  ExpectRefused("{{ 'x'.zfill(9223372036854775807) }}", "(limit: memory)");
  ExpectRefused("{{ [1]|tojson(indent=1000000000) }}", "(limit: memory)");
  ExpectRefused("{{ [1]|batch(1000000000, 1)|list }}", "(limit: memory)");
  ExpectRefused("{{ [1]|slice(1000000000)|list }}", "(limit: ");
  ExpectRefused("{{ strftime_now('%100000d') }}", "strftime_now");
}

TEST(HostileTemplate, DeepValues) {
  ExpectRefused("{% set ns = namespace(l=[]) %}{% for i in range(1000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}", "(limit: depth)");
  ExpectRefused("{% set ns = namespace(d={}) %}{% for i in range(1000) %}{% set ns.d = {'a': ns.d} %}{% endfor %}", "(limit: depth)");
  ExpectRefused("{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}", "(limit: depth)");
  ExpectRefused("{% set ns = namespace() %}{% set ns.me = [ns, ns] %}{{ ns }}", "(limit: ");
  for (const size_t count : {size_t{100}, size_t{1'000'000}}) {
    const std::string json = Times(count, "[") + Times(count, "]");
    OnSmallStack([&] { EXPECT_NE(Rendered("x", {{"tools", json}}).find("(limit: depth)"), std::string::npos); });
  }
}

// Work that no single value or loop shows: every compared item and every 64 bytes read count as a step.
TEST(HostileTemplate, HiddenWork) {
  ExpectRefused("{% set l = range(99999)|list %}{% for i in l %}{{ -1 in l }}{% endfor %}", "(limit: steps)");
  ExpectRefused("{% set s = 'a' * 10000000 %}{% for i in range(99999) %}{% if s|length %}{% endif %}{% endfor %}", "(limit: steps)");
  ExpectRefused("{% set s = 'a' * 10000000 %}{% for i in range(99999) %}{% if 'b' in s %}{% endif %}{% endfor %}", "(limit: steps)");
  ExpectRefused("{% set s = 'a' * 10000000 %}{% for i in range(99999) %}{% if s == s ~ '' %}{% endif %}{% endfor %}", "(limit: ");
  ExpectRefused("{{ range(99999)|unique|list }}", "(limit: steps)");
  ExpectRefused("{% set l = range(9999)|list %}{% for i in l %}{% if l == l + [] %}{% endif %}{% endfor %}", "(limit: ");
}

TEST(HostileTemplate, Source) {
  ExpectRefused(std::string(300'000, 'a'), "(limit: source)");
  TemplateLimits limits;
  limits.source_bytes = 10;
  ExpectRefused("0123456789a", "(limit: source)", limits);
  limits.steps = 3;
  ExpectRefused("{{ 1 }}", "(limit: source)", TemplateLimits{.source_bytes = 6});
  ExpectRefused("{{ 1 }}", "(limit: steps)", TemplateLimits{.steps = 1});
  ExpectRefused("{{ 'abc' }}", "(limit: output)", TemplateLimits{.output_bytes = 2});
  ExpectRefused("{{ 'abc' }}", "(limit: memory)", TemplateLimits{.memory_bytes = 100});
  ExpectRefused("{{ ((1)) }}", "(limit: depth)", TemplateLimits{.depth = 2});
}

// Cut at every byte: an error with its place, or a text, never a crash.
TEST(HostileTemplate, CutTemplates) {
  const std::string source = ReadText(SourcePath("tests/text/data/templates/loops.jinja"));
  for (size_t size = 0; size < source.size(); ++size) {
    const std::string text = Rendered(source.substr(0, size));
    EXPECT_TRUE(!text.starts_with("!") || text.find("line ") != std::string::npos) << text;
  }
  for (const char* unclosed : {"{{", "{%", "{#", "{{ 'a", "{{ \"a\\", "{% raw %}", "{% if 1 %}", "{{ (1 }}", "{{ 1)", "{% for",
                               "{% set x %}", "{{ 1 +", "{%-", "{{-"}) {
    ExpectRefused(unclosed, "line 1, column ");
  }
}

TEST(HostileTemplate, Integers) {
  ExpectRefused("{{ 9223372036854775807 + 1 }}", "beyond 64 bits");
  ExpectRefused("{{ 10**19 }}", "beyond 64 bits");
  ExpectRefused("{{ 2**9223372036854775807 }}", "beyond 64 bits");
  ExpectRefused("{{ -(-9223372036854775807 - 1) }}", "beyond 64 bits");
  ExpectRefused("{{ (-9223372036854775807 - 1) // -1 }}", "beyond 64 bits");
  ExpectRefused("{{ (-9223372036854775807 - 1)|abs }}", "beyond 64 bits");
  ExpectRefused("{{ 1e300|int }}", "beyond 64 bits");
  ExpectRefused("{{ 99999999999999999999 }}", "does not fit");
  EXPECT_EQ(Rendered("{{ (-9223372036854775807 - 1) % -1 }} {{ [1, 2][-9223372036854775807 - 1:] }} {{ 'ab'[::9223372036854775807] }}"),
            "0 [1, 2] a");
}

}  // namespace
}  // namespace tradewind
