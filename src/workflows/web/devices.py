"""What kind of device signed in, in two words, from what the browser says about itself."""

from __future__ import annotations

from typing import Final

from workflows.web.language import _

_BROWSERS: Final = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Lark", "飞书"), ("Feishu", "飞书"), ("Edg", "Edge"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(user_agent: str) -> str:
    """Chrome · Windows; 未知设备 where it cannot be told. The more particular names come first: most browsers claim to be all."""
    found = [next((said for part, said in known if part in user_agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(part for part in found if part) or _("未知设备")
