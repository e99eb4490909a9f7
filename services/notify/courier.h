#pragma once
// Carries what was told to the webhooks: what is due next an errand reads from the log of notify itself (errand.h), and
// what became of it is said by commands. So what is to be sent is never stored a second time, and a killed process goes
// on at the last place that was acknowledged: a notice may go twice, none is left out, and those of one matter keep
// their order.
//
// One thread; a coroutine a webhook, so that an address that does not answer holds up no other. While nothing is to be
// done all of them sleep until the log grows or the next attempt is due.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <absl/status/status.h>

#include <map>
#include <memory>
#include <string>
#include <thread>

#include "base/clock.h"
#include "services/kernel/command.h"
#include "services/notify/cloud_event.h"
#include "services/notify/errand.h"
#include "services/notify/outlet.h"

namespace notify {

class Courier {
 public:
  using Read = Errand::Read;
  struct Settings {
    Allowed allowed;
    std::string ca_file;  // empty: the system's authorities
  };
  // Everything passed in outlives this.
  Courier(Read read, kernel::CommandQueue* queue, const WebhookSecrets* secrets, const base::Clock* clock,
          Settings settings);
  ~Courier() { Stop(); }

  absl::Status Start();
  void Wake();  // the log has grown; any thread
  void Stop();

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  struct Round;

  void Look();
  Awaitable<void> Serve(std::string id);
  Awaitable<Reply> Send(Round& round, Errand::Step step);
  Awaitable<bool> Tell(Round& round, v1::Command command);
  Awaitable<void> Pause(Round& round, int64_t ms);

  const Read read_;
  kernel::CommandQueue* const queue_;
  const WebhookSecrets* const secrets_;
  const base::Clock* const clock_;
  const Settings settings_;
  boost::asio::io_context io_{1};
  boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_client};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  std::map<std::string, boost::asio::steady_timer*> sleeping_;  // by webhook; null: awake
  bool stopped_ = false;                                         // of the thread that starts and stops
  std::jthread thread_;
};

}  // namespace notify
