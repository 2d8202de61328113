# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# Compiler, linker and flags that every target shares.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# -O2, but -O3 where the time of an answer is spent and -O1 where it never is (docs/decisions/004).
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
# Asserts guard against bugs and stay on in release builds.
foreach(config RELEASE RELWITHDEBINFO)
  string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_${config} "${CMAKE_CXX_FLAGS_${config}}")
endforeach()
add_compile_options(-Wall -Wextra -Wshadow -Werror=return-type -Wno-psabi -Wno-restrict -Wno-missing-field-initializers)
# The numeric contract (docs/numerics.md) fixes where a fused multiply-add stands: the compiler may not make its own.
add_compile_options(-ffp-contract=off)

# Headers are read once a dozen files. It asks of names in unnamed namespaces that they differ within a folder. Files with flags of their
# own (one instruction set each) stay alone.
set(CMAKE_UNITY_BUILD ${TRADEWIND_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 12)

if(TRADEWIND_SANITIZE)
  string(REPLACE "-O2" "-O1" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")  # a third less time to compile
  add_compile_options(-Wno-maybe-uninitialized)  # sanitizers make the compiler see paths that there are not
  add_compile_options(-fsanitize=${TRADEWIND_SANITIZE} -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${TRADEWIND_SANITIZE})
  if(TRADEWIND_SANITIZE MATCHES undefined)
    add_compile_options(-fno-sanitize-recover=all)
    # libstdc++ 12 takes a variant that holds a string for one that always holds something: where copying the string throws, its destructor
    # runs into the library's own __builtin_unreachable. It then does nothing, as it should; but a failed allocation would end the tests.
    add_compile_options(-fno-sanitize=unreachable)
  endif()
endif()
