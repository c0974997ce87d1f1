"""The tables of an archive, as numbered migrations that run by themselves when an archive is opened.

Times are whole microseconds since 1970 in UTC (``times.micros`` and ``times.moment``): exact, and small to compare.
The views ``v_articles``, ``v_mentions`` and ``v_stories`` write them out for people, Datasette and sqlite-utils;
they are documented and stay, the tables behind them may change with any migration.
"""

from __future__ import annotations

import struct

from sqlite_utils import Database, Migrations

from crawler.tokens import FTS5_TOKENIZER, VERSION
from crawler.urls import host_of

migrations = Migrations("presswatch")

#: The names of the migrations in order; their number stands in PRAGMA user_version.
NAMES = (
    "m0001_first_light",
    "m0002_judgements",
    "m0003_raw",
    "m0004_backfill",
    "m0005_rechecks",
    "m0006_reservations",
    "m0007_polls",
    "m0009_facts",
    "m0010_watches",
    "m0011_held",
    "m0012_fates",
    "m0013_parts",
    "m0014_furniture",
    "m0015_forms",
    "m0016_names",
    "m0017_fingerprints",
    "m0018_channels",
    "m0019_told",
    "m0020_lost_leases",
    "m0021_left",
    "m0022_taken_out",
    "m0023_index_parts",
    "m0024_days",
    "m0025_pieces",
    "m0026_bags",
    "m0027_quoting",
    "m0028_marks",
    "m0029_recipients",
    "m0030_reviews",
    "m0031_health",
    "m0032_users",
    "m0033_briefs",
    "m0034_imports",
)

#: "Pres": tells an archive from any other SQLite file.
APPLICATION_ID = 0x50726573

# channels.defined is the address in sources.toml, channels.url the one it has moved to.
_SOURCES = """
CREATE TABLE state (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE sources (
    key TEXT PRIMARY KEY, name TEXT NOT NULL, homepage TEXT NOT NULL, country TEXT NOT NULL, language TEXT NOT NULL,
    timezone TEXT, kind TEXT NOT NULL, control TEXT NOT NULL, owner TEXT NOT NULL, definition TEXT NOT NULL,
    sha256 TEXT NOT NULL, added_at INTEGER NOT NULL, removed_at INTEGER, paused_at INTEGER
) WITHOUT ROWID;
CREATE TABLE source_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL REFERENCES sources(key), sha256 TEXT NOT NULL,
    definition TEXT NOT NULL, at INTEGER NOT NULL
);

CREATE TABLE channels (
    id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL REFERENCES sources(key), kind TEXT NOT NULL,
    defined TEXT NOT NULL, url TEXT NOT NULL, etag TEXT, last_modified TEXT, body_sha256 TEXT,
    interval REAL NOT NULL, next_poll INTEGER, held_until INTEGER, last_polled INTEGER, last_ok INTEGER,
    newest_entry INTEGER, failures INTEGER NOT NULL, state TEXT NOT NULL, note TEXT NOT NULL,
    wishes TEXT NOT NULL DEFAULT '', token INTEGER NOT NULL DEFAULT 0, lease_until INTEGER, retired_at INTEGER,
    UNIQUE (source, defined)
);
CREATE TABLE polls (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel INTEGER NOT NULL REFERENCES channels(id), source TEXT NOT NULL,
    at INTEGER NOT NULL, outcome TEXT NOT NULL, status INTEGER, detail TEXT NOT NULL, entries INTEGER NOT NULL,
    new INTEGER NOT NULL, seconds REAL NOT NULL
);
CREATE INDEX polls_by_source ON polls(source, at);
"""

_FRONTIER = """
CREATE TABLE pages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL UNIQUE, source TEXT NOT NULL, host TEXT NOT NULL,
    channel INTEGER, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0, token INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL, lease_until INTEGER,
    queued_at INTEGER NOT NULL, closed_at INTEGER, article INTEGER, entry TEXT
);
CREATE INDEX pages_queued ON pages(source, host, due) WHERE state = 'queued';
CREATE INDEX pages_leased ON pages(lease_until) WHERE state = 'leased';
CREATE INDEX pages_counts ON pages(source, state, reason);
CREATE INDEX pages_closed ON pages(source, closed_at, state, reason) WHERE closed_at IS NOT NULL;
CREATE INDEX pages_article ON pages(article) WHERE article IS NOT NULL;

CREATE TABLE hosts (
    host TEXT PRIMARY KEY, next_at INTEGER NOT NULL DEFAULT 0, held_until INTEGER NOT NULL DEFAULT 0,
    held_why TEXT NOT NULL DEFAULT '', lease_until INTEGER NOT NULL DEFAULT 0, token INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE robots (
    host TEXT PRIMARY KEY, body BLOB, status INTEGER NOT NULL, fetched_at INTEGER NOT NULL, expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE blocks (
    host TEXT NOT NULL, hash INTEGER NOT NULL, articles INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (host, hash)
) WITHOUT ROWID;
CREATE TABLE forgotten (url_sha256 TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
"""

