"""A web server on this machine alone, which gives the page's files and computes nothing."""

import errno
import http.server
import socket
import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit

from kerasgan.errors import UserError
from kerasgan.export.explorer.page import INDEX

HOST = "127.0.0.1"
_TYPES = {".html": "text/html; charset=utf-8", ".gz": "application/gzip"}


class PageServer(http.server.ThreadingHTTPServer):
    """Serves files that are in memory on 127.0.0.1.

    Args:
        files: The files by their names; see `kerasgan.export.explorer.page.site_files`.
        port: The port; 0 takes any free one.

    Raises:
        UserError: The port is in use or not allowed.

    Example:
    >>> with PageServer(site_files(models), port=0) as server:
    ...     server.serve_forever()
    """

    daemon_threads = True
    # On Windows it would let two servers have the same port.
    allow_reuse_address = not hasattr(socket, "SO_EXCLUSIVEADDRUSE")

    def __init__(self, files: Mapping[str, bytes], *, port: int) -> None:
        self.files = files
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error})"
            raise UserError(f"Port {port} {reason}; choose another with --port") from None

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignores browsers that leave before they have everything."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(http.server.BaseHTTPRequestHandler):
    server: PageServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, *_: object) -> None:
        """Says nothing of each request."""

    def _answer(self, *, with_body: bool) -> None:
        name = unquote(urlsplit(self.path).path).lstrip("/") or INDEX
        # Another site must not read from this server under a name of its own (DNS rebinding).
        if self.headers.get("Host", "").partition(":")[0] not in (HOST, "localhost"):
            self.send_error(HTTPStatus.FORBIDDEN)
        elif name not in self.server.files:
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            content = self.server.files[name]
            self.send_response(HTTPStatus.OK)
            ending = name[name.rindex(".") :]
            self.send_header("Content-Type", _TYPES[ending])
            self.send_header("Content-Length", str(len(content)))
            # Another kerasgan may serve other files under the same address.
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if with_body:
                self.wfile.write(content)
