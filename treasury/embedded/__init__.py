"""PostgreSQL and Valkey for a machine without: started with the first client, stopped after the last.

`ensure()` gives the addresses of both servers of this checkout. One keeper process per data directory is
their parent; every client holds a connection to the keeper, and when the kernel has closed the last one
(a normal exit or `kill -9` alike) the keeper stops both servers cleanly. Refused when ENV=production.
"""

from treasury.embedded.children import Child, ChildFailed
from treasury.embedded.client import Processes, Servers, ensure, processes, release
from treasury.embedded.failures import EmbeddedError

__all__ = [
    "Child",
    "ChildFailed",
    "EmbeddedError",
    "Processes",
    "Servers",
    "ensure",
    "processes",
    "release",
]