# position: see positions.py.  dated: the publication as query.dates.published tells it, NULL when undated; what after:
# and before: compare.
_ARTICLES = """
CREATE TABLE articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT, position INTEGER NOT NULL UNIQUE, url TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL, dated INTEGER, first_seen INTEGER NOT NULL, last_checked INTEGER NOT NULL,
    withdrawn_at INTEGER, revision INTEGER NOT NULL, language TEXT NOT NULL, completeness TEXT NOT NULL,
    copy_of INTEGER, copy_kind TEXT, copy_score REAL, backfill INTEGER NOT NULL, words INTEGER NOT NULL,
    published TEXT, published_utc INTEGER, published_precision TEXT NOT NULL, published_evidence TEXT, modified TEXT,
    canonical_url TEXT, credited_to TEXT, carried_by TEXT NOT NULL, site_name TEXT, image TEXT, paywalled INTEGER,
    authors TEXT NOT NULL, tags TEXT NOT NULL, extractor_version TEXT NOT NULL, text_sha256 TEXT NOT NULL,
    raw_ref TEXT, blocks_learned INTEGER NOT NULL DEFAULT 0, evidence TEXT NOT NULL, title TEXT NOT NULL,
    lead TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX articles_by_source ON articles(source, position);
CREATE INDEX articles_by_arrival ON articles(first_seen);
CREATE INDEX articles_copies ON articles(copy_of) WHERE copy_of IS NOT NULL;

CREATE TABLE revisions (
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE, revision INTEGER NOT NULL, kind TEXT NOT NULL,
    reason TEXT NOT NULL, at INTEGER NOT NULL, title TEXT NOT NULL, lead TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (article, revision)
);
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    kind TEXT NOT NULL, at INTEGER NOT NULL, backfill INTEGER NOT NULL, note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX changes_by_article ON changes(article);
CREATE TABLE followers (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE fingerprints (hash INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (hash, article)) WITHOUT ROWID;
CREATE TABLE article_fingerprints (
    article INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE, hashes BLOB NOT NULL
);
"""


def index_table(name: str) -> str:
    """Write the statement that makes a table of the full-text index."""
    columns = "title, lead, text, author, facts"
    return (
        f"CREATE VIRTUAL TABLE {name} USING fts5("
        f"{columns}, content='', contentless_delete=1, tokenize='{FTS5_TOKENIZER}')"
    )


def index_part(name: str) -> tuple[str, ...]:
    """Write the statements that make a part of the index.

    Pieces of it are merged sixteen at a time: merging a little at every batch writes the whole index over and over.
    After a crawl (``fulltext.even_out``) any two of about one size are.
    """
    return (
        index_table(name),
        f"INSERT INTO {name} ({name}, rank) VALUES ('automerge', 0)",
        f"INSERT INTO {name} ({name}, rank) VALUES ('usermerge', 2)",
    )


# The state key watches_version grows by one whenever a watch is new, changed or removed.
_WATCHES = """
CREATE TABLE watches (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, query TEXT NOT NULL, version INTEGER NOT NULL,
    muted INTEGER NOT NULL DEFAULT 0, weight REAL NOT NULL DEFAULT 1.0, removed_at INTEGER
);
CREATE TABLE mentions (
    watch INTEGER NOT NULL REFERENCES watches(id), article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    version INTEGER NOT NULL, words TEXT NOT NULL, at INTEGER NOT NULL, historic INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (watch, article)
) WITHOUT ROWID;
CREATE INDEX mentions_by_article ON mentions(article);
CREATE INDEX mentions_by_time ON mentions(watch, at);
INSERT INTO state VALUES ('watches_version', 0);
"""

_STORIES = """
CREATE TABLE stories (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, summary TEXT NOT NULL, outlets TEXT NOT NULL,
    separate_owners INTEGER NOT NULL, outside_state_control INTEGER NOT NULL, first INTEGER, last INTEGER,
    languages TEXT NOT NULL, names TEXT NOT NULL, updated INTEGER, merged_into INTEGER
);
CREATE INDEX stories_by_time ON stories(last);
CREATE TABLE story_articles (
    article INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
    story INTEGER NOT NULL REFERENCES stories(id) ON DELETE CASCADE, place INTEGER NOT NULL
);
CREATE INDEX story_articles_by_story ON story_articles(story, place);
CREATE TABLE story_moves (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, story INTEGER NOT NULL, into_story INTEGER NOT NULL,
    at INTEGER NOT NULL
);
"""

_DIGESTS = """
CREATE TABLE editions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, plan TEXT NOT NULL, slot TEXT NOT NULL, from_seq INTEGER NOT NULL,
    to_seq INTEGER NOT NULL, made_at INTEGER NOT NULL, state TEXT NOT NULL, approved_at INTEGER, subject TEXT NOT NULL,
    html BLOB NOT NULL, text BLOB NOT NULL, content TEXT NOT NULL, UNIQUE (plan, slot)
);
CREATE TABLE edition_stories (
    edition INTEGER NOT NULL REFERENCES editions(id) ON DELETE CASCADE, story INTEGER NOT NULL,
    PRIMARY KEY (edition, story)
) WITHOUT ROWID;
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, edition INTEGER NOT NULL REFERENCES editions(id) ON DELETE CASCADE,
    plan TEXT NOT NULL, slot TEXT NOT NULL, recipient TEXT NOT NULL, channel TEXT NOT NULL, message_id TEXT NOT NULL,
    state TEXT NOT NULL, attempts INTEGER NOT NULL, next_try INTEGER, last_error TEXT NOT NULL, token INTEGER NOT NULL,
    lease_until INTEGER, sent_at INTEGER, body BLOB NOT NULL, UNIQUE (plan, slot, recipient)
);
CREATE INDEX outbox_open ON outbox(state, next_try) WHERE state IN ('waiting', 'sending');
CREATE INDEX outbox_by_edition ON outbox(edition);

CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, slot TEXT NOT NULL, state TEXT NOT NULL,
    attempt INTEGER NOT NULL, token INTEGER NOT NULL, started INTEGER NOT NULL, finished INTEGER, lease_until INTEGER,
    note TEXT NOT NULL, UNIQUE (job, slot)
);
CREATE INDEX runs_by_time ON runs(job, started);
"""


