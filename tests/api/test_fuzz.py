"""Whatever a program sends: an answer that says what is wrong, never a mistake of ours, and nothing half written."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.program import ADDRESS, MONTH, Service

ANSWERS = {200, 400, 401, 403, 409, 413, 415, 422, 429}
SLOWLY = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
TEXTS = st.text(max_size=30)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
PEOPLE = st.sampled_from(
    ["wang", "王梓涵", "zhang", "hr", "gu", "company", "公司", "nobody", " wang ", "WANG", "韩文博"]
)
PERIODS = st.sampled_from(
    [MONTH, "2026-11", "2026-12", "2026-13", "2026年10月", "2026/1", "0000-01", "9999-12", "1-1", "２０２６-１０"]
)
NAMES = st.sampled_from(
    [
        "sales",
        "uv",
        "uv_90d",
        "category",
        "sales_target",
        "industry_mean",
        "new_customer_sales",
        "slaes",
        "Sales",
        " sales",
        "__class__",
    ]
)
VALUES = st.sampled_from(
    ["0", "1", "-1", "0.1", "1e5", "1e400", "9" * 15, "9" * 16, "1,234.50", "12%", "¥5", "５", "−5", "5元", "3万", "NaN", "Infinity", "apparel", "", "=1+1", "0x1f", "1.", ".5", "--5", "5 5"]
)  # fmt: skip
FIGURES = st.fixed_dictionaries(
    {"period": PERIODS | TEXTS, "figure": NAMES | TEXTS, "value": VALUES | TEXTS},
    optional={
        "person": PEOPLE | TEXTS,
        "unit": st.sampled_from(["operations", "运营部", "nowhere"]) | TEXTS,
        "reason": TEXTS,
    },
)
BODIES = st.lists(FIGURES | JSON, max_size=6) | st.lists(FIGURES, max_size=6) | JSON


def judged(service: Service, body: bytes, **headers: str) -> int:
    """Send it, and hold the answer against what every answer must be."""
    service.now += timedelta(minutes=1)
    before = service.values("sales")
    sent = {"Authorization": f"Bearer {service.token}", "Content-Type": "application/json", **headers}
    answer = service.client.post(ADDRESS, data=body, headers=sent)
    assert answer.status_code in ANSWERS, (body, answer.text)
    told = answer.json or {}
    if answer.status_code == 200:
        assert told["received"] == told["new"] + told["changed"] + told["unchanged"]
    else:
        assert answer.mimetype == "application/problem+json"
        assert told["status"] == answer.status_code
        assert told["zh"]
        assert told["en"]
        assert service.values("sales") == before, "refused, and something was written all the same"
    return answer.status_code


def test_any_json(service: Service) -> None:
    @SLOWLY
    @given(BODIES)
    def sent(body: Any) -> None:
        judged(service, json.dumps(body).encode())

    sent()


def test_any_bytes_and_headers(service: Service) -> None:
    plain = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40)

    @SLOWLY
    @given(
        st.binary(max_size=200)
        | TEXTS.map(lambda text: json.dumps([text], ensure_ascii=False).encode("utf-8", "surrogatepass")),
        plain,
        plain,
        plain,
    )
    def sent(body: bytes, key: str, kind: str, authorization: str) -> None:
        judged(service, body, **{"Idempotency-Key": key})
        judged(service, body, **{"Content-Type": kind})
        judged(service, body, **{"Authorization": authorization, "Accept-Language": key})

    sent()


def test_the_generator_reaches_both_outcomes(service: Service) -> None:
    """A fuzz that only ever sees refusals proves little."""
    seen: set[int] = set()

    @SLOWLY
    @given(st.lists(st.fixed_dictionaries({"person": st.sampled_from(["wang", "zhang"]), "period": st.just(MONTH), "figure": st.sampled_from(["sales", "uv"]), "value": st.sampled_from(["0", "1", "-1"])}), min_size=1, max_size=2))  # fmt: skip
    def sent(items: list[dict[str, str]]) -> None:
        seen.add(judged(service, json.dumps(items).encode()))

    sent()
    assert seen == {200, 422}
