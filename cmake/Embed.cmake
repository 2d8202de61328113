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

# tradewind_embed_all(TARGET FOLDER ENDING SYMBOL): the files of FOLDER with this ending, in the order of their names, as
#   std::span<const std::pair<std::string_view, std::string_view>> tradewind::SYMBOL();   // name without the ending, bytes
function(tradewind_embed_all target folder ending symbol)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*${ending})
  set(declarations "")
  set(entries "")
  foreach(file ${files})
    cmake_path(GET file STEM stem)
    string(MAKE_C_IDENTIFIER "${symbol}_${stem}" part)
    file(RELATIVE_PATH relative ${CMAKE_SOURCE_DIR} ${file})
    tradewind_embed(${target} ${relative} ${part})
    string(APPEND declarations "std::string_view ${part}();\n")
    string(APPEND entries "      {\"${stem}\", ${part}()},\n")
  endforeach()
  set(generated ${CMAKE_BINARY_DIR}/gen/${symbol}.gen.cc)
  file(CONFIGURE OUTPUT ${generated} CONTENT
"#include <span>
#include <string_view>
#include <utility>
namespace tradewind {
${declarations}std::span<const std::pair<std::string_view, std::string_view>> ${symbol}();
std::span<const std::pair<std::string_view, std::string_view>> ${symbol}() {
  static const std::pair<std::string_view, std::string_view> files[] = {
${entries}  };
  return files;
}
}  // namespace tradewind
" @ONLY)
  target_sources(${target} PRIVATE ${generated})
endfunction()
