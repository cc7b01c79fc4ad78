"""The one error type of the product: whatever is refused is refused by a Problem."""


class Problem(Exception):
    """A refusal with a stable code, a sentence, and the place it speaks of (RFC 9457).

    `path` is a JSON Pointer into the document that was handed in, `file` its name, `status` the HTTP status.
    """

    def __init__(
        self, code: str, detail: str, *, title: str = "", path: str = "", file: str = "", status: int = 422
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.title = title or code.replace("_", " ")
        self.path = path
        self.file = file
        self.status = status

    def as_dict(self) -> dict[str, str]:
        """The problem object of the command contract."""
        return {
            "type": f"urn:treasury-epay:problem:{self.code}",
            "title": self.title,
            "code": self.code,
            "file": self.file,
            "path": self.path,
            "detail": self.detail,
        }

    def in_file(self, file: str) -> "Problem":
        """The same problem, naming the file it was found in."""
        self.file = self.file or file
        return self
