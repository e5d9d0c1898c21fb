# One interface target, dm_flags, carries what every C file here is compiled
# with.  Never -ffast-math; no contraction to fused multiply-add, or numbers
# would differ between compilers and processors.

add_library(dm_flags INTERFACE)
target_compile_options(dm_flags INTERFACE
  -ffp-contract=off
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wdouble-promotion
  -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wwrite-strings -Wvla
  -Wcast-qual -Wformat=2 -Wswitch-enum)

if(DM_WERROR)
  target_compile_options(dm_flags INTERFACE -Werror)
endif()

if(DM_SANITIZE)
  target_compile_options(dm_flags INTERFACE
    -fsanitize=${DM_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer -g)
  target_link_options(dm_flags INTERFACE -fsanitize=${DM_SANITIZE})
endif()

if(DM_COVERAGE)
  target_compile_options(dm_flags INTERFACE --coverage -O0 -g)
  target_link_options(dm_flags INTERFACE --coverage)
endif()

if(ENABLE_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "ENABLE_FUZZ needs clang; use --preset fuzz")
  endif()
  target_compile_options(dm_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
