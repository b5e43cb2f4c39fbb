"""Every kind of error speaks both languages and has one status and one name."""

from __future__ import annotations

from datetime import UTC, datetime

from workflows import errors
from workflows.errors import Conflict, DefinitionError, InvalidInput, RejectedImport, Text, WorkflowsError

STATUS = {
    "NotFound": 404, "NotAllowed": 403, "Conflict": 409, "Stale": 409, "WrongState": 409, "Replayed": 409,
    "InvalidInput": 422, "RejectedImport": 422, "DefinitionError": 422, "Unavailable": 503, "ConfigurationError": 500,
}  # fmt: skip


def test_each_kind_has_its_status_and_its_own_name() -> None:
    kinds = {
        kind.__name__: kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, WorkflowsError)
    }
    del kinds["WorkflowsError"]
    assert {name: kind.status for name, kind in kinds.items()} == STATUS
    assert len({kind.code for kind in kinds.values()}) == len(kinds)


def test_the_reader_s_language() -> None:
    error = WorkflowsError("不行。", "No.")
    assert (error.text("zh"), error.text("zh-CN"), error.text("en"), error.text("en-GB"), str(error)) == (
        "不行。", "不行。", "No.", "No.", "No.",
    )  # fmt: skip
    assert error.message == Text("不行。", "No.")


def test_what_each_kind_carries() -> None:
    when = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
    conflict = Conflict("慢了。", "Too late.", who="王芳", action="approve", when=when)
    assert (conflict.who, conflict.action, conflict.when) == ("王芳", "approve", when)
    wrong = InvalidInput(fields={"shop": [Text("必填。", "Required.")]})
    assert wrong.fields["shop"][0].text("zh") == "必填。"
    assert wrong.zh
    assert wrong.en
    rejected = RejectedImport("未导入。", "Not imported.", rows=[(3, "email", Text("无效。", "Invalid."))])
    assert rejected.rows[0][:2] == (3, "email")
    definition = DefinitionError(
        "错。", "Wrong.", file="shop.yaml", line=7, column=3, path="states.a", nearest="approve"
    )
    assert definition.place == "shop.yaml:7:3"
    assert definition.nearest == "approve"
