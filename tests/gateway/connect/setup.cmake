# Installs the packages of package-lock.json into WORK and generates the typed client there. Run by ctest as a fixture.
# cmake -D SOURCE=… -D WORK=… -D PROTO=… -D TEST_PROTO=… -D PROTOC=… -P setup.cmake
file(MAKE_DIRECTORY ${WORK}/generated)
foreach(file package.json package-lock.json run.mjs upload.mjs)
  file(COPY_FILE ${SOURCE}/${file} ${WORK}/${file} ONLY_IF_DIFFERENT)
endforeach()
file(SHA256 ${WORK}/package-lock.json lock)
set(stamp ${WORK}/installed-${lock})
if(NOT EXISTS ${stamp})
  find_program(NPM npm)
  if(NOT NPM)
    message(FATAL_ERROR "npm is not installed: the typed client cannot be tested")
  endif()
  execute_process(COMMAND ${NPM} ci --no-audit --no-fund --omit-lockfile-registry-resolved
                  WORKING_DIRECTORY ${WORK} COMMAND_ERROR_IS_FATAL ANY)
  file(TOUCH ${stamp})
endif()
execute_process(
  COMMAND ${PROTOC} --plugin=protoc-gen-es=${WORK}/node_modules/.bin/protoc-gen-es -I ${TEST_PROTO} -I ${PROTO}
          --es_out=${WORK}/generated --es_opt=target=js,import_extension=js
          echo.proto kernel/v1/options.proto kernel/v1/actor.proto kernel/v1/record.proto kernel/v1/error.proto
          google/api/annotations.proto google/api/http.proto google/api/httpbody.proto
  WORKING_DIRECTORY ${TEST_PROTO} COMMAND_ERROR_IS_FATAL ANY)
