"""The worked example: a page that counts what is in the database, for ``compose.yaml``.

``python web.py`` serves it on PORT (8000), from the database that DATABASE_URL names;
``python web.py --check`` asks the server that runs whether it is well.
"""

from __future__ import annotations

import os
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from peewee import PeeweeException
from playhouse.db_url import connect

from models import Organization, Person, User, database

PORT = int(os.environ.get("PORT", "8000"))


class Page(BaseHTTPRequestHandler):
    """Answers every GET with the counts, or with 503 where the database gives none."""

    def do_GET(self) -> None:
        """Count, and answer."""
        try:
            self._answer(200, page())
        except PeeweeException as error:
            self.log_error("%s", error)
            self._answer(503, "the database does not answer\n")

    def _answer(self, code: int, text: str) -> None:
        body = text.encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def page() -> str:
    """Return a line for each kind of row."""
    with database.connection_context():
        counts = {each.__name__: each.select().count() for each in (Organization, Person, User)}
    return "".join(f"{name}: {count}\n" for name, count in counts.items())


def serve() -> None:
    """Answer until the process is ended."""
    database.initialize(connect(os.environ["DATABASE_URL"]))
    with ThreadingHTTPServer(("", PORT), Page) as server:
        server.serve_forever()


def check() -> None:
    """Ask the server; an answer that is an error raises."""
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=2) as answer:
        sys.stdout.write(answer.read().decode())


if __name__ == "__main__":
    check() if sys.argv[1:] == ["--check"] else serve()
