// Every path of a call through a real server, a real kernel and a real database.
#include <grpcpp/health_check_service_interface.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "tests/rpc/notes_server.h"

namespace notes {
namespace {

using ::testing::HasSubstr;
using testproto::v1::AmendNote;
using testproto::v1::CountNotes;
using testproto::v1::CreateNote;
using testproto::v1::EraseNote;
using testproto::v1::GetNote;
using testproto::v1::NoteCount;
using testproto::v1::NoteView;
using testproto::v1::RevealedNote;
using testproto::v1::RevealNote;

TEST_F(NotesServer, MakesANoteAndShowsIt) {
  Start();
  kernel::v1::Receipt receipt;
  const auto created = Create(grid_, &receipt);
  ASSERT_TRUE(created.ok()) << created.status.error_message();
  EXPECT_EQ(receipt.id().size(), 26u);
  EXPECT_EQ(receipt.version(), 1u);
  GetNote get;
  get.set_id(receipt.id());
  NoteView view;
  ASSERT_TRUE(Call("Get", get, &view, grid_).ok());
  EXPECT_EQ(view.text(), "楼上漏水");
  EXPECT_EQ(view.party(0).name(), "张**");
  EXPECT_EQ(view.party(0).phone(), "138****5678");
}

TEST_F(NotesServer, RefusesWhoeverIsNotSignedIn) {
  Start();
  const auto result = Create("");
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(result.error.reason(), "NOT_SIGNED_IN");
  EXPECT_EQ(result.error.message_zh(), "请先登录。");
}

TEST_F(NotesServer, RefusesTheWrongRoleAndRecordsIt) {
  Start();
  const auto result = Create(TokenOf("u-sa", kernel::v1::ROLE_SA, "37"));
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(result.error.reason(), "ROLE_NOT_ALLOWED");
  StopAll();
  const auto records = AuditRecords();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].actor_id(), "u-sa");
  EXPECT_EQ(records[0].decision(), rpc::v1::AuditRecord::DENIED);
  EXPECT_EQ(records[0].reason(), "ROLE_NOT_ALLOWED");
  EXPECT_EQ(records[0].method(), "/testproto.v1.Notes/Create");
}

