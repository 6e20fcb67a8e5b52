-- Version 1: what a laptop keeps.
--
-- Ids are BLOBs of fixed length. What is in the other BLOBs is decided by the rooms above and is opaque here. Times are
-- milliseconds since 1970 by somebody's clock: 64 bits, kept as SQLite's signed integers bit for bit. All tables are
-- STRICT; everything is NOT NULL where nothing else is said.
--
-- Whatever belongs to a circle has a column `circle` that refers to it and goes with it (ON DELETE CASCADE), but for
-- the outbox, which is what remains of a circle that was left.
--
-- Small rows that are found by their key are WITHOUT ROWID, one tree each; large ones keep the rowid, because only
-- there a row of up to a page stays in one piece.

-- "Snug" in ASCII: marks the file as ours.
PRAGMA application_id = 1399747943;

-- What this laptop was told once: settings, the node's own notes.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The circles of this laptop.
CREATE TABLE circle (
    circle  BLOB    NOT NULL PRIMARY KEY CHECK (length(circle) = 32),
    secret  BLOB    NOT NULL,                             -- of this laptop's device in it
    state   INTEGER NOT NULL CHECK (state IN (1, 2, 3)),  -- 1 joining, 2 member, 3 left
    created INTEGER NOT NULL,                             -- when it came to this laptop
    info    BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- The membership log. `position` keeps the order of arrival, in which parents come before children.
CREATE TABLE op (
    position INTEGER NOT NULL PRIMARY KEY,
    circle   BLOB    NOT NULL REFERENCES circle ON DELETE CASCADE,
    hash     BLOB    NOT NULL CHECK (length(hash) = 32),
    bytes    BLOB    NOT NULL,                            -- signed
    UNIQUE (circle, hash)
) STRICT;

-- Epochs: the signed announcement, and the secret once this laptop holds it.
CREATE TABLE epoch (
    circle       BLOB NOT NULL REFERENCES circle ON DELETE CASCADE,
    epoch        BLOB NOT NULL CHECK (length(epoch) = 32),
    announcement BLOB NOT NULL,
    secret       BLOB,                                    -- NULL: not held
    PRIMARY KEY (circle, epoch)
) STRICT;

-- Entries of all devices' logs, in the order of storing. An edit is durable with a single page of this table written:
-- it has no index. The tables below are brought up to date from it a little later, many entries at a time.
CREATE TABLE entry (
    position    INTEGER NOT NULL PRIMARY KEY,
    circle      BLOB    NOT NULL REFERENCES circle ON DELETE CASCADE,
    device      BLOB    NOT NULL CHECK (length(device) = 32),
    seq         INTEGER NOT NULL CHECK (seq >= 0),
    hash        BLOB    NOT NULL CHECK (length(hash) = 32),
    document    BLOB    NOT NULL CHECK (length(document) = 16),
    generation  BLOB    NOT NULL CHECK (length(generation) = 32),
    kind        INTEGER NOT NULL,                         -- of content, also kinds unknown here
    at          INTEGER NOT NULL,                         -- by the writer's clock, not after it came
    quarantined INTEGER NOT NULL CHECK (quarantined IN (0, 1)),  -- as it was put
    envelope    BLOB    NOT NULL                          -- the sealed bytes, as they are sent
) STRICT;

-- What is known of entries without their envelopes: reading this alone restores the logs and frontiers. The hash is in
-- the key because a forked device has two entries with one number, and both are kept.
CREATE TABLE head (
    circle      BLOB    NOT NULL REFERENCES circle ON DELETE CASCADE,
    device      BLOB    NOT NULL,
    seq         INTEGER NOT NULL,
    hash        BLOB    NOT NULL,
    document    BLOB    NOT NULL,
    generation  BLOB    NOT NULL,
    kind        INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    quarantined INTEGER NOT NULL CHECK (quarantined IN (0, 1)),  -- as it is now
    position    INTEGER NOT NULL,                         -- of the entry
    PRIMARY KEY (circle, device, seq, hash)
) STRICT, WITHOUT ROWID;

-- The entries of one document in the order of storing.
CREATE INDEX head_of_document ON head (circle, document, generation, position);

-- The last entry that has its head. Those behind it are few, and readers look through all of them.
CREATE TABLE headed (
    one      INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL
) STRICT;
INSERT INTO headed VALUES (1, 0);

-- The newest receipt of each device.
CREATE TABLE receipt (
    circle BLOB NOT NULL REFERENCES circle ON DELETE CASCADE,
    device BLOB NOT NULL CHECK (length(device) = 32),
    bytes  BLOB NOT NULL,                                 -- signed, and the time that is shown
    PRIMARY KEY (circle, device)
) STRICT;

-- This laptop's own counters in a circle.
CREATE TABLE own (
    circle BLOB NOT NULL REFERENCES circle ON DELETE CASCADE,
    name   TEXT NOT NULL,
    value  BLOB NOT NULL,
    PRIMARY KEY (circle, name)
) STRICT, WITHOUT ROWID;

-- Proofs that a device has forked.
CREATE TABLE fork (
    circle BLOB NOT NULL REFERENCES circle ON DELETE CASCADE,
    device BLOB NOT NULL CHECK (length(device) = 32),
    bytes  BLOB NOT NULL,
    PRIMARY KEY (circle, device)
) STRICT;

-- Saved states of documents: a cache, made again from the entries.
CREATE TABLE snapshot (
    circle     BLOB NOT NULL REFERENCES circle ON DELETE CASCADE,
    document   BLOB NOT NULL CHECK (length(document) = 16),
    generation BLOB NOT NULL CHECK (length(generation) = 32),
    bytes      BLOB NOT NULL,
    covered    BLOB NOT NULL,                             -- which entries it holds
    PRIMARY KEY (circle, document, generation)
) STRICT;

-- What lists show of documents: a cache, made again from the documents.
CREATE TABLE summary (
    circle     BLOB    NOT NULL REFERENCES circle ON DELETE CASCADE,
    document   BLOB    NOT NULL CHECK (length(document) = 16),
    generation BLOB    NOT NULL CHECK (length(generation) = 32),
    kind       INTEGER NOT NULL,
    at         INTEGER NOT NULL,                          -- of the last change
    summary    BLOB    NOT NULL,
    PRIMARY KEY (circle, document, generation)
) STRICT, WITHOUT ROWID;

-- Invitations that this laptop made and answers.
CREATE TABLE invitation (
    circle     BLOB    NOT NULL REFERENCES circle ON DELETE CASCADE,
    invitation BLOB    NOT NULL CHECK (length(invitation) = 16),
    bytes      BLOB    NOT NULL,                          -- holds its secrets, and how it stands
    PRIMARY KEY (circle, invitation)
) STRICT;

-- Circles that this laptop asks to join, by invitation: they have no id here yet.
CREATE TABLE pending_join (
    invitation BLOB NOT NULL PRIMARY KEY CHECK (length(invitation) = 16),
    bytes      BLOB NOT NULL                              -- holds a device secret
) STRICT;

-- What is still to be delivered to circles that were left.
CREATE TABLE outbox (
    circle BLOB NOT NULL PRIMARY KEY CHECK (length(circle) = 32),
    bytes  BLOB NOT NULL                                  -- holds a device secret
) STRICT;