def _written(column: str) -> str:
    """Write the SQL that shows a time as ISO 8601."""
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column} / 1000000, 'unixepoch')"


_ARTICLES_VIEW = f"""
    SELECT a.id, a.url, a.source, s.name AS outlet, s.kind, s.control, s.country, s.owner, a.title, a.lead, a.text,
        a.authors, a.published, {_written("a.published_utc")} AS published_utc, a.published_precision,
        a.published_evidence, a.language, a.credited_to, a.carried_by, a.completeness, a.words, a.tags,
        {_written("a.first_seen")} AS first_seen, {_written("a.last_checked")} AS last_checked,
        {_written("a.withdrawn_at")} AS withdrawn_at, a.revision, a.copy_of, a.copy_kind, a.copy_score,
        m.story, a.backfill
    FROM articles a LEFT JOIN sources s ON s.key = a.source LEFT JOIN story_articles m ON m.article = a.id
"""
_VIEWS = f"""
CREATE VIEW v_articles AS {_ARTICLES_VIEW};
CREATE VIEW v_mentions AS
    SELECT w.name AS watch, m.article, a.title, a.url, a.source, m.version, m.words, {_written("m.at")} AS at,
        m.historic
    FROM mentions m JOIN watches w ON w.id = m.watch JOIN articles a ON a.id = m.article;
CREATE VIEW v_stories AS
    SELECT s.id, s.title, s.summary, s.outlets, s.separate_owners, s.outside_state_control,
        {_written("s.first")} AS first, {_written("s.last")} AS last, s.languages, s.names,
        {_written("s.updated")} AS updated, s.merged_into,
        (SELECT json_group_array(article ORDER BY place) FROM story_articles WHERE story = s.id) AS articles
    FROM stories s;
"""


def _execute(db: Database, statements: str) -> None:
    for statement in statements.split(";"):
        if statement.strip():
            db.conn.execute(statement)


@migrations()
def m0001_first_light(db: Database) -> None:
    """Create every table of the first archive."""
    for statements in (
        _SOURCES,
        _FRONTIER,
        _ARTICLES,
        index_table("articles_fts"),
        _WATCHES,
        _STORIES,
        _DIGESTS,
        _VIEWS,
    ):
        # executescript of the sqlite3 module would commit; these statements hold no semicolon but at their end.
        for statement in statements.split(";"):
            if statement.strip():
                db.conn.execute(statement)
    db.conn.execute("INSERT INTO state VALUES ('tokenizer_version', ?)", (VERSION,))
    db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")


# page_says.columns: what a page itself says where people said otherwise (overlay.py); value: see records.Judgement.
_JUDGEMENTS = f"""
CREATE TABLE judgements (
    id INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER REFERENCES articles(id) ON DELETE CASCADE, story INTEGER,
    kind TEXT NOT NULL, value TEXT NOT NULL, detail TEXT NOT NULL DEFAULT '', who TEXT NOT NULL, at INTEGER NOT NULL,
    undone_at INTEGER, undone_by TEXT NOT NULL DEFAULT '', CHECK ((article IS NULL) <> (story IS NULL))
);
CREATE INDEX judgements_by_article ON judgements(article) WHERE article IS NOT NULL;
CREATE INDEX judgements_by_kind ON judgements(kind) WHERE undone_at IS NULL;
CREATE TABLE page_says (
    article INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE, columns TEXT NOT NULL
);
CREATE VIEW v_judgements AS
    SELECT id, article, story, kind, value, who, {_written("at")} AS at, {_written("undone_at")} AS undone_at, undone_by
    FROM judgements;
"""


@migrations()
def m0002_judgements(db: Database) -> None:
    """Keep what people say of articles and stories."""
    _execute(db, _JUDGEMENTS)


@migrations()
def m0003_raw(db: Database) -> None:
    """Find the articles of the raw pages, file by file in the order in which they lie there."""
    db.conn.execute("CREATE INDEX articles_raw ON articles(raw_ref) WHERE raw_ref IS NOT NULL")


