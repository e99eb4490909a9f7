# Page templates become part of the program, so that an installation is one file and cannot lose them.
#
# As a script (cmake -DOUT=… -DSPACE=… -DFILES="a.html;b.html" -P pages.cmake): writes a header with
#   namespace SPACE::pages { inline constexpr press::Source kPages[] = {{"a", R"page(…)page"}, …}; }

if(CMAKE_SCRIPT_MODE_FILE)
  set(text "#pragma once\n// Made from *.html and *.css by cmake/pages.cmake.\n\n#include \"services/press/source.h\"\n\n")
  string(APPEND text "namespace ${SPACE}::pages {\n\ninline constexpr press::Source kPages[] = {\n")
  string(REPLACE "|" ";" FILES "${FILES}")
  foreach(file IN LISTS FILES)
    get_filename_component(name ${file} NAME_WE)
    file(READ ${file} content)
    string(APPEND text "    {\"${name}\", R\"page(${content})page\"},\n")
  endforeach()
  string(APPEND text "};\n\n}  // namespace ${SPACE}::pages\n")
  file(WRITE ${OUT} "${text}")
  return()
endif()

# platform_pages(target HEADER services/x/x_pages.h SPACE x FILES pages/a.html …): the header can be included by `target`.
function(platform_pages target)
  cmake_parse_arguments(ARG "" "HEADER;SPACE" "FILES" ${ARGN})
  set(out ${CMAKE_BINARY_DIR}/pages/${ARG_HEADER})
  list(TRANSFORM ARG_FILES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  list(JOIN ARG_FILES "|" files)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DSPACE=${ARG_SPACE} "-DFILES=${files}" -P ${CMAKE_SOURCE_DIR}/cmake/pages.cmake
    DEPENDS ${ARG_FILES} ${CMAKE_SOURCE_DIR}/cmake/pages.cmake VERBATIM)
  target_sources(${target} PRIVATE ${out})
  target_include_directories(${target} PUBLIC ${CMAKE_BINARY_DIR}/pages)
endfunction()
