"""The SQLite file that keeps the state of a scrape."""

import sqlite3
from pathlib import Path

from kerasgan.errors import UserError
from kerasgan.wikiart.clean_text import clean_text

_VERSION = 1
# In this version the table of problems is called `faults`.
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


_OTHER_PROCESS = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DISK = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
}
_CONTENT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}


def open_database(path: Path, patience: float = 10.0) -> sqlite3.Connection:
    """Opens or creates the file of a state, and locks it until it is closed or the process ends.

    Args:
        path: The file.
        patience: Seconds to wait for the lock: the process of a killed command may live on for a
            moment.

    Raises:
        UserError: Another process has the file open, it is not the file of a state or has a newer
            version, or it cannot be written.
    """
    database = sqlite3.connect(path, timeout=patience)
    try:
        _prepare(database, path)
    except sqlite3.Error as error:
        database.close()
        raise explained(error, path) from error
    except UserError:
        database.close()
        raise
    database.row_factory = sqlite3.Row
    return database


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    # The file may be anybody's.
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA locking_mode = EXCLUSIVE")
    # This survives a kill. A power failure may cost the last moments, but never the file.
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    # Otherwise a full disk for temporary files would be one more thing that can fail.
    database.execute("PRAGMA temp_store = MEMORY")
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version not in (0, _VERSION):
        raise UserError(
            f"{path} has version {version}, not {_VERSION}: update kerasgan, or move the file away"
        )
    # With a flipped bit in an index, the same painting would be fetched again and again.
    damage = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if damage != "ok":
        raise _damaged(damage, path)
    if version == 0:
        made = f"{_SCHEMA} PRAGMA user_version = {_VERSION};"
        database.executescript(f"BEGIN EXCLUSIVE; {made} COMMIT;")


def explained(error: sqlite3.Error, path: Path) -> Exception:
    """Returns a `UserError` that says how to mend an error of the database, or the error itself.

    SQLite undoes the transaction of a failed write, so the same command can resume from there.
    """
    # The last byte of an extended error code is its kind.
    kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    if kind in _OTHER_PROCESS:
        return UserError(
            f"Another process is scraping into {path.parent.parent} ({error}); let it end, or "
            "give another folder"
        )
    if kind in _DISK:
        return UserError(
            f"Cannot write {path}: {error}. Make room on the disk, or lift the quota, the "
            "file-size limit or the write protection; then run the same command again to resume"
        )
    if kind in _CONTENT:
        return _damaged(error, path)
    return error


def _damaged(why: object, path: Path) -> UserError:
    # The reason may quote bytes of the file.
    reason = clean_text(str(why), longest=100)
    return UserError(
        f"{path} is not the state of a scrape, or damaged ({reason}); move {path.parent} away: "
        "paintings in metadata.jsonl are not fetched again"
    )
