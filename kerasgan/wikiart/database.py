"""The SQLite file that a scrape's state is kept in."""

import sqlite3
from pathlib import Path

from kerasgan.errors import UserError

_VERSION = 1
_SCHEMA = """
CREATE TABLE runs (id INTEGER PRIMARY KEY, command TEXT NOT NULL, finished INTEGER DEFAULT 0);
CREATE TABLE listings (
    run INTEGER, listing TEXT, total INTEGER, end INTEGER, PRIMARY KEY (run, listing)
);
CREATE TABLE pages (
    run INTEGER, listing TEXT, page INTEGER, lost INTEGER, PRIMARY KEY (run, listing, page)
);
CREATE TABLE paintings (
    id TEXT PRIMARY KEY, title TEXT, artist TEXT, artist_slug TEXT, year TEXT, image TEXT,
    status TEXT, run INTEGER,
    width INTEGER, height INTEGER, source_url TEXT, sha256 TEXT, fetched_at TEXT
);
CREATE INDEX paintings_by_status ON paintings (status);
CREATE TABLE labels (
    painting TEXT, listing TEXT, run INTEGER, PRIMARY KEY (painting, listing)
) WITHOUT ROWID;
CREATE INDEX labels_by_listing ON labels (listing);
CREATE TABLE faults (
    run INTEGER, kind TEXT, subject TEXT, listing TEXT, detail TEXT, count INTEGER, lost INTEGER,
    PRIMARY KEY (run, kind, subject, listing)
);
"""


def open_database(path: Path, patience: float = 10.0) -> sqlite3.Connection:
    """Opens or makes a state's file, and locks it until it is closed or the process ends.

    Args:
        path: The file.
        patience: Seconds to wait for it: the process of a killed command may live on for a moment.

    Raises:
        UserError: Another process has it open, it is no such file, or one of a newer version.
    """
    database = sqlite3.connect(path, timeout=patience)
    try:
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        # Enough for a kill; losing power may cost the last moments but never the file.
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            made = f"{_SCHEMA} PRAGMA user_version = {_VERSION};"
            database.executescript(f"BEGIN EXCLUSIVE; {made} COMMIT;")
    except sqlite3.OperationalError as error:
        folder = path.parent.parent
        raise UserError(
            f"Another process is scraping into {folder} ({error}); let it end, or give another "
            "folder with --out"
        ) from None
    except sqlite3.DatabaseError as error:
        raise UserError(f"{path} is not the state of a scrape ({error}); move it away") from None
    if version not in (0, _VERSION):
        raise UserError(
            f"{path} is of version {version}, not {_VERSION}: update kerasgan, or move it away"
        )
    database.row_factory = sqlite3.Row
    return database
