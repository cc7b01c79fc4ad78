"""Many documents to files at once: typst computes outside the lock of the interpreter, so threads print abreast."""

import json
import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from treasury.core.documents import render_many
from treasury.core.documents.shapes import Document
from treasury.core.errors import Problem

THREADS = min(4, os.cpu_count() or 1)


class Press:
    """Prints into a folder while it is open; leaving it waits for everything.

    What cannot be printed stops nothing else: it is a line of `unprinted.jsonl`, a problem object naming the file.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="press")
        self._waiting: list[tuple[str, Future[None]]] = []
        self.problems: list[Problem] = []

    def __enter__(self) -> "Press":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=kind is not None)
        if kind is None:
            self.flush()
            self._tell()

    def put(self, name: str, documents: Sequence[Document]) -> None:
        """Has documents of one kind printed into one file, `name` under the folder, whole or not at all."""
        self._waiting.append((name, self._pool.submit(self._print, name, documents)))

    def flush(self) -> None:
        """Waits for everything that was put so far, so that its documents need not be kept."""
        for name, future in self._waiting:
            try:
                future.result()
            except Problem as problem:
                self.problems.append(problem.in_file(name))
        self._waiting.clear()

    def write(self, name: str, data: bytes) -> None:
        """Writes a file under the folder, whole or not at all."""
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.part")
        draft.write_bytes(data)
        draft.replace(path)

    def _print(self, name: str, documents: Sequence[Document]) -> None:
        self.write(name, render_many(documents))

    def _tell(self) -> None:
        path = self.out / "unprinted.jsonl"
        if self.problems:
            lines = [json.dumps(problem.as_dict(), ensure_ascii=False) + "\n" for problem in self.problems]
            path.write_text("".join(lines), "utf-8")
        else:
            path.unlink(missing_ok=True)
