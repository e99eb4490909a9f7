// Law 4 for what oversight lays over a matter: the orders that are out and the listed supervisions that hold, recounted
// from oversight's own states, are those that the incident, the mediation case or the petition shows, and no others. An
// accusation shows none, nor does a copy; and none is out for it any more.

#include <absl/strings/str_cat.h>

#include <map>
#include <set>
#include <string>

#include "tests/sim/laws.h"

namespace sim {
namespace {

using Orders = std::map<std::string, std::string>;                          // id -> card and unit
using OrdersOf = std::map<std::pair<std::string, std::string>, Orders>;     // by service and subject

template <class Order>
std::string Face(const Order& order) {
  return absl::StrCat(common::v1::Card_Name(order.card()), " to ", order.to_org());
}
template <class Order>
std::string ShownFace(const Order& order) {
  return order.listed() ? absl::StrCat("listed to ", order.to_org()) : Face(order);
}

bool IsOut(oversight::v1::OrderStatus status) {
  return status == oversight::v1::ORDER_ISSUED || status == oversight::v1::ORDER_ACKNOWLEDGED ||
         status == oversight::v1::ORDER_RESPONDED || status == oversight::v1::ORDER_SENT_BACK;
}

class OverlayCheck {
 public:
  OverlayCheck(const Books& books, Broken* broken) : broken_(*broken) {
    for (const auto& [id, state] : books.oversight.states) {
      const auto& order = state.order();
      if (state.has_order() && IsOut(order.status())) out_[{order.service(), order.subject_id()}][id] = Face(order);
      for (const auto& note : state.matter().listing())
        out_[{note.service(), note.subject_id()}][note.listing_id()] = absl::StrCat("listed to ", note.org_id());
    }
  }

  template <class Shown>
  void Compare(const std::string& service, const std::string& id, const Shown& shown, bool has_left) {
    Orders orders;
    for (const auto& order : shown) orders[order.order_id()] = ShownFace(order);
    const Orders& out = out_[{service, id}];
    const Orders expected = has_left ? Orders() : out;
    if (orders != expected)
      broken_.push_back(absl::StrCat("law 4: ", service, " ", id, " shows ", orders.size(), " orders, and ",
                                     expected.size(), " are out for it, or others"));
    for (const auto& [order, face] : out) {  // a listed supervision is of a unit, and goes on without the matter
      if (has_left && !face.starts_with("listed"))
        broken_.push_back(absl::StrCat("law 4: ", service, " ", id, " has left the lists, and ", order, " is out"));
    }
  }

 private:
  Broken& broken_;
  OrdersOf out_;
};

}  // namespace

void CheckOverlays(const Books& books, Broken* broken) {
  OverlayCheck check(books, broken);
  for (const auto& [id, state] : books.incident.states) {
    if (state.has_incident()) check.Compare("incident", id, state.incident().order(), false);
  }
  for (const auto& [id, state] : books.mediation.states) check.Compare("mediation", id, state.order(), false);
  for (const auto& [id, state] : books.petition.states) {
    const bool left = state.type() == petition::v1::ACCUSATION || state.status() == petition::v1::MERGED;
    check.Compare("petition", id, state.order(), left);
  }
}

}  // namespace sim
