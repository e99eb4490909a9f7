// Recorded streams: what an event meant when it was written, it means for ever. Each file is a list of events with
// their times, and the state they folded to. A stream is added when an event is added, and never edited afterwards.
#include "tests/support/golden.h"

#include "services/media/domain/media.h"

namespace media {
namespace {

constexpr char kFolder[] = "tests/golden/media";

TEST(Golden, StreamsStillFoldToTheStatesTheyMeant) { tests::ExpectStreamsFold<MediaDomain>(kFolder, 9); }

TEST(Golden, StreamsHoldEveryEvent) { tests::ExpectStreamsHoldEveryEvent<MediaDomain>(kFolder); }

}  // namespace
}  // namespace media
