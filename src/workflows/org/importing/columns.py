"""Which sheets an import may have and which columns each: one table that reading, checking, previews and help share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the name the code uses, and the headings people write."""

    name: str
    zh: str
    en: str
    required: bool = False  # the heading must be there and every row must fill it

    @property
    def heading(self) -> str:
        """Both languages, as a message names the column."""
        return f"{self.zh}/{self.en}"


@dataclass(frozen=True, slots=True)
class SheetKind:
    """One kind of sheet. `key`: the columns that say which row is meant; the same key twice in a file is an error."""

    name: str
    zh: str
    key: tuple[str, ...]
    columns: tuple[Column, ...] = field(repr=False)

    def column(self, name: str) -> Column:
        """The column the code calls so."""
        return next(column for column in self.columns if column.name == name)

    def by_heading(self, heading: str) -> Column | None:
        """The column under this heading, in Chinese, English or by its name, whatever the case."""
        wanted = heading.strip().casefold()
        return next((c for c in self.columns if wanted in (c.zh, c.en.casefold(), c.name)), None)


UNITS: Final = SheetKind(
    "units",
    "部门",
    ("key",),
    (
        Column("key", "代码", "Key", required=True),
        Column("zh", "名称", "Chinese name", required=True),
        Column("en", "英文名称", "English name", required=True),
        Column("parent", "上级部门", "Parent"),
        Column("lead", "负责人", "Lead"),
    ),
)
POSITIONS: Final = SheetKind(
    "positions",
    "岗位",
    ("key",),
    (
        Column("key", "代码", "Key", required=True),
        Column("zh", "名称", "Chinese name", required=True),
        Column("en", "英文名称", "English name", required=True),
    ),
)
PEOPLE: Final = SheetKind(
    "people",
    "人员",
    ("login",),
    (
        Column("login", "账号", "Login", required=True),
        Column("name", "姓名", "Name", required=True),
        Column("staff_number", "工号", "Staff number"),
        Column("email", "邮箱", "E-mail"),
        Column("unit", "部门", "Unit"),
        Column("manager", "上级", "Manager"),
        Column("joined_on", "入职日期", "Joined"),
        Column("left_on", "离职日期", "Left"),
        Column("roles", "角色", "Roles"),
        Column("language", "语言", "Language"),
    ),
)
ASSIGNMENTS: Final = SheetKind(
    "assignments",
    "任职",
    ("login", "position", "unit"),
    (
        Column("login", "账号", "Login", required=True),
        Column("position", "岗位", "Position", required=True),
        Column("unit", "部门", "Unit"),
        Column("appraised", "考核岗位", "Appraised"),
    ),
)
DUTIES: Final = SheetKind(
    "duties",
    "职责",
    ("position", "valid_from"),
    (
        Column("position", "岗位", "Position", required=True),
        Column("valid_from", "生效日期", "Valid from", required=True),
        Column("text", "职责", "Duties", required=True),
    ),
)
ABSENCES: Final = SheetKind(
    "absences",
    "休假",
    ("login", "first_day"),
    (
        Column("login", "账号", "Login", required=True),
        Column("first_day", "开始日期", "First day", required=True),
        Column("last_day", "结束日期", "Last day", required=True),
        Column("deputy", "代办人", "Deputy"),
        Column("scope", "流程", "Processes"),
        Column("reason", "事由", "Reason"),
    ),
)

# In the order in which they are checked and applied: what names something comes after what it names.
KINDS: Final = (UNITS, POSITIONS, PEOPLE, ASSIGNMENTS, DUTIES, ABSENCES)


def kind_of(name: str) -> SheetKind | None:
    """The kind a file (without ending) or a worksheet is named after: `people` or `人员`."""
    wanted = name.strip().casefold()
    return next((kind for kind in KINDS if wanted in (kind.name, kind.zh)), None)
