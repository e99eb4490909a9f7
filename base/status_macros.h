#pragma once
// Passing an absl::Status on. Message grammar of statuses: "cannot X: Y".
//
//   RETURN_IF_ERROR(kv->Commit(batch, durability));
//   ASSIGN_OR_RETURN(auto value, kv->Get(space, key));

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <utility>

#define RETURN_IF_ERROR(expression)                                     \
  do {                                                                  \
    if (::absl::Status base_status = (expression); !base_status.ok()) { \
      return base_status;                                               \
    }                                                                   \
  } while (false)

#define BASE_CONCAT_INNER(a, b) a##b
#define BASE_CONCAT(a, b) BASE_CONCAT_INNER(a, b)
#define BASE_ASSIGN_OR_RETURN(name, left, expression) \
  auto name = (expression);                           \
  if (!name.ok()) return std::move(name).status();    \
  left = *std::move(name)

#define ASSIGN_OR_RETURN(left, expression) \
  BASE_ASSIGN_OR_RETURN(BASE_CONCAT(base_status_or_, __LINE__), left, expression)
