"""Words that every definition shares: the titles of common actions, of families, of the operations that are always there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from workflows.errors import Text

ActionKind = Literal["submit", "approve", "send_back", "reject", "other"]

ACTION_TITLES: Mapping[str, Text] = {
    "submit": Text("提交", "Submit"),
    "approve": Text("通过", "Approve"),
    "send_back": Text("退回", "Send back"),
    "reject": Text("驳回", "Reject"),
}
"""Actions that need no title of their own; their name is their kind. All others bring theirs."""

FAMILIES: Mapping[str, Text] = {
    "shop": Text("店铺与商品", "Shop and product"),
    "marketing": Text("营销与内容", "Marketing and content"),
    "service": Text("客户服务", "Customer service"),
    "data": Text("数据", "Data"),
    "planning": Text("计划与团队", "Planning and team"),
    "appraisal": Text("绩效考核", "Appraisal"),
    "training": Text("培训与成长", "Training and growth"),
}
"""The families in which processes are listed, in their order on the start page."""

OPERATIONS: Mapping[str, Text] = {
    "claim": Text("领取", "Claim"),
    "release": Text("放回", "Release"),
    "hand_over": Text("转办", "Hand over"),
    "delegate": Text("委派", "Delegate"),
    "add_signer": Text("加签", "Add a signer"),
    "remove_signer": Text("减签", "Remove a signer"),
    "return": Text("退回某步", "Return to a step"),
    "take_back": Text("撤回", "Take back"),
    "urge": Text("催办", "Urge"),
    "copy": Text("抄送", "Copy"),
    "comment": Text("评论", "Comment"),
    "attach": Text("附件", "Attach"),
    "suspend": Text("挂起", "Suspend"),
    "cancel": Text("作废", "Cancel"),
}
"""Always there without a line of YAML, unless a process `forbids` them (design.md §4)."""
