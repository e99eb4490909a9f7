#pragma once
// A unit's webhook: to which address which notices of which area go, how far they went, and what becomes of an address
// that does not answer. Pure; the sending itself is courier.h, which reports what happened by commands.
//
//   VALIDATING ─ the address consents ─► ACTIVE ─► DELETED
//        ▲                                 └► SUSPENDED: by its owner, 410, or failing for days
//        └────────────── resumed ─────────────┘
//
// What was acknowledged by the address stands in `delivered_seq`, a place in the log of notify. Nothing behind it is
// sent again, nothing before it is left out: notices go one after another, so that those of one matter arrive in their
// order.

#include <optional>
#include <string>
#include <vector>

#include "notify/v1/notify.pb.h"
#include "services/kernel/domain.h"
#include "services/notify/domain/rules.h"

namespace notify {

using Decision = kernel::Decision<v1::Event>;
using Context = kernel::CommandContext<v1::State>;

// Commands about webhooks; nullopt: it is none.
std::optional<Decision> DecideWebhook(const v1::State& state, const v1::Command& command, const Context& ctx,
                                      const Rules& rules);
// REQUIRES: an event of a webhook.
void ApplyWebhook(const v1::Event& event, int64_t now_ms, v1::Webhook* webhook);
std::vector<kernel::IndexEntry> IndexesOf(const v1::Webhook& webhook);

// Is this notice for this webhook? Its topic and area; of a petition only what its unit may know (audience.h).
bool Wants(const v1::Webhook& webhook, const v1::Heard& heard);

// May this person look after the webhooks of this unit?
bool MayManage(const kernel::v1::Actor& actor, std::string_view org);

std::string WebhookPrefix(std::string_view org);  // of the index "webhook"

}  // namespace notify
