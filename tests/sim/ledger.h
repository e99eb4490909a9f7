#pragma once
// What the people of the simulated city were promised: every request they made and how it was answered. A
// request that is not answered is made again with the same id, as a tablet does, until it is.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/kernel/command.h"
#include "tests/sim/world.h"

namespace sim {

class Ledger {
 public:
  explicit Ledger(World& world) : world_(world) {}

  // Hears every answer, word for word.
  void SetListener(std::function<void(std::string_view where, std::string_view text)> listener) {
    listener_ = std::move(listener);
  }

  // `make` builds the envelope anew for each attempt (without request_id and done). `submit` hands it to the
  // service, or returns false if the service is down.
  using Refused = std::function<void(const kernel::Refusal&)>;
  void Ask(const std::string& service, std::function<kernel::Envelope()> make,
           std::function<bool(kernel::Envelope)> submit,
           std::function<void(const kernel::v1::Receipt&)> then = {}, Refused refused = {});

  struct Promise {
    std::string request;
    std::string service;
    std::string command;
    kernel::v1::Receipt receipt;
  };
  const std::vector<Promise>& promises() const { return promises_; }  // in the order they were given
  size_t open() const { return open_.size(); }
  std::vector<std::string> Unanswered() const;  // what was asked, and what was last said instead of an answer
  const std::map<std::string, uint64_t>& refused() const { return refused_; }  // by command and reason

 private:
  struct Request {
    std::string id, service, fingerprint;
    std::function<kernel::Envelope()> make;
    std::function<bool(kernel::Envelope)> submit;
    std::function<void(const kernel::v1::Receipt&)> then;
    Refused refused;
    std::string command, last_said;
    bool answered = false;
  };
  void Try(const std::shared_ptr<Request>& request);
  void OnAnswer(Request& request, const std::string& command, const kernel::Outcome& outcome);

  World& world_;
  std::function<void(std::string_view, std::string_view)> listener_;
  uint64_t next_ = 0;
  std::map<std::string, std::shared_ptr<Request>> open_;  // by id
  std::vector<Promise> promises_;
  std::map<std::string, uint64_t> refused_;
};

}  // namespace sim