TEST_F(NotesServer, RefusesExpiredAlteredAndForeignTokens) {
  Start();
  const rpc::TokenSigner foreign(rpc::EcKey::Generate(), "issuer", "api");
  kernel::v1::Actor actor;
  actor.set_user_id("u-grid");
  std::string altered = grid_;
  altered[altered.size() - 4] = altered[altered.size() - 4] == 'A' ? 'B' : 'A';
  for (const std::string& token : {TokenOf("u", kernel::v1::ROLE_GW, "37", -120'000), altered,
                                   foreign.Sign(actor, "t", clock_.NowMs(), 60'000), std::string("nonsense")}) {
    const auto result = Create(token);
    EXPECT_EQ(result.status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
    EXPECT_EQ(result.error.reason(), "TOKEN_INVALID");
  }
}

TEST_F(NotesServer, RefusesASessionThatWasEnded) {
  Start();
  EXPECT_TRUE(Create(grid_).ok());
  verifier_->Revoke("s-u-grid");
  EXPECT_EQ(Create(grid_).status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(NotesServer, NamesEveryFieldAtFaultInBothLanguages) {
  Start();
  CreateNote note = GoodNote();
  note.clear_text();
  note.mutable_party(0)->set_phone(std::string(30, '1'));
  kernel::v1::Receipt receipt;
  const auto result = Call("Create", note, &receipt, grid_);
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  ASSERT_EQ(result.error.field_error_size(), 2);
  EXPECT_EQ(result.error.field_error(0).pointer(), "text");
  EXPECT_EQ(result.error.field_error(1).pointer(), "party[0].phone");
  EXPECT_THAT(result.error.message_zh(), HasSubstr("必须填写"));
  EXPECT_THAT(result.error.message_en(), HasSubstr("required"));
}

TEST_F(NotesServer, JudgesPermissionBeforeContent) {
  Start();
  kernel::v1::Receipt receipt;
  const auto result = Call("Create", CreateNote(), &receipt, TokenOf("u", kernel::v1::ROLE_SA, "37"));
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(result.error.field_error_size(), 0);
}

TEST_F(NotesServer, RefusesAnAreaOutsideOfOnesOwn) {
  Start();
  const auto in = [this](const std::string& area) {
    CreateNote note = GoodNote();
    note.set_area_code(area);
    kernel::v1::Receipt receipt;
    return Call("Create", note, &receipt, grid_);
  };
  EXPECT_TRUE(in("371403001001001").ok());
  EXPECT_EQ(in("371403001002").error.reason(), "AREA_NOT_ALLOWED");
  EXPECT_EQ(in("371403001").error.reason(), "AREA_NOT_ALLOWED");
  EXPECT_EQ(in("3714030010011").error.reason(), "AREA_INVALID");
}

TEST_F(NotesServer, IgnoresWhatOnlyTheServerMaySet) {
  Start();
  CreateNote note = GoodNote();
  note.set_assigned("somebody");
  kernel::v1::Receipt receipt;
  ASSERT_TRUE(Call("Create", note, &receipt, grid_).ok());
  EXPECT_EQ(Read().Get(receipt.id()).value()->state.assigned(), "");
}

TEST_F(NotesServer, HasTheEffectOfARepeatedRequestOnce) {
  Start();
  CreateNote note = GoodNote();
  note.set_request_id("01890000-0000-7000-8000-000000000001");
  kernel::v1::Receipt first;
  kernel::v1::Receipt second;
  ASSERT_TRUE(Call("Create", note, &first, grid_).ok());
  ASSERT_TRUE(Call("Create", note, &second, grid_).ok());
  EXPECT_EQ(second.id(), first.id());
  EXPECT_TRUE(second.repeated());
  note.set_text("别的事情");
  kernel::v1::Receipt third;
  EXPECT_FALSE(Call("Create", note, &third, grid_).ok());
  EXPECT_EQ(Read().Tally("all").value(), 1u);
}

TEST_F(NotesServer, RefusesAChangeOfAnOldVersion) {
  Start();
  kernel::v1::Receipt receipt;
  ASSERT_TRUE(Create(grid_, &receipt).ok());
  AmendNote amend;
  amend.set_id(receipt.id());
  amend.set_text("已修好");
  amend.set_expected_version(1);
  kernel::v1::Receipt amended;
  ASSERT_TRUE(Call("Amend", amend, &amended, grid_).ok());
  EXPECT_EQ(Call("Amend", amend, &amended, grid_).status.error_code(), grpc::StatusCode::ABORTED);
}

TEST_F(NotesServer, PassesOnWhatTheDomainRefuses) {
  Start();
  CreateNote note = GoodNote();
  note.set_text("refuse me");
  kernel::v1::Receipt receipt;
  const auto result = Call("Create", note, &receipt, grid_);
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(result.error.reason(), "NOT_THIS_TEXT");
  EXPECT_EQ(result.error.message_zh(), "不收这样的话。");
  AmendNote amend;
  amend.set_id("01ARZ3NDEKTSV4RRFFQ69G5FAV");
  amend.set_text("x");
  EXPECT_EQ(Call("Amend", amend, &receipt, grid_).status.error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(NotesServer, AnswersPublicMethodsToAnybodyAlsoWithAStaleToken) {
  Start();
  NoteCount count;
  EXPECT_TRUE(Call("Count", CountNotes(), &count, "").ok());
  EXPECT_TRUE(Call("Count", CountNotes(), &count, "nonsense").ok());
  EXPECT_EQ(count.area_size(), 0);
  EXPECT_TRUE(Call("Count", CountNotes(), &count, grid_).ok());
  ASSERT_EQ(count.area_size(), 1);
  EXPECT_EQ(count.area(0), "371403001001");
}

TEST_F(NotesServer, DoesNotKnowOtherMethods) {
  Start();
  NoteCount count;
  EXPECT_EQ(Call("Nothing", CountNotes(), &count, grid_).status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(NotesServer, RefusesATooLargeRequest) {
  Start();
  CountNotes large;
  large.set_padding(std::string(100, 'x'));
  NoteCount count;
  EXPECT_EQ(Call("Count", large, &count, "").error.reason(), "BODY_TOO_LARGE");
}

TEST_F(NotesServer, RefusesGarbageWithAnAnswer) {
  Start();
  CreateNote garbage;  // field 10 is a text; bytes that are no UTF-8 make the request unreadable
  garbage.set_text("\xff\xfe");
  kernel::v1::Receipt receipt;
  EXPECT_EQ(Call("Create", garbage, &receipt, grid_).error.reason(), "MALFORMED");
}

TEST_F(NotesServer, LetsAServiceInOnlyByItsCertificate) {
  Start();
  NoteCount count;
  const auto result = Call("Sweep", testproto::v1::SweepNotes(), &count, "");
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(Call("Sweep", testproto::v1::SweepNotes(), &count, grid_).status.error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(NotesServer, AnswersAtOnceWhenTooMuchIsInFlight) {
  rpc::ServerOptions options;
  options.in_flight_max = 2;
  Build(options);
  Start();
  gate_->Close();
  std::vector<std::future<rpc::CallResult>> waiting;
  for (int i = 0; i < 2; ++i) waiting.push_back(std::async(std::launch::async, [this] { return Create(grid_); }));
  gate_->WaitForHeld(2);
  const auto refused = Create(grid_);
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_GT(refused.error.retry_after_ms(), 0);
  gate_->Open();
  for (auto& call : waiting) EXPECT_TRUE(call.get().ok());
  EXPECT_TRUE(Create(grid_).ok());
}

TEST_F(NotesServer, PassesOnAFullQueueWithItsRetryTime) {
  Start();
  gate_->Refuse(absl::ResourceExhaustedError("queue full"), 321);
  const auto result = Create(grid_);
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(result.error.retry_after_ms(), 321);
  EXPECT_EQ(result.error.reason(), "OVERLOADED");
}

TEST_F(NotesServer, RefusesQueriesWhenItsPoolIsFull) {
  rpc::ServerOptions options;
  options.query_threads = 1;
  options.query_queue_max = 1;
  Build(options);
  Start();
  std::promise<void> go;
  std::shared_future<void> gone = go.get_future().share();
  std::promise<void> inside;
  std::atomic<bool> first{true};
  in_count_ = [&] {
    if (first.exchange(false)) inside.set_value();
    gone.wait();
  };
  const auto count = [this] {
    NoteCount answer;
    return Call("Count", CountNotes(), &answer, "");
  };
  auto running = std::async(std::launch::async, count);
  inside.get_future().wait();
  std::vector<std::future<rpc::CallResult>> others;
  for (int i = 0; i < 3; ++i) others.push_back(std::async(std::launch::async, count));
  int refused = 0;
  for (int i = 0; i < 2;) {  // one of the three waits in the queue; the other two come back at once
    for (auto& call : others) {
      if (!call.valid() || call.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) continue;
      refused += call.get().status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED;
      ++i;
    }
  }
  EXPECT_EQ(refused, 2);
  go.set_value();
  EXPECT_TRUE(running.get().ok());
  for (auto& call : others) EXPECT_TRUE(!call.valid() || call.get().ok());
}

// A call and the alarm of its default deadline used to keep each other for ever, whether it rang or not. What is left
// behind is seen by the leak check of the sanitizer build (docs/SANITIZERS.md).
TEST_F(NotesServer, SetsADeadlineWhereTheClientSetNone) {
  Start();
  std::promise<void> go;
  std::shared_future<void> gone = go.get_future().share();
  in_count_ = [gone] { gone.wait(); };  // by value: the query may outlive this body
  NoteCount count;
  const auto result = Call("Count", CountNotes(), &count, "", 0);
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(result.error.reason(), "DEADLINE_EXCEEDED");
  go.set_value();
}

// A deadline of the machine's clock was held against the clock of the process: whatever was asked of a rehearsal of a
// day to come was late.
TEST_F(NotesServer, OfARehearsalOfTomorrowHasTimeToAnswer) {
  clock_.Shift(86'400'000);
  Start();
  EXPECT_TRUE(Create(TokenOf("u-grid", kernel::v1::ROLE_GW, "371403001001")).ok());
}

TEST_F(NotesServer, SurvivesClientsThatGoAway) {
  Start();
  gate_->Close();
  const auto result = Call("Create", GoodNote(), std::make_unique<kernel::v1::Receipt>().get(), grid_, 200);
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  gate_->WaitForHeld(1);
  gate_->Open();
  EXPECT_TRUE(Create(grid_).ok());
  EXPECT_EQ(Read().Tally("all").value(), 2u);
}

TEST_F(NotesServer, FinishesWhatItHasBegunWhenItStops) {
  Start();
  gate_->Close();
  auto waiting = std::async(std::launch::async, [this] { return Create(grid_); });
  gate_->WaitForHeld(1);
  auto stopping = std::async(std::launch::async, [this] { server_->Stop(); });
  // The thread that stops may not have begun yet: who comes before it waits behind the gate and goes away.
  kernel::v1::Receipt receipt;
  auto late = grpc::StatusCode::DEADLINE_EXCEEDED;
  // Its deadline is noticed on both sides, and either may be the first to say so.
  while (late == grpc::StatusCode::DEADLINE_EXCEEDED || late == grpc::StatusCode::CANCELLED) {
    late = Call("Create", GoodNote(), &receipt, grid_, 200).status.error_code();
  }
  EXPECT_EQ(late, grpc::StatusCode::UNAVAILABLE);
  gate_->Open();
  stopping.get();
  EXPECT_TRUE(waiting.get().ok());
}

TEST_F(NotesServer, RecordsRevealsBeforeAnsweringAndShowsThemToThePerson) {  // spec: R9
  Start();
  kernel::v1::Receipt receipt;
  ASSERT_TRUE(Create(grid_, &receipt).ok());
  RevealNote reveal;
  reveal.set_id(receipt.id());
  reveal.set_field("party[0].name");
  RevealedNote answer;
  EXPECT_EQ(Call("Reveal", reveal, &answer, head_).error.field(), "reason");
  reveal.set_reason("电话核实情况");
  EXPECT_EQ(Call("Reveal", reveal, &answer, grid_).status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  ASSERT_TRUE(Call("Reveal", reveal, &answer, head_).ok());
  EXPECT_EQ(answer.text(), "张三丰");
  GetNote get;
  get.set_id(receipt.id());
  NoteView view;
  ASSERT_TRUE(Call("Get", get, &view, grid_).ok());
  EXPECT_THAT(view.seen_by(), ::testing::Contains("u-head party[0].name 电话核实情况"));
  EXPECT_EQ(view.party(0).name(), "张**");
  StopAll();
  EXPECT_TRUE(rpc::AuditLog::Verify(*audit_kv_).ok());
}

TEST_F(NotesServer, ErasesAPersonForEver) {  // spec: R9
  Start();
  kernel::v1::Receipt receipt;
  ASSERT_TRUE(Create(grid_, &receipt).ok());
  EraseNote erase;
  erase.set_id(receipt.id());
  erase.set_reason("法定保存期满");
  kernel::v1::Receipt erased;
  ASSERT_TRUE(Call("Erase", erase, &erased, TokenOf("u-se", kernel::v1::ROLE_SE, "37")).ok());
  GetNote get;
  get.set_id(receipt.id());
  NoteView view;
  ASSERT_TRUE(Call("Get", get, &view, grid_).ok());
  EXPECT_EQ(view.party(0).name(), "[已删除]");
  EXPECT_EQ(view.text(), "楼上漏水");
}

TEST_F(NotesServer, IsHealthyWhileItServes) {
  Start();
  const auto check = [this](const std::string& service) {  // grpc.health.v1: field 1 each way
    CountNotes request;
    request.set_padding(service);
    NoteCount answer;
    auto result = rpc::CallUnary(Channel(), "/grpc.health.v1.Health/Check", request, &answer, {});
    return result.ok() ? static_cast<int>(answer.count()) : -static_cast<int>(result.status.error_code());
  };
  EXPECT_EQ(check(""), 1);
  EXPECT_EQ(check("testproto.v1.Notes"), 1);
  server_->SetServing(false);
  EXPECT_EQ(check(""), 2);
  EXPECT_EQ(check("unknown"), -static_cast<int>(grpc::StatusCode::NOT_FOUND));
}

TEST_F(NotesServer, CountsCallsByMethodAndCode) {
  Start();
  EXPECT_TRUE(Create(grid_).ok());
  EXPECT_FALSE(Create("").ok());
  const std::string text = metrics_.Text();
  EXPECT_THAT(text, HasSubstr("/testproto.v1.Notes/Create"));
  EXPECT_THAT(text, HasSubstr("UNAUTHENTICATED"));
}

TEST_F(NotesServer, AnswersManyAtOnce) {
  Start();
  std::vector<std::thread> people;
  std::atomic<int> good{0};
  for (int i = 0; i < 16; ++i) {
    people.emplace_back([&] {
      const auto channel = Channel();
      rpc::CallSettings settings;
      settings.token = grid_;
      for (int j = 0; j < 25; ++j) {
        kernel::v1::Receipt receipt;
        good += rpc::CallUnary(channel, "/testproto.v1.Notes/Create", GoodNote(), &receipt, settings).ok();
      }
    });
  }
  for (auto& person : people) person.join();
  EXPECT_EQ(good, 400);
  EXPECT_EQ(Read().Tally("all").value(), 400u);
}

TEST_F(NotesServer, DoesNotListenInPlainTextBeyondLoopback) {
  rpc::ServerOptions options;
  options.listen = "0.0.0.0:0";
  Build(options);
  EXPECT_EQ(server_->Start().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(NotesServer, DoesNotShareAPort) {
  Start();
  rpc::ServerOptions options;
  options.listen = "127.0.0.1:" + std::to_string(server_->port());
  auto first = std::move(server_);
  Build(options);
  EXPECT_EQ(server_->Start().code(), absl::StatusCode::kUnavailable);
  server_ = std::move(first);
}

class Unstartable : public NotesServer, public ::testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(Unstartable, ServiceNamesTheMethodAndWhatIsWrong) {
  rpc::ServerParts parts;
  parts.clock = &clock_;
  parts.metrics = &metrics_;
  parts.tokens = verifier_.get();
  parts.audit = audit_.get();
  parts.queue = gate_.get();
  const auto* file = testproto::v1::Command::descriptor()->file();
  const auto* service = file->FindServiceByName(GetParam().first);
  server_ = std::make_unique<rpc::Server>(parts, rpc::ServerOptions{}, service, testproto::v1::Command::descriptor());
  if (service->FindMethodByName("Look") != nullptr && std::string(GetParam().first) != "Idle") {
    server_->Query<CountNotes, NoteCount>("Look", [](const rpc::Caller&, const CountNotes&, NoteCount*) {
      return rpc::Answer();
    });
  }
  const absl::Status status = server_->Start();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr(service->method(0)->full_name()));
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().second));
}

INSTANTIATE_TEST_SUITE_P(
    Faults, Unstartable,
    ::testing::Values(std::pair("NoRule", "no access rule"), std::pair("NoScope", "no scope"),
                      std::pair("NoAudit", "no audit level"), std::pair("LetsNobodyIn", "lets nobody in"),
                      std::pair("BadScopeField", "nowhere.code"), std::pair("WrongAnswer", "kernel.v1.Receipt"),
                      std::pair("Streams", "streams of requests"), std::pair("Idle", "no query is registered"),
                      std::pair("StreamsUnannounced", "a stream where it is declared"), std::pair("Notes", "no vault")),
    [](const auto& one) { return std::string(one.param.first); });

}  // namespace
}  // namespace notes
