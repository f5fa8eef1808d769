package io.verbatim.bench.search;

import io.verbatim.testkit.postgres.PostgresServer;

/// Archived calls of two tenants, generated in the database. Words are as frequent as in a
/// language: the word of rank `n` is `1/n` times as frequent as the first.
record GeneratedArchive(PostgresServer.Database database, int calls) {
  /// Has all calls but one in a hundred, and says [#TENANT_WORD] in each line.
  static final String LARGE_TENANT = "large";

  static final String SMALL_TENANT = "small";
  static final String TENANT_WORD = "thanks";
  static final int LINES_PER_CALL = 5;
  static final int WORDS_PER_LINE = 15;

  /// The number of different words.
  static final int VOCABULARY = 20_000;

  /// Each digit of a rank as a letter. The prefix keeps it apart from the words that a search
  /// ignores.
  private static final String LETTERS = "abcdefghij";

  /// The word of a rank, from 1.
  static String word(int rank) {
    StringBuilder word = new StringBuilder("zu");
    Integer.toString(rank).chars().forEach(digit -> word.append(LETTERS.charAt(digit - '0')));
    return word.toString();
  }

  /// Fills the tables, which the gateway has created.
  void generate() {
    database.execute(
        """
        insert into archived_call (call_id, tenant, started_at, started_day, ended_at, line,
          content, source, format, language, complete, finals, words, unconfirmed, claims,
          received_bytes, lost_bytes, sent_bytes, covered_bytes, gap_bytes,
          received_ms, transcribed_ms, gap_ms, sent_ms, body_bytes)
        select 'call-' || n, case when n %% 100 = 0 then '%s' else '%s' end,
          now() - n * interval '10 seconds', (now() - n * interval '10 seconds')::date,
          now() - n * interval '10 seconds' + interval '1 minute', 'generated',
          'stored', 'pcm', 'pcm16/16000/1', 'en', true, %d, %d, 0, 1,
          0, 0, 0, 0, 0, 0, 0, 0, 0, 0
        from generate_series(1, %d) n
        """
            .formatted(
                SMALL_TENANT,
                LARGE_TENANT,
                LINES_PER_CALL,
                LINES_PER_CALL * WORDS_PER_LINE,
                calls));
    // The series of words depends on the row, so that each line has words of its own.
    database.execute(
        """
        insert into archived_line (call_ref, seq, start_ms, end_ms, speaker, config, text, search)
        select id, seq, seq * 6000, seq * 6000 + 5000, 1 + seq %% 2, 'english', text,
          to_tsvector('english', text) || array_to_tsvector(array['tenant' || md5(tenant)])
        from (
          select id, tenant, seq, (
            select case when tenant = '%s' then '%s ' else '' end || string_agg('zu' || translate(
              floor(exp(random() * ln(%d)))::integer::text, '0123456789', '%s'), ' ')
            from generate_series(1, %d + 0 * (id + seq))) as text
          from archived_call, generate_series(1, %d) seq) line
        """
            .formatted(
                LARGE_TENANT, TENANT_WORD, VOCABULARY, LETTERS, WORDS_PER_LINE, LINES_PER_CALL));
    database.execute("vacuum analyze archived_call");
    database.execute("vacuum analyze archived_line");
  }
}
