"""Programs send figures: all are written or none, faults say where they are, and nothing is done twice."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from api.program import ADDRESS, MONTH, Service, faults, figure
from workflows.api.bodies import MOST_FIGURES
from workflows.api.calls import MOST_A_MINUTE
from workflows.api.door import LARGEST_BODY


def test_figures_are_written_in_the_name_of_who_answers_for_the_token(service: Service) -> None:
    answer = service.send(figure(), figure(name="uv", value="1200"), figure("王梓涵", "category", "apparel"))
    assert (answer.status_code, answer.json) == (200, {"received": 3, "new": 3, "changed": 0, "unchanged": 0})
    assert service.values("sales") == ["4231800.00 api gu"]
    assert service.values("category") == ["apparel api gu"]
    assert service.calls() == [(200, 3, None)]
    assert service.token_row("erp").last_used_at == service.now


def test_a_correction_stands_beside_what_was_there(service: Service) -> None:
    service.send(figure())
    answer = service.send(figure(value="4231900"), figure("zhang"))
    assert answer.json == {"received": 2, "new": 1, "changed": 1, "unchanged": 0}
    assert service.values("sales") == ["4231800.00 api gu", "4231900 api gu", "4231800.00 api gu"]
    assert service.send(figure(value="4231900.0")).json == {"received": 1, "new": 0, "changed": 0, "unchanged": 1}


def test_a_unit_and_the_company_have_figures_too(service: Service) -> None:
    unit = {"unit": "运营部", "period": MONTH, "figure": "uv", "value": "100000"}
    assert service.send(unit, figure("company", "industry_mean", "3.2%")).status_code == 200
    assert service.values("industry_mean") == ["3.2 api gu"]


def test_nothing_is_written_when_one_figure_is_wrong(service: Service) -> None:
    answer = service.send(
        figure(),
        figure("wnag"),
        figure(name="slaess"),
        figure("zhang", value="4,23"),
        figure("sun", value="-1"),
        figure("zhang", period="2026-13"),
        figure("zhang", "uv", "10", period="2027-01"),
        figure("wang"),
        figure("zhang", "category", "toys"),
        figure("zhang", "uv", "12%"),
    )
    assert answer.status_code == 422
    assert [(index, field) for index, field, _ in faults(answer)] == [
        (1, "person"), (2, "figure"), (3, "value"), (4, "value"), (5, "period"), (6, "period"), (7, "value"), (8, "value"), (9, "value"),
    ]  # fmt: skip
    said = {index: sentence for index, _, sentence in faults(answer)}
    assert "nearest is wang" in said[1]
    assert "no figure called" in said[2]
    assert "row 1" in said[7]
    assert service.values("sales") == []
    assert service.calls() == [(422, 0, None)]


NO_FIGURES: list[tuple[Any, tuple[str, str]]] = [
    ({**figure(), "value": 4231800}, ("value", "send numbers in quotes")),
    ({**figure(), "value": 0.1}, ("value", "send numbers in quotes")),
    ({**figure(), "value": None}, ("value", "cannot be null")),
    ({**figure(), "value": True}, ("value", "send numbers in quotes")),
    ({**figure(), "value": ["1"]}, ("value", "send numbers in quotes")),
    ({**figure(), "value": ""}, ("value", "cannot be empty")),
    ({**figure(), "value": "1\u0000"}, ("value", "cannot be shown")),
    ({**figure(), "reason": "x" * 301}, ("reason", "At most 300")),
    ({**figure(), "person": "x" * 201}, ("person", "At most 200")),
    ({**figure(), "mounth": "2026-10"}, ("mounth", "no such field")),
    ({**figure(), "unit": "operations"}, ("person", "either")),
    ({"period": MONTH, "figure": "sales", "value": "1"}, ("person", "either")),
    ({"person": "wang", "figure": "sales", "value": "1"}, ("period", "missing")),
    ("sales", ("", "object")),
    ([], ("", "object")),
    (None, ("", "object")),
]


def test_what_cannot_be_a_figure(service: Service) -> None:
    for item, (place, said) in NO_FIGURES:
        answer = service.send(figure("zhang"), item)
        assert answer.status_code == 422, item
        [(index, field, sentence)] = faults(answer)
        assert (index, field) == (1, place), item
        assert said in sentence
    assert service.values("sales") == []


NO_LISTS = [
    (b"", 400, "not JSON"),
    (b"[", 400, "line 1, column 2"),
    (b"\xff\xfe", 400, "not JSON"),
    (b"[NaN]", 400, "not JSON"),
    (b"[" * 100_000, 400, "not JSON"),
    (b"9" * 10_000, 400, "not JSON"),
    (b'[{"person": "wang", "person": "zhang"}]', 400, "twice: person"),
    (b"{}", 422, "list"),
    (b"null", 422, "list"),
    (b"[]", 422, "1 to 5000"),
    (json.dumps([figure()] * (MOST_FIGURES + 1)).encode(), 422, "here are 5001"),
    (b'["' + b"x" * LARGEST_BODY + b'"]', 413, "too large"),
]


def test_what_is_no_list_of_figures(service: Service) -> None:
    for body, status, said in NO_LISTS:
        answer = service.post(body)
        assert answer.status_code == status, body[:40]
        assert faults(answer) == []
        assert said in (answer.json or {})["en"]
    assert service.calls() == [(status, 0, None) for _, status, _ in NO_LISTS]


def test_only_plain_json_is_taken(service: Service) -> None:
    for headers in ({"Content-Type": "text/csv"}, {"Content-Encoding": "gzip"}, {"Content-Type": ""}):
        answer = service.post(json.dumps([figure()]).encode(), **headers)
        assert answer.status_code == 415, headers
        assert faults(answer) == []


def test_most_figures_fit_into_one_call(service: Service) -> None:
    months = [f"{year}-{month:02d}" for year in range(2016, 2026) for month in range(1, 13)]
    people = ("wang", "zhang", "sun", "supervisor", "manager", "director", "hr", "company")
    names = ("sales", "uv", "paid_orders", "cost_of_sales", "stock_value", "pv")
    items = [figure(person, name, "1", period=month) for person in people for name in names for month in months]
    items = items[:MOST_FIGURES]
    assert len(items) == MOST_FIGURES
    assert (service.send(*items).json or {})["new"] == MOST_FIGURES


# ---- once --------------------------------------------------------------------------------------------------------


def test_a_key_gives_the_same_answer_and_does_nothing_twice(service: Service) -> None:
    first = service.send(figure(), key="2026-10/1")
    again = service.send(figure(), key="2026-10/1")
    assert first.json == again.json == {"received": 1, "new": 1, "changed": 0, "unchanged": 0}
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert service.values("sales") == ["4231800.00 api gu"]


def test_a_key_belongs_to_one_body_and_one_token(service: Service) -> None:
    service.send(figure(), key="one")
    answer = service.send(figure(value="5"), key="one")
    assert (answer.status_code, (answer.json or {})["code"]) == (409, "replayed")
    other = service.new_token("shop")
    assert (service.send(figure(value="5"), key="one", token=other).json or {})["changed"] == 1


def test_the_key_of_a_refused_call_is_free(service: Service) -> None:
    assert service.send(figure("nobody"), key="one").status_code == 422
    assert service.send(figure(), key="one").status_code == 200


def test_keys_are_forgotten_after_thirty_days(service: Service) -> None:
    token = service.new_token("long", days=200)
    service.send(figure(), key="one", token=token)
    service.now += timedelta(days=31)
    assert service.send(figure(value="5"), key="one", token=token).status_code == 200
    assert service.calls() == [(200, 1, None), (200, 1, "one")]


def test_calls_are_kept_for_a_year(service: Service) -> None:
    token = service.new_token("long", days=700)
    service.send(figure(), token=token)
    service.now += timedelta(days=366)
    service.send(figure(), token=token)
    assert len(service.calls()) == 2
    service.now += timedelta(days=1)
    service.send(figure(), token=token)
    assert len(service.calls()) == 2


def test_a_key_is_a_short_visible_word(service: Service) -> None:
    for key in ("", "x" * 101, "密".encode().decode("latin-1"), "a\tb"):
        answer = service.send(figure(), key=key)
        assert answer.status_code == 400, key
        assert "Idempotency-Key" in (answer.json or {})["en"]


# ---- not too often -----------------------------------------------------------------------------------------------


def test_a_token_calls_so_often_and_no_more(service: Service) -> None:
    for _ in range(MOST_A_MINUTE):
        assert service.post(b"[]").status_code == 422
    answer = service.send(figure())
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert faults(answer) == []
    other = service.new_token("other")
    assert service.send(figure(), token=other).status_code == 200
    service.now += timedelta(minutes=1)
    assert service.send(figure()).status_code == 200


# ---- addresses ---------------------------------------------------------------------------------------------------


def test_other_addresses_refuse_in_the_same_way(service: Service) -> None:
    for method, path, status in (
        ("GET", ADDRESS, 405),
        ("DELETE", ADDRESS, 405),
        ("GET", "/api/v1/nothing", 404),
        ("POST", "/api/v1/", 404),
    ):
        answer = service.client.open(path, method=method)
        assert answer.status_code == status, (method, path)
        if path != "/api/v1/":
            assert faults(answer) == []
    assert service.client.get(ADDRESS).headers["Allow"] == "POST"


def test_the_description_is_served_and_names_what_is_sent(service: Service) -> None:
    described = service.client.get("/api/v1/openapi.json").json or {}
    assert described["openapi"] == "3.1.0"
    assert list(described["paths"]) == [ADDRESS]
    post = described["paths"][ADDRESS]["post"]
    assert post["security"] == [{"token": []}]
    assert set(post["responses"]) == {"200", "400", "401", "403", "409", "413", "415", "422", "429", "503"}
    assert {"Fault", "Figure", "Problem", "Taken"} <= set(described["components"]["schemas"])
    assert "Error" not in described["components"]["schemas"], "refusals have one shape"
    item = post["requestBody"]["content"]["application/json"]["schema"]["items"]
    fields = described["components"]["schemas"][item["$ref"].rpartition("/")[2]]
    assert sorted(fields["properties"]) == ["figure", "period", "person", "reason", "unit", "value"]
    assert sorted(fields["required"]) == ["figure", "period", "value"]


def test_the_sentence_is_in_the_language_asked_for(service: Service) -> None:
    for language, title in (("en", "A list of figures"), ("zh-CN", "应为数据的列表"), ("fr", "应为数据的列表")):
        answer = service.post(b"{}", **{"Accept-Language": language})
        assert (answer.json or {})["title"].startswith(title)
