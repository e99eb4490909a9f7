#pragma once
// 减负自检: what this process finds when it looks at its own interface and stored records against the product rules R1 to
// R14, and which tests say they prove the rest. For everybody, without signing in: JSON for machines, and one page that
// needs no script and prints on A4, to be filed with the authority (备案). A rule that nothing shows is said to be not
// shown yet.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "gateway/http_message.h"
#include "services/selfcheck/proofs.h"
#include "services/selfcheck/walk.h"

namespace gateway {

inline constexpr char kSelfCheckPath[] = "/v1/self-check";
inline constexpr char kSelfCheckPage[] = "/self-check";

enum class Shown {
  kPass,      // looked at just now, and no breach found
  kFail,      // looked at just now, and a breach found
  kByTests,   // cannot be looked at here; tests say they prove it
  kNotShown,  // neither
};
Shown ShownOf(std::string_view rule, const selfcheck::Walked& walked,
              std::span<const selfcheck::Proof> proofs);

// What one look found.
struct SelfCheckResult {
  selfcheck::Walked walked;
  std::span<const selfcheck::Proof> proofs;
  int64_t at_ms = 0;
  std::string version;
};
std::string SelfCheckJson(const SelfCheckResult& result);
std::string SelfCheckHtml(const SelfCheckResult& result);

// Looks again when the last look is older than kSelfCheckFreshMs. One owner (the io thread).
class SelfCheck {
 public:
  SelfCheck(const base::Clock& clock, std::string version) : clock_(clock), version_(std::move(version)) {}
  HttpResponse Serve(const HttpRequest& request);

 private:
  void Look();

  const base::Clock& clock_;
  const std::string version_;
  int64_t looked_at_ms_ = 0;
  std::shared_ptr<const std::string> json_, html_;
};

}  // namespace gateway
