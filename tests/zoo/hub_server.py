"""A server that speaks the endpoints of the Hugging Face Hub that pushing and loading need."""

import base64
import hashlib
import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

TOKEN = "hf_test"


class Repository:
    def __init__(self, private=False):
        self.private = private
        # By commit, the content of each file.
        self.commits = {}

    @property
    def head(self):
        return next(reversed(self.commits), None)

    @property
    def files(self):
        return self.commits.get(self.head, {})

    def commit(self, files):
        content = {**self.files, **files}
        name = hashlib.sha1(f"{len(self.commits)} {sorted(content)}".encode()).hexdigest()
        self.commits[name] = content
        return name


class Hub(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.repositories = {}
        self.large_files = {}
        self.requests = []

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.server.requests.append((self.command, self.path))
        path = unquote(urlsplit(self.path).path)
        if match := re.fullmatch(r"/api/models/([^/]+/[^/]+)", path):
            if repository := self._repository(match[1]):
                siblings = [{"rfilename": name} for name in repository.files]
                self._json({"id": match[1], "private": repository.private, "siblings": siblings})
            return
        match = re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path)
        if match and (repository := self._repository(match[1])):
            commit = repository.head if match[2] == "main" else match[2]
            if commit not in repository.commits:
                return self._error(404, "RevisionNotFound", "Invalid rev id")
            content = repository.commits[commit].get(match[3])
            if content is None:
                return self._error(404, "EntryNotFound", "Entry not found")
            etag = hashlib.sha256(content).hexdigest()
            self._send(200, content, {"ETag": f'"{etag}"', "X-Repo-Commit": commit})

    do_HEAD = do_GET

    def do_POST(self):
        self.server.requests.append((self.command, self.path))
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            message = "Invalid credentials in Authorization header"
            return self._send(401, b"{}", {"X-Error-Message": message})
        if self.path == "/api/repos/create":
            wanted = json.loads(body)
            name = f"{wanted['organization']}/{wanted['name']}"
            private = wanted.get("visibility") == "private"
            self.server.repositories[name] = Repository(private)
            return self._json({"url": f"{self.server.endpoint}/{name}"})
        if self.path == "/api/validate-yaml":
            return self._json({"errors": [], "warnings": []})
        if match := re.fullmatch(r"/api/models/([^/]+/[^/]+)/preupload/main", self.path):
            files = [
                {
                    "path": each["path"],
                    "uploadMode": "lfs" if each["path"].startswith("variables") else "regular",
                    "shouldIgnore": False,
                }
                for each in json.loads(body)["files"]
            ]
            return self._json({"files": files})
        if self.path.endswith(".git/info/lfs/objects/batch"):
            upload = {"upload": {"href": f"{self.server.endpoint}/large"}}
            objects = [{**each, "actions": upload} for each in json.loads(body)["objects"]]
            return self._json({"transfer": "basic", "objects": objects})
        if match := re.fullmatch(r"/api/models/([^/]+/[^/]+)/commit/main", self.path):
            lines = [json.loads(line) for line in body.splitlines()]
            files = {}
            for line in lines:
                value = line["value"]
                if line["key"] == "file":
                    files[value["path"]] = base64.b64decode(value["content"])
                elif line["key"] == "lfsFile":
                    files[value["path"]] = self.server.large_files[value["oid"]]
            commit = self.server.repositories[match[1]].commit(files)
            url = f"{self.server.endpoint}/{match[1]}/commit/{commit}"
            return self._json({"commitUrl": url, "commitOid": commit})
        return self._error(404, "", f"no such endpoint {self.path}")

    def do_PUT(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.large_files[hashlib.sha256(content).hexdigest()] = content
        self._send(200, b"")

    def _repository(self, name):
        repository = self.server.repositories.get(name)
        may_read = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        if repository is None or (repository.private and not may_read):
            self._error(404 if may_read else 401, "RepoNotFound", "Repository not found")
            return None
        return repository

    def _json(self, value):
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _error(self, status, code, message):
        self._send(status, b"{}", {"X-Error-Code": code, "X-Error-Message": message})

    def _send(self, status, content, headers=()):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


@contextmanager
def running_hub():
    with Hub() as hub:
        thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield hub
        finally:
            hub.shutdown()
            thread.join()
