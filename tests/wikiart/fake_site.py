"""A local server that answers like WikiArt, and misbehaves as it is told."""

import contextlib
import io
import json
import socket
import struct
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from PIL import Image

PAGE_SIZE = 10
ROBOTS = "User-agent: *\nDisallow: /forbidden/\n"


def jpeg(number, size=(24, 16)):
    """A small JPEG file, another one for each number."""
    color = (number % 256, number // 256 % 256, number * 37 % 256)
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, "JPEG", comment=str(number).encode())
    return file.getvalue()


def painting_id(number):
    return f"{number:024x}"


class FakeSite:
    """Listings of paintings and their images; use it as a context manager.

    Attributes:
        listings: Paintings, as the JSON has them, by path of the listing (`"genre/landscape"`).
        images: Contents by path.
        faults: What goes wrong by path, a list of faults that the next requests get in turn; a
            fault is a function of the request's handler. `"*"` is asked for each request: a
            function of the path that returns a fault or None.
        holds: By path, two events: one that a request of it sets, one that its answer waits for.
        requests: Each request: its time, path with query, and what became of it.
        cap: Entries that a listing shows at most.
    """

    def __init__(self):
        self.listings = {}
        self.images = {}
        self.faults = {}
        self.holds = {}
        self.requests = []
        self.agents = set()
        self.cap = None
        self.robots = ROBOTS
        self._open = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                site._answer(self)

            def log_message(self, *arguments):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *_):
        self._open.set()
        self._server.shutdown()
        self._server.server_close()

    def add(self, number, *listings, image=None, **changes):
        """Adds a painting with an image to listings, and returns its path."""
        path = f"/images/artist-{number % 5}/painting-{number}.jpg"
        self.images[path] = jpeg(number) if image is None else image
        entry = {
            "id": painting_id(number),
            "title": f"Painting {number}",
            "year": str(1800 + number % 150),
            "width": 600,
            "height": 400,
            "artistName": f"Artist {number % 5}",
            "image": f"{self.url}{path}!Large.jpg",
            "map": "0123**67*",
            "paintingUrl": f"/en/artist-{number % 5}/painting-{number}",
            "artistUrl": f"/en/artist-{number % 5}",
            "albums": None,
            "flags": 2,
            "images": None,
            **changes,
        }
        for listing in listings:
            self.listings.setdefault(listing, []).append(entry)
        return path

    def hold(self, path):
        """Makes the next request of a path wait, and returns the events of `holds`."""
        self.holds[path] = threading.Event(), threading.Event()
        return self.holds[path]

    def fetched(self, start="/images/"):
        """How often each path was answered as it should."""
        return Counter(
            path for _, path, outcome in self.requests if path.startswith(start) and outcome == 200
        )

    def _answer(self, handler):
        parts = urlsplit(handler.path)
        self.agents.add(handler.headers["User-Agent"])
        queue = self.faults.get(parts.path) or self.faults.get(handler.path)
        fault = queue.pop(0) if queue else None
        if fault is None and "*" in self.faults:
            fault = self.faults["*"](handler.path)
        record = [time.monotonic(), handler.path, 200]
        self.requests.append(record)
        if parts.path in self.holds:
            reached, released = self.holds.pop(parts.path)
            reached.set()
            released.wait()
        if fault is not None:
            record[2] = fault.__name__
            fault(handler)
        elif parts.path == "/robots.txt":
            reply(handler, self.robots.encode(), "text/plain")
        elif parts.path in self.images:
            reply(handler, self.images[parts.path], "image/jpeg")
        else:
            page = self._page(parts.path, int(parse_qs(parts.query).get("page", ["1"])[0]))
            record[2] = 404 if page is None else 200
            reply(handler, json.dumps(page).encode(), "application/json", record[2])

    def _page(self, path, number):
        listing = {
            "paintings-by-genre": "genre/{1}",
            "paintings-by-style": "style/{1}",
        }.get(path.split("/")[2] if path.count("/") > 2 else "", "artist/{0}")
        entries = self.listings.get(listing.format(*path.split("/")[2:]))
        if entries is None:
            return None
        shown = entries[: self.cap][PAGE_SIZE * (number - 1) : PAGE_SIZE * number]
        return {
            "ArtistsHtml": None,
            "CanLoadMoreArtists": False,
            "Paintings": shown or None,
            "Artists": None,
            "AllArtistsCount": 0,
            "PaintingsHtml": None,
            "PaintingsHtmlBeta": None,
            "AllPaintingsCount": len(entries),
            "PageSize": PAGE_SIZE,
            "TimeLog": None,
        }

    def stall(self, handler):
        """Answers nothing until the server is closed."""
        self._open.wait()
        handler.close_connection = True


def reply(handler, body, kind="text/html", status=200, **headers):
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def forbidden(handler):
    reply(handler, b"no", status=403)


def missing(handler):
    reply(handler, b"no", status=404)


def html(handler):
    reply(handler, b"<!DOCTYPE html><title>Just a moment</title>")


def unknown_json(handler):
    reply(handler, b'{"error": "maintenance"}', "application/json")


def reset(handler):
    """Closes the connection by RST."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.close_connection = True
    handler.connection.close()
    # The handler's own flush would fail on the closed socket.
    with contextlib.suppress(OSError):
        handler.wfile.close()
    handler.wfile = io.BytesIO()


def truncated(handler):
    """Announces more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(jpeg(0)[:200])
    handler.close_connection = True


def busy(seconds, status=429):
    """A fault that asks to wait."""

    def asks_to_wait(handler):
        reply(handler, b"", status=status, Retry_After=str(seconds))

    return asks_to_wait


def redirect(url):
    """A fault that sends elsewhere."""

    def redirects(handler):
        reply(handler, b"", status=302, Location=url)

    return redirects
