package io.verbatim.gateway.search;

import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallLookup;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.record.search.SearchHit;
import io.verbatim.record.search.SearchQuery;
import io.verbatim.record.search.SearchWords;
import io.verbatim.service.EventLoop;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Searches the newest lines of live calls, which no index covers yet.
final class LiveSearch {

  /// Enough for a team's calls; each costs one read.
  private static final int MAX_CALLS = 50;

  private static final int LINES = 100;
  private static final int CONCURRENT = 8;
  private static final int MAX_HITS = 20;

  private final CallLookup calls;
  private final TranscriptReads reads;
  private final EventLoop loop;

  LiveSearch(CallLookup calls, TranscriptReads reads, EventLoop loop) {
    this.calls = calls;
    this.reads = reads;
    this.loop = loop;
  }

  /// The matching lines, those of the newest call first.
  Mono<List<SearchHit>> search(SearchQuery query, Viewer viewer) {
    SearchWords words = SearchWords.parse(query.text());
    return calls
        .visible(viewer)
        .flatMapMany(Flux::fromIterable)
        .filter(call -> call.state() == CallRecord.State.LIVE && isWanted(call, query))
        .take(MAX_CALLS)
        .flatMapSequential(call -> hits(call, query, words), CONCURRENT, 1)
        .flatMapIterable(hits -> hits)
        .take(MAX_HITS)
        .collectList();
  }

  private static boolean isWanted(CallRecord call, SearchQuery query) {
    String tenant = query.tenant();
    return (tenant == null || tenant.equals(call.start().tenant()))
        && (query.from() == null || !call.start().started().isBefore(query.from()))
        && (query.to() == null || call.start().started().isBefore(query.to()));
  }

  private Mono<List<SearchHit>> hits(CallRecord call, SearchQuery query, SearchWords words) {
    return Mono.fromFuture(() -> reads.newest(call.call(), LINES).toCompletableFuture(), true)
        .flatMap(entries ->
            Mono.fromCompletionStage(
                () -> loop.offload(() -> matching(call, entries, query, words))));
  }

  private static List<SearchHit> matching(
      CallRecord call, List<TranscriptEntry> entries, SearchQuery query, SearchWords words) {
    List<SearchHit> hits = new ArrayList<>();
    for (TranscriptEntry entry : entries.reversed()) {
      if (entry instanceof TranscriptEntry.Final(_, _, long seq, Speech speech, _)) {
        int speaker = speaker(call, speech);
        List<SearchHit.Match> matches = words.find(speech.text());
        if (!matches.isEmpty() && (query.speaker() == 0 || query.speaker() == speaker)) {
          hits.add(
              new SearchHit(
                  call, seq, speech.startMs(), speech.endMs(), speaker, speech.text(), matches));
        }
      }
    }
    return hits;
  }

  private static int speaker(CallRecord call, Speech speech) {
    Integer byRecognizer = speech.speaker();
    boolean isStereo = call.start().format().channels() > 1;
    return 1 + (isStereo ? speech.channel() : byRecognizer == null ? 0 : byRecognizer);
  }
}
