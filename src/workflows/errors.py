"""What can go wrong, said to people: few kinds, one root, each sentence in Chinese and English.

A door (page, API, command line) translates a kind once: `status` is its HTTP status, `code` its stable name for programs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or title in both languages.

    `zh`: Simplified Chinese; `en`: English.
    """

    zh: str
    en: str

    def text(self, language: str) -> str:
        """The sentence in `language` ("zh", "zh-CN", "en", ...); Chinese unless English is asked for."""
        return self.en if language.lower().startswith("en") else self.zh

    def __str__(self) -> str:
        return self.en


class WorkflowsError(Exception):
    """Root of every refusal that a person is told about.

    `zh`, `en`: the sentence shown, in both languages.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "error"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    @property
    def message(self) -> Text:
        """The sentence as a value."""
        return Text(self.zh, self.en)

    def text(self, language: str) -> str:
        """The sentence in the reader's language ("zh", "en", or a locale that begins so)."""
        return self.message.text(language)


class NotFound(WorkflowsError):
    """There is no such thing, or the reader may not know that there is."""

    status = 404
    code = "not_found"


class NotAllowed(WorkflowsError):
    """The actor has no right to do this, now, here."""

    status = 403
    code = "not_allowed"


class Conflict(WorkflowsError):
    """Someone else was faster.

    `who`: their name as shown to people; `action`: what they did, by its name in the definition; `when`: aware, UTC.
    """

    status = 409
    code = "conflict"

    def __init__(
        self, zh: str, en: str, *, who: str | None = None, action: str | None = None, when: datetime | None = None
    ) -> None:
        super().__init__(zh, en)
        self.who = who
        self.action = action
        self.when = when


class Stale(WorkflowsError):
    """The form was made from an older version of the case than the present one."""

    status = 409
    code = "stale"


class WrongState(WorkflowsError):
    """The case stands in a state in which this cannot be done."""

    status = 409
    code = "wrong_state"


class Replayed(WorkflowsError):
    """A submission's key was used before with other content."""

    status = 409
    code = "replayed"


class InvalidInput(WorkflowsError):
    """What was handed in breaks rules.

    `fields`: for each field by its name the sentences about it, in the order they were found.
    """

    status = 422
    code = "invalid_input"

    def __init__(
        self,
        zh: str = "填写的内容有误，请检查标出的字段。",
        en: str = "Some fields are not right: please look at those marked.",
        *,
        fields: Mapping[str, Sequence[Text]] | None = None,
    ) -> None:
        super().__init__(zh, en)
        self.fields: dict[str, list[Text]] = {name: list(found) for name, found in (fields or {}).items()}


class RejectedImport(WorkflowsError):
    """A file was not imported, and nothing of it.

    `rows`: (row counted from 1 as a spreadsheet shows it, column's heading or letter, the sentence), in file order.
    """

    status = 422
    code = "rejected_import"

    def __init__(self, zh: str, en: str, *, rows: Sequence[tuple[int, str, Text]] = ()) -> None:
        super().__init__(zh, en)
        self.rows = list(rows)


class DefinitionError(WorkflowsError):
    """A process definition breaks a rule of its language.

    `file`: as it was named by the caller; `line`, `column`: counted from 1; `path`: where in the definition
    ("states.check.actions.approve"); `nearest`: the valid name that looks most like the wrong one.
    """

    status = 422
    code = "definition_error"

    def __init__(
        self,
        zh: str,
        en: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        path: str | None = None,
        nearest: str | None = None,
    ) -> None:
        super().__init__(zh, en)
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.nearest = nearest

    @property
    def place(self) -> str:
        """`file:line:column`, as editors and compilers write it, as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class Unavailable(WorkflowsError):
    """A part the service needs (database, mail server) does not answer; trying later may help."""

    status = 503
    code = "unavailable"


class ConfigurationError(WorkflowsError):
    """The settings are wrong or unsafe; the start is refused until someone changes them."""

    status = 500
    code = "configuration"
