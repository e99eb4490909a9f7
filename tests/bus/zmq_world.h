#pragma once
// Real buses over loopback: keys and allow-lists in a temporary folder, ports chosen by the system, waits on
// conditions with a deadline.

#include <gtest/gtest.h>
#include <poll.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/metrics.h"
#include "services/bus/bus.h"
#include "services/bus/curve_keys.h"
#include "tests/support/memory_inbox.h"
#include "tests/support/memory_log.h"

namespace bus {

inline constexpr int64_t kPatienceMs = 30'000;

class ZmqWorld : public ::testing::Test {
 protected:
  ZmqWorld() : folder_(testing::TempDir() + "bus-XXXXXX"), log_(std::string(16, 'L')) {
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
  }
  ~ZmqWorld() override {
    follower_.reset();
    source_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string File(const std::string& name) const { return folder_ + "/" + name; }
  const CurveKeyPair& Keys(const std::string& name) {
    auto [at, fresh] = keys_.try_emplace(name);
    if (fresh) {
      at->second = NewCurveKeyPair();
      EXPECT_TRUE(WriteKeyFiles(at->second, File(name)).ok());
    }
    return at->second;
  }
  // Puts these keys on the list, as one new file.
  void Allow(const std::vector<std::string>& names, const std::string& service = "mediation") {
    std::ofstream out(File("allow.new"));
    for (const std::string& name : names) {
      out << "peer { service: '" << service << "' public_key: \"" << Keys(name).public_key << "\" consumer: '"
          << service << "/*' }\n";
    }
    out.close();
    std::filesystem::rename(File("allow.new"), File("allow"));
  }
  void Add(size_t n, size_t payload = 10) {
    for (size_t i = 0; i < n; ++i) {
      log_.Append(tests::NoticeRecord("incident.reported", "371402", "a", 1, std::string(payload, 'p')));
    }
    log_.Sync();
    if (source_ != nullptr) source_->Wake();
  }
  std::unique_ptr<Bus> Serve(const std::string& listen = "tcp://127.0.0.1:*") {
    Keys("incident");
    BusOptions options;
    options.secret_key_file = File("incident");
    options.access_file = File("allow");
    options.listen = listen;
    options.source.open_burst_of_peer = 100;
    auto bus = Bus::Start(options, &log_, nullptr, &clock_, &source_metrics_);
    EXPECT_TRUE(bus.ok()) << bus.status();
    return bus.ok() ? *std::move(bus) : nullptr;
  }
  Subscription To(const std::string& endpoint) {
    Subscription subscription;
    subscription.endpoint = endpoint;
    subscription.server_key = Keys("incident").public_key;
    subscription.consumer.source = "incident";
    subscription.consumer.consumer_id = "mediation/main";
    subscription.consumer.instance_epoch = ++starts_;
    return subscription;
  }
  std::unique_ptr<Bus> Follow(const Subscription& subscription, tests::MemoryInbox* inbox,
                              const std::string& key = "mediation") {
    Keys(key);
    BusOptions options;
    options.secret_key_file = File(key);
    options.subscriptions = {subscription};
    auto bus = Bus::Start(options, nullptr, inbox, &clock_, &metrics_);
    EXPECT_TRUE(bus.ok()) << bus.status();
    return bus.ok() ? *std::move(bus) : nullptr;
  }
  // Looks again every few milliseconds until it holds or patience ends.
  bool Eventually(const std::function<bool()>& holds, int64_t patience_ms = kPatienceMs) const {
    const int64_t until_us = clock_.SteadyUs() + patience_ms * 1000;
    while (!holds()) {
      if (clock_.SteadyUs() > until_us) return false;
      poll(nullptr, 0, 2);
    }
    return true;
  }
  ConsumerStatus Follower() const { return follower_->ConsumerStates().at(0).status; }
  ZmqSource::Snapshot Source() const { return *source_->SourceState(); }

  std::string folder_;
  base::SystemClock clock_;
  base::Metrics source_metrics_, metrics_;
  std::map<std::string, CurveKeyPair> keys_;
  uint64_t starts_ = 0;
  tests::MemoryLog log_;
  tests::MemoryInbox inbox_{/*at_once=*/true};
  std::unique_ptr<Bus> source_, follower_;
};

}  // namespace bus
