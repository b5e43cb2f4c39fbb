"""Passwords: kept as argon2id, refused only where they would be guessed.

No rules about kinds of characters (reliability.md S15): length does the work. What people choose again and again is recognised
by how it is built (words everybody takes, runs on the keyboard, repeats, years), so no list of leaked passwords is carried along.
"""

from __future__ import annotations

import secrets
import unicodedata
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from workflows.errors import Text

SHORTEST: Final = 12
LOWEST_SHORTEST: Final = 8  # no setting goes below this
LONGEST: Final = 128

# 19 MiB, two passes: what OWASP names, measured at 26 ms (reliability.md S16).
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# Letters and digits that cannot be taken for one another when a password is read out.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str) -> str:
    """The argon2id hash to be stored. Different input methods write the same character differently: NFKC makes them one."""
    return _HASHER.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one. Takes as long when there is none to compare with."""
    try:
        right = _HASHER.verify(stored or _nobodys_hash(), _normal(password)[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's and is to be made anew at this sign-in."""
    return _HASHER.check_needs_rehash(stored)


def temporary_password() -> str:
    """A password to be read out or typed once: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def faults_of(password: str, *about: str, shortest: int = SHORTEST) -> list[Text]:
    """What is wrong with a new password; an empty list when nothing is. `about`: login, name, address of its owner."""
    text = _normal(password)
    least = max(shortest, LOWEST_SHORTEST)
    if len(text) < least:
        return [
            Text(
                f"密码至少 {least} 个字符，现在是 {len(text)} 个。几个不相干的词连起来就很好。",
                f"A password has at least {least} characters, this has {len(text)}. A few unrelated words do well.",
            )
        ]
    if len(text) > LONGEST:
        return [Text(f"密码最多 {LONGEST} 个字符。", f"A password has at most {LONGEST} characters.")]
    if any(unicodedata.category(c) == "Cc" for c in text):
        return [Text("密码里有看不见的控制字符。", "There is a control character in the password.")]
    if surprise(text, *about) < _ENOUGH_SURPRISE:
        return [
            Text(
                "这个密码太容易猜到：常用词、键盘上的连续键、重复、年份，或你自己的名字。请换一个。",
                "This password is guessed easily: a common word, keys in a row, repeats, a year or your own name. Take another.",
            )
        ]
    return []


# -- what is guessed easily ---------------------------------------------------------------------------------------

_ENOUGH_SURPRISE: Final = 5
_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_COLUMNS = ("1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "1q2w3e4r5t6y7u8i9o0p")
_COMMON = (
    "password passwort passwd secret welcome letmein login admin administrator root master superman batman dragon monkey "
    "iloveyou love princess sunshine football baseball shadow michael jordan hello freedom whatever trustno changeme default "
    "guest test user qwerty computer internet google taobao tmall alibaba jingdong douyin weixin wechat zhifubao alipay "
    "woaini woaiwojia nihao mima wangluo dianshang yunying gongsi zhongguo beijing shanghai hangzhou shenzhen guangzhou "
    "xiaoming wodemima caonima aini aiwo baobei laopo laogong china company workflow workflows summer winter spring autumn "
    "january february march april june july august september october november december monday friday 密码 公司 运营 我爱你 你好"
)
_WORDS = frozenset(_COMMON.split())
_LUCKY = ("1314520", "5201314", "520", "1314", "888", "666", "168", "123", "321", "000", "007")
_LOOKS_LIKE = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})


def surprise(password: str, *about: str) -> int:
    """How many pieces a guesser has to find: a known word or a run counts one, as does every other character.

    Pieces already used count nothing the second time: `hellohellohello` is one piece.
    """
    text = password.lower()
    plain = text.translate(_LOOKS_LIKE)
    words = _WORDS | frozenset(part for a in about for part in _parts(a.lower()))
    pieces: set[str] = set()
    at = 0
    while at < len(text):
        length = max(_word_at(text, at, words), _word_at(plain, at, words), _run_at(text, at), _repeat_at(text, at))
        pieces.add(text[at : at + max(length, 1)])
        at += max(length, 1)
    return len(pieces)


def _parts(owner: str) -> list[str]:
    found = [owner, *owner.replace("@", ".").replace("-", ".").replace("_", ".").split(".")]
    return [part for part in found if len(part) >= 2]


def _word_at(text: str, at: int, words: frozenset[str]) -> int:
    return max((len(w) for w in (*words, *_LUCKY) if text.startswith(w, at)), default=0)


def _run_at(text: str, at: int) -> int:
    """How many keys from here follow each other on a row, a column or in the alphabet, either way; at least three."""
    longest = 0
    for line in (*_ROWS, *_COLUMNS):
        for way in (line, line[::-1]):
            start = way.find(text[at])
            length = 0
            while start >= 0 and text[at + length : at + length + 1] == way[start + length : start + length + 1] != "":
                length += 1
            longest = max(longest, length)
    year = 4 if text[at : at + 2] in ("19", "20") and text[at : at + 4].isdecimal() and len(text) >= at + 4 else 0
    return max(longest if longest >= 3 else 0, year)


def _repeat_at(text: str, at: int) -> int:
    """How far one character goes on; at least three times."""
    length = 1
    while text[at + length : at + length + 1] == text[at]:
        length += 1
    return length if length >= 3 else 0


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))