# pages.since: where the window of the backfill begins that found a page, NULL for what a channel served; pages.dated:
# of one that was dropped as too old, when it was published.  backfills.ended: NULL while something is left to be asked.
# backfill_lists.changed: what its index says of it; final: it covers days that are over, and is never asked again.
_BACKFILL = """
ALTER TABLE pages ADD COLUMN since INTEGER;
ALTER TABLE pages ADD COLUMN dated INTEGER;
CREATE INDEX pages_backfill ON pages(source, due) WHERE state = 'queued' AND since IS NOT NULL;
CREATE TABLE backfills (
    source TEXT PRIMARY KEY REFERENCES sources(key), since INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER
) WITHOUT ROWID;
CREATE TABLE backfill_lists (
    id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL REFERENCES sources(key), url TEXT NOT NULL,
    kind TEXT NOT NULL, state TEXT NOT NULL, depth INTEGER NOT NULL, barren INTEGER NOT NULL,
    changed TEXT NOT NULL, final INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT '', read_at INTEGER, UNIQUE (source, url)
);
CREATE INDEX backfill_lists_open ON backfill_lists(source, id) WHERE state = 'open'
"""


@migrations()
def m0004_backfill(db: Database) -> None:
    """Remember what a backfill has asked for, and which pages it found."""
    _execute(db, _BACKFILL)


# leased: when it was due, while it is away (due is then far in the future, and the page is leased); see rechecks.py.
# answered: when the page last gave its article, which tells whether its host is well.
_RECHECKS = """
CREATE TABLE rechecks (
    page INTEGER PRIMARY KEY REFERENCES pages(id) ON DELETE CASCADE,
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE, source TEXT NOT NULL, host TEXT NOT NULL,
    due INTEGER NOT NULL, leased INTEGER, attempts INTEGER NOT NULL DEFAULT 0, etag TEXT, last_modified TEXT,
    answered INTEGER, missing_since INTEGER, misses INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX rechecks_queues ON rechecks(source, host, due);
CREATE INDEX rechecks_due ON rechecks(due);
CREATE INDEX rechecks_leased ON rechecks(page) WHERE leased IS NOT NULL;
CREATE INDEX rechecks_article ON rechecks(article);
"""


@migrations()
def m0005_rechecks(db: Database) -> None:
    """Keep when pages are looked at again; of what was kept before nothing is."""
    _execute(db, _RECHECKS)


# reservations: what hosts say at /.well-known/tdmrep.json, as robots keeps their robots.txt.
_RESERVATIONS = """
CREATE TABLE reservations (
    host TEXT PRIMARY KEY, body BLOB, status INTEGER NOT NULL, fetched_at INTEGER NOT NULL, expires INTEGER NOT NULL
) WITHOUT ROWID;
ALTER TABLE articles ADD COLUMN tdm_reserved INTEGER;
ALTER TABLE articles ADD COLUMN tdm_policy TEXT;
"""


@migrations()
def m0006_reservations(db: Database) -> None:
    """Keep what publishers say about text and data mining."""
    _execute(db, _RESERVATIONS)


# body_seen, distrusted, ceiling, moved_at, merged_into: see records.Channel; since: when its state changed last.
# polls.newest: the newest entry known after a poll, which tells a channel's rhythm.
_POLLS = """
ALTER TABLE channels ADD COLUMN body_seen INTEGER;
ALTER TABLE channels ADD COLUMN distrusted INTEGER;
ALTER TABLE channels ADD COLUMN ceiling REAL;
ALTER TABLE channels ADD COLUMN moved_at INTEGER;
ALTER TABLE channels ADD COLUMN merged_into INTEGER;
ALTER TABLE channels ADD COLUMN since INTEGER;
ALTER TABLE polls ADD COLUMN newest INTEGER;
UPDATE channels SET since = last_polled, moved_at = iif(url != defined, last_polled, NULL);
UPDATE channels SET merged_into = (
    SELECT min(id) FROM channels b
    WHERE b.source = channels.source AND b.url = channels.url AND b.retired_at IS NULL AND b.next_poll IS NOT NULL
) WHERE state = 'moved' AND next_poll IS NULL;
CREATE INDEX polls_rhythm ON polls(channel, newest);
CREATE INDEX polls_gaps ON polls(source, at) WHERE outcome = 'overrun';
CREATE INDEX channels_held ON channels(held_until) WHERE held_until IS NOT NULL;
"""


@migrations()
def m0007_polls(db: Database) -> None:
    """Remember of each channel when its body was seen, how fast it fills, where it moved and since when it is ill."""
    _execute(db, _POLLS)


# What filters, counts and facets ask of an article, beside its long text: a search reads this index only.
_FACTS = """
CREATE INDEX articles_facts ON articles(
    position, dated, first_seen, source, language, copy_of, completeness, paywalled
)
"""


@migrations()
def m0009_facts(db: Database) -> None:
    """Let filters and counts be answered without reading texts."""
    db.conn.execute(_FACTS)


# What a watch looked for before, so that two versions can be compared; since: NULL for what was there before this.
_WATCH_VERSIONS = """
CREATE TABLE watch_versions (
    watch INTEGER NOT NULL REFERENCES watches(id), version INTEGER NOT NULL, query TEXT NOT NULL, since INTEGER,
    PRIMARY KEY (watch, version)
) WITHOUT ROWID;
INSERT INTO watch_versions SELECT id, version, query, NULL FROM watches
"""


@migrations()
def m0010_watches(db: Database) -> None:
    """Keep the queries that watches had before."""
    _execute(db, _WATCH_VERSIONS)


