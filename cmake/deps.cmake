# What the library needs from elsewhere: one interface target, dm_deps.
# The core, text to odds, needs libm and threads and nothing more; whatever is
# added here has a record in docs/decisions/ and, if an installed libdemarche.a
# needs it too, a word in DM_PC_LIBS_PRIVATE.

add_library(dm_deps INTERFACE)
find_package(Threads REQUIRED)
target_link_libraries(dm_deps INTERFACE m Threads::Threads)
set(DM_PC_LIBS_PRIVATE "-lm -pthread")

# Exact sums of chances with more digits than 64 bits hold (record 0009).
find_path(GMP_INCLUDE gmp.h)
find_library(GMP_LIBRARY gmp)
if(GMP_INCLUDE AND GMP_LIBRARY)
  target_include_directories(dm_deps SYSTEM INTERFACE ${GMP_INCLUDE})
  target_link_libraries(dm_deps INTERFACE ${GMP_LIBRARY})
  target_compile_definitions(dm_deps INTERFACE DM_HAVE_GMP=1)
  string(APPEND DM_PC_LIBS_PRIVATE " -lgmp")
endif()

# Linear programs (record 0008).  The memory sanitizer would have to see inside
# it, so it goes without.
option(DM_CLP "Exact values of zero-sum games by linear programs (CLP)" ON)
find_path(CLP_INCLUDE coin/Clp_C_Interface.h)
find_library(CLP_LIBRARY Clp)
if(DM_CLP AND CLP_INCLUDE AND CLP_LIBRARY AND NOT DM_SANITIZE MATCHES "memory")
  target_include_directories(dm_deps SYSTEM INTERFACE ${CLP_INCLUDE})
  target_link_libraries(dm_deps INTERFACE ${CLP_LIBRARY})
  target_compile_definitions(dm_deps INTERFACE DM_HAVE_CLP=1)
  string(APPEND DM_PC_LIBS_PRIVATE " -lClp")
endif()

# The case ledger (record 0010).
find_path(SQLITE_INCLUDE sqlite3.h)
find_library(SQLITE_LIBRARY sqlite3)
if(SQLITE_INCLUDE AND SQLITE_LIBRARY AND NOT DM_SANITIZE MATCHES "memory")
  target_include_directories(dm_deps SYSTEM INTERFACE ${SQLITE_INCLUDE})
  target_link_libraries(dm_deps INTERFACE ${SQLITE_LIBRARY})
  target_compile_definitions(dm_deps INTERFACE DM_HAVE_SQLITE=1)
  string(APPEND DM_PC_LIBS_PRIVATE " -lsqlite3")
endif()
