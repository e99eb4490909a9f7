// Signing in: wrong passwords, locks, rotation, reuse, expiry. No password and no token ever appears here.
#include "services/directory/domain/limits.h"
#include "tests/directory/world.h"

namespace directory {
namespace {

using kernel::RefusalCode;
using kernel::v1::ROLE_SA;
using kernel::v1::ROLE_SE;
using kernel::v1::ROLE_SYS;

const std::string kStart =
    "start_session { user_id: '01J0000000000000000000USER' refresh_hash: 'h1' device_id: 'pad' }";

class Session : public World {
 public:
  Session() : World(kSession) {
    GivenOn(kUser,
            {"user_created { login: 'zhang-gw' area_code: '371403001201' }", "password_stored { at_ms: 1 }"});
    As(tests::ActorOf(ROLE_SYS)).When(kStart);
  }
};

TEST(SignIn, StartsASessionThatEndsAfterFourteenIdleDays) {
  Session()
      .ThenPartly({"session_started { session { refresh_hash: 'h1' device_id: 'pad' } }",
                   tests::On{std::string(kUser), "signed_in {}"}})
      .AndTimer("expires", kNow + 14 * kDayMs)
      .AndNoNotice();
}

TEST(SignIn, OfADisabledAccountIsRefused) {
  auto s = World(kSession);
  s.GivenOn(kUser, {"user_created { login: 'a-b' }", "password_stored { at_ms: 1 }", "user_disabled {}"});
  s.As(tests::ActorOf(ROLE_SYS)).When(kStart).ThenRefused("NO_SUCH_ACCOUNT");
}

TEST(SignIn, OfAnAccountWithoutAPasswordIsRefused) {
  auto s = World(kSession);
  s.GivenOn(kUser, {"user_created { login: 'a-b' }"});
  s.As(tests::ActorOf(ROLE_SYS)).When(kStart).ThenRefused("NO_SUCH_ACCOUNT");
}

TEST(SignIn, OnAnotherDeviceMakesRoomByEndingTheOldestSession) {
  auto s = World("S99");
  s.GivenOn(kUser, {"user_created { login: 'a-b' }", "password_stored { at_ms: 1 }"});
  for (int i = 0; i < kSessionsPerUserMax; ++i) {
    s.GivenOn("S" + std::to_string(10 + i),
              {"session_started { session { user_id: '01J0000000000000000000USER' started_at_ms: " +
               std::to_string(100 + i) + " } }"});
  }
  s.As(tests::ActorOf(ROLE_SYS))
      .When(kStart)
      .ThenPartly({"session_started {}", tests::On{std::string(kUser), "signed_in {}"},
                   tests::On{"S10", "session_ended { reason: 'too-many' }"}});
}

TEST(Refresh, GivesTheNextTokenAndMovesTheIdleEnd) {
  Session()
      .When("rotate_session { presented_hash: 'h1' next_hash: 'h2' }", kNow + kDayMs)
      .ThenPartly({"session_rotated { refresh_hash: 'h2' }"})
      .AndTimer("expires", kNow + 15 * kDayMs)
      .AndNoNotice();
}

TEST(Refresh, WithATokenUsedBeforeEndsTheWholeSession) {
  auto s = Session();
  s.When("rotate_session { presented_hash: 'h1' next_hash: 'h2' }", kNow + 1);
  s.When("rotate_session { presented_hash: 'h1' next_hash: 'h3' }", kNow + 2)
      .ThenPartly({"session_ended { reason: 'reused' }"})
      .AndNotice("directory.session_revoked")
      .AndNoTimer();
  s.When("rotate_session { presented_hash: 'h2' next_hash: 'h4' }", kNow + 3).ThenRefused("SESSION_ENDED");
}

TEST(Refresh, AfterFourteenIdleDaysIsTooLate) {
  Session()
      .When("rotate_session { presented_hash: 'h1' next_hash: 'h2' }", kNow + 14 * kDayMs)
      .ThenPartly({"session_ended { reason: 'expired' }"});
}

TEST(Refresh, NeverReachesBeyondNinetyDays) {
  auto s = Session();
  int64_t now = kNow;
  std::string hash = "h1";
  for (int i = 2; i <= 9; ++i) {
    now += 10 * kDayMs;
    const std::string next = "h" + std::to_string(i);
    s.When("rotate_session { presented_hash: '" + hash + "' next_hash: '" + next + "' }", now)
        .ThenPartly({"session_rotated {}"});
    hash = next;
  }
  s.AndTimer("expires", kNow + 90 * kDayMs);
  s.When("rotate_session { presented_hash: 'h9' next_hash: 'x' }", kNow + 90 * kDayMs)
      .ThenPartly({"session_ended { reason: 'expired' }"});
}

TEST(Expiry, FiresOnceAndTellsOthers) {
  Session()
      .WhenTimerFires("expires")
      .ThenPartly({"session_ended { reason: 'expired' }"})
      .AndNoTimer()
      .AndNotice("directory.session_revoked");
}

TEST(Expiry, ThatLostTheRaceWithARefreshDoesNothing) {
  auto s = Session();
  s.When("rotate_session { presented_hash: 'h1' next_hash: 'h2' }", kNow + kDayMs);
  s.When("end_session { reason: 'expired' }", kNow + 14 * kDayMs).ThenNothing();
}

TEST(RevokeSession, IsForItsOwnerAndForAdministratorsOfTheArea) {
  Session()
      .As(tests::ActorOf(kernel::v1::ROLE_GW, "371403001202-centre", "371403001202", "someone"))
      .When("revoke_session { id: 's' reason: 'r' }")
      .ThenRefused(RefusalCode::kNotAllowed);
  Session()
      .As(Admin(ROLE_SE, "371422"))
      .When("revoke_session { id: 's' reason: 'r' }")
      .ThenRefused("NO_RIGHT");
  Session()
      .As(Admin(ROLE_SE, "371403"))
      .When("revoke_session { id: 's' reason: 'r' }")
      .ThenPartly({"session_ended { reason: 'revoked' }"});
  Session()
      .As(tests::ActorOf(kernel::v1::ROLE_GW, "371403001201-centre", "371403001201", std::string(kUser)))
      .When("revoke_session { id: 's' reason: 'r' }")
      .ThenPartly({"session_ended { reason: 'revoked' }"})
      .AndNotice("directory.session_revoked");
}

TEST(WrongPassword, LocksFromTheFifthOnTwiceAsLongEachTime) {
  AccountWorld s;
  s.As(tests::ActorOf(ROLE_SYS));
  for (int i = 1; i < kFailuresBeforeLock; ++i) {
    s.When("count_failure {}").Then({"failure_counted { failures: " + std::to_string(i) + " }"});
  }
  s.When("count_failure {}")
      .Then(
          {"failure_counted { failures: 5 locked_until_ms: " + std::to_string(kNow + 30 * kSecondMs) + " }"});
  s.When("count_failure {}", kNow + 1).ThenNothing();
  s.When("count_failure {}", kNow + kMinuteMs)
      .ThenPartly(
          {"failure_counted { failures: 6 locked_until_ms: " + std::to_string(kNow + 2 * kMinuteMs) + " }"});
  int64_t now = kNow + kMinuteMs;
  for (int i = 7; i < 40; ++i) {
    now += kLockMsMax;
    s.When("count_failure {}", now);
    EXPECT_LE(s.state().user().locked_until_ms() - now, kLockMsMax);
  }
  EXPECT_EQ(s.state().user().locked_until_ms() - now, kLockMsMax);
}

TEST(WrongPassword, IsForgottenAfterSigningInAndByAnAdministrator) {
  AccountWorld s;
  s.As(tests::ActorOf(ROLE_SYS));
  s.When("count_failure {}")
      .GivenOn(kUser, {"signed_in { at_ms: 7 }"})
      .AndState("user { failures: 0 last_sign_in_ms: 7 }");
  s.When("count_failure {}").As(Admin(ROLE_SA)).When("unlock_user { id: 'x' }").Then({"user_unlocked {}"});
  s.When("unlock_user { id: 'x' }").ThenRefused("NOT_LOCKED");
}

TEST(StorePassword, EndsTheOtherSessionsOfTheAccount) {
  auto s = AccountWorld();
  for (const char* id : {"S1", "S2"}) {
    s.GivenOn(id, {"session_started { session { user_id: '01J0000000000000000000USER' started_at_ms: 5 } }"});
  }
  s.As(tests::ActorOf(kernel::v1::ROLE_GW, "371403001201-centre", "371403001201", std::string(kUser)))
      .When("store_password { keep_session: 'S2' }")
      .ThenPartly({"password_stored {}", tests::On{"S1", "session_ended { reason: 'password' }"}});
}

TEST(StorePassword, IsRefusedToOthers) {
  AccountWorld()
      .As(tests::ActorOf(kernel::v1::ROLE_TD, "371403001-centre", "371403001", "other"))
      .When("store_password {}")
      .ThenRefused("NO_RIGHT");
}

}  // namespace
}  // namespace directory
