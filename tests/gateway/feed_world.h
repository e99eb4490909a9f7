#pragma once
// A gateway whose streams a test writes: publishes events as the bus would, opens feeds and reads them.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "kernel/v1/record.pb.h"
#include "tests/gateway/fixture.h"

namespace gateway {

class Feed : public GatewayTest {
 protected:
  struct Notice {
    std::string division = "371402001001";
    std::string topic = "incident.reported";
    kernel::v1::Classification classification = kernel::v1::INTERNAL;
    std::string org = "";
    int level = 0;
  };
  // Publishes one event of `source`, as the bus would.
  uint64_t Publish(const Notice& notice, const std::string& source = "incident",
                   const std::string& log = "log-1") {
    StartGateway();
    uint64_t& seq = seq_[source];
    bus::v1::Event event;
    event.set_seq(++seq);
    event.set_event_id("id-" + std::to_string(seq));
    event.set_topic(notice.topic);
    event.set_division(notice.division);
    event.set_subject("subject-" + std::to_string(seq));
    event.set_classification(notice.classification);
    event.set_actor_org(notice.org);
    event.set_level(notice.level);
    event.set_recorded_at_us(1'791'417'600'000'000);
    return Deliver(event, source, log);
  }
  uint64_t Deliver(const bus::v1::Event& event, const std::string& source, const std::string& log = "log-1") {
    StartGateway();
    absl::Status status = absl::UnknownError("not applied");
    kernel::Cursor after;
    after.log_id = log;
    after.epoch = 1;
    after.seq = event.seq();
    gateway_->inbox().Apply(source, {event}, after, [&](absl::Status s) { status = s; });
    EXPECT_TRUE(status.ok()) << status;
    OnIo([]() {});
    return event.seq();
  }
  // Opens a feed; reads its greeting, returns the first id.
  std::string Open(RawClient* client, const std::string& token, const std::string& query = "",
                   const std::string& last_id = "", bool expect_reset = false) {
    client->Send(absl::StrCat("GET /v1/events:stream", query,
                              " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n",
                              "Authorization: Bearer ", token, "\r\n",
                              last_id.empty() ? "" : "Last-Event-ID: " + last_id + "\r\n", "\r\n"));
    const Answer head = client->Read(true);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.Header("content-type"), "text/event-stream");
    EXPECT_EQ(head.Header("cache-control"), "no-store");
    const std::string greeting = client->ReadUntil("id: ");
    EXPECT_NE(greeting.find("retry: 3000"), std::string::npos) << greeting;
    EXPECT_EQ(greeting.find("event: reset") != std::string::npos, expect_reset) << greeting;
    const std::string id = client->ReadUntil("\n\n");
    return id.substr(0, id.size() - 2);
  }
  // The next event of a feed: its subject; keeps its id.
  std::string Next(RawClient* client) {
    const std::string id = client->ReadUntil("\ndata: ");
    if (id.starts_with("(closed)")) return id;
    last_id_ = id.substr(id.rfind("id: ") + 4, id.size() - 7 - id.rfind("id: ") - 4);
    const std::string data = client->ReadUntil("\n\n");
    return nlohmann::json::parse(data).value("subject", data);
  }
  std::map<std::string, uint64_t> seq_;
  std::string last_id_;
};

}  // namespace gateway