# Addresses that asked for a pause alone, without their whole host. Channels that wait now are taken over.
# channels.validators_url: the address that gave etag and last_modified; NULL is the channel's own.
_HELD = """
CREATE TABLE held (url TEXT PRIMARY KEY, host TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX held_hosts ON held(host, until);
ALTER TABLE channels ADD COLUMN validators_url TEXT
"""


@migrations()
def m0011_held(db: Database) -> None:
    """Remember which address asked for a pause, and which one gave the validators."""
    _execute(db, _HELD)
    waiting = db.conn.execute(
        "SELECT url, held_until FROM channels WHERE held_until IS NOT NULL AND state = 'failing' AND retired_at IS NULL"
    ).fetchall()
    for url, until in waiting:
        db.conn.execute(
            "INSERT INTO held (url, host, until) VALUES (?, ?, ?) ON CONFLICT (url) DO NOTHING",
            (url, host_of(url), until),
        )


# Pages of sources that had left while they were leased waited for ever.
_FATES = """
UPDATE pages SET state = 'stored', reason = '', detail = '', lease_until = NULL, token = token + 1
    WHERE state IN ('queued', 'leased') AND article IS NOT NULL
    AND source IN (SELECT key FROM sources WHERE removed_at IS NOT NULL);
UPDATE rechecks SET due = leased, leased = NULL
    WHERE leased IS NOT NULL AND page IN (SELECT id FROM pages WHERE state = 'stored');
UPDATE pages SET state = 'dropped', reason = 'source removed', detail = '', lease_until = NULL, token = token + 1,
    closed_at = (SELECT removed_at FROM sources WHERE key = pages.source)
    WHERE state IN ('queued', 'leased') AND source IN (SELECT key FROM sources WHERE removed_at IS NOT NULL)
"""


@migrations()
def m0012_fates(db: Database) -> None:
    """End the way of pages whose source has left."""
    _execute(db, _FATES)


# What polls know of the sitemaps of an index (polling.parts.Part).
_PARTS = """
CREATE TABLE sitemap_parts (
    channel INTEGER NOT NULL REFERENCES channels(id), url TEXT NOT NULL, changed TEXT NOT NULL,
    tried_at INTEGER NOT NULL, read_at INTEGER, newest INTEGER, PRIMARY KEY (channel, url)
) WITHOUT ROWID
"""


@migrations()
def m0013_parts(db: Database) -> None:
    """Remember which sitemaps of an index were read."""
    db.conn.execute(_PARTS)


# blocks.known: since when a block is known as its host's own; since: how many articles of the host had been learnt from
# before it was met; places: the numbers of the kept articles that have it, until it is known.
# What was dropped from pages before stays known; what was met seldom is met anew, for nobody counted the others.
_FURNITURE = """
ALTER TABLE blocks ADD COLUMN known INTEGER;
ALTER TABLE blocks ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE blocks ADD COLUMN places TEXT;
CREATE TABLE block_hosts (host TEXT PRIMARY KEY, articles INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE blocks_due (
    article INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE, host TEXT NOT NULL, at INTEGER NOT NULL
);
CREATE INDEX blocks_due_in_turn ON blocks_due(at, article);
UPDATE blocks SET known = 0 WHERE articles >= 3;
DELETE FROM blocks WHERE known IS NULL;
CREATE INDEX blocks_known ON blocks(host) WHERE known IS NOT NULL;
CREATE INDEX blocks_candidates ON blocks(host) WHERE known IS NULL AND articles >= 5;
INSERT INTO block_hosts
    SELECT p.host, count(DISTINCT a.id) FROM pages p JOIN articles a ON a.id = p.article
    WHERE a.blocks_learned = 1 AND p.host != '' GROUP BY p.host;
INSERT OR IGNORE INTO blocks_due
    SELECT a.id, p.host, 0
    FROM pages p JOIN (SELECT host, max(last) AS last FROM blocks GROUP BY host) b ON b.host = p.host
        JOIN articles a ON a.id = p.article
    WHERE a.id <= b.last AND a.extractor_version LIKE 'presswatch%'
"""


@migrations()
def m0014_furniture(db: Database) -> None:
    """Remember which kept articles have the blocks that may become known as their host's own."""
    _execute(db, _FURNITURE)


_FORMS = f"""
ALTER TABLE articles ADD COLUMN form TEXT NOT NULL DEFAULT 'article';
UPDATE articles SET form = CASE json_extract(evidence, '$.form') WHEN 'live blog' THEN 'live'
    WHEN 'gallery' THEN 'gallery' WHEN 'video' THEN 'video' ELSE 'article' END;
DROP VIEW v_articles;
CREATE VIEW v_articles AS {_ARTICLES_VIEW.replace("a.words,", "a.form, a.words,")}
"""


@migrations()
def m0015_forms(db: Database) -> None:
    """Keep what the page of an article is."""
    _execute(db, _FORMS)


@migrations()
def m0016_names(db: Database) -> None:
    """Tell of a story's names which are people, organisations and places."""
    for column in ("people", "organisations", "places"):
        db.conn.execute(f"ALTER TABLE stories ADD COLUMN {column} TEXT NOT NULL DEFAULT '[]'")


# fingerprint_buckets: see fingerprints.py. How texts are fingerprinted has changed, so all of them are anew.
_FINGERPRINTS = """
DELETE FROM fingerprints;
DELETE FROM article_fingerprints;
CREATE TABLE fingerprint_buckets (bucket INTEGER PRIMARY KEY, entries BLOB NOT NULL)
"""


