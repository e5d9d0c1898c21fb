# examples/c/*.c: small programs that use the installed headers and nothing
# else.  Each is built with the tests and run from the source directory; the
# words of examples/c/NAME.args, if there are any, are its arguments, and
# NAME.expect, a regular expression, must match what it prints.

if(NOT DM_HAS_LIBRARY OR NOT DM_TESTS)
  return()
endif()
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/examples/c/*.c)
foreach(source IN LISTS sources)
  get_filename_component(name ${source} NAME_WE)
  get_filename_component(folder ${source} DIRECTORY)
  add_executable(example_${name} ${source})
  set_target_properties(example_${name} PROPERTIES
    OUTPUT_NAME ${name}
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/examples)
  target_link_libraries(example_${name} PRIVATE dm_flags demarche_shared)

  set(arguments)
  if(EXISTS ${folder}/${name}.args)
    file(STRINGS ${folder}/${name}.args arguments)
    separate_arguments(arguments UNIX_COMMAND "${arguments}")
  endif()
  add_test(NAME examples/c/${name}
    COMMAND example_${name} ${arguments}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(examples/c/${name} PROPERTIES
    LABELS examples TIMEOUT 300)
  if(EXISTS ${folder}/${name}.expect)
    file(READ ${folder}/${name}.expect expected)
    string(STRIP "${expected}" expected)
    set_tests_properties(examples/c/${name} PROPERTIES
      PASS_REGULAR_EXPRESSION "${expected}")
  endif()
endforeach()
