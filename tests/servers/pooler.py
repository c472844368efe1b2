"""A pooler in transaction mode, as PgBouncer is: each transaction gets another session.

Of the protocol it knows what a client that sends simple queries needs, without a password. A
session keeps what a client sets in it, and the next client finds it there.
"""

import socket
import struct
import threading
from collections import deque
from contextlib import closing, contextmanager, suppress
from urllib.parse import urlsplit

_SSL, _CANCEL = 80877103, 80877102
_READY = b"Z"
#: What the pooler calls all of its clients: a process that is none of the server's.
_NUMBER = b"K" + struct.pack("!iii", 12, -7, 7)


class Pooler:
    """Lends ``size`` sessions of a server to any number of clients, in turn."""

    def __init__(self, url, size):
        parts = urlsplit(url)
        self._place = (parts.hostname, parts.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._idle = deque()
        self._rooms = threading.Semaphore(size)
        self._size = size
        self._sockets = []

    @property
    def port(self):
        """Where it listens."""
        return self._listener.getsockname()[1]

    def url_of(self, url):
        """Return the URL of a database of the server that leads through the pooler."""
        parts = urlsplit(url)
        person = parts.netloc.rpartition("@")[0]
        return parts._replace(netloc=f"{person}@127.0.0.1:{self.port}").geturl()

    def serve(self):
        """Serve clients until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._client, args=(client,), daemon=True).start()

    def close(self):
        """Close the listener, and all sessions."""
        self._listener.close()
        for each in self._sockets:
            each.close()

    def _client(self, client):
        lent = None
        with closing(client), suppress(OSError, EOFError):
            startup = _startup(client)
            if startup is None:
                return
            lent, greeting = self._borrow(startup)
            client.sendall(greeting)
            lent = self._give_back(lent)
            while True:
                message = _message(client)
                if message[:1] == b"X":
                    break
                lent = lent or self._borrow(startup)[0]
                if self._asked(lent, message, client):
                    lent = self._give_back(lent)
        if lent is not None:  # it went in the middle of a transaction
            lent[0].close()
            self._rooms.release()

    def _borrow(self, startup):
        """Return a session and how it greets: the one that was idle for longest, or a new one."""
        self._rooms.acquire()
        if len(self._sockets) >= self._size and self._idle:
            found = self._idle.popleft()
            return found, found[1]
        server = socket.create_connection(self._place)
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sockets.append(server)
        server.sendall(startup)
        greeting = b""
        while not greeting.endswith(b"Z\0\0\0\5I"):
            message = _message(server)
            greeting += _NUMBER if message[:1] == b"K" else message
        return (server, greeting), greeting

    def _give_back(self, lent):
        self._idle.append(lent)
        self._rooms.release()

    def _asked(self, lent, message, client):
        """Let a session answer; return whether it is outside of a transaction then."""
        lent[0].sendall(message)
        answers = [_message(lent[0])]
        while answers[-1][:1] != _READY:
            answers.append(_message(lent[0]))
        client.sendall(b"".join(answers))
        return answers[-1][-1:] == b"I"


@contextmanager
def pooler(url, size=3):
    """Run a pooler in front of the server of a URL."""
    made = Pooler(url, size)
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.close()


def _startup(client):
    """Return the first message of a client; none if it only wants a statement cancelled."""
    while True:
        head = _exactly(client, 8)
        length, code = struct.unpack("!ii", head)
        if code == _CANCEL:
            return None
        if code != _SSL:
            return head + _exactly(client, length - 8)
        client.sendall(b"N")


def _message(source):
    head = _exactly(source, 5)
    return head + _exactly(source, struct.unpack("!i", head[1:])[0] - 4)


def _exactly(source, length):
    found = b""
    while len(found) < length:
        more = source.recv(length - len(found))
        if not more:
            raise EOFError
        found += more
    return found
