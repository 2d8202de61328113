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

# tradewind_embed_folder(TARGET FOLDER SYMBOL): puts every FOLDER/*.yaml into TARGET as
#   const std::vector<std::pair<std::string_view, std::string_view>>& tradewind::SYMBOL();   // path in the source folder, bytes; by name
function(tradewind_embed_folder target folder symbol)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.yaml)
  set(arrays "")
  set(entries "")
  set(index 0)
  foreach(path ${files})
    set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    file(READ ${path} hex HEX)
    string(LENGTH "${hex}" digits)
    math(EXPR size "${digits} / 2")
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
    cmake_path(GET path FILENAME name)
    string(APPEND arrays "constexpr char kFile${index}[] = {${bytes}'\\0'};\n")
    string(APPEND entries "      {\"${folder}/${name}\", {kFile${index}, ${size}}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  set(generated ${CMAKE_BINARY_DIR}/gen/${symbol}.gen.cc)
  file(CONFIGURE OUTPUT ${generated} CONTENT
"#include <string_view>
#include <utility>
#include <vector>
namespace tradewind {
namespace {
${arrays}}  // namespace
using ${symbol}Files = std::vector<std::pair<std::string_view, std::string_view>>;
const ${symbol}Files& ${symbol}();
const ${symbol}Files& ${symbol}() {
  static const ${symbol}Files files = {
${entries}  };
  return files;
}
}  // namespace tradewind
" @ONLY)
  target_sources(${target} PRIVATE ${generated})
endfunction()
