# One object library a module, and from the same objects the shared and the
# static library.  The list is the order of docs and of nothing else; who may
# include whom is tests/arch/includes.py's business.

set(DM_MODULES base num lang game expand interop solve infer store report api)

include(cmake/embed.cmake)

set(dm_objects)
foreach(module IN LISTS DM_MODULES)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${module}/*.c)
  if(sources)
    add_library(dm_${module} OBJECT ${sources})
    target_include_directories(dm_${module} PRIVATE
      ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
    target_compile_definitions(dm_${module} PRIVATE
      DM_BUILD_VERSION="${PROJECT_VERSION}")
    target_link_libraries(dm_${module} PRIVATE dm_flags dm_deps)
    if(module STREQUAL "api")
      target_sources(dm_api PRIVATE ${DM_EMBEDDED})
    endif()
    list(APPEND dm_objects $<TARGET_OBJECTS:dm_${module}>)
  endif()
endforeach()

set(DM_HAS_LIBRARY OFF)
if(NOT dm_objects)
  message(STATUS "src/ holds no C file: no library is built")
  return()
endif()
set(DM_HAS_LIBRARY ON)

add_library(demarche_shared SHARED ${dm_objects})
add_library(demarche_static STATIC ${dm_objects})
foreach(library demarche_shared demarche_static)
  set_target_properties(${library} PROPERTIES
    OUTPUT_NAME demarche LINKER_LANGUAGE C)
  target_include_directories(${library} INTERFACE
    ${PROJECT_SOURCE_DIR}/include)
endforeach()
set_target_properties(demarche_shared PROPERTIES
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
target_link_libraries(demarche_shared PRIVATE dm_flags dm_deps)
target_link_libraries(demarche_static PRIVATE dm_deps)
if(NOT DM_SANITIZE AND NOT ENABLE_FUZZ)
  # A sanitizer's own symbols come with the program; otherwise nothing may be
  # left open.
  target_link_options(demarche_shared PRIVATE -Wl,-z,defs)
endif()
