#pragma once
// Who looked at a matter, out of the audit log: everything for the auditor of its area, and for a person concerned what
// was revealed in it, by which unit, when and what for. Whether the asker is one of them is the service's to say. Any
// thread.

#include <functional>
#include <string>
#include <string_view>

#include "common/v1/accesses.pb.h"
#include "services/rpc/access.h"
#include "services/rpc/audit.h"
#include "services/rpc/exchange.h"

namespace rpc {

enum class Told { kEverything, kReveals };

// Whether the caller is auditor of this place.
bool Audits(const Caller& caller, std::string_view area_code);
// The same person without their offices: what an office may see is not what a citizen may ask for.
kernel::v1::Actor AsCitizen(const kernel::v1::Actor& actor);

struct AccessQuestion {
  std::string matter;                // aggregate id
  Told told = Told::kReveals;
  std::function<std::string(std::string_view org_id)> name_of;
  // A token counts for the areas that went into its own, and the log has what the token said: all of them are the one
  // unit that looked.
  std::function<std::string(std::string_view org_id)> unit_today;
  kernel::Refusal bad_token;         // of a page token that is not of this list
};
// Notes whose matter the caller asked about.
Answer ListAccesses(const AuditLog& log, const Caller& caller, const AccessQuestion& question,
                    const common::v1::ListAccessesRequest& request, common::v1::ListAccessesResponse* out);

// Lists of an area, and of those within it, that were opened: for its auditor. `question.matter` is the area.
Answer ListAreaAccesses(const AuditLog& log, const AccessQuestion& question,
                        const common::v1::ListAreaAccessesRequest& request, common::v1::ListAccessesResponse* out);

}  // namespace rpc
