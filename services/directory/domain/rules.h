#pragma once
// Who may ask what: one row per command, read before anything else. Services/directory/README.md shows the
// same table.
//
// A grant counts if its role is in the row and its area covers the area the command is about; where the area
// is only known inside the command (areas, organisations, grants), the function of the command asks again for
// each.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "services/directory/domain/directory.h"

namespace directory {

using Ctx = kernel::CommandContext<v1::State>;
using Decision = kernel::Decision<v1::Event>;

struct Rule {
  v1::Command::BodyCase command;
  v1::State::BodyCase
      kind;        // of the aggregate the command is about; BODY_NOT_SET: a new one, or none of its own
  bool fresh;      // the aggregate may be new
  uint32_t roles;  // bits of kernel.v1.Role
  bool own;        // also whoever the account or the session belongs to
};

std::span<const Rule> Rules();
const Rule* FindRule(v1::Command::BodyCase command);

// The actor is the service itself: a timer, the first start, or a step of signing in.
bool IsService(const kernel::v1::Actor& actor);

// The grant that lets the actor do something with `area` (empty: anywhere); null if none does.
const kernel::v1::Grant* GrantFor(const kernel::v1::Actor& actor, uint32_t roles, std::string_view area);

// Finds in which right the actor acts and notes it in `decision`; or the refusal.
std::optional<kernel::Refusal> Authorise(const Rule& rule, const v1::State& state, const Ctx& ctx,
                                         Decision* decision);

// Covered by a grant of the row? For areas named inside a command.
std::optional<kernel::Refusal> AuthoriseArea(const Rule& rule, const Ctx& ctx, std::string_view area,
                                             std::string_view field);

}  // namespace directory
