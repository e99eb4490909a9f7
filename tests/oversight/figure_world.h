#pragma once
// Matters as their services tell of them, step by step, and the figures that come of them: over the real engine.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/oversight/queries.h"
#include "tests/oversight/matter_world.h"
#include "tests/support/driven.h"

namespace oversight {

class FigureTest : public ::testing::Test {
 protected:
  explicit FigureTest(reference::Reference reference = tests::Learned())
      : desk_(kMonday, std::move(reference)), queries_([this] { return desk_.Read(); }) {}

  // One step of a matter; `at`: "2026-10-05 10:00". The matter's code is its service's id.
  void Tell(const std::string& service, const std::string& code, const std::string& topic, const std::string& at,
            const std::string& notice, const std::string& area = "371403001002", int level = 3,
            const std::string& subject = "") {
    const std::string id = subject.empty() ? service.substr(0, 1) + code : subject;
    const auto outcome =
        desk_.Do(code,
                 "observe { service: '" + service + "' subject_id: '" + id +
                     "' subject_version: " + std::to_string(++version_[id]) + " topic: '" + service + "." + topic +
                     "' matter_code: '" + code + "' area_code: '" + area + "' level: " + std::to_string(level) +
                     " recorded_at_ms: " + std::to_string(Local(at)) + " " + service + " { " + notice + " } }",
                 Platform());
    EXPECT_TRUE(outcome.status.ok() && !outcome.refusal) << code << " " << topic;
  }

  // An incident with all it says at every step; one line a step.
  struct Incident {
    std::string code;
    int origin = 2;
    std::vector<int> path = {2};
    std::string due;   // "2026-10-09", its end
    std::string more;  // in every notice
    std::string source = "GRID_WORKER";
    std::string area = "371403001002";
    int cycle = 1;
    int rework = 0;
    bool resolved = false;
  };
  void Step(const Incident& m, const std::string& topic, const std::string& at, const std::string& status,
            const std::string& extra = "") {
    std::string text = "status: " + status +
                       " category: '0105' source: " + m.source + " kind: INCIDENT reported_at_ms: " +
                       std::to_string(Local("2026-09-28 09:00")) +
                       " accepted_at_ms: " + std::to_string(Local("2026-09-28 10:00")) +
                       " origin_level: " + std::to_string(m.origin) +
                       " current_level: " + std::to_string(m.path.back()) + " cycle: " + std::to_string(m.cycle) +
                       " rework_count: " + std::to_string(m.rework) + " holder_org: 'c-hrss' lead_org: 'c-hrss' ";
    for (const int level : m.path) text += "level_path: " + std::to_string(level) + " ";
    if (!m.due.empty()) text += Due(m.due, m.cycle == 1 ? "2026-09-28 11:00" : "2026-10-20 11:00");
    if (m.resolved) text += "substantively_resolved: true ";
    Tell("incident", m.code, topic, at, text + "reachable: true " + m.more + " " + extra, m.area, m.path.back());
  }
  static std::string Due(const std::string& day, const std::string& started, const std::string& more = "",
                         const std::string& policy = "DI-05", const std::string& unit = "D") {
    return "clock { policy_id: '" + policy + "' started_at_ms: " + std::to_string(Local(started)) +
           " due_at_ms: " + std::to_string(EndOf(day)) + " length { amount: 7 unit: " + unit +
           " } holder_org: 'c-hrss' " + more + " } ";
  }
  void Report(const Incident& m) {
    Incident first = m;
    first.due.clear();
    first.path = {m.path.front()};
    Step(first, "reported", "2026-09-28 09:00", "REPORTED");
    if (!m.due.empty()) Step(m, "dispatched", "2026-09-28 11:00", "PROCESSING");
  }
  void Close(Incident m, const std::string& at, bool resolved = true) {
    m.resolved = resolved;
    Step(m, "closed", at, "CLOSED", "procedural_closed: true closure_type: HANDLED");
  }
  // Opened again on the 20th of October, and sent out anew.
  Incident Reopened(Incident m, const std::string& due) {
    m.cycle = 2;
    m.due.clear();
    Step(m, "reopened", "2026-10-20 10:00", "ACCEPTED");
    m.due = due;
    Step(m, "dispatched", "2026-10-20 11:00", "PROCESSING");
    return m;
  }
  void Evaluate(Incident m, const std::string& at, const std::string& solved, int score, bool resolved = true) {
    m.resolved = resolved;
    Step(m, "evaluated", at, "EVALUATED", "solved: " + solved + " satisfied: " + std::to_string(score));
  }
  Incident Made(const std::string& code, const std::string& due = "2026-10-09", std::vector<int> path = {2}) {
    Incident m;
    m.code = code;
    m.due = due;
    m.path = std::move(path);
    m.origin = m.path.front();
    Report(m);
    return m;
  }

  rpc::Caller As(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = desk_.clock().NowMs();
    for (const auto& grant : actor.grant()) caller.areas.push_back(grant.area_code());
    caller.note = &note_;
    return caller;
  }
  // Who reads: somebody of the area's own level, unless a test says who. Petitions are seen from their office's level.
  Actor Asking(const std::string& area) const {
    return asking_ ? *asking_ : ActorOf(kernel::v1::ROLE_SV, "centre-" + area, area, "sv-" + area);
  }
  v1::Figure Figure(const std::string& id, const std::string& area = "371403001",
                    const std::string& from = "2026-10-01", const std::string& until = "2026-11-01") {
    v1::GetMetricRequest request;
    request.set_id(id);
    request.set_area_code(area);
    request.set_from_day(from);
    request.set_until_day(until);
    v1::Figure figure;
    const auto answer = queries_.GetMetric(As(Asking(area)), request, &figure);
    EXPECT_TRUE(answer.ok());
    return figure;
  }
  // "7/9 = 77.78", "0/0 = null", "hidden"; with '~' while provisional.
  static std::string Text(const v1::Figure& figure) {
    if (figure.hidden()) return "hidden";
    std::string text = std::to_string(figure.numerator()) + "/" + std::to_string(figure.denominator()) + " = ";
    if (figure.no_data()) return text + "null";
    char value[32];
    snprintf(value, sizeof(value), "%.2f", figure.value());
    return text + value;
  }
  std::string Of(const std::string& id, const std::string& area = "371403001",
                 const std::string& from = "2026-10-01", const std::string& until = "2026-11-01") {
    return Text(Figure(id, area, from, until));
  }
  // The matters behind a figure, all pages.
  std::multiset<std::string> Behind(const std::string& id, bool numerator, const std::string& area = "371403001",
                                    const std::string& from = "2026-10-01", const std::string& until = "2026-11-01",
                                    int page_size = 3) {
    std::multiset<std::string> codes;
    v1::ListCountedRequest request;
    request.set_id(id);
    request.set_area_code(area);
    request.set_from_day(from);
    request.set_until_day(until);
    request.set_numerator(numerator);
    request.set_page_size(page_size);
    do {
      v1::ListCountedResponse response;
      EXPECT_TRUE(queries_.ListCounted(As(Asking(area)), request, &response).ok());
      for (const auto& row : response.counted()) {
        for (int64_t i = 0; i < row.count(); ++i) codes.insert(row.matter_code());
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return codes;
  }

  tests::Driven<OversightDomain> desk_;
  Queries queries_;
  rpc::AuditNote note_;
  std::map<std::string, int> version_;
  std::optional<Actor> asking_;
};

}  // namespace oversight
