# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0

# tradewind_embed(TARGET FILE SYMBOL): puts the bytes of FILE (relative to the source folder) into TARGET as
#   std::string_view tradewind::SYMBOL();
# The caller declares the function where it uses it. A change of FILE makes CMake run again.
function(tradewind_embed target file symbol)
  set(source ${CMAKE_SOURCE_DIR}/${file})
  set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  file(READ ${source} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
  set(generated ${CMAKE_BINARY_DIR}/gen/${symbol}.gen.cc)
  file(CONFIGURE OUTPUT ${generated} CONTENT
"#include <string_view>
namespace tradewind {
std::string_view ${symbol}();
std::string_view ${symbol}() {
  static const char bytes[] = {${bytes}'\\0'};
  return {bytes, ${size}};
}
}  // namespace tradewind
" @ONLY)
  target_sources(${target} PRIVATE ${generated})
endfunction()
