#include "tests/bus/world.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "services/bus/frame.h"

namespace bus {

AllowedPeer Everything(std::string service) {
  std::vector<std::string> consumers{service, service + "/*"};
  return {std::move(service), std::move(consumers), {}};
}

std::vector<uint64_t> UpTo(uint64_t last) {
  std::vector<uint64_t> seqs(last);
  std::iota(seqs.begin(), seqs.end(), 1);
  return seqs;
}

SendResult Recorder::Send(std::string_view route, std::string_view bytes) {
  const auto at = answer.find(std::string(route));
  if (at != answer.end() && at->second != SendResult::kSent) return at->second;
  v1::Frame frame;
  CHECK(Unpack(bytes, &frame) == FrameFault::kNone);
  frames.push_back(std::move(frame));
  routes.emplace_back(route);
  return SendResult::kSent;
}

World::SourceNode& World::AddSource(const std::string& name) {
  return *(sources[name] = std::make_unique<SourceNode>(this, name));
}

World::ConsumerNode& World::AddConsumer(const std::string& source, const std::string& user, bool at_once) {
  ConsumerOptions options;
  options.source = source;
  options.consumer_id = user + "/main";
  SourceNode& node = *sources.at(source);
  if (node.access.Find(user) == nullptr) node.access.Allow(user, Everything(user));
  if (node.up()) node.source->SetAccess(node.access);
  consumers.push_back(std::make_unique<ConsumerNode>(this, user, options, at_once));
  return *consumers.back();
}

void World::SourceNode::Start() {
  CHECK(!up());
  frozen = false;
  held_.clear();
  port = world_->net.Bind(name_, [this](const Sender& sender, std::string_view bytes) {
    if (frozen) {
      held_.push_back({std::string(sender.route), std::string(sender.user), std::string(bytes)});
      return;
    }
    source->OnFrame(sender, bytes, world_->now());
    due_ms = world_->now();
  });
  source = std::make_unique<Source>(options, &log, port.get(), access, world_->random.Next(), &notes);
  due_ms = world_->now();
}

void World::SourceNode::Kill() {
  source.reset();
  port.reset();
}

uint64_t World::SourceNode::Add(std::string topic, std::string division, std::string payload) {
  ++added_;
  const uint64_t seq = log.Append(tests::NoticeRecord(
      std::move(topic), std::move(division), "a-" + std::to_string(added_), added_, std::move(payload)));
  log.Sync();
  due_ms = world_->now();
  return seq;
}

void World::SourceNode::AddMany(size_t n, const std::string& topic, const std::string& division) {
  for (size_t i = 0; i < n; ++i) Add(topic, division);
}

void World::ConsumerNode::Start() {
  CHECK(!up());
  frozen = false;
  held_.clear();
  ++generation_;
  ++options.instance_epoch;
  port = world_->net.Connect(options.source, user_, [this](std::string_view bytes) {
    if (frozen) {
      held_.emplace_back(bytes);
      return;
    }
    consumer->OnFrame(bytes, world_->now());
    due_ms = world_->now();
  });
  const auto notify = [world = world_, node = this, generation = generation_](uint64_t token,
                                                                              absl::Status status) {
    world->applied_.push_back({node, generation, token, std::move(status)});
  };
  consumer = std::make_unique<Consumer>(options, &inbox, port.get(), notify, world_->random.Next(), &notes);
  due_ms = world_->now();
}

void World::ConsumerNode::Kill() {
  consumer.reset();
  port.reset();
  ++generation_;
}

int64_t World::NextDue() const {
  if (!applied_.empty()) return now_ms_;
  int64_t due = INT64_MAX;
  for (const auto& [name, node] : sources) {
    if (node->up() && !node->frozen) due = std::min(due, node->due_ms);
  }
  for (const auto& node : consumers) {
    if (node->up() && !node->frozen) due = std::min(due, node->due_ms);
  }
  if (const auto flying = net.NextDueMs()) due = std::min(due, *flying);
  return std::max(due, now_ms_);
}

void World::Step() {
  net.Deliver(now_ms_);
  for (auto& [name, node] : sources) {
    if (!node->up() || node->frozen) continue;
    for (; !node->held_.empty(); node->held_.pop_front()) {  // thawed
      const SourceNode::Held& held = node->held_.front();
      node->source->OnFrame({held.route, held.user}, held.bytes, now_ms_);
    }
    if (node->due_ms <= now_ms_) node->due_ms = node->source->OnTick(now_ms_);
  }
  for (auto& node : consumers) {
    if (!node->up() || node->frozen) continue;
    for (; !node->held_.empty(); node->held_.pop_front())
      node->consumer->OnFrame(node->held_.front(), now_ms_);
    if (node->due_ms <= now_ms_) node->due_ms = node->consumer->OnTick(now_ms_);
  }
  for (size_t n = applied_.size(); n > 0; --n) {
    const Applied applied = std::move(applied_.front());
    applied_.pop_front();
    if (!applied.node->up() || applied.generation != applied.node->generation_) continue;
    applied.node->consumer->OnApplied(applied.token, applied.status, now_ms_);
    applied.node->due_ms = now_ms_;
  }
}

bool World::RunUntil(const std::function<bool()>& holds, int64_t at_most_ms) {
  const int64_t end_ms = now_ms_ + at_most_ms;
  int64_t steps_here = 0;
  while (!holds()) {
    const int64_t next_ms = NextDue();
    if (next_ms > end_ms) {
      now_ms_ = end_ms;
      return holds();
    }
    steps_here = next_ms == now_ms_ ? steps_here + 1 : 0;
    CHECK_LT(steps_here, 2'000'000) << "time stands still";
    now_ms_ = next_ms;
    Step();
  }
  return true;
}

}  // namespace bus
