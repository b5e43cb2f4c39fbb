"""Which passwords are refused, and that nothing else is."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from workflows.org.passwords import faults_of, hash_password, matches, outdated, temporary_password

GUESSED = (
    "password1234 qwertyuiop123 1q2w3e4r5t6y 123456789012 aaaaaaaaaaaa iloveyou1234 woaini1314520 qazwsxedcrfv administrator "
    "passwordpassword P@ssw0rd2026 Taobao888888 abcdefghijkl zaq12wsxcde3 hellohellohello abcabcabcabc shanghai2026! "
    "linxiaolan2026 Linxiaolan@123 poiuytrewq98 我爱你我爱你我爱你我爱你"
)
GOOD = (
    "correcthorsebattery",
    "木板搬家红茶不加糖两杯水",
    "xkcd-lamp-river",
    "kvmt-2xqa-bb3n-9zpd",
    "ein Boot im Regen",
    "all lower case words",
)


@pytest.mark.parametrize("password", GUESSED.split())
def test_what_everybody_takes_is_refused(password: str) -> None:
    (fault,) = faults_of(password, "linxiaolan", "林晓岚", "linxiaolan@example.com")
    assert "容易猜" in fault.zh
    assert "guessed" in fault.en


@pytest.mark.parametrize("password", GOOD)
def test_length_does_the_work_without_rules_about_kinds_of_characters(password: str) -> None:
    assert faults_of(password, "linxiaolan", "林晓岚") == []


@pytest.mark.parametrize(("length", "good"), [(11, False), (12, True), (128, True), (129, False)])
def test_from_twelve_to_a_hundred_and_twenty_eight(length: int, good: bool) -> None:
    password = ("kvmt2xqabb3n9zpdwhgcs" * 7)[:length]
    assert (faults_of(password) == []) is good


def test_no_setting_allows_less_than_eight() -> None:
    assert faults_of("kvmt2xq", shortest=4)
    assert not faults_of("kvmt2xqa", shortest=4)


def test_a_control_character_is_refused() -> None:
    assert "控制字符" in faults_of("kvmt 2xqa\x00bb3n 9zpd")[0].zh


def test_the_same_password_from_another_input_method_matches() -> None:
    stored = hash_password("ｋｖｍｔ２ｘｑａ Café 茶")
    assert matches(stored, "kvmt2xqa Cafe\u0301 茶")
    assert not matches(stored, "kvmt2xqa cafe 茶")


def test_nothing_matches_without_or_with_a_broken_hash() -> None:
    assert not matches(None, "anything at all")
    assert not matches("not a hash", "anything at all")


def test_hashes_made_weaker_are_made_anew() -> None:
    assert not outdated(hash_password("kvmt2xqabb3n"))
    assert outdated(PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("kvmt2xqabb3n"))


def test_temporary_passwords_will_do_and_differ() -> None:
    made = {temporary_password() for _ in range(50)}
    assert len(made) == 50
    assert not any(faults_of(password) for password in made)
