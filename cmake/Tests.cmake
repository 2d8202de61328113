# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
find_package(GTest)
if(NOT TARGET GTest::gmock)
  message(STATUS "Tests are left out: GoogleTest with gmock is not installed (./test installs it)")
  return()
endif()

# Their own code need not be fast; what they test is built as it ships. A third of the time to compile them goes; and with sanitizers 40 %
# more, as it is then not checked for undefined behaviour.
set(test_options $<$<CONFIG:Release>:-O1>)
if(TRADEWIND_SANITIZE MATCHES undefined)
  list(APPEND test_options -fno-sanitize=undefined)
endif()

set(TRADEWIND_SHARED "${CMAKE_SOURCE_DIR}/../shared" CACHE PATH "Shared test data; the environment variable of the same name wins")

# One program a folder of tests, tests/FOLDER/*_test.cc, run whole and in the source folder.
set(folders base stats core formats text learn store net sched kernels llm graph vision collab recorded synthetic measure search compress train policy study serve cli)
foreach(folder ${folders})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*.cc)
  if(sources)
    add_executable(${folder}_test ${sources})
    target_include_directories(${folder}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_compile_definitions(${folder}_test PRIVATE TRADEWIND_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_compile_options(${folder}_test PRIVATE ${test_options})
    target_link_libraries(${folder}_test PRIVATE tradewind_${folder} GTest::gmock GTest::gtest GTest::gtest_main)
    add_test(NAME ${folder} COMMAND ${folder}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/temporary/${folder})
    set_tests_properties(${folder} PROPERTIES ENVIRONMENT TEST_TMPDIR=${CMAKE_BINARY_DIR}/temporary/${folder})
  endif()
endforeach()

# They count what their own operator new gives (tests/heap_count.h), which the compiler must not see in the files beside them.
set_source_files_properties(tests/formats/hostile_memory_test.cc tests/text/hostile_memory_test.cc tests/llm/hostile_memory_test.cc
  PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

# Search strategies are tried on closed-form problems.
target_link_libraries(search_test PRIVATE tradewind_synthetic)

# A file more in the folder of a test is an architecture or a knob more.
target_sources(llm_test PRIVATE tests/llm/architectures/twin.cc)
add_executable(tradewind_with_test_knob src/main.cc)
target_link_libraries(tradewind_with_test_knob PRIVATE tradewind_cli)
# Its own registration stands in for the library's, which the linker then leaves out.
tradewind_gather(tradewind_with_test_knob src/llm/knobs Knob "Registry<LlmKnob>" llm/options.h
  EXTRA ${CMAKE_SOURCE_DIR}/tests/cli/knobs/echo_probe.cc)

# The tests of the commands run the programs, on the model that the tests of the engine make.
if(TARGET cli_test)
  target_sources(cli_test PRIVATE tests/llm/stories_gguf.cc)
  target_compile_definitions(cli_test PRIVATE TRADEWIND_BINARY="$<TARGET_FILE:tradewind>"
    TRADEWIND_WITH_TEST_KNOB="$<TARGET_FILE:tradewind_with_test_knob>")
  add_dependencies(cli_test tradewind tradewind_with_test_knob)
endif()

# A split net's worker is the program.
foreach(test collab_test study_test)
  if(TARGET ${test})
    add_dependencies(${test} tradewind)
  endif()
endforeach()
foreach(test train_test study_test)
  if(TARGET tradewind_torch AND TARGET ${test})
    add_dependencies(${test} tradewind_torch)
  endif()
endforeach()

if(TARGET serve_test)
  target_sources(serve_test PRIVATE tests/llm/stories_gguf.cc)
endif()

if(TARGET compress_test)
  target_sources(compress_test PRIVATE tests/llm/stories_gguf.cc)
endif()

# Whole commands while allocations and system calls fail: a program of its own, whose operator new and system calls stand in for all others.
add_executable(failures_test tests/cli/failures/failures_test.cc tests/cli/failures/faults.cc tests/llm/stories_gguf.cc)
target_include_directories(failures_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_compile_definitions(failures_test PRIVATE TRADEWIND_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
set_target_properties(failures_test PROPERTIES ENABLE_EXPORTS ON UNITY_BUILD OFF)  # the libraries call what it stands in for
set_source_files_properties(tests/cli/failures/faults.cc PROPERTIES COMPILE_OPTIONS "-fvisibility=default;-U_FORTIFY_SOURCE")
target_link_libraries(failures_test PRIVATE tradewind_cli GTest::gmock GTest::gtest GTest::gtest_main)
add_test(NAME failures COMMAND failures_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})

# The public interface as its users have it: the shared library and the headers alone, and an installed copy that the examples are built with.
add_executable(api_test tests/api/api_test.cc tests/api/c_header.c tests/llm/stories_gguf.cc)
target_include_directories(api_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_compile_definitions(api_test PRIVATE TRADEWIND_SOURCE_DIR="${CMAKE_SOURCE_DIR}" TRADEWIND_BINARY="$<TARGET_FILE:tradewind>")
set_source_files_properties(tests/api/c_header.c PROPERTIES COMPILE_OPTIONS "-std=c99;-pedantic-errors")
target_link_libraries(api_test PRIVATE tradewind_shared tradewind_formats GTest::gmock GTest::gtest GTest::gtest_main)
add_dependencies(api_test tradewind)
add_test(NAME api COMMAND api_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
add_test(NAME api_symbols COMMAND ${CMAKE_SOURCE_DIR}/tests/api/symbols.sh $<TARGET_FILE:tradewind_shared>)
if(NOT TRADEWIND_SANITIZE)  # a program of the users' would have to be built with the same
  add_test(NAME api_installed COMMAND ${CMAKE_SOURCE_DIR}/tests/api/installed.sh ${CMAKE_BINARY_DIR})
endif()

# The Python package around the module of this build, by pytest.
if(TRADEWIND_PYTHON AND Python_EXECUTABLE)
  add_test(NAME python COMMAND ${CMAKE_SOURCE_DIR}/scripts/python_tests.sh ${Python_EXECUTABLE} $<TARGET_FILE:tradewind_python>
    ${CMAKE_BINARY_DIR}/python-wheel)
endif()
include(KernelTests)
include(Fuzz)
include(Style)          # last: it looks at the test programs above