@migrations()
def m0017_fingerprints(db: Database) -> None:
    """Fingerprint all texts as copies are found now."""
    from crawler.copies import fingerprint  # what only archives of before need is not read at every start

    _execute(db, _FINGERPRINTS)
    last = 0
    while found := db.execute("SELECT id, text FROM articles WHERE id > ? ORDER BY id LIMIT 500", (last,)).fetchall():
        for id_, text in found:
            hashes = sorted(fingerprint(text))
            if hashes:
                packed = struct.pack(f"<{len(hashes)}Q", *hashes)
                db.conn.execute("INSERT INTO article_fingerprints VALUES (?, ?)", (id_, packed))
                db.conn.executemany("INSERT INTO fingerprints VALUES (?, ?)", ((hash_, id_) for hash_ in hashes))
        last = found[-1][0]


# body_newest, folded_into: see records.Channel.
_CHANNELS = """
ALTER TABLE channels ADD COLUMN body_newest INTEGER;
ALTER TABLE channels ADD COLUMN folded_into INTEGER;
CREATE INDEX channels_folded ON channels(folded_into) WHERE folded_into IS NOT NULL;
CREATE INDEX channels_at ON channels(url)
"""


@migrations()
def m0018_channels(db: Database) -> None:
    """Remember what each channel served last, and which one of another source is asked in its place."""
    _execute(db, _CHANNELS)


# channels.left_behind: see records.Channel.left, as JSON.
# robots.detail, reservations.detail: why a host gave no answer, for people.
# surplus: how many pages of a list were not taken because it names too many, the most that any poll of a day (counted
# since 1970, in UTC) saw; the same ones are named at every poll.
_TOLD = """
ALTER TABLE channels ADD COLUMN left_behind TEXT NOT NULL DEFAULT '[]';
ALTER TABLE robots ADD COLUMN detail TEXT NOT NULL DEFAULT '';
ALTER TABLE reservations ADD COLUMN detail TEXT NOT NULL DEFAULT '';
CREATE TABLE surplus (
    source TEXT NOT NULL, day INTEGER NOT NULL, url TEXT NOT NULL, pages INTEGER NOT NULL,
    PRIMARY KEY (source, day, url)
) WITHOUT ROWID
"""


@migrations()
def m0019_told(db: Database) -> None:
    """Remember which addresses a channel left for good, and how much of lists that are too long was not taken."""
    _execute(db, _TOLD)


@migrations()
def m0020_lost_leases(db: Database) -> None:
    """Count how often in a row the lease of a page ran out."""
    db.conn.execute("ALTER TABLE pages ADD COLUMN lost INTEGER NOT NULL DEFAULT 0")


# backfill_left: how many pages of a list a backfill left, by reason, when it read the list last on a day (counted since
# 1970, in UTC); nothing else is kept of these pages.
_LEFT = """
CREATE TABLE backfill_left (
    source TEXT NOT NULL, day INTEGER NOT NULL, url TEXT NOT NULL, reason TEXT NOT NULL, pages INTEGER NOT NULL,
    PRIMARY KEY (source, day, url, reason)
) WITHOUT ROWID
"""


@migrations()
def m0021_left(db: Database) -> None:
    """Remember how much of each list backfills left, and why."""
    db.conn.execute(_LEFT)


# articles.taken_out: see records.Article, as JSON. blocks.doubted: how often a block was known and then no longer.
# What was known before is known for good, for nobody counted on.
_TAKEN_OUT = """
ALTER TABLE articles ADD COLUMN taken_out TEXT NOT NULL DEFAULT '[]';
ALTER TABLE blocks ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX blocks_unsure ON blocks(host) WHERE known IS NOT NULL AND places IS NOT NULL
"""


@migrations()
def m0022_taken_out(db: Database) -> None:
    """Remember which lines an article was kept without, so that it can have them back."""
    _execute(db, _TAKEN_OUT)


# index_parts: see parts.py. version: of the tokenizer that cut it; loose, removed: rows written, and taken out, since
# it was merged into one piece; replaces: the part whose place it will take, done_to: the last position that it holds.
# What was the whole index is the first part.
_INDEX_PARTS = """
CREATE TABLE index_parts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, begins INTEGER NOT NULL, version INTEGER NOT NULL,
    articles INTEGER NOT NULL DEFAULT 0, loose INTEGER NOT NULL DEFAULT 0, removed INTEGER NOT NULL DEFAULT 0,
    replaces INTEGER, done_to INTEGER
);
CREATE UNIQUE INDEX index_parts_in_order ON index_parts(begins) WHERE replaces IS NULL;
CREATE INDEX index_parts_successors ON index_parts(replaces) WHERE replaces IS NOT NULL;
ALTER TABLE articles_fts RENAME TO articles_fts_1;
INSERT INTO articles_fts_1 (articles_fts_1, rank) VALUES ('automerge', 0);
INSERT INTO index_parts (begins, version, articles, loose, removed)
    SELECT -9223372036854775808, (SELECT value FROM state WHERE key = 'tokenizer_version'), count(*), count(*), count(*)
    FROM articles;
DELETE FROM state WHERE key IN ('tokenizer_version', 'reindexed_to')
"""


