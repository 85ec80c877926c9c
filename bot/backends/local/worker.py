"""The process that holds one GGUF file and answers from it through xllamacpp (llama.cpp).

A process of its own, because xllamacpp keeps Python's lock for as long as it loads a file (measured:
0.4 to 0.8 s for 98 MB), which would stop the bot's event loop, and because llama.cpp ends the process
it runs in where a file is malformed in a way it did not foresee. Run as a script by
`bot.backends.local.process`; it imports nothing of the bot.

Its language is lines. In come `NUMBER REQUEST` (JSON of the chat completions protocol) and `NUMBER`
alone, which gives that reply up. Out come `ready PROMPT`, where that is a question as the model's chat
template writes it (a JSON text, empty where it is not known), or `failed`, then for each request lines of
`NUMBER CHUNK` and at last `NUMBER` alone. The end of its input ends it.
"""

from __future__ import annotations

import importlib
import json
import os
import secrets
import signal
import sys
from http.client import HTTPConnection, HTTPException
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

# Small steps: a reply can be given up between two of them (about 50 ms on one core for the demo's model),
# and another's words do not wait long for a long prompt. Below 64 it costs a third of the prompt's speed.
BATCH_TOKENS = 8
# Errors only; llama.cpp's reason why a file cannot be loaded is among them.
VERBOSITY = 1
TEMPLATE_SECONDS = 10.0


class ChatServer(Protocol):
    """What is used of `xllamacpp.Server`, which has no type stubs."""

    @property
    def listening_address(self) -> str: ...

    def handle_chat_completions(self, request: bytes, take: Callable[[bytes], bool], /) -> None:
        """Block until the reply is over, handing each JSON chunk to `take`; its `True` ends the reply."""
        ...


def load(path: str, threads: int, context_tokens: int, parallel: int, key: str) -> ChatServer:
    """Raise `RuntimeError` where llama.cpp refuses the file; its reason is on stderr."""
    llama = importlib.import_module("xllamacpp")
    params = llama.CommonParams()
    params.model.path = path
    # Both, or prompts take every core.
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    # The server divides its context evenly.
    params.n_parallel = parallel
    params.n_ctx = context_tokens * parallel
    params.n_batch = params.n_ubatch = max(BATCH_TOKENS, parallel)
    # By default it would keep 8 GiB of earlier prompts.
    params.cache_ram_mib = 0
    params.cache_idle_slots = False
    params.warmup = False
    # It opens a port on the loopback interface, come what may; nobody else is told this key.
    params.api_keys = [key]
    params.hostnames = ["127.0.0.1"]
    params.n_threads_http = 1
    params.endpoint_slots = False
    params.ui = False
    params.verbosity = VERBOSITY
    return llama.Server(params)


def templated_question(server: ChatServer, key: str) -> str:
    """Return a question as the model is given it, up to where its answer begins; nothing where that fails."""
    at = urlsplit(server.listening_address)
    question = json.dumps({"messages": [{"role": "user", "content": "?"}]})
    connection = HTTPConnection(at.hostname or "", at.port, timeout=TEMPLATE_SECONDS)
    try:
        connection.request("POST", "/apply-template", question, {"Authorization": f"Bearer {key}"})
        return str(json.load(connection.getresponse())["prompt"])
    except (OSError, HTTPException, ValueError, LookupError, TypeError):
        return ""
    finally:
        connection.close()


class LineWriter:
    """Lines to the bot, whole, whichever thread writes them."""

    def __init__(self) -> None:
        # llama.cpp may print to stdout: what it prints goes to stderr instead.
        self._out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        self._lock = Lock()

    def send(self, *words: bytes) -> None:
        with self._lock:
            self._out.write(b" ".join(words) + b"\n")
            self._out.flush()


class RepliesUnderWay:
    """The replies under way, each in a thread."""

    def __init__(self, server: ChatServer, wire: LineWriter) -> None:
        self._server = server
        self._wire = wire
        self._given_up: dict[bytes, Event] = {}

    def begin(self, number: bytes, request: bytes) -> None:
        given_up = self._given_up[number] = Event()
        Thread(target=self._run, args=(number, request, given_up), daemon=True).start()

    def give_up(self, number: bytes) -> None:
        # It may have ended by itself in the meantime.
        if number in self._given_up:
            self._given_up[number].set()

    def _run(self, number: bytes, request: bytes, given_up: Event) -> None:
        def take(chunk: bytes) -> bool:
            if not given_up.is_set():
                self._wire.send(number, chunk)
            return given_up.is_set()

        try:
            self._server.handle_chat_completions(request, take)
        finally:
            del self._given_up[number]
            self._wire.send(number)


def main(path: str, threads: str, context_tokens: str, parallel: str) -> None:
    wire = LineWriter()
    # Ctrl-C reaches the whole process group; when to stop is the bot's decision.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    key = secrets.token_urlsafe(32)
    try:
        server = load(path, int(threads), int(context_tokens), int(parallel), key)
    except RuntimeError:
        wire.send(b"failed")
        return
    replies = RepliesUnderWay(server, wire)
    wire.send(b"ready", json.dumps(templated_question(server, key)).encode())
    for line in sys.stdin.buffer:
        number, _, request = line.rstrip(b"\n").partition(b" ")
        if request:
            replies.begin(number, request)
        else:
            replies.give_up(number)
    # Replies may be under way, and nobody listens to them any more.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