@migrations()
def m0023_index_parts(db: Database) -> None:
    """Let the index be cut into parts by time."""
    db.conn.execute("DROP TABLE IF EXISTS articles_fts_next")
    _execute(db, _INDEX_PARTS)


# dated was the begin of a bare day in its own zone, which is another day in UTC. Articles keep their positions, at most
# 14 hours off (more than what had spilled before), until they are written again.
_DAYS = """
UPDATE articles SET dated = strftime('%s', published) * 1000000
    WHERE published_precision = 'day' AND length(published) = 10 AND published_utc IS NOT NULL
    AND strftime('%s', published) IS NOT NULL;
INSERT INTO state SELECT 'position_lag', 840 WHERE changes();
INSERT INTO state SELECT 'position_spill', 840 WHERE EXISTS (SELECT 1 FROM state WHERE key = 'position_lag')
    ON CONFLICT (key) DO UPDATE SET value = value + 840
"""


@migrations()
def m0024_days(db: Database) -> None:
    """Date articles of a bare day by the day that they print."""
    _execute(db, _DAYS)


@migrations()
def m0025_pieces(db: Database) -> None:
    """Let the pieces of the index's parts be gathered two by two."""
    for (id_,) in db.execute("SELECT id FROM index_parts").fetchall():
        name = f"articles_fts_{id_}"
        db.conn.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('usermerge', 2)")


# bags: see bags.py. stories.under_state_control: owners that are, beside those of unknown control; what was not counted
# as outside was under it until now. stories.stale: what it says of its articles is not true any more, or was removed.
_BAGS = """
CREATE TABLE bags (
    article INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE, version INTEGER NOT NULL,
    language TEXT NOT NULL, at INTEGER NOT NULL, dated INTEGER, words BLOB NOT NULL
);
CREATE INDEX bags_by_time ON bags(at);
ALTER TABLE stories ADD COLUMN under_state_control INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;
UPDATE stories SET under_state_control = separate_owners - outside_state_control;
CREATE INDEX stories_stale ON stories(id) WHERE stale
"""


@migrations()
def m0026_bags(db: Database) -> None:
    """Keep what texts are compared by, and which stories must be told anew."""
    _execute(db, _BAGS)


# What only quotes another is no copy to filters any more: they ask for the kind, and watches are asked again.
_QUOTING = """
DROP INDEX articles_facts;
CREATE INDEX articles_facts ON articles(
    position, dated, first_seen, source, language, copy_kind, completeness, paywalled
);
INSERT INTO state VALUES ('facts_changed', 1) ON CONFLICT (key) DO UPDATE SET value = value + 1
"""


@migrations()
def m0027_quoting(db: Database) -> None:
    """Let filters tell articles that quote from copies."""
    _execute(db, _QUOTING)


# stories.anchors, stories.marks: see stories.Marked, a line each; marked: the version that found them, NULL: none did.
_MARKS = """
ALTER TABLE stories ADD COLUMN anchors TEXT NOT NULL DEFAULT '';
ALTER TABLE stories ADD COLUMN marks TEXT NOT NULL DEFAULT '';
ALTER TABLE stories ADD COLUMN marked INTEGER
"""


@migrations()
def m0028_marks(db: Database) -> None:
    """Keep by what stories are compared with those of other languages."""
    _execute(db, _MARKS)


# vetoes: who is not mailed; plan: "" is all of them; state: unsubscribed, bounced or paused; until: of paused.
# bounces: what came back; mark: tells one report from another; counts: 0 since the recipient was restored;
# with the code "settled": the deliveries that had died by then.
# leave_links: whose a link is, and for what; whoever was forgotten is known by a keyed hash only.
_RECIPIENTS = """
CREATE TABLE vetoes (
    recipient TEXT NOT NULL, plan TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER,
    how TEXT NOT NULL, code TEXT NOT NULL, why TEXT NOT NULL, PRIMARY KEY (recipient, plan, state)
) WITHOUT ROWID;
CREATE TABLE bounces (
    id INTEGER PRIMARY KEY AUTOINCREMENT, recipient TEXT NOT NULL, at INTEGER NOT NULL, code TEXT NOT NULL,
    why TEXT NOT NULL, mark TEXT NOT NULL UNIQUE, counts INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX bounces_by_recipient ON bounces(recipient, at);
CREATE TABLE leave_links (
    token TEXT PRIMARY KEY, purpose TEXT NOT NULL, plan TEXT NOT NULL, recipient TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX outbox_by_message ON outbox(message_id)
"""


@migrations()
def m0029_recipients(db: Database) -> None:
    """Remember who left, paused or cannot be reached."""
    _execute(db, _RECIPIENTS)


# reviews: what was chosen for a draft, of which its reviewers make the edition; begun: when the first of the drafts was
# made that took each other's place since somebody approved one; revision counts what the reviewers did.
# review_acts: see records.ReviewAct. It outlives drafts that are replaced.
_REVIEWS = """
CREATE TABLE reviews (
    edition INTEGER PRIMARY KEY REFERENCES editions(id) ON DELETE CASCADE, made TEXT NOT NULL,
    begun INTEGER NOT NULL, revision INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE review_acts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, edition INTEGER NOT NULL, plan TEXT NOT NULL, kind TEXT NOT NULL,
    story INTEGER, articles TEXT NOT NULL, title TEXT NOT NULL, place TEXT NOT NULL, text TEXT NOT NULL,
    story_order TEXT NOT NULL, carried INTEGER, who TEXT NOT NULL, at INTEGER NOT NULL, undone_at INTEGER,
    undone_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX review_acts_by_edition ON review_acts(edition);
CREATE INDEX review_acts_by_plan ON review_acts(plan, at)
"""


@migrations()
def m0030_reviews(db: Database) -> None:
    """Keep what editors do with drafts."""
    _execute(db, _REVIEWS)


# How a source does is judged by its newest articles: by this index alone, without reading their texts.
_HEALTH = """
DROP INDEX articles_by_source;
CREATE INDEX articles_by_source ON articles(source, position, backfill, first_seen, completeness, words)
"""


@migrations()
def m0031_health(db: Database) -> None:
    """Let the health of sources be read without reading texts."""
    _execute(db, _HEALTH)


# users: who may log in; password: an argon2 hash. sessions, tokens: known by the SHA-256 of their secret alone, so that
# a stolen archive opens no door. tokens.role: at most that; the user's own bounds it when it is asked for.
_USERS = """
CREATE TABLE users (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, created INTEGER NOT NULL,
    changed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE sessions (
    key BLOB PRIMARY KEY, user TEXT NOT NULL REFERENCES users(name) ON DELETE CASCADE, created INTEGER NOT NULL,
    seen INTEGER NOT NULL, ends INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions(user);
CREATE TABLE tokens (
    key BLOB PRIMARY KEY, label TEXT NOT NULL UNIQUE, user TEXT NOT NULL REFERENCES users(name) ON DELETE CASCADE,
    role TEXT NOT NULL, created INTEGER NOT NULL, used INTEGER, ends INTEGER
) WITHOUT ROWID;
CREATE INDEX tokens_by_user ON tokens(user)
"""


@migrations()
def m0032_users(db: Database) -> None:
    """Know who may log in to the web page, and what programs may ask it with."""
    _execute(db, _USERS)


def _brief(row: str) -> str:
    """Write the SQL that packs what facets count of an article."""
    day = f"({row}.dated - ({row}.dated % 86400000000 + 86400000000) % 86400000000) / 86400000000"
    kind = f"SELECT id FROM brief_kinds WHERE source = {row}.source AND language = {row}.language"
    return f"coalesce({day}, {1 << 22}) * {1 << 24} + ({kind})"


# briefs: what facets count of an article, in one number beside its position: its day since 1970 in UTC (1 << 22: it is
# undated) << 24 | of which source and language it is. A survey of thousands reads small rows one after another.
# Triggers write it, so that nothing can change an article, or take it away, without it.
_BRIEFS = f"""
CREATE TABLE brief_kinds (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, language TEXT NOT NULL, UNIQUE (source, language)
);
CREATE TABLE briefs (position INTEGER PRIMARY KEY, id INTEGER NOT NULL, brief INTEGER NOT NULL);
INSERT INTO brief_kinds (source, language) SELECT DISTINCT source, language FROM articles INDEXED BY articles_facts;
INSERT INTO briefs SELECT a.position, a.id, {_brief("a")} FROM articles a INDEXED BY articles_facts ORDER BY a.position;
CREATE UNIQUE INDEX briefs_by_arrival ON briefs(id)
"""
_BRIEF_IS_GONE = "DELETE FROM briefs WHERE position = old.position;"
_BRIEF_IS_NEW = f"""
INSERT INTO brief_kinds (source, language) VALUES (new.source, new.language) ON CONFLICT DO NOTHING;
INSERT INTO briefs VALUES (new.position, new.id, {_brief("new")});
"""


@migrations()
def m0033_briefs(db: Database) -> None:
    """Keep what facets count of each article where it is read fastest."""
    _execute(db, _BRIEFS)
    told = "id, position, source, language, dated"
    another = " OR ".join(f"old.{name} IS NOT new.{name}" for name in told.split(", "))
    for name, happens, follows in (
        ("briefs_come", "INSERT ON articles", _BRIEF_IS_NEW),
        ("briefs_change", f"UPDATE OF {told} ON articles WHEN {another}", _BRIEF_IS_GONE + _BRIEF_IS_NEW),
        ("briefs_go", "DELETE ON articles", _BRIEF_IS_GONE),
    ):
        db.conn.execute(f"CREATE TRIGGER {name} AFTER {happens} BEGIN {follows} END")


# imports: see imports.py. place: the byte at which to go on; inside: unpacked bytes from there that are done; asked:
# what of the file is wanted, as JSON.
_IMPORTS = """
CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, size INTEGER NOT NULL, digest TEXT NOT NULL,
    asked TEXT NOT NULL, place INTEGER NOT NULL DEFAULT 0, inside INTEGER NOT NULL DEFAULT 0,
    counts TEXT NOT NULL DEFAULT '{}', begun INTEGER NOT NULL, changed INTEGER NOT NULL, ended INTEGER,
    UNIQUE (name, size, digest, asked)
)
"""


@migrations()
def m0034_imports(db: Database) -> None:
    """Remember how far the imports of files have come."""
    _execute(db, _IMPORTS)
